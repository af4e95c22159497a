//! Checks of issuer and subject names (RFC 5280 4.1.2.4, 4.1.2.6).

use const_oid::ObjectIdentifier;
use der::{Encode, Tag, Tagged as _};
use x509_cert::TbsCertificate;
use x509_cert::attr::AttributeTypeAndValue;

use super::{Findings, PROFILE};
use crate::oids;
use crate::profile::{Class, Issuer};

pub(super) fn check(
    body: &TbsCertificate,
    class: Class,
    issuer: Issuer<'_>,
    findings: &mut Findings,
) {
    let subject = body.subject().to_der().unwrap_or_default();
    let own_issuer = body.issuer().to_der().unwrap_or_default();
    let expected = match issuer {
        Issuer::Itself => subject.as_slice(),
        Issuer::Authority(authority) => authority.subject_der(),
    };
    findings.unless(
        own_issuer == expected,
        "RFC 5280 4.1.2.4",
        "issuer is not the subject of the issuing certificate",
    );
    findings.unless(
        matches!(issuer, Issuer::Itself) == (class == Class::Root),
        "RFC 5280 3.2",
        "only a root signs itself",
    );
    if let Issuer::Authority(_) = issuer {
        findings.unless(
            subject != own_issuer,
            "RFC 5280 3.2",
            "another certificate bears the issuer's own name",
        );
    }
    let mut seen: Vec<ObjectIdentifier> = Vec::new();
    for rdn in body.subject().iter_rdn() {
        findings.unless(rdn.len() == 1, PROFILE, "an RDN holds several attributes");
        for pair in rdn.iter() {
            findings.unless(
                !seen.contains(&pair.oid),
                "RFC 5280 4.1.2.6",
                format!("attribute {} stands twice", pair.oid),
            );
            seen.push(pair.oid);
            attribute(pair, findings);
        }
    }
    for needed in needed_attributes(class) {
        findings.unless(
            seen.contains(needed),
            PROFILE,
            format!("attribute {needed} is missing"),
        );
    }
}

fn needed_attributes(class: Class) -> &'static [ObjectIdentifier] {
    if class == Class::Person {
        &[
            oids::COUNTRY,
            oids::COMMON_NAME,
            oids::SURNAME,
            oids::GIVEN_NAME,
            oids::SUBJECT_SERIAL_NUMBER,
        ]
    } else {
        &[oids::COUNTRY, oids::ORGANISATION, oids::COMMON_NAME]
    }
}

fn attribute(pair: &AttributeTypeAndValue, findings: &mut Findings) {
    let expected = match pair.oid {
        oids::COUNTRY | oids::SUBJECT_SERIAL_NUMBER => Tag::PrintableString,
        oids::ORGANISATION
        | oids::ORGANISATIONAL_UNIT
        | oids::COMMON_NAME
        | oids::SURNAME
        | oids::GIVEN_NAME => Tag::Utf8String,
        other => {
            findings.unless(
                false,
                PROFILE,
                format!("attribute {other} has no place in our names"),
            );
            return;
        }
    };
    findings.unless(
        pair.value.tag() == expected,
        "RFC 5280 4.1.2.4",
        format!("attribute {} is in another string type", pair.oid),
    );
    let text = std::str::from_utf8(pair.value.value()).unwrap_or_default();
    let length = text.chars().count();
    let bound = if pair.oid == oids::COUNTRY {
        2..=2
    } else {
        1..=64
    };
    findings.unless(
        bound.contains(&length),
        "RFC 5280 A.1",
        format!("attribute {} is empty or too long", pair.oid),
    );
    findings.unless(
        text.trim() == text && !text.chars().any(char::is_control),
        "RFC 5280 4.1.2.4",
        format!("attribute {} has stray white space", pair.oid),
    );
}
