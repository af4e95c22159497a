//! The columns of a staff export, found by name in whatever order they come.

use super::problem::FileProblem;

/// Declares the columns with their header names.
macro_rules! columns {
    ($($(#[$inner:meta])* $variant:ident = $name:literal,)+) => {
        /// A column of the staff export.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Column { $($(#[$inner])* $variant,)+ }

        impl Column {
            /// Every column, in the order that exports usually have.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name in the header.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

columns! {
    /// Identity number.
    PersonalNumber = "personal_number",
    /// Given name.
    GivenName = "given_name",
    /// Family name.
    FamilyName = "family_name",
    /// HSA-id.
    HsaId = "hsa_id",
    /// E-mail address at work.
    Email = "email",
    /// Mobile number.
    Mobile = "mobile",
    /// Street of the registered address.
    Street = "street",
    /// Postal code of the registered address.
    PostalCode = "postal_code",
    /// Town of the registered address.
    Town = "town",
    /// `yes` or `no`.
    ProtectedIdentity = "protected_identity",
    /// Kind of engagement.
    Engagement = "engagement",
    /// Employer.
    Employer = "employer",
    /// HSA-id of the unit.
    UnitHsaId = "unit_hsa_id",
    /// Name of the unit.
    UnitName = "unit_name",
    /// `public` or `private`.
    Sector = "sector",
    /// Title.
    Title = "title",
    /// First day.
    From = "from",
    /// Last day.
    To = "to",
    /// Services, with commas between.
    ItServices = "it_services",
    /// HSA-id of the manager.
    ManagerHsaId = "manager_hsa_id",
    /// Security identifier of the account in Active Directory; the column may be missing.
    SecurityIdentifier = "security_identifier",
}

impl Column {
    /// Whether a file without it is a staff export all the same.
    #[must_use]
    pub const fn may_be_missing(self) -> bool {
        matches!(self, Self::SecurityIdentifier)
    }

    /// The column with that name; capitals and spaces around it do not matter.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim();
        Self::ALL
            .iter()
            .copied()
            .find(|column| column.name().eq_ignore_ascii_case(name))
    }
}

/// Where each column stands.
#[derive(Debug)]
pub(super) struct Header {
    /// The place of each column, in the order of [`Column::ALL`].
    places: Vec<usize>,
    /// How many cells the header has, unknown ones included.
    pub(super) width: usize,
    /// Names that are not ours, as they are written.
    pub(super) unknown: Vec<String>,
}

/// The longest name of an unknown column that is repeated to the user, in characters.
const LONGEST_NAME: usize = 64;

impl Header {
    pub(super) fn read(cells: &[String]) -> Result<Self, FileProblem> {
        // Empty names at the end come from delimiters at the end of every line.
        let width = cells
            .iter()
            .rposition(|cell| !cell.trim().is_empty())
            .map_or(0, |last| last + 1);
        let named = cells.get(..width).unwrap_or_default();
        let mut found: Vec<(Column, usize)> = Vec::new();
        let mut unknown = Vec::new();
        for (place, name) in named.iter().enumerate() {
            match Column::parse(name) {
                Some(column) if found.iter().any(|(other, _)| *other == column) => {
                    return Err(FileProblem::ColumnRepeated {
                        column: column.name(),
                    });
                }
                Some(column) => found.push((column, place)),
                None => unknown.push(
                    super::mask::shown(name)
                        .chars()
                        .take(LONGEST_NAME)
                        .collect(),
                ),
            }
        }
        if found.is_empty() {
            return Err(FileProblem::NoHeader);
        }
        let mut places = Vec::with_capacity(Column::ALL.len());
        let mut missing = Vec::new();
        for &column in Column::ALL {
            match found.iter().find(|(other, _)| *other == column) {
                Some((_, place)) => places.push(*place),
                None if column.may_be_missing() => places.push(usize::MAX),
                None => missing.push(column.name()),
            }
        }
        if missing.is_empty() {
            Ok(Self {
                places,
                width,
                unknown,
            })
        } else {
            Err(FileProblem::ColumnsMissing { columns: missing })
        }
    }

    /// Where the column stands, counted from 0; [`usize::MAX`] when the file does not have it.
    pub(super) fn place(&self, column: Column) -> usize {
        self.places
            .get(column as usize)
            .copied()
            .unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        text.split(';').map(str::to_owned).collect()
    }

    fn all() -> Vec<String> {
        Column::ALL
            .iter()
            .map(|column| column.name().to_owned())
            .collect()
    }

    #[test]
    fn any_order_and_unknown_columns() {
        let mut cells = all();
        cells.reverse();
        cells.insert(3, "  Shoe size ".to_owned());
        cells.push(String::new());
        let header = Header::read(&cells).unwrap();
        assert_eq!(header.place(Column::ManagerHsaId), 1);
        assert_eq!(header.place(Column::PersonalNumber), 21);
        assert_eq!(
            (header.width, header.unknown.as_slice()),
            (22, ["Shoe size".to_owned()].as_slice())
        );
        // One column may be missing.
        cells.retain(|name| name != "security_identifier");
        let header = Header::read(&cells).unwrap();
        assert_eq!(header.place(Column::ManagerHsaId), 0);
        assert_eq!(header.place(Column::SecurityIdentifier), usize::MAX);
    }

    #[test]
    fn capitals_and_spaces_do_not_matter() {
        assert_eq!(Column::parse(" HSA_ID "), Some(Column::HsaId));
        assert_eq!(Column::parse("hsa id"), None);
        for &column in Column::ALL {
            assert_eq!(Column::parse(column.name()), Some(column));
        }
    }

    #[test]
    fn headers_that_will_not_do() {
        assert_eq!(
            Header::read(&names("a;b;c")).unwrap_err(),
            FileProblem::NoHeader
        );
        assert_eq!(
            Header::read(&names("email;x;EMAIL")).unwrap_err(),
            FileProblem::ColumnRepeated { column: "email" }
        );
        let mut cells = all();
        cells.retain(|name| name != "to" && name != "email");
        assert_eq!(
            Header::read(&cells).unwrap_err(),
            FileProblem::ColumnsMissing {
                columns: vec!["email", "to"]
            }
        );
    }
}
