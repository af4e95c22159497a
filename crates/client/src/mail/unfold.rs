//! Takes a message apart down to its texts and attachments, opening what is encrypted and looking at what is signed on the way,
//! in whatever order the two are put into each other (RFC 8551 3.7).

use std::collections::BTreeSet;

use mail_parser::{Message, MessagePart, MimeHeaders as _, PartType};
use pki::cms::{self, BadMessage, SignatureVerdict, Signed};
use pki::oids::COMMON_NAME;

use super::NotSaved;
use super::card_keys::CardKeys;
use super::entity::{self, TooMuch};
use super::reason::Reason;
use super::record::{Signature, Verdict};

/// Layers in each other; signed, encrypted, signed again and forwarded twice is the most that people do.
const DEEPEST: usize = 12;
/// More files than a message is worth.
const MOST_FILES: usize = 2_000;
/// What is looked at in one message altogether, layer after layer.
const MOST_OCTETS: usize = 1024 * 1024 * 1024;

/// What was found in a message.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) texts: Vec<Text>,
    pub(super) attachments: Vec<Attachment>,
    pub(super) signatures: Vec<Signature>,
    pub(super) problems: Vec<Reason>,
}

#[derive(Debug)]
pub(super) struct Text {
    pub(super) is_html: bool,
    pub(super) text: String,
}

#[derive(Debug)]
pub(super) struct Attachment {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// Works on one message.
pub(super) struct Unfolder<'a, 'card> {
    keys: &'a mut CardKeys<'card>,
    collected: Collected,
    opened: usize,
    octets: usize,
}

impl<'a, 'card> Unfolder<'a, 'card> {
    pub(super) fn new(keys: &'a mut CardKeys<'card>) -> Self {
        Self {
            keys,
            collected: Collected::default(),
            opened: 0,
            octets: 0,
        }
    }

    /// The message with everything in it opened that this card opens; nothing when that was nothing.
    pub(super) fn message(&mut self, bytes: &[u8]) -> Result<Option<Vec<u8>>, NotSaved> {
        let opened = self.entity(bytes, DEEPEST)?;
        Ok(opened.filter(|_| self.opened > 0))
    }

    /// What was found, and why nothing was opened, if nothing was.
    pub(super) fn finish(self) -> (Collected, Reason) {
        let first = self.collected.problems.first();
        let reason = first.cloned().unwrap_or(Reason::NotEncrypted);
        (self.collected, reason)
    }

    /// One entity; its new form when something in it was opened.
    fn entity(&mut self, bytes: &[u8], depth: usize) -> Result<Option<Vec<u8>>, NotSaved> {
        self.octets = self.octets.saturating_add(bytes.len());
        let (Some(depth), true) = (depth.checked_sub(1), self.octets <= MOST_OCTETS) else {
            self.problem(Reason::TooManyParts);
            return Ok(None);
        };
        let message = match entity::parse(bytes) {
            Ok(Some(message)) => message,
            Ok(None) => return Ok(None),
            Err(TooMuch) => {
                self.problem(Reason::TooManyParts);
                return Ok(None);
            }
        };
        match message.parts.first() {
            None => Ok(None),
            Some(root) if entity::is_smime(root) => {
                let opened = self.cms(&entity::carried(bytes, root), depth)?;
                Ok(opened.map(|opened| entity::with_content(bytes, &opened)))
            }
            Some(root) if is_signed(root) => match self.clear_signed(bytes, &message, depth)? {
                Some(unfolded) => Ok(unfolded),
                None => self.parts(bytes, &message, depth),
            },
            Some(_) => self.parts(bytes, &message, depth),
        }
    }

    /// A CMS message; what is in it when something was opened.
    fn cms(&mut self, bytes: &[u8], depth: usize) -> Result<Option<Vec<u8>>, NotSaved> {
        match cms::Message::read(bytes) {
            Ok(cms::Message::Enveloped(envelope)) => {
                let content = match self.keys.open(&envelope)? {
                    Ok(content) => content,
                    Err(reason) => {
                        self.problem(reason);
                        return Ok(None);
                    }
                };
                let has_headers = entity::has_headers(&content);
                // A key that is none, or another cipher's, opens to noise once in a while.
                if !has_headers && !entity::is_text(&content) {
                    self.problem(Reason::Damaged);
                    return Ok(None);
                }
                self.opened += 1;
                let unfolded = self.content(&content, has_headers, depth)?;
                Ok(Some(unfolded.unwrap_or(content)))
            }
            Ok(cms::Message::Signed(signed)) => {
                let Some(content) = signed.content() else {
                    return Ok(None);
                };
                self.signatures(&signed, &[content]);
                let has_headers = entity::has_headers(content);
                self.content(content, has_headers, depth)
            }
            Err(BadMessage::UnknownType(algorithm)) => {
                self.problem(Reason::algorithm(algorithm));
                Ok(None)
            }
            Err(BadMessage::TooMuchWork) => {
                self.problem(Reason::TooManyParts);
                Ok(None)
            }
            Err(BadMessage::Malformed) => {
                self.problem(Reason::Damaged);
                Ok(None)
            }
        }
    }

    fn content(
        &mut self,
        content: &[u8],
        has_headers: bool,
        depth: usize,
    ) -> Result<Option<Vec<u8>>, NotSaved> {
        if has_headers {
            return self.entity(content, depth);
        }
        // A file by itself may be signed too, without any MIME about it.
        if entity::is_text(content) {
            self.text(false, &String::from_utf8_lossy(content));
        } else {
            self.attachment("content.bin", content.to_vec());
        }
        Ok(None)
    }

    /// `multipart/signed`: the signature is looked at and what was signed is unfolded. Nothing when it is not built as one.
    #[expect(
        clippy::option_option,
        reason = "not built as one; nothing opened; its new form"
    )]
    fn clear_signed(
        &mut self,
        bytes: &[u8],
        message: &Message<'_>,
        depth: usize,
    ) -> Result<Option<Option<Vec<u8>>>, NotSaved> {
        let root = message.parts.first();
        let boundary = root.and_then(|root| root.content_type()?.attribute("boundary"));
        let range = boundary.and_then(|boundary| entity::signed_range(bytes, boundary));
        let signature = match root.map(|root| &root.body) {
            Some(PartType::Multipart(parts)) => parts.last().copied(),
            _ => None,
        };
        let signature = signature.and_then(|part| message.part(part));
        let (Some(range), Some(signature)) = (range, signature) else {
            return Ok(None);
        };
        let Some(signed) = bytes.get(range.clone()) else {
            return Ok(None);
        };
        if signature
            .content_type()
            .is_some_and(|kind| kind.subtype().is_some_and(|kind| kind.contains("pkcs7")))
        {
            match cms::Message::read(&entity::carried(bytes, signature)) {
                Ok(cms::Message::Signed(detached)) => {
                    self.signatures(&detached, &[signed, &entity::canonical(signed)]);
                }
                _ => self.collected.signatures.push(Signature {
                    verdict: Verdict::Unreadable,
                    signer: String::new(),
                }),
            }
        }
        let unfolded = self.entity(signed, depth)?;
        Ok(Some(unfolded.map(|unfolded| {
            entity::splice(bytes, vec![(range, unfolded)])
        })))
    }

    /// Every part of a message that is none of the two.
    fn parts(
        &mut self,
        bytes: &[u8],
        message: &Message<'_>,
        depth: usize,
    ) -> Result<Option<Vec<u8>>, NotSaved> {
        let mut replacements = Vec::new();
        let mut passed_over = BTreeSet::new();
        for (number, part) in (0_u32..).zip(&message.parts) {
            if passed_over.contains(&number) {
                continue;
            }
            let range = entity::whole_range(part);
            let unfolded = match &part.body {
                PartType::Multipart(_) if number > 0 && is_signed(part) => {
                    let Some(whole) = bytes.get(range.clone()) else {
                        continue;
                    };
                    below(message, number, &mut passed_over);
                    self.entity(whole, depth)?
                }
                PartType::Multipart(_) => None,
                _ if number > 0 && entity::is_smime(part) => {
                    let opened = self.cms(&entity::carried(bytes, part), depth)?;
                    opened.map(|opened| {
                        entity::with_content(bytes.get(range.clone()).unwrap_or_default(), &opened)
                    })
                }
                PartType::Message(_) => {
                    let carried = entity::carried(bytes, part);
                    let before = self.opened;
                    let unfolded = self.entity(&carried, depth)?;
                    let forwarded = unfolded.unwrap_or_else(|| carried.into_owned());
                    self.attachment(
                        part.attachment_name().unwrap_or("message.eml"),
                        forwarded.clone(),
                    );
                    // In the whole it stands as it is when its transfer encoding would have to be put on again.
                    let headers = entity::body_start(bytes.get(range.clone()).unwrap_or_default());
                    let is_plain = part.encoding == mail_parser::Encoding::None;
                    (self.opened > before && is_plain).then(|| {
                        let mut whole = bytes.get(range.clone()).unwrap_or_default().to_vec();
                        whole.truncate(headers);
                        whole.extend_from_slice(&forwarded);
                        whole
                    })
                }
                PartType::Text(text) if is_shown(message, number, part) => {
                    self.text(false, text);
                    None
                }
                PartType::Html(text) if is_shown(message, number, part) => {
                    self.text(true, text);
                    None
                }
                PartType::Text(_)
                | PartType::Html(_)
                | PartType::Binary(_)
                | PartType::InlineBinary(_) => {
                    let carried = entity::carried(bytes, part).into_owned();
                    self.attachment(&name_of(part), carried);
                    None
                }
            };
            replacements.extend(unfolded.map(|unfolded| (range, unfolded)));
        }
        Ok((!replacements.is_empty()).then(|| entity::splice(bytes, replacements)))
    }

    /// Looks at each signature over any of these forms of what was signed.
    fn signatures(&mut self, signed: &Signed<'_>, forms: &[&[u8]]) {
        let mut best: Vec<cms::Signer> = Vec::new();
        for form in forms {
            let signers = signed.verify(form);
            if best.is_empty() {
                best = signers;
                continue;
            }
            for (best, signer) in best.iter_mut().zip(signers) {
                if signer.verdict == SignatureVerdict::Intact {
                    *best = signer;
                }
            }
        }
        for signer in best {
            let certificate = signer.certificate;
            let name = certificate.as_ref().map(|certificate| {
                let name = certificate
                    .subject_attribute(&COMMON_NAME)
                    .unwrap_or_default();
                match certificate.email() {
                    Some(email) => format!("{name} <{email}>"),
                    None => name,
                }
            });
            self.collected.signatures.push(Signature {
                verdict: match signer.verdict {
                    SignatureVerdict::Intact => Verdict::Intact,
                    SignatureVerdict::Broken => Verdict::Broken,
                    SignatureVerdict::UnknownAlgorithm => Verdict::UnknownAlgorithm,
                    SignatureVerdict::NoCertificate => Verdict::NoCertificate,
                },
                signer: name.unwrap_or_default(),
            });
        }
    }

    fn text(&mut self, is_html: bool, text: &str) {
        if self.has_room() {
            self.collected.texts.push(Text {
                is_html,
                text: text.to_owned(),
            });
        }
    }

    fn attachment(&mut self, name: &str, bytes: Vec<u8>) {
        if self.has_room() {
            self.collected.attachments.push(Attachment {
                name: name.to_owned(),
                bytes,
            });
        }
    }

    fn has_room(&mut self) -> bool {
        let files = self.collected.texts.len() + self.collected.attachments.len();
        if files >= MOST_FILES {
            self.problem(Reason::TooManyParts);
        }
        files < MOST_FILES
    }

    fn problem(&mut self, reason: Reason) {
        if !self.collected.problems.contains(&reason) {
            self.collected.problems.push(reason);
        }
    }
}

fn is_signed(part: &MessagePart<'_>) -> bool {
    part.is_content_type("multipart", "signed")
}

/// Whether a text is what the message says, and not a file that came with it.
fn is_shown(message: &Message<'_>, number: u32, part: &MessagePart<'_>) -> bool {
    let is_body = message.text_body.contains(&number) || message.html_body.contains(&number);
    is_body && part.attachment_name().is_none()
}

/// All that is in a multipart.
fn below(message: &Message<'_>, number: u32, into: &mut BTreeSet<u32>) {
    let mut waiting = vec![number];
    while let Some(number) = waiting.pop() {
        if let Some(PartType::Multipart(parts)) = message.part(number).map(|part| &part.body) {
            waiting.extend(parts.iter().filter(|part| into.insert(**part)));
        }
    }
}

/// What the sender calls it, else a name by its kind.
fn name_of(part: &MessagePart<'_>) -> String {
    if let Some(name) = part.attachment_name() {
        return name.to_owned();
    }
    let kind = part
        .content_type()
        .map(|kind| (kind.ctype(), kind.subtype().unwrap_or_default()));
    let ending = match kind {
        Some(("image", "jpeg")) => "jpg",
        Some(("image", "png")) => "png",
        Some(("image", "gif")) => "gif",
        Some(("text", "html")) => "html",
        Some(("text", "calendar")) => "ics",
        Some(("text", _)) => "txt",
        Some(("application", "pdf")) => "pdf",
        Some(("message", _)) => "eml",
        _ => "bin",
    };
    format!("attachment.{ending}")
}
