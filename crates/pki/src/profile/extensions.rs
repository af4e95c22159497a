//! The extensions of each kind of certificate, written in the order RFC 5280 4.2.1 treats them.

use const_oid::ObjectIdentifier;

use super::{Addresses, CertificateRequest, Class, Details, Issuer};
use crate::asn1::{
    INTEGER, OCTET_STRING, PRINTABLE_STRING, UTF8_STRING, Writer, context, context_constructed,
};
use crate::oids;

pub(super) fn write(request: &CertificateRequest<'_>, extensions: &mut Writer) {
    let class = request.profile.class;
    key_identifiers(request, extensions);
    if class.is_authority() {
        // RFC 5280 4.2.1.9: critical in authority certificates; an issuing authority has nothing
        // below it but end entities, a linked root has issuing authorities.
        let below: Option<u8> = match class {
            Class::Authority => Some(0),
            Class::Link => Some(1),
            _ => None,
        };
        extensions.extension(&oids::BASIC_CONSTRAINTS, true, |value| {
            value.sequence(|constraints| {
                constraints.boolean_true();
                if let Some(below) = below {
                    constraints.element(INTEGER, &[below]);
                }
            });
        });
    }
    extensions.extension(&oids::KEY_USAGE, true, |value| {
        value.named_bits(request.profile.key_usage(request.subject_key.kind()));
    });
    let usages = &request.profile.extended_key_usage;
    if !usages.is_empty() {
        extensions.extension(&oids::EXTENDED_KEY_USAGE, false, |value| {
            value.sequence(|list| {
                usages
                    .iter()
                    .for_each(|usage| list.object_identifier(usage))
            });
        });
    }
    policies(request, extensions);
    alternative_names(&request.details, extensions);
    if let Issuer::Authority(_) = request.issuer {
        addresses(class, request.addresses, extensions);
    }
    if class == Class::Responder {
        // RFC 6960 4.2.2.2.1: the responder itself is not checked for revocation; its certificate
        // is short-lived instead.
        extensions.extension(&oids::OCSP_NO_CHECK, false, |value| {
            value.raw(&[0x05, 0x00])
        });
    }
    if let Some(identifier) = request.details.security_identifier {
        security_identifier(identifier, extensions);
    }
    if let Some(number) = request.details.card_number {
        extensions.extension(&request.profile.arc.card_number(), false, |value| {
            value.element(PRINTABLE_STRING, number.as_bytes());
        });
    }
}

/// RFC 5280 4.2.1.1 and 4.2.1.2: the authority key identifier is the issuer's *subject* key
/// identifier, byte for byte.
fn key_identifiers(request: &CertificateRequest<'_>, extensions: &mut Writer) {
    let own = request.subject_key.key_identifier();
    let issuer = match request.issuer {
        Issuer::Itself => own.as_slice(),
        Issuer::Authority(issuer) => issuer.issuing_key_identifier(),
    };
    extensions.extension(&oids::AUTHORITY_KEY_IDENTIFIER, false, |value| {
        value.sequence(|identifier| identifier.element(context(0), issuer));
    });
    extensions.extension(&oids::SUBJECT_KEY_IDENTIFIER, false, |value| {
        value.element(OCTET_STRING, &own);
    });
}

/// RFC 5280 4.2.1.4: level of assurance and identity type first, then what the profile has.
fn policies(request: &CertificateRequest<'_>, extensions: &mut Writer) {
    let (arc, details) = (&request.profile.arc, &request.details);
    let own = [
        details.loa.map(|loa| arc.loa(loa)),
        details.identity_type.map(|kind| arc.identity_type(kind)),
    ];
    let mut policies = own
        .iter()
        .flatten()
        .chain(&request.profile.policies)
        .peekable();
    if policies.peek().is_none() {
        return;
    }
    extensions.extension(&oids::CERTIFICATE_POLICIES, false, |value| {
        value.sequence(|list| {
            for policy in policies {
                list.sequence(|information| information.object_identifier(policy));
            }
        });
    });
}

/// RFC 5280 4.2.1.6. The user principal name is an otherName with a UTF8String inside.
fn alternative_names(details: &Details<'_>, extensions: &mut Writer) {
    if details.user_principal_name.is_none()
        && details.email.is_none()
        && details.dns_names.is_empty()
    {
        return;
    }
    extensions.extension(&oids::SUBJECT_ALT_NAME, false, |value| {
        value.sequence(|names| {
            if let Some(principal) = details.user_principal_name {
                other_name(
                    names,
                    &oids::USER_PRINCIPAL_NAME,
                    UTF8_STRING,
                    principal.as_bytes(),
                );
            }
            if let Some(email) = details.email {
                names.element(context(1), email.as_bytes());
            }
            for name in details.dns_names {
                names.element(context(2), name.as_bytes());
            }
        });
    });
}

/// One `[0] IMPLICIT OtherName`.
fn other_name(writer: &mut Writer, kind: &ObjectIdentifier, tag: u8, content: &[u8]) {
    writer.nested(context_constructed(0), |other| {
        other.object_identifier(kind);
        other.nested(context_constructed(0), |explicit| {
            explicit.element(tag, content);
        });
    });
}

/// The account's security identifier, which Windows wants for a strong mapping (MS-WCCE 2.2.2.7.7.4):
/// a sequence of one otherName whose value is the text in an OCTET STRING.
fn security_identifier(identifier: &str, extensions: &mut Writer) {
    extensions.extension(&oids::SECURITY_IDENTIFIER, false, |value| {
        value.sequence(|names| {
            other_name(
                names,
                &oids::ACCOUNT_SECURITY_IDENTIFIER,
                OCTET_STRING,
                identifier.as_bytes(),
            );
        });
    });
}

/// RFC 5280 4.2.1.13 and 4.2.2.1.
fn addresses(class: Class, addresses: &Addresses, extensions: &mut Writer) {
    // A responder's certificate is not checked for revocation (nocheck), so it names no place to.
    let checked = class != Class::Responder;
    if let Some(address) = addresses.revocation_list.as_deref().filter(|_| checked) {
        extensions.extension(&oids::CRL_DISTRIBUTION_POINTS, false, |value| {
            value.sequence(|points| {
                points.sequence(|point| {
                    point.nested(context_constructed(0), |name| {
                        name.nested(context_constructed(0), |full_name| {
                            full_name.element(context(6), address.as_bytes());
                        });
                    });
                });
            });
        });
    }
    let ocsp = addresses.ocsp.as_deref().filter(|_| checked);
    let entries = [
        (oids::ACCESS_OCSP, ocsp),
        (
            oids::ACCESS_CA_ISSUERS,
            addresses.issuer_certificate.as_deref(),
        ),
    ];
    if entries.iter().all(|(_, address)| address.is_none()) {
        return;
    }
    extensions.extension(&oids::AUTHORITY_INFO_ACCESS, false, |value| {
        value.sequence(|list| {
            for (method, address) in entries {
                let Some(address) = address else { continue };
                list.sequence(|description| {
                    description.object_identifier(&method);
                    description.element(context(6), address.as_bytes());
                });
            }
        });
    });
}
