//! What a request must hold before a certificate is written from it.

use super::{Addresses, CertificateRequest, Class, Issuer, Presence, ProfileError};

/// Whether a certificate can be made from the request.
pub(super) fn check(request: &CertificateRequest<'_>) -> Result<(), ProfileError> {
    let profile = request.profile;
    match request.issuer {
        Issuer::Itself if profile.class != Class::Root => return Err(ProfileError::Issuer),
        Issuer::Authority(_) if profile.class == Class::Root => return Err(ProfileError::Issuer),
        Issuer::Authority(issuer) if !issuer.is_authority() => {
            return Err(ProfileError::NotAnAuthority);
        }
        Issuer::Authority(issuer) if request.not_after > issuer.not_after() => {
            return Err(ProfileError::OutlivesIssuer);
        }
        Issuer::Authority(_) if !addresses_fit(profile.class, request.addresses) => {
            return Err(ProfileError::BadAddress);
        }
        _ => {}
    }
    if !profile.keys.contains(&request.subject_key.kind()) {
        return Err(ProfileError::KeyKind);
    }
    if request.subject.is_empty() {
        return Err(ProfileError::EmptySubject);
    }
    if request.not_after <= request.not_before || request.not_after > crate::civil::LAST {
        return Err(ProfileError::Validity);
    }
    let details = &request.details;
    let personal = profile.class == Class::Person;
    if [details.loa.is_some(), details.identity_type.is_some()] != [personal; 2] {
        return Err(ProfileError::Policies);
    }
    fits(
        profile.email,
        details.email,
        |email| is_address(email) && email.is_ascii(),
        ProfileError::BadEmail,
    )?;
    fits(
        profile.user_principal_name,
        details.user_principal_name,
        is_address,
        ProfileError::BadUserPrincipalName,
    )?;
    fits(
        profile.card_number,
        details.card_number,
        |number| {
            (1..=19).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
        },
        ProfileError::BadCardNumber,
    )?;
    fits(
        profile.security_identifier,
        details.security_identifier,
        is_security_identifier,
        ProfileError::BadSecurityIdentifier,
    )?;
    let names = details.dns_names;
    if !profile.dns_names.fits(!names.is_empty()) || !names.iter().all(|name| is_dns_name(name)) {
        return Err(ProfileError::BadDnsName);
    }
    Ok(())
}

fn fits(
    presence: Presence,
    value: Option<&str>,
    well_formed: impl Fn(&str) -> bool,
    error: ProfileError,
) -> Result<(), ProfileError> {
    if presence.fits(value.is_some()) && value.is_none_or(well_formed) {
        Ok(())
    } else {
        Err(error)
    }
}

/// Whether the addresses a certificate of this class needs are there, and all of them plain HTTP.
fn addresses_fit(class: Class, addresses: &Addresses) -> bool {
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
    let needed = class == Class::Responder || addresses.revocation_list.is_some();
    plain && needed
}

fn is_plain_http(address: &str) -> bool {
    address.strip_prefix("http://").is_some_and(|rest| {
        !rest.is_empty() && address.len() <= 512 && rest.bytes().all(|byte| byte.is_ascii_graphic())
    })
}

/// Something on either side of exactly one `@`, no spaces or control characters, at most 254 bytes.
fn is_address(text: &str) -> bool {
    let clean = if text.is_ascii() {
        text.bytes().all(|byte| byte.is_ascii_graphic())
    } else {
        !text.chars().any(|c| c.is_whitespace() || c.is_control())
    };
    let at = text.bytes().filter(|byte| *byte == b'@').count();
    clean && at == 1 && !text.starts_with('@') && !text.ends_with('@') && text.len() <= 254
}

/// Whether a text is the full name of a host, in lower case, as it stands in a dNSName (RFC 5280
/// 4.2.1.6, RFC 1034 3.5): at least two labels, no wildcard, the last one not a number, so that no
/// address passes for a name.
pub fn is_dns_name(name: &str) -> bool {
    let last_is_a_name = name
        .rsplit('.')
        .next()
        .is_some_and(|label| label.bytes().any(|byte| byte.is_ascii_lowercase()));
    name.len() <= 253
        && name.contains('.')
        && last_is_a_name
        && name.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        })
}

/// Whether a text is a security identifier in its string form: `S-1-`, an authority and 1 to 15
/// sub-authorities of 32 bits (MS-DTYP 2.4.2.1).
pub fn is_security_identifier(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("S-1-") else {
        return false;
    };
    let parts: Vec<&str> = rest.split('-').collect();
    (2..=16).contains(&parts.len())
        && parts.iter().all(|part| {
            part.parse::<u32>()
                .is_ok_and(|number| number.to_string() == **part)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_hosts() {
        for name in ["idp.example.se", "a.b", "xn--rksmrgs-5wao1o.example.se"] {
            assert!(is_dns_name(name), "{name}");
        }
        for name in [
            "",
            "localhost",
            "*.example.se",
            "192.0.2.1",
            "a..b",
            "-a.se",
            "a-.se",
            "A.example.se",
            "a b.se",
            "a.se.",
            "å.se",
        ] {
            assert!(!is_dns_name(name), "{name}");
        }
    }

    #[test]
    fn security_identifiers() {
        for text in [
            "S-1-5-21-2127521184-1604012920-1887927527-72713",
            "S-1-5-18",
        ] {
            assert!(is_security_identifier(text), "{text}");
        }
        for text in [
            "",
            "S-1-",
            "S-1-5",
            "S-1-5-021",
            "S-1-5-4294967296",
            "s-1-5-18",
            "S-1-5-18 ",
        ] {
            assert!(!is_security_identifier(text), "{text}");
        }
    }
}
