//! Whether what a certificate is for, who it names and what its key can do agree with each other,
//! whatever its profile says. These rules judge the profile as well.

use const_oid::ObjectIdentifier;

use super::Findings;
use super::said::Said;
use crate::key::KeyKind;
use crate::oids;
use crate::profile::key_usage::{
    CRL_SIGN, DATA_ENCIPHERMENT, DIGITAL_SIGNATURE, KEY_AGREEMENT, KEY_CERT_SIGN, KEY_ENCIPHERMENT,
    NON_REPUDIATION,
};
use crate::profile::{is_dns_name, is_security_identifier};

pub(super) fn check(said: &Said<'_>, key: KeyKind, findings: &mut Findings) {
    let usage = said.key_usage.unwrap_or_default();
    key_can(usage, key, findings);
    authority_or_not(said, usage, findings);
    purposes(said, usage, findings);
    names(said, findings);
}

/// Bits that this kind of key cannot live up to.
fn key_can(usage: u16, key: KeyKind, findings: &mut Findings) {
    if key.is_elliptic() {
        findings.unless(
            usage & (KEY_ENCIPHERMENT | DATA_ENCIPHERMENT) == 0,
            "RFC 8813 3",
            "an elliptic key does not encipher",
        );
    } else {
        findings.unless(
            usage & KEY_AGREEMENT == 0,
            "RFC 4055 1.2",
            "an RSA key does not agree on keys",
        );
    }
    let named = DIGITAL_SIGNATURE
        | NON_REPUDIATION
        | KEY_ENCIPHERMENT
        | DATA_ENCIPHERMENT
        | KEY_AGREEMENT
        | KEY_CERT_SIGN
        | CRL_SIGN;
    findings.unless(
        usage & !named == 0,
        "RFC 5280 4.2.1.3",
        "encipherOnly and decipherOnly are not used",
    );
}

fn authority_or_not(said: &Said<'_>, usage: u16, findings: &mut Findings) {
    let authority = said.authority.is_some_and(|(ca, _)| ca);
    findings.unless(
        authority == (usage & KEY_CERT_SIGN != 0),
        "RFC 5280 4.2.1.9",
        "an authority signs certificates, and nobody else does",
    );
    findings.unless(
        authority || usage & CRL_SIGN == 0,
        "RFC 5280 4.2.1.3",
        "only an authority signs revocation lists",
    );
    findings.unless(
        !authority || usage & !(KEY_CERT_SIGN | CRL_SIGN) == 0,
        "RFC 5280 4.2.1.3",
        "an authority's key is for certificates and lists alone",
    );
}

fn purposes(said: &Said<'_>, usage: u16, findings: &mut Findings) {
    let is_for =
        |purpose: &ObjectIdentifier| said.extended_key_usage.iter().any(|oid| oid.is(purpose));
    for (index, purpose) in said.extended_key_usage.iter().enumerate() {
        let mut earlier = said.extended_key_usage.iter().take(index);
        findings.unless(
            !earlier.any(|other| other == purpose),
            "RFC 5280 4.2.1.12",
            format_args!("purpose {purpose} stands twice"),
        );
    }
    findings.unless(
        !is_for(&oids::ANY_EXTENDED_KEY_USAGE),
        "RFC 5280 4.2.1.12",
        "a certificate for any purpose",
    );
    // RFC 5280 4.2.1.12: a purpose and the key usage must have a use in common.
    for purpose in [
        &oids::CLIENT_AUTH,
        &oids::SERVER_AUTH,
        &oids::SMARTCARD_LOGON,
        &oids::PKINIT_CLIENT,
        &oids::PKINIT_KDC,
        &oids::OCSP_SIGNING,
    ] {
        findings.unless(
            !is_for(purpose) || usage & DIGITAL_SIGNATURE != 0,
            "RFC 5280 4.2.1.12",
            format_args!("purpose {purpose} needs digitalSignature"),
        );
    }
    findings.unless(
        usage & NON_REPUDIATION == 0 || !is_for(&oids::CLIENT_AUTH),
        "ETSI EN 319 412-2 4.3.2",
        "a key that signs for its holder does not log in",
    );
    findings.unless(
        !is_for(&oids::EMAIL_PROTECTION) || !said.emails.is_empty(),
        "RFC 8550 3",
        "a certificate for e-mail without an e-mail address",
    );
    findings.unless(
        !is_for(&oids::EMAIL_PROTECTION)
            || usage & (DIGITAL_SIGNATURE | NON_REPUDIATION | KEY_ENCIPHERMENT | KEY_AGREEMENT)
                != 0,
        "RFC 5280 4.2.1.12",
        "a certificate for e-mail whose key neither signs nor deciphers",
    );
    findings.unless(
        !is_for(&oids::SMARTCARD_LOGON)
            || !said.user_principal_names.is_empty()
            || said.security_identifier.is_some(),
        "MS-PKCA 3.1.5.2.1",
        "a certificate for Windows that names no account",
    );
    findings.unless(
        !is_for(&oids::SMARTCARD_LOGON) || is_for(&oids::CLIENT_AUTH),
        "MS-PKCA 3.1.5.2.1",
        "a certificate for Windows that is not for client authentication",
    );
    findings.unless(
        !is_for(&oids::SERVER_AUTH) || !said.dns_names.is_empty(),
        "RFC 9525 4.1",
        "a server's certificate without a host name",
    );
    let responder = is_for(&oids::OCSP_SIGNING);
    findings.unless(
        !responder || said.extended_key_usage.len() == 1 && usage == DIGITAL_SIGNATURE,
        "RFC 6960 4.2.2.2",
        "a responder's certificate that is for something else as well",
    );
    findings.unless(
        responder == said.no_check,
        "RFC 6960 4.2.2.2.1",
        "nocheck stands in responders' certificates, and only there",
    );
}

fn names(said: &Said<'_>, findings: &mut Findings) {
    findings.unless(
        said.emails.iter().all(|email| {
            email.is_ascii()
                && email.split_once('@').is_some_and(|(local, host)| {
                    !local.is_empty()
                        && (is_dns_name(host) || is_dns_name(&host.to_ascii_lowercase()))
                })
        }),
        "RFC 5280 4.2.1.6",
        "an e-mail address that is none",
    );
    findings.unless(
        said.dns_names.iter().all(|name| is_dns_name(name)),
        "RFC 5280 4.2.1.6",
        "a host name that is none",
    );
    findings.unless(
        said.user_principal_names
            .iter()
            .all(|name| name.split('@').filter(|side| !side.is_empty()).count() == 2),
        "MS-ADTS 5.1.1.1.1",
        "a user principal name that is none",
    );
    findings.unless(
        said.security_identifier.is_none_or(is_security_identifier),
        "MS-DTYP 2.4.2.1",
        "a security identifier that is none",
    );
    findings.unless(
        said.card_number
            .is_none_or(|number| (1..=19).contains(&number.len())),
        "ISO/IEC 7812-1",
        "a card number that is none",
    );
}
