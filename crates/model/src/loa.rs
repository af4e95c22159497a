//! Levels of assurance.

use crate::coded::coded;

coded! {
    /// The level of assurance of a card, a credential or a sign-in, by the Swedish trust framework.
    pub enum Loa ("level of assurance") {
        /// Level 2: reserve cards for those without a Swedish personal number or registered address.
        Two = "loa2",
        /// Level 3: ordinary cards, and everything an officer does.
        Three = "loa3",
    }
}

#[cfg(test)]
mod tests {
    use super::Loa;

    #[test]
    fn levels_are_ordered() {
        assert!(Loa::Two < Loa::Three);
        crate::coded::tests::check_codes(Loa::ALL.iter().map(|loa| loa.code()));
    }
}
