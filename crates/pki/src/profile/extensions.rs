//! The extensions of each kind of certificate, written in the order RFC 5280 4.2.1 treats them.

use super::{Addresses, CertificateRequest, Issuer, ProfileError, ProfileKind};
use crate::asn1::{
    INTEGER, OCTET_STRING, PRINTABLE_STRING, UTF8_STRING, Writer, context, context_constructed,
};
use crate::oids;

pub(super) fn write(request: &CertificateRequest<'_>, extensions: &mut Writer) {
    let kind = request.profile.kind;
    key_identifiers(request, extensions);
    if kind.is_authority() {
        // RFC 5280 4.2.1.9: critical in authority certificates; an issuing authority has nothing
        // below it but end entities.
        extensions.extension(&oids::BASIC_CONSTRAINTS, true, |value| {
            value.sequence(|constraints| {
                constraints.boolean_true();
                if kind == ProfileKind::IssuingCa {
                    constraints.element(INTEGER, &[0]);
                }
            });
        });
    }
    extensions.extension(&oids::KEY_USAGE, true, |value| {
        value.named_bits(request.profile.key_usage(request.subject_key.kind()));
    });
    let usages = request.profile.extended_key_usage();
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
    alternative_names(request, extensions);
    if let Issuer::Authority(_) = request.issuer {
        addresses(kind, request.addresses, extensions);
    }
    if kind == ProfileKind::OcspResponder {
        // RFC 6960 4.2.2.2.1: the responder itself is not checked for revocation; its certificate
        // is short-lived instead.
        extensions.extension(&oids::OCSP_NO_CHECK, false, |value| {
            value.raw(&[0x05, 0x00])
        });
    }
    if let Some(number) = request.card_number {
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
        Issuer::Itself => own.to_vec(),
        Issuer::Authority(issuer) => issuer.issuing_key_identifier().to_vec(),
    };
    extensions.extension(&oids::AUTHORITY_KEY_IDENTIFIER, false, |value| {
        value.sequence(|identifier| identifier.element(context(0), &issuer));
    });
    extensions.extension(&oids::SUBJECT_KEY_IDENTIFIER, false, |value| {
        value.element(OCTET_STRING, &own);
    });
}

fn policies(request: &CertificateRequest<'_>, extensions: &mut Writer) {
    let arc = request.profile.arc;
    let personal = request
        .loa
        .map(|loa| arc.loa(loa))
        .into_iter()
        .chain(request.identity_type.map(|kind| arc.identity_type(kind)));
    match request.profile.kind {
        ProfileKind::Login | ProfileKind::Signature | ProfileKind::Encryption => {
            extensions.extension(&oids::CERTIFICATE_POLICIES, false, |value| {
                value.sequence(|list| {
                    for policy in personal {
                        list.sequence(|information| information.object_identifier(&policy));
                    }
                });
            });
        }
        // RFC 5280 4.2.1.4: any policy, and no qualifiers, which nobody reads.
        ProfileKind::IssuingCa => {
            extensions.extension(&oids::CERTIFICATE_POLICIES, false, |value| {
                value.sequence(|list| {
                    list.sequence(|information| {
                        information.object_identifier(&oids::ANY_POLICY);
                    });
                });
            });
        }
        ProfileKind::RootCa | ProfileKind::OcspResponder => {}
    }
}

/// RFC 5280 4.2.1.6. The user principal name is an otherName with a UTF8String inside.
fn alternative_names(request: &CertificateRequest<'_>, extensions: &mut Writer) {
    if request.user_principal_name.is_none() && request.email.is_none() {
        return;
    }
    extensions.extension(&oids::SUBJECT_ALT_NAME, false, |value| {
        value.sequence(|names| {
            if let Some(principal) = request.user_principal_name {
                names.nested(context_constructed(0), |other| {
                    other.object_identifier(&oids::USER_PRINCIPAL_NAME);
                    other.nested(context_constructed(0), |explicit| {
                        explicit.element(UTF8_STRING, principal.as_bytes());
                    });
                });
            }
            if let Some(email) = request.email {
                names.element(context(1), email.as_bytes());
            }
        });
    });
}

/// RFC 5280 4.2.1.13 and 4.2.2.1.
fn addresses(kind: ProfileKind, addresses: &Addresses, extensions: &mut Writer) {
    // A responder's certificate is not checked for revocation (nocheck), so it names no place to.
    let checked = kind != ProfileKind::OcspResponder;
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

/// Whether the addresses a certificate of this kind needs are there, and all of them plain HTTP.
pub(super) fn addresses_fit(kind: ProfileKind, addresses: &Addresses) -> bool {
    let given = [
        &addresses.revocation_list,
        &addresses.ocsp,
        &addresses.issuer_certificate,
    ];
    let plain = given
        .iter()
        .filter_map(|address| address.as_deref())
        .all(is_plain_http);
    // Whoever must be checked for revocation says where.
    let needed = kind == ProfileKind::OcspResponder || addresses.revocation_list.is_some();
    plain && needed
}

fn is_plain_http(address: &str) -> bool {
    address.strip_prefix("http://").is_some_and(|rest| {
        !rest.is_empty() && address.len() <= 512 && rest.bytes().all(|byte| byte.is_ascii_graphic())
    })
}

pub(super) fn check_alternative_names(
    request: &CertificateRequest<'_>,
) -> Result<(), ProfileError> {
    let kind = request.profile.kind;
    if kind == ProfileKind::Encryption && request.email.is_none() {
        return Err(ProfileError::EmailMissing);
    }
    if let Some(email) = request.email
        && !(kind.is_personal() && is_address(email) && email.is_ascii())
    {
        return Err(ProfileError::BadEmail);
    }
    if let Some(principal) = request.user_principal_name
        && !(kind == ProfileKind::Login && is_address(principal))
    {
        return Err(ProfileError::BadUserPrincipalName);
    }
    if let Some(number) = request.card_number
        && !(kind.is_personal()
            && (1..=19).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return Err(ProfileError::BadCardNumber);
    }
    Ok(())
}

/// Something on either side of exactly one `@`, no spaces or control characters, at most 254 bytes.
fn is_address(text: &str) -> bool {
    let sides = text.split_once('@');
    sides.is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@')
    }) && text.len() <= 254
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}
