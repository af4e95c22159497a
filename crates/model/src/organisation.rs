//! Employers and the units where people work.

use crate::coded::coded;
use crate::hsa_id::HsaId;
use crate::label::Label;

coded! {
    /// Who runs a unit.
    pub enum Sector ("sector") {
        /// A region, municipality or agency.
        Public = "public",
        /// A private care provider.
        Private = "private",
    }
}

/// Who pays the person: the region's administration, a private care provider, a staffing agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employer {
    /// Its name, which is also what tells employers apart in a staff export.
    pub name: Label,
}

/// Where the person works; for agency staff not a unit of the employer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The unit's HSA-id.
    pub hsa_id: HsaId,
    /// Its name.
    pub name: Label,
    /// Who runs it.
    pub sector: Sector,
}

#[cfg(test)]
mod tests {
    use super::Sector;

    #[test]
    fn sectors() {
        crate::coded::tests::check_codes(Sector::ALL.iter().map(|sector| sector.code()));
        assert_eq!(Sector::parse("private"), Ok(Sector::Private));
        assert!(Sector::parse("Private").is_err());
    }
}
