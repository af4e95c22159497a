//! Enumerations that have a stable text code, used in the database, in files and in text keys.

/// A text that is no code of the enumeration it was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the code of a {what}")]
pub struct UnknownCode {
    /// The enumeration, in words.
    pub what: &'static str,
}

/// Declares an enumeration with a code for each variant, `ALL`, `code()` and `parse()`.
macro_rules! coded {
    (
        $(#[$outer:meta])*
        pub enum $name:ident ($what:literal) {
            $($(#[$inner:meta])* $variant:ident = $code:literal,)+
        }
    ) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$inner])* $variant,)+
        }

        impl $name {
            /// Every variant, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable code: lower-case ASCII words joined by hyphens.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            /// Reads a code back; exact, so that a code has one spelling everywhere.
            pub fn parse(code: &str) -> Result<Self, $crate::coded::UnknownCode> {
                match code {
                    $($code => Ok(Self::$variant),)+
                    _ => Err($crate::coded::UnknownCode { what: $what }),
                }
            }
        }
    };
}
pub(crate) use coded;

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;

    /// Every code is lower-case words joined by hyphens, and no two are the same.
    pub(crate) fn check_codes<'a>(codes: impl Iterator<Item = &'a str>) {
        let mut seen = BTreeSet::new();
        for code in codes {
            assert!(!code.is_empty(), "an empty code");
            assert!(
                code.bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
                "{code} is not lower-case words joined by hyphens"
            );
            assert!(seen.insert(code), "{code} stands twice");
        }
    }
}
