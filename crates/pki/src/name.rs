//! Distinguished names, built from typed parts and never from formatted text: a comma in a person's
//! name is a comma, not the end of an attribute.

use std::fmt;

use const_oid::ObjectIdentifier;

use crate::asn1::{PRINTABLE_STRING, SET, UTF8_STRING, Writer};
use crate::oids;

/// The upper bounds of RFC 5280 appendix A.1 are 64 characters for all attributes used here
/// (surname and givenName may be longer there; we hold them to the same).
pub const LONGEST: usize = 64;

/// A subject or issuer name. Each attribute stands at most once, each in an RDN of its own, in the
/// order C, O, OU, CN, surname, givenName, serialNumber whatever the order of the calls.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct DistinguishedName {
    values: [Option<String>; 7],
}

/// An attribute value that cannot stand in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadName {
    /// Empty, or white space at either end.
    #[error("{0} is empty or has white space around it")]
    Blank(Attribute),
    /// Longer than [`LONGEST`] characters.
    #[error("{0} is longer than 64 characters")]
    TooLong(Attribute),
    /// A control character, or one that a PrintableString does not have.
    #[error("{0} holds a character that cannot stand there")]
    Character(Attribute),
    /// A country that is not two capital letters (ISO 3166-1).
    #[error("country is not two capital letters")]
    Country,
}

/// The attributes our names use, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attribute {
    /// countryName, PrintableString.
    Country,
    /// organizationName, UTF8String.
    Organisation,
    /// organizationalUnitName, UTF8String.
    OrganisationalUnit,
    /// commonName, UTF8String.
    CommonName,
    /// surname, UTF8String.
    Surname,
    /// givenName, UTF8String.
    GivenName,
    /// serialNumber, PrintableString: HSA-id or personal identity number.
    SerialNumber,
}

impl Attribute {
    const ALL: [Self; 7] = [
        Self::Country,
        Self::Organisation,
        Self::OrganisationalUnit,
        Self::CommonName,
        Self::Surname,
        Self::GivenName,
        Self::SerialNumber,
    ];

    fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Country => oids::COUNTRY,
            Self::Organisation => oids::ORGANISATION,
            Self::OrganisationalUnit => oids::ORGANISATIONAL_UNIT,
            Self::CommonName => oids::COMMON_NAME,
            Self::Surname => oids::SURNAME,
            Self::GivenName => oids::GIVEN_NAME,
            Self::SerialNumber => oids::SUBJECT_SERIAL_NUMBER,
        }
    }

    /// X.520 defines country and serialNumber as PrintableString; the others are DirectoryString,
    /// for which RFC 5280 4.1.2.4 wants UTF8String.
    fn is_printable(self) -> bool {
        matches!(self, Self::Country | Self::SerialNumber)
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Country => "country",
            Self::Organisation => "organisation",
            Self::OrganisationalUnit => "organisational unit",
            Self::CommonName => "common name",
            Self::Surname => "surname",
            Self::GivenName => "given name",
            Self::SerialNumber => "serial number",
        })
    }
}

impl DistinguishedName {
    /// An empty name, to be filled by the methods below.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets countryName: two capital letters.
    ///
    /// # Errors
    /// [`BadName::Country`].
    pub fn country(self, value: &str) -> Result<Self, BadName> {
        if value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_uppercase()) {
            self.with(Attribute::Country, value)
        } else {
            Err(BadName::Country)
        }
    }

    /// Sets organizationName.
    ///
    /// # Errors
    /// [`BadName`].
    pub fn organisation(self, value: &str) -> Result<Self, BadName> {
        self.with(Attribute::Organisation, value)
    }

    /// Sets organizationalUnitName.
    ///
    /// # Errors
    /// [`BadName`].
    pub fn organisational_unit(self, value: &str) -> Result<Self, BadName> {
        self.with(Attribute::OrganisationalUnit, value)
    }

    /// Sets commonName. For a person, see [`person_common_name`].
    ///
    /// # Errors
    /// [`BadName`].
    pub fn common_name(self, value: &str) -> Result<Self, BadName> {
        self.with(Attribute::CommonName, value)
    }

    /// Sets surname.
    ///
    /// # Errors
    /// [`BadName`].
    pub fn surname(self, value: &str) -> Result<Self, BadName> {
        self.with(Attribute::Surname, value)
    }

    /// Sets givenName.
    ///
    /// # Errors
    /// [`BadName`].
    pub fn given_name(self, value: &str) -> Result<Self, BadName> {
        self.with(Attribute::GivenName, value)
    }

    /// Sets serialNumber (X.520): an HSA-id or a personal identity number of 12 digits.
    ///
    /// # Errors
    /// [`BadName`].
    pub fn serial_number(self, value: &str) -> Result<Self, BadName> {
        self.with(Attribute::SerialNumber, value)
    }

    /// The value of one attribute.
    pub fn value(&self, attribute: Attribute) -> Option<&str> {
        Attribute::ALL
            .iter()
            .zip(&self.values)
            .find(|(candidate, _)| **candidate == attribute)
            .and_then(|(_, value)| value.as_deref())
    }

    /// Whether no attribute is set.
    pub fn is_empty(&self) -> bool {
        self.values.iter().all(Option::is_none)
    }

    /// The DER `Name` (RFC 5280 4.1.2.4).
    pub fn to_der(&self) -> Vec<u8> {
        Writer::build(256, |writer| self.write(writer))
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.sequence(|name| {
            for (attribute, value) in Attribute::ALL.iter().zip(&self.values) {
                let Some(value) = value else { continue };
                let tag = if attribute.is_printable() {
                    PRINTABLE_STRING
                } else {
                    UTF8_STRING
                };
                name.nested(SET, |set| {
                    set.sequence(|pair| {
                        pair.object_identifier(&attribute.oid());
                        pair.element(tag, value.as_bytes());
                    });
                });
            }
        });
    }

    fn with(mut self, attribute: Attribute, value: &str) -> Result<Self, BadName> {
        if value.is_empty() || value.trim() != value {
            return Err(BadName::Blank(attribute));
        }
        if value.chars().count() > LONGEST {
            return Err(BadName::TooLong(attribute));
        }
        let fits = |character: char| {
            if attribute.is_printable() {
                is_printable(character)
            } else {
                !character.is_control()
            }
        };
        if !value.chars().all(fits) {
            return Err(BadName::Character(attribute));
        }
        for (candidate, slot) in Attribute::ALL.iter().zip(&mut self.values) {
            if *candidate == attribute {
                *slot = Some(value.to_owned());
            }
        }
        Ok(self)
    }
}

impl fmt::Debug for DistinguishedName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names of people do not belong in logs.
        let set = Attribute::ALL.iter().zip(&self.values);
        formatter
            .debug_list()
            .entries(set.filter(|(_, value)| value.is_some()).map(|(a, _)| a))
            .finish()
    }
}

/// The common name of a person: given name and family name, shortened so that it fits the 64
/// characters of RFC 5280 (the full names stand in givenName and surname): first to the first given
/// name, then by cutting.
pub fn person_common_name(given_name: &str, family_name: &str) -> String {
    let whole = format!("{given_name} {family_name}");
    if whole.chars().count() <= LONGEST {
        return whole;
    }
    let first = given_name.split_whitespace().next().unwrap_or(given_name);
    let cut: String = format!("{first} {family_name}")
        .chars()
        .take(LONGEST)
        .collect();
    cut.trim_end().to_owned()
}

/// The PrintableString repertoire (X.680 41.4).
fn is_printable(character: char) -> bool {
    character.is_ascii_alphanumeric() || " '()+,-./:=?".contains(character)
}
