//! The page that leads to what was saved, in both languages, and the list of what could not be opened.

use askama::Template;

use super::NotSaved;
use super::archive::{self, Archive};
use super::reason::Reason;
use super::record::{Outcome, Record, Signature, Verdict};
use crate::program::Language;

/// The words of a page.
struct Words {
    code: &'static str,
    title: &'static str,
    introduction: &'static str,
    other_language: &'static str,
    saved: &'static str,
    not_opened: &'static str,
    not_encrypted: &'static str,
    none: &'static str,
    date: &'static str,
    from: &'static str,
    subject: &'static str,
    texts: &'static str,
    attachments: &'static str,
    signature: &'static str,
    place: &'static str,
    reason: &'static str,
    whole: &'static str,
    no_subject: &'static str,
    stayed_closed: &'static str,
}

const SWEDISH: Words = Words {
    code: "sv",
    title: "Sparad säker e-post",
    introduction: "Meddelandena här är öppnade med ditt kort och inte längre krypterade: alla som kommer åt mappen kan läsa dem. \
Förvara dem som innehållet kräver, och ta bort mappen när den inte behövs. Meddelandena i brevlådan är orörda.",
    other_language: "In English",
    saved: "Sparade meddelanden",
    not_opened: "Kunde inte öppnas",
    not_encrypted: "Inte krypterade",
    none: "Inga.",
    date: "Datum",
    from: "Från",
    subject: "Ämne",
    texts: "Text",
    attachments: "Bilagor",
    signature: "Underskrift",
    place: "Finns i",
    reason: "Varför",
    whole: "hela meddelandet",
    no_subject: "(inget ämne)",
    stayed_closed: "En del är fortfarande stängd:",
};

const ENGLISH: Words = Words {
    code: "en",
    title: "Secure mail saved",
    introduction: "The messages here were opened with your card and are no longer encrypted: whoever gets at this folder can read \
them. Keep them as their content requires, and delete the folder when it is not needed. The messages in the mailbox are untouched.",
    other_language: "På svenska",
    saved: "Messages saved",
    not_opened: "Could not be opened",
    not_encrypted: "Not encrypted",
    none: "None.",
    date: "Date",
    from: "From",
    subject: "Subject",
    texts: "Text",
    attachments: "Attachments",
    signature: "Signature",
    place: "Found in",
    reason: "Why",
    whole: "the whole message",
    no_subject: "(no subject)",
    stayed_closed: "A part is still closed:",
};

impl Language {
    fn page_words(self) -> &'static Words {
        match self {
            Self::Swedish => &SWEDISH,
            Self::English => &ENGLISH,
        }
    }

    fn other(self) -> Self {
        match self {
            Self::Swedish => Self::English,
            Self::English => Self::Swedish,
        }
    }
}

#[derive(Template)]
#[template(path = "saved_mail.html")]
struct Page<'a> {
    words: &'static Words,
    other_code: &'static str,
    other_page: &'static str,
    saved: Vec<Saved<'a>>,
    not_opened: Vec<Closed<'a>>,
    not_encrypted: Vec<&'a Record>,
}

struct Saved<'a> {
    record: &'a Record,
    folder: Link,
    texts: Vec<Link>,
    attachments: Vec<Link>,
    signatures: Vec<String>,
    problems: Vec<String>,
}

struct Closed<'a> {
    record: &'a Record,
    reason: String,
}

/// A name to show and the address that leads to it.
struct Link {
    name: String,
    address: String,
}

/// Writes `index.html` in this language, the other one beside it, and the list as a text.
pub(super) fn write(archive: &Archive, language: Language) -> Result<(), NotSaved> {
    let second = match language {
        Language::Swedish => "index.en.html",
        Language::English => "index.sv.html",
    };
    let records = archive.records();
    let pages = [
        ("index.html", second, language),
        (second, "index.html", language.other()),
    ];
    for (name, other_page, language) in pages {
        let page = page(records, language, other_page);
        let place = archive.place().join(name);
        let html = page
            .render()
            .map_err(std::io::Error::other)
            .map_err(NotSaved::file(&place))?;
        archive::replace_file(archive.place(), name, html.as_bytes())?;
    }
    archive::replace_file(
        archive.place(),
        "could-not-open.txt",
        list(records, language).as_bytes(),
    )
}

fn page<'a>(records: &'a [Record], language: Language, other_page: &'static str) -> Page<'a> {
    let words = language.page_words();
    let mut page = Page {
        words,
        other_code: language.other().page_words().code,
        other_page,
        saved: Vec::new(),
        not_opened: Vec::new(),
        not_encrypted: Vec::new(),
    };
    for record in records {
        match &record.outcome {
            Outcome::Saved {
                folder,
                texts,
                attachments,
                signatures,
                problems,
            } => page.saved.push(Saved {
                record,
                folder: Link::to(words.whole, &["messages", folder, "message.eml"]),
                texts: texts
                    .iter()
                    .map(|name| Link::to(name, &["messages", folder, name]))
                    .collect(),
                attachments: attachments
                    .iter()
                    .map(|name| Link::to(name, &["messages", folder, "attachments", name]))
                    .collect(),
                signatures: signatures
                    .iter()
                    .map(|signature| said_of(signature, language))
                    .collect(),
                problems: problems
                    .iter()
                    .map(|reason| why(reason, language))
                    .collect(),
            }),
            Outcome::NotOpened {
                reason: Reason::NotEncrypted,
            } => page.not_encrypted.push(record),
            Outcome::NotOpened { reason } => page.not_opened.push(Closed {
                record,
                reason: why(reason, language),
            }),
        }
    }
    page
}

impl Link {
    fn to(name: &str, path: &[&str]) -> Self {
        let steps: Vec<String> = path.iter().map(|step| encoded(step)).collect();
        Self {
            name: name.to_owned(),
            address: steps.join("/"),
        }
    }
}

/// A name as a step of a path (RFC 3986 3.3): all but unreserved characters in per cent.
fn encoded(step: &str) -> String {
    let mut encoded = String::with_capacity(step.len());
    for octet in step.bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) {
            encoded.push(char::from(octet));
        } else {
            encoded.push_str(&format!("%{octet:02X}"));
        }
    }
    encoded
}

/// The list for programs and for printing: a line for each message that stayed closed, with tabs between.
fn list(records: &[Record], language: Language) -> String {
    let mut list = String::new();
    for record in records {
        if let Outcome::NotOpened { reason } = &record.outcome {
            let fields = [
                reason.code(),
                &record.place,
                &record.date,
                &record.from,
                &record.subject,
                &why(reason, language),
            ];
            let fields = fields.map(|field| field.replace(char::is_control, " "));
            list.push_str(&fields.join("\t"));
            list.push('\n');
        }
    }
    list
}

fn why(reason: &Reason, language: Language) -> String {
    let swedish = language == Language::Swedish;
    match reason {
        Reason::NotEncrypted if swedish => {
            "Meddelandet är inte krypterat. Det kan läsas där det är.".to_owned()
        }
        Reason::NotEncrypted => "The message is not encrypted. It can be read where it is.".to_owned(),
        Reason::OtherRecipient if swedish => "Meddelandet är krypterat till en annan nyckel än de som finns på det här kortet. \
Försök igen med det kort som var giltigt när det skickades."
            .to_owned(),
        Reason::OtherRecipient => "The message is encrypted for another key than those on this card. Try again with the card that \
was valid when it was sent."
            .to_owned(),
        Reason::Damaged if swedish => {
            "Meddelandet går inte att öppna: det är skadat, eller krypterat på fel sätt. Be avsändaren skicka det igen.".to_owned()
        }
        Reason::Damaged => {
            "The message does not open: it is damaged, or wrongly encrypted. Ask the sender to send it again.".to_owned()
        }
        Reason::UnknownAlgorithm { algorithm } if swedish => format!(
            "Meddelandet är krypterat på ett sätt som programmet inte kan ({algorithm}). Öppna det i ditt e-postprogram."
        ),
        Reason::UnknownAlgorithm { algorithm } => format!(
            "The message is encrypted in a way that this program does not know ({algorithm}). Open it in your mail program."
        ),
        Reason::TooBig { limit } if swedish => format!(
            "Meddelandet är större än gränsen, {} MiB. Kör igen med en högre gräns, eller öppna det i ditt e-postprogram.",
            limit / 1024 / 1024
        ),
        Reason::TooBig { limit } => format!(
            "The message is larger than the limit, {} MiB. Run again with a higher limit, or open it in your mail program.",
            limit / 1024 / 1024
        ),
        Reason::TooManyParts if swedish => {
            "Meddelandet har fler delar än något e-postprogram gör. Öppna det inte om du inte litar på avsändaren.".to_owned()
        }
        Reason::TooManyParts => {
            "The message has more parts than any mail program makes. Do not open it unless you trust the sender.".to_owned()
        }
        Reason::Unreadable if swedish => {
            "Filen kunde inte läsas. Se efter att du får läsa den, och kör igen.".to_owned()
        }
        Reason::Unreadable => "The file could not be read. See that you may read it, and run again.".to_owned(),
    }
}

fn said_of(signature: &Signature, language: Language) -> String {
    let by = match (signature.signer.as_str(), language) {
        ("", _) => String::new(),
        (signer, Language::Swedish) => format!(" Undertecknare enligt certifikatet: {signer}."),
        (signer, Language::English) => format!(" Signer as the certificate says: {signer}."),
    };
    let verdict = match (signature.verdict, language) {
        (Verdict::Intact, Language::Swedish) => {
            "Oförändrat sedan det skrevs under. Om certifikatet är att lita på har inte prövats."
        }
        (Verdict::Intact, Language::English) => {
            "Unchanged since it was signed. Whether the certificate is to be trusted was not checked."
        }
        (Verdict::Broken, Language::Swedish) => {
            "Underskriften stämmer inte: meddelandet har ändrats."
        }
        (Verdict::Broken, Language::English) => {
            "The signature is not right: the message was changed."
        }
        (Verdict::UnknownAlgorithm, Language::Swedish) => {
            "Underskriften är av ett slag som inte kan prövas här."
        }
        (Verdict::UnknownAlgorithm, Language::English) => {
            "The signature is of a kind that cannot be checked here."
        }
        (Verdict::NoCertificate, Language::Swedish) => {
            "Undertecknarens certifikat följer inte med, så underskriften är inte prövad."
        }
        (Verdict::NoCertificate, Language::English) => {
            "The signer's certificate is not with it, so the signature was not checked."
        }
        (Verdict::Unreadable, Language::Swedish) => "Underskriften går inte att läsa.",
        (Verdict::Unreadable, Language::English) => "The signature cannot be read.",
    };
    format!("{verdict}{by}")
}
