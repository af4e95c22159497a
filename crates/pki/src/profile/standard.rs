//! The profiles an installation has without saying anything. An organisation that needs others
//! writes them in its configuration; these are data like those.

use super::key_usage::{
    CRL_SIGN, DIGITAL_SIGNATURE, KEY_AGREEMENT, KEY_CERT_SIGN, KEY_ENCIPHERMENT, NON_REPUDIATION,
};
use super::{Arc, Class, Presence, Profile};
use crate::key::KeyKind;
use crate::oids;

/// Days of `years` years, with one to spare for the time of day and one for every leap day.
const fn years(years: u32) -> u32 {
    years * 366 + 1
}

fn blank(name: &str, class: Class, arc: Arc) -> Profile {
    Profile {
        name: name.to_owned(),
        class,
        keys: KeyKind::ALL.to_vec(),
        rsa_key_usage: DIGITAL_SIGNATURE,
        elliptic_key_usage: DIGITAL_SIGNATURE,
        extended_key_usage: Vec::new(),
        policies: Vec::new(),
        user_principal_name: Presence::Barred,
        email: Presence::Barred,
        dns_names: Presence::Barred,
        card_number: Presence::Barred,
        security_identifier: Presence::Barred,
        longest_days: years(2),
        arc,
    }
}

fn of_a_card(name: &str, arc: Arc) -> Profile {
    Profile {
        email: Presence::Allowed,
        card_number: Presence::Allowed,
        longest_days: years(5),
        ..blank(name, Class::Person, arc)
    }
}

/// A self-signed root.
pub fn root(arc: Arc) -> Profile {
    Profile {
        rsa_key_usage: KEY_CERT_SIGN | CRL_SIGN,
        elliptic_key_usage: KEY_CERT_SIGN | CRL_SIGN,
        longest_days: years(31),
        ..blank("root", Class::Root, arc)
    }
}

/// An issuing authority.
pub fn authority(arc: Arc) -> Profile {
    Profile {
        // RFC 5280 4.2.1.4: any policy, and no qualifiers, which nobody reads.
        policies: vec![oids::ANY_POLICY],
        longest_days: years(16),
        ..Profile {
            name: "authority".to_owned(),
            class: Class::Authority,
            ..root(arc)
        }
    }
}

/// A root vouched for by another.
pub fn link(arc: Arc) -> Profile {
    Profile {
        name: "link".to_owned(),
        class: Class::Link,
        longest_days: years(31),
        ..authority(arc)
    }
}

/// Login with the card (slot 9A): to servers, to Windows, to Kerberos (RFC 4556 3.2.2).
pub fn login(arc: Arc) -> Profile {
    Profile {
        extended_key_usage: vec![
            oids::CLIENT_AUTH,
            oids::SMARTCARD_LOGON,
            oids::PKINIT_CLIENT,
        ],
        user_principal_name: Presence::Needed,
        security_identifier: Presence::Allowed,
        ..of_a_card("login", arc)
    }
}

/// Signing with the card (slot 9C).
pub fn signature(arc: Arc) -> Profile {
    Profile {
        rsa_key_usage: NON_REPUDIATION,
        elliptic_key_usage: NON_REPUDIATION,
        ..of_a_card("signature", arc)
    }
}

/// Secure e-mail (slot 9D). RFC 8813 3 forbids keyEncipherment with an elliptic key, RFC 4055 1.2
/// keyAgreement with an RSA key.
pub fn encryption(arc: Arc) -> Profile {
    Profile {
        rsa_key_usage: KEY_ENCIPHERMENT,
        elliptic_key_usage: KEY_AGREEMENT,
        extended_key_usage: vec![oids::EMAIL_PROTECTION],
        email: Presence::Needed,
        ..of_a_card("encryption", arc)
    }
}

/// Documents a mobile eID: the key is the phone's.
pub fn mobile(arc: Arc) -> Profile {
    Profile {
        extended_key_usage: vec![oids::CLIENT_AUTH],
        ..blank("mobile", Class::Person, arc)
    }
}

/// A TLS server, which may be a client of other servers. With an RSA key it may encipher as well: NSS and older Windows ask for it,
/// though TLS 1.3 has no such key exchange (RFC 8446 1.2).
pub fn server(arc: Arc) -> Profile {
    Profile {
        rsa_key_usage: DIGITAL_SIGNATURE | KEY_ENCIPHERMENT,
        extended_key_usage: vec![oids::SERVER_AUTH, oids::CLIENT_AUTH],
        dns_names: Presence::Needed,
        policies: vec![arc.function()],
        ..blank("server", Class::Function, arc)
    }
}

/// A program that logs in to others' services with TLS.
pub fn client(arc: Arc) -> Profile {
    Profile {
        extended_key_usage: vec![oids::CLIENT_AUTH],
        dns_names: Presence::Allowed,
        policies: vec![arc.function()],
        ..blank("client", Class::Function, arc)
    }
}

/// A signer of tokens and metadata (OpenID Connect).
pub fn token_signer(arc: Arc) -> Profile {
    Profile {
        policies: vec![arc.function()],
        ..blank("token-signer", Class::Function, arc)
    }
}

/// A Kerberos key distribution centre (RFC 4556 3.2.4) or domain controller.
pub fn domain_controller(arc: Arc) -> Profile {
    Profile {
        rsa_key_usage: DIGITAL_SIGNATURE | KEY_ENCIPHERMENT,
        extended_key_usage: vec![oids::SERVER_AUTH, oids::CLIENT_AUTH, oids::PKINIT_KDC],
        dns_names: Presence::Needed,
        policies: vec![arc.function()],
        ..blank("domain-controller", Class::Function, arc)
    }
}

/// A delegated OCSP responder.
pub fn responder(arc: Arc) -> Profile {
    Profile {
        extended_key_usage: vec![oids::OCSP_SIGNING],
        // RFC 6960 4.2.2.2.1: with nocheck the certificate should be short-lived.
        longest_days: 92,
        ..blank("responder", Class::Responder, arc)
    }
}

/// All of them.
pub fn all(arc: Arc) -> Vec<Profile> {
    vec![
        root(arc),
        authority(arc),
        link(arc),
        login(arc),
        signature(arc),
        encryption(arc),
        mobile(arc),
        server(arc),
        client(arc),
        token_signer(arc),
        domain_controller(arc),
        responder(arc),
    ]
}
