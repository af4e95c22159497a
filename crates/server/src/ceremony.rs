//! The protocol of a ceremony: what was made, by which program, who was there. Printed, read aloud, signed on paper.

use std::fmt::Write as _;

use flows::House;
use model::Timestamp;
use pki::certificate::Certificate;

use crate::config::Config;
use crate::process::user_name;
use crate::text::{Argument, Language};

/// What the ceremony was held for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// The authorities of a new installation.
    Init,
    /// The next of a family.
    Rotate,
}

impl Occasion {
    const fn key(self) -> &'static str {
        match self {
            Self::Init => "ca-occasion-init",
            Self::Rotate => "ca-occasion-rotate",
        }
    }
}

/// Writes the protocol about the authorities and links of these names. It ends with the SHA-256 of all lines before that line, by
/// which the paper and the file can be held against each other.
#[must_use]
pub(crate) fn protocol(
    language: Language,
    config: &Config,
    house: &House,
    occasion: Occasion,
    names: &[String],
    now: Timestamp,
) -> String {
    let mut text = String::new();
    let mut line = |what: &str| {
        // Writing to a text does not fail.
        let _ = writeln!(text, "{what}");
    };
    let field = |key: &str, value: &str| format!("{:<24} {value}", language.say(key));
    line(&language.say_with(
        occasion.key(),
        &[("organisation", Argument::Text(config.organisation.clone()))],
    ));
    line("");
    line(&field("ca-time", &moment(now)));
    line(&field("ca-operator", &user_name()));
    line(&field(
        "ca-program",
        concat!("sigill ", env!("CARGO_PKG_VERSION")),
    ));
    line(&field("ca-address", &config.public_url));
    for name in names {
        let Some(certificate) = house.authorities.certificate(name) else {
            continue;
        };
        line("");
        line(&language.say_with("ca-made", &[("name", Argument::Text(name.clone()))]));
        for (key, value) in told(certificate) {
            line(&field(key, &value));
        }
        if let Some(authority) = house.authorities.by_name(name) {
            let place = if authority.plan.offline {
                "ca-key-offline"
            } else {
                "ca-key-online"
            };
            line(&field("ca-key-place", &language.say(place)));
        }
    }
    line("");
    line(&language.say("ca-declaration"));
    for role in ["ca-leader", "ca-witness", "ca-witness"] {
        line("");
        line(&language.say(role));
        line(&language.say("ca-signature"));
    }
    let digest = hex::encode(pki::digest::sha256(text.as_bytes()));
    let _ = writeln!(text, "\nSHA-256 {digest}");
    text
}

/// What is read aloud of a certificate.
fn told(certificate: &Certificate) -> [(&'static str, String); 7] {
    [
        ("ca-subject", certificate.subject_text()),
        ("ca-issuer", certificate.issuer_text()),
        ("ca-key", certificate.public_key().kind().code().to_owned()),
        ("ca-serial", certificate.serial().to_hex()),
        ("ca-from", moment(Timestamp(certificate.not_before()))),
        ("ca-to", moment(Timestamp(certificate.not_after()))),
        ("ca-fingerprint", grouped(&certificate.fingerprint_sha256())),
    ]
}

/// `2026-11-25 07:00:00 UTC`.
fn moment(at: Timestamp) -> String {
    jiff::Timestamp::from_second(at.seconds())
        .map(|at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
        .unwrap_or_default()
}

/// Hexadecimal in groups of four, which two people can read to each other.
fn grouped(bytes: &[u8]) -> String {
    bytes
        .chunks(2)
        .map(hex::encode)
        .collect::<Vec<_>>()
        .join(" ")
}
