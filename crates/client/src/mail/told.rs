//! What came of it, in the words of both languages.

use wire::StopReason;

use super::{Language, NotSaved, Tally};

impl Tally {
    /// One sentence for the end.
    #[must_use]
    pub fn told(&self, language: Language) -> String {
        let Self {
            saved,
            not_opened,
            not_encrypted,
            ..
        } = self;
        match language {
            Language::Swedish => format!(
                "Sparade: {saved}. Kunde inte öppnas: {not_opened}. Inte krypterade: {not_encrypted}. Börja med index.html."
            ),
            Language::English => format!(
                "Saved: {saved}. Could not be opened: {not_opened}. Not encrypted: {not_encrypted}. Begin with index.html."
            ),
        }
    }
}

impl NotSaved {
    /// What is wrong and what to do.
    #[must_use]
    pub fn told(&self, language: Language) -> String {
        match language {
            Language::Swedish => self.told_in_swedish(),
            Language::English => self.told_in_english(),
        }
    }

    fn told_in_swedish(&self) -> String {
        match self {
            Self::Stopped => "Avbrutet. Kör samma kommando igen för att fortsätta.".to_owned(),
            Self::Card { reason, .. } => match reason {
                StopReason::Cancelled => "Ingen kod angavs. Kör samma kommando igen för att fortsätta.",
                StopReason::NoCard => "Det sitter inget kort i läsaren. Sätt i kortet och kör samma kommando igen.",
                StopReason::CardRemoved => "Kortet togs ut. Sätt i det och kör samma kommando igen; det fortsätter där det var.",
                StopReason::CodeBlocked => "Koden är spärrad efter för många försök. Lås upp kortet och kör samma kommando igen.",
                StopReason::UnlockCodeBlocked
                | StopReason::CardFault
                | StopReason::NotAllowed
                | StopReason::OtherCard => {
                    "Kortet svarade inte som det ska. Ta ut det, sätt i det och kör samma kommando igen."
                }
            }
            .to_owned(),
            Self::NoKey => "Det finns inget krypteringscertifikat på kortet. Sätt i det kort som e-posten är krypterad till.".to_owned(),
            Self::Overlap(place) => format!(
                "{} och brevlådan ligger i varandra. Välj en annan mapp att skriva till.",
                place.display()
            ),
            Self::NotEmpty(place) => format!(
                "Det finns andra filer i {}. Välj en ny eller tom mapp.",
                place.display()
            ),
            Self::Busy(place) => format!(
                "En annan körning skriver till {}. Vänta tills den är klar, eller välj en annan mapp.",
                place.display()
            ),
            Self::NoMail(place) => format!(
                "Det finns ingen e-post i {}: varken .eml-filer, mbox-filer eller Maildir. Välj en annan mapp.",
                place.display()
            ),
            Self::File { place, cause } => format!(
                "{}: {cause}. Se efter att filen finns, att du får använda den och att disken har plats; kör samma kommando igen.",
                place.display()
            ),
        }
    }

    fn told_in_english(&self) -> String {
        match self {
            Self::Stopped => "Stopped. Run the same command again to go on.".to_owned(),
            Self::Card { reason, .. } => match reason {
                StopReason::Cancelled => "No code was entered. Run the same command again to go on.",
                StopReason::NoCard => "There is no card in the reader. Put it in and run the same command again.",
                StopReason::CardRemoved => {
                    "The card was taken out. Put it in and run the same command again; it goes on where it was."
                }
                StopReason::CodeBlocked => "The code is blocked after too many tries. Unlock the card and run the same command again.",
                StopReason::UnlockCodeBlocked
                | StopReason::CardFault
                | StopReason::NotAllowed
                | StopReason::OtherCard => {
                    "The card did not answer as it should. Take it out, put it in and run the same command again."
                }
            }
            .to_owned(),
            Self::NoKey => "There is no encryption certificate on the card. Put in the card that the mail is encrypted for.".to_owned(),
            Self::Overlap(place) => format!(
                "{} and the mailbox lie in each other. Choose another folder to write to.",
                place.display()
            ),
            Self::NotEmpty(place) => format!(
                "There are other files in {}. Choose a new or an empty folder.",
                place.display()
            ),
            Self::Busy(place) => format!(
                "Another run is writing to {}. Wait until it is done, or choose another folder.",
                place.display()
            ),
            Self::NoMail(place) => format!(
                "There is no mail in {}: neither .eml files, mbox files nor Maildir. Choose another folder.",
                place.display()
            ),
            Self::File { place, cause } => format!(
                "{}: {cause}. See that the file is there, that you may use it and that the disk has room; run the same command again.",
                place.display()
            ),
        }
    }
}
