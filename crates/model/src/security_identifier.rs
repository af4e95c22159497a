//! Security identifiers: how Active Directory names an account for as long as it lives.

/// A security identifier in its string form: `S-1-`, an authority and 1 to 15 sub-authorities of 32 bits (MS-DTYP 2.4.2.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecurityIdentifier(String);

/// A text that is no security identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a security identifier")]
pub struct BadSecurityIdentifier;

impl SecurityIdentifier {
    /// Reads an identifier as directories write it, spaces around it aside.
    pub fn parse(text: &str) -> Result<Self, BadSecurityIdentifier> {
        let text = text.trim();
        let rest = text.strip_prefix("S-1-").ok_or(BadSecurityIdentifier)?;
        let parts: Vec<&str> = rest.split('-').collect();
        let numbers = parts.iter().all(|part| {
            part.parse::<u32>()
                .is_ok_and(|number| number.to_string() == **part)
        });
        if (2..=16).contains(&parts.len()) && numbers {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadSecurityIdentifier)
        }
    }

    /// The identifier.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for SecurityIdentifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers() {
        for text in [
            "S-1-5-21-2127521184-1604012920-1887927527-72713",
            " S-1-5-18 ",
        ] {
            assert_eq!(
                SecurityIdentifier::parse(text).unwrap().as_str(),
                text.trim()
            );
        }
        for text in [
            "",
            "S-1-",
            "S-1-5",
            "S-1-5-021",
            "S-1-5-+21",
            "S-1-5-4294967296",
            "s-1-5-18",
            "S-1-5-18-",
        ] {
            assert!(SecurityIdentifier::parse(text).is_err(), "{text}");
        }
    }
}
