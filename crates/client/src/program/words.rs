//! What the program says, in both languages: one line a text, so that none can be missing in one of them.

use clap::ValueEnum;
use serde::Deserialize;

use crate::{CodeProblem, StepName};

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ValueEnum)]
pub enum Language {
    /// Swedish.
    #[serde(rename = "sv")]
    #[value(name = "sv")]
    Swedish,
    /// English.
    #[serde(rename = "en")]
    #[value(name = "en")]
    English,
}

impl Language {
    /// The language of a locale such as `sv_SE.UTF-8`; English for what is not Swedish.
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        if locale.starts_with("sv") {
            Self::Swedish
        } else {
            Self::English
        }
    }

    /// `sv` or `en`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Swedish => "sv",
            Self::English => "en",
        }
    }

    pub(super) fn words(self) -> &'static Words {
        match self {
            Self::Swedish => &SWEDISH,
            Self::English => &ENGLISH,
        }
    }
}

macro_rules! words {
    ($($name:ident: $swedish:literal, $english:literal;)*) => {
        /// Every text of the program; `{name}` is replaced by [`fill`].
        #[cfg_attr(
            not(feature = "window"),
            expect(dead_code, reason = "some are the window's alone")
        )]
        pub(super) struct Words {
            $(pub $name: &'static str,)*
        }
        static SWEDISH: Words = Words { $($name: $swedish,)* };
        static ENGLISH: Words = Words { $($name: $english,)* };
        #[cfg(test)]
        const ALL: &[(&str, &str, &str)] = &[$((stringify!($name), $swedish, $english),)*];
    };
}

words! {
    // Readers and cards.
    no_readers: "Ingen kortläsare hittades. Anslut en läsare och försök igen.", "No card reader was found. Connect a reader and try again.";
    no_service: "Datorns korttjänst svarar inte ({why}). Starta den och försök igen; på Linux heter den pcscd.", "The computer's card service does not answer ({why}). Start it and try again; on Linux it is called pcscd.";
    no_card: "Det finns inget kort i läsaren. Sätt i kortet och försök igen.", "There is no card in the reader. Put the card in and try again.";
    insert_card: "Sätt i kortet i läsaren och tryck Enter.", "Put the card into the reader and press Enter.";
    not_piv: "Kortet är inget e-tjänstekort: det saknar PIV.", "The card is no employee card: it has no PIV.";
    no_such_reader: "Ingen läsare heter något med ”{name}”. Läsarna är: {readers}.", "No reader has “{name}” in its name. The readers are: {readers}.";
    no_such_card: "Kortet {number} sitter inte i någon läsare. I läsarna sitter: {cards}. Sätt i rätt kort och försök igen.", "The card {number} is in no reader. The cards in the readers are: {cards}. Put in the right card and try again.";
    none: "inget", "none";
    unknown_number: "utan läsbart nummer", "without a readable number";
    which_card: "Flera kort sitter i läsarna. Vilket ska användas?", "There are several cards in the readers. Which one is to be used?";
    which_number: "Skriv siffran framför kortet: ", "Enter the figure before the card: ";
    must_choose: "Flera kort sitter i läsarna. Välj ett med --card NUMMER eller --reader NAMN.", "There are several cards in the readers. Choose one with --card NUMBER or --reader NAME.";
    card_line: "kort {number} i {reader}", "card {number} in {reader}";
    using: "Använder kort {number} i {reader}.", "Using card {number} in {reader}.";
    card_gone: "Kortet togs ut. Sätt i samma kort och försök igen.", "The card was taken out. Put the same card in and try again.";
    card_fault: "Kortet svarade på ett sätt som det inte ska ({why}). Försök en gång till, och lämna annars kortet till en kortstation.", "The card answered in a way it should not ({why}). Try once more, and else take the card to a card station.";
    // Opening an act.
    type_code: "Skriv koden som visas på sidan: ", "Enter the code that the page shows: ";
    bad_ticket: "Det där är varken en sigill:-adress eller en kod på sexton tecken. Skriv den som den står på sidan.", "That is neither a sigill: address nor a code of sixteen signs. Enter it as the page shows it.";
    no_servers: "Ingen server är inställd. Skriv in organisationens server i {file}.", "No server is set up. Write your organisation's server into {file}.";
    foreign_server: "Servern {address} finns inte i inställningarna, så kortet används inte där. Inställda servrar: {servers}. Har du inte bett om detta själv: stäng sidan.", "The server {address} is not among those set up, so the card is not used there. Set up are: {servers}. If you did not ask for this yourself, close the page.";
    which_server: "Flera servrar är inställda. Välj en med --server: {servers}.", "Several servers are set up. Choose one with --server: {servers}.";
    bad_authorities: "Filen {file} med serverns utfärdare kan inte användas: {why}", "The file {file} with the server's authorities cannot be used: {why}";
    other_act: "Koden öppnar något annat än du bad om: {purpose} Inget har hänt med kortet. Använd ”sigill-card open” om du vill göra det.", "The code opens something else than you asked for: {purpose} Nothing has happened to the card. Use “sigill-card open” if you want that.";
    // Who asks.
    asks: "{who} ber om detta genom {server}:", "{who} asks for this through {server}:";
    for_whom: "För: {name}", "For: {name}";
    about_card: "Kortet: {number}", "The card: {number}";
    taken_up: "Ett tidigare försök med kortet blev inte klart. Det här tar vid där det slutade.", "An earlier try with the card was not finished. This one takes up where it ended.";
    only_yours: "Fortsätt bara om du själv nyss öppnade sidan. Den som har öppnat den blir inloggad som du.", "Go on only if you opened the page yourself just now. Whoever opened it is logged in as you.";
    go_on: "Fortsätta? [j/n] ", "Go on? [y/n] ";
    yes: "j", "y";
    // Codes.
    choose_code: "Välj en kod med {min} till {max} siffror: ", "Choose a code of {min} to {max} digits: ";
    choose_again: "Samma kod en gång till: ", "The same code once more: ";
    differ: "De två koderna var inte lika. Börja om med den första.", "The two codes were not the same. Begin again with the first.";
    code: "Kod: ", "Code: ";
    old_code: "Koden du har nu: ", "The code you have now: ";
    wrong_code: "Fel kod.", "Wrong code.";
    tries_left: "{tries} försök kvar.", "{tries} tries left.";
    last_try: "Ett enda försök kvar: blir koden fel igen låses kortet. Är du osäker, sluta här och lås upp kortet med en ny kod i stället.", "One single try left: if the code is wrong again the card is blocked. If you are not sure, stop here and unlock the card with a new code instead.";
    try_anyway: "Försöka ändå? [j/n] ", "Try anyway? [y/n] ";
    you_sign: "Med koden skriver du under det här:", "With the code you sign this:";
    too_short: "Koden är för kort: minst {min} siffror.", "The code is too short: at least {min} digits.";
    too_long: "Koden är för lång: högst {max} siffror.", "The code is too long: at most {max} digits.";
    not_digits: "Koden får bara ha siffror.", "The code may have digits only.";
    one_digit: "Välj inte samma siffra rakt igenom.", "Do not choose the same digit throughout.";
    run: "Välj inte siffror i följd, som 123456.", "Do not choose digits in a row, such as 123456.";
    repeated: "Välj inte samma siffror om och om igen, som 121212.", "Do not choose the same digits over and over, such as 121212.";
    date: "Välj inte ett datum. Födelsedagar är det första någon gissar.", "Do not choose a date. Birthdays are the first thing anybody guesses.";
    old: "Välj en annan kod än den du har.", "Choose another code than the one you have.";
    at_pad: "Ange koden på kortläsarens knappar.", "Enter the code on the reader's own keys.";
    change_at_pad: "Byt koden på kortläsarens knappar: först den du har, sedan den nya två gånger. Välj inte ett datum, inte 123456 och inte samma siffror om och om igen.", "Change the code on the reader's own keys: first the one you have, then the new one twice. Do not choose a date, nor 123456, nor the same digits over and over.";
    code_changed: "Koden är ändrad.", "The code is changed.";
    // The window.
    title: "Sigill: ditt kort", "Sigill: your card";
    title_wrong: "Fel: ", "Wrong: ";
    asked_by: "Begäran från", "Asked by";
    at_this_computer: "På den här datorn", "At this computer";
    through: "genom {server}", "through {server}";
    card_in: "Kort {number} i {reader}", "Card {number} in {reader}";
    your_card: "E-tjänstekort", "Employee card";
    head_starting: "Förbereder", "Getting ready";
    head_ticket: "Vilken kod visar sidan?", "Which code does the page show?";
    ticket: "Kod på sidan", "Code on the page";
    head_reader: "Väntar på kortet", "Waiting for the card";
    head_insert: "Sätt i kortet", "Put in the card";
    insert: "Sätt i kortet i läsaren. Fönstret går vidare av sig självt.", "Put the card into the reader. This window goes on by itself.";
    goes_on_itself: "Fönstret går vidare av sig självt.", "This window goes on by itself.";
    head_sign_in: "Vill du logga in?", "Do you want to log in?";
    head_activate: "Ska kortet aktiveras?", "Activate the card?";
    head_unlock: "Ska kortet få en ny kod?", "Give the card a new code?";
    head_agree: "Vill du göra det här?", "Do you want to do this?";
    head_code: "Skriv kortets kod", "Enter the card's code";
    head_old_code: "Skriv koden du har nu", "Enter the code you have now";
    head_sign: "Skriv under med kortets kod", "Sign with the card's code";
    head_new_code: "Välj en ny kod", "Choose a new code";
    head_which_card: "Vilket kort ska användas?", "Which card is to be used?";
    head_last_try: "Ett enda försök kvar", "One single try left";
    head_pad: "Använd kortläsarens knappar", "Use the reader's keys";
    head_working: "Kortet arbetar", "The card is at work";
    head_done: "Klart", "Done";
    head_signed_in: "Du är inloggad", "You are logged in";
    head_cancelled: "Avbrutet", "Cancelled";
    head_failed: "Det gick inte", "That did not work";
    label_code: "Kod", "Code";
    label_old_code: "Nuvarande kod", "Present code";
    label_new_code: "Ny kod", "New code";
    label_again: "Samma kod en gång till", "The same code once more";
    code_stays: "Koden går till kortet och ingen annanstans.", "The code goes to the card and nowhere else.";
    code_rules: "{min} till {max} siffror. Inte ett datum, inte 123456 och inte samma siffror om och om igen.", "{min} to {max} digits. Not a date, not 123456, and not the same digits over and over.";
    pad_cancel: "Vill du avbryta, tryck på läsarens avbrytknapp.", "To cancel, press the reader's cancel key.";
    leave_in: "Låt kortet sitta kvar i läsaren.", "Leave the card in the reader.";
    leaving: "Avbryter så snart kortet är klart med det här steget.", "Cancelling as soon as the card has finished this step.";
    closes_itself: "Fönstret stängs av sig självt.", "This window closes by itself.";
    button_go_on: "Fortsätt", "Go on";
    button_sign: "Skriv under", "Sign";
    button_save_code: "Spara koden", "Save the code";
    button_try: "Försök ändå", "Try anyway";
    button_stop: "Sluta här", "Stop here";
    button_cancel: "Avbryt", "Cancel";
    button_close: "Stäng", "Close";
    no_window: "Det gick inte att öppna något fönster ({why}). Använd en terminal: ”sigill-card open” med adressen.", "No window could be opened ({why}). Use a terminal: “sigill-card open” with the address.";
    // Progress.
    doing_read_card: "Läser kortet.", "Reading the card.";
    doing_management: "Kortet och servern känner igen varandra.", "Card and server recognise each other.";
    doing_management_key: "Kortet får en egen nyckel till sitt innehåll.", "The card gets a key of its own to its contents.";
    doing_generate: "Kortet skapar en nyckel. Låt det sitta kvar.", "The card makes a key. Leave it in.";
    doing_sign: "Kortet skriver under.", "The card signs.";
    doing_certificate: "Skriver ett certifikat till kortet.", "Writing a certificate to the card.";
    doing_identity: "Skriver kortets identitet.", "Writing the card's identity.";
    // How an act ends.
    cancelled: "Du avbröt. Börja om från sidan där du var när du vill fortsätta.", "You cancelled. Start again from the page where you were when you want to go on.";
    cancelled_here: "Du avbröt. Inget är ändrat.", "You cancelled. Nothing is changed.";
    removed: "Kortet togs ut innan allt var klart. Sätt i samma kort och börja om: det fortsätter där det var.", "The card was taken out before all was done. Put the same card in and start again: it goes on where it was.";
    removed_here: "Kortet togs ut innan bytet var klart. Antingen gäller koden du hade eller redan den nya, aldrig något annat. Sätt i kortet och byt igen: ange den nya först, och den du hade om den är fel.", "The card was taken out before the change was done. Either the code you had is still good or the new one is already, and nothing else. Put the card in and change again: enter the new one first, and the one you had if that is wrong.";
    code_blocked: "Koden är låst efter för många felaktiga försök. Lås upp kortet med en ny kod: ”sigill-card unlock”, eller på en kortstation.", "The code is blocked after too many wrong tries. Unlock the card with a new code: “sigill-card unlock”, or at a card station.";
    unlock_blocked: "Kortets upplåsningskod är låst. Kortet går inte att använda mer; beställ ett nytt.", "The card's unlock code is blocked. The card cannot be used any more; order a new one.";
    other_card: "Kortet i läsaren är ett annat än det som ärendet gäller. Sätt i rätt kort och börja om.", "The card in the reader is not the one this is about. Put in the right card and start again.";
    not_allowed: "Servern bad om något som det här programmet inte gör. Kontakta supporten.", "The server asked for something that this program does not do. Contact support.";
    incident: "Något gick fel hos servern, inte hos dig. Försök igen om en stund och kontakta annars supporten med numret {number}.", "Something went wrong at the server, not at your end. Try again in a while, and else contact support with the number {number}.";
    unreachable: "Servern svarar inte. Kontrollera nätverket och börja om: kortet fortsätter där det var.", "The server does not answer. Check the network and start again: the card goes on where it was.";
    untrusted: "Servern kunde inte visa att den är den som är inställd. Inget mer har skickats. Kontakta supporten.", "The server could not prove to be the one that is set up. Nothing more was sent. Contact support.";
    bad_answer: "Servern svarade på ett sätt som det här programmet inte förstår. Kanske behöver programmet uppdateras.", "The server answered in a way this program does not understand. It may need an update.";
    no_act_key: "Datorn gav ingen nyckel för ärendet. Försök igen.", "The computer gave no key for this act. Try again.";
    no_random: "Datorn gav inga slumptal. Försök igen.", "The computer gave no random numbers. Try again.";
    mail_saved: "{saved} sparade", "{saved} saved";
    server_says: "Servern säger: {text}", "The server says: {text}";
    // What is on a card.
    reader: "Läsare: {reader}", "Reader: {reader}";
    reader_empty: "  inget kort", "  no card";
    card_number: "  Kort {number}", "  Card {number}";
    card_version: "  Chip: {version}", "  Chip: {version}";
    card_until: "  Kortet gäller till och med {day} ({days} dagar kvar)", "  The card is valid through {day} ({days} days left)";
    card_over: "  Kortets sista dag var {day}", "  The card's last day was {day}";
    card_tries: "  Kodförsök kvar: {tries}", "  Code tries left: {tries}";
    card_blocked: "  Koden är låst. Lås upp kortet.", "  The code is blocked. Unlock the card.";
    certificate: "  {use}: {subject}", "  {use}: {subject}";
    certificate_from: "    utfärdat av {issuer}", "    issued by {issuer}";
    certificate_until: "    gäller till {day} ({days} dagar kvar), {key}, nummer {serial}", "    valid until {day} ({days} days left), {key}, number {serial}";
    certificate_over: "    gick ut {day}, {key}, nummer {serial}", "    ended {day}, {key}, number {serial}";
    missing: "  Saknas: {what}", "  Missing: {what}";
    use_login: "Inloggning", "Login";
    use_signature: "Underskrift", "Signature";
    use_encryption: "Kryptering", "Encryption";
    use_door: "Dörr", "Door";
    use_earlier: "Tidigare krypteringsnyckel", "Earlier encryption key";
    missing_number: "kortnummer", "card number";
    missing_identity: "kortets identitet (CHUID)", "the card's identity (CHUID)";
    missing_login: "certifikat för inloggning: kortet är inte aktiverat", "a certificate for login: the card is not activated";
    unreadable: "certifikatet kan inte läsas", "the certificate cannot be read";
    // The test.
    test_good: "bra   {what}", "good  {what}";
    test_bad: "FEL   {what}", "BAD   {what}";
    test_left: "—     {what}", "—     {what}";
    test_reader: "kortläsaren {reader}", "the reader {reader}";
    test_card: "kortet {number}", "the card {number}";
    test_card_over: "kortets sista dag var {day}", "the card's last day was {day}";
    test_no_number: "kortet har inget läsbart nummer", "the card has no readable number";
    test_blocked: "koden är låst", "the code is blocked";
    test_certificate: "certifikatet för {use} gäller till {day}", "the certificate for {use} is valid until {day}";
    test_certificate_over: "certifikatet för {use} gick ut {day}", "the certificate for {use} ended {day}";
    test_certificate_early: "certifikatet för {use} gäller först från {day}: stämmer datorns klocka?", "the certificate for {use} is valid only from {day}: is this computer's clock right?";
    test_certificate_bad: "certifikatet för {use} kan inte läsas", "the certificate for {use} cannot be read";
    test_no_login: "kortet har inget certifikat för inloggning: det är inte aktiverat", "the card has no certificate for login: it is not activated";
    test_signature: "en provunderskrift, kontrollerad mot certifikatet", "a test signature, verified with the certificate";
    test_signature_bad: "provunderskriften stämmer inte med certifikatet", "the test signature does not fit the certificate";
    test_signature_left: "ingen provunderskrift: ingen kod angavs", "no test signature: no code was entered";
    test_purpose: "En provunderskrift. Den stannar på den här datorn.", "A test signature. It stays on this computer.";
    test_clock: "datorns klocka, som {server}", "this computer's clock, as {server}";
    test_clock_off: "datorns klocka går {seconds} sekunder fel mot {server}", "this computer's clock is {seconds} seconds off {server}";
    test_clock_left: "klockan är inte jämförd: {server} svarar inte", "the clock is not compared: {server} does not answer";
    // What a card lacks.
    lack_management: "kortet svarar inte på någon förvaltningsnyckel: det går att använda men inte att ändra", "the card answers to no management key: it can be used but not changed";
    lack_new_management: "kortets förvaltningsnyckel går inte att byta: tillverkarens är kvar, och den som känner till den kan ändra kortet", "the card's management key cannot be replaced: its producer's remains, and whoever knows that can change the card";
    lack_aes: "kortets förvaltningsnyckel är för Triple DES, som inte ska användas längre", "the card's management key is for Triple DES, which is no longer to be used";
    lack_import: "kortet tar inte emot nycklar utifrån: tidigare krypteringsnycklar kan inte läggas på det", "the card takes no keys from outside: earlier encryption keys cannot be put on it";
    lack_attestation: "kortet intygar inte att det själv har skapat sina nycklar", "the card does not certify that it made its keys itself";
    lack_metadata: "kortet berättar inte om sina nycklar: bara certifikaten visar vilka som finns", "the card does not tell about its keys: the certificates alone show which are there";
    lack_version: "kortet säger varken version eller serienummer", "the card tells neither version nor serial number";
    lack_algorithm: "kortet skapar inga nycklar av slaget {kind}", "the card makes no keys of the kind {kind}";
    lack_chuid: "kortet saknar objektet CHUID: Windows och macOS tar inte emot kortet", "the card has no CHUID object: Windows and macOS do not take the card";
    lack_ccc: "kortet saknar objektet CCC: macOS tar inte emot kortet", "the card has no CCC object: macOS does not take the card";
    lack_key_history: "kortet saknar nyckelhistorik: program ser inte tidigare krypteringsnycklar", "the card has no key history: programs do not see earlier encryption keys";
    lack_discovery: "kortet saknar objektet Discovery: program får gissa vilka koder det tar", "the card has no discovery object: programs guess which codes it takes";
    verdict_good: "Allt är bra.", "All is well.";
    verdict_bad: "Något är fel; se raderna ovan.", "Something is wrong; see the lines above.";
}

impl Words {
    /// The reason why a code may not be chosen.
    pub(super) fn reason(&self, problem: CodeProblem) -> String {
        match problem {
            CodeProblem::TooShort { minimum } => {
                fill(self.too_short, &[("min", &minimum.to_string())])
            }
            CodeProblem::TooLong { maximum } => {
                fill(self.too_long, &[("max", &maximum.to_string())])
            }
            CodeProblem::NotDigits => self.not_digits.to_owned(),
            CodeProblem::OneDigit => self.one_digit.to_owned(),
            CodeProblem::Run => self.run.to_owned(),
            CodeProblem::Repeated => self.repeated.to_owned(),
            CodeProblem::Date => self.date.to_owned(),
            CodeProblem::Old => self.old.to_owned(),
        }
    }

    /// What is being done in a step; nothing where its questions speak for themselves.
    pub(super) fn doing(&self, step: StepName) -> Option<&'static str> {
        Some(match step {
            StepName::ReadCard | StepName::ReadCertificate(_) => self.doing_read_card,
            StepName::AuthenticateManagement => self.doing_management,
            StepName::ReplaceManagementKey => self.doing_management_key,
            StepName::GenerateKey(_) => self.doing_generate,
            StepName::Sign(_) => self.doing_sign,
            StepName::WriteCertificate(_) => self.doing_certificate,
            StepName::WriteIdentity => self.doing_identity,
            StepName::ChooseCode
            | StepName::EnterCode
            | StepName::Attest(_)
            | StepName::WriteKeyHistory => return None,
        })
    }
}

/// Puts values into a text's places.
pub(super) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    // One pass: a value that holds braces itself is not read again.
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        let value = values.iter().find(|(key, _)| *key == name);
        filled.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<&str> {
        let mut places: Vec<&str> = text
            .split('{')
            .skip(1)
            .map(|part| part.split('}').next().unwrap())
            .collect();
        places.sort_unstable();
        places
    }

    #[test]
    fn both_languages_say_the_same_things() {
        for (name, swedish, english) in ALL {
            assert!(!swedish.is_empty() && !english.is_empty(), "{name}");
            assert_eq!(places(swedish), places(english), "{name}");
        }
    }

    #[test]
    fn values_are_put_in_once() {
        assert_eq!(
            fill("{a} and {b}, {a}", &[("a", "{b}"), ("b", "2")]),
            "{b} and 2, {b}"
        );
        assert_eq!(fill("open { brace", &[]), "open { brace");
    }
}
