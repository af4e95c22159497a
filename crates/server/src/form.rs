//! What a form says: names and values in order, repeated names included.

/// The fields of a posted form.
#[derive(Clone, Debug, Default)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// The first value of a field, trimmed; empty when there is none.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.maybe(name).unwrap_or_default()
    }

    /// The first value of a field, trimmed.
    #[must_use]
    pub fn maybe(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.trim())
    }

    /// Every value of a field, in order.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether the box was ticked.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.text("confirm") == "yes"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_fields_stay_apart() {
        let fields = Fields(
            [("card", "1"), ("confirm", " yes "), ("card", "2")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
        );
        assert_eq!(fields.all("card").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(fields.text("card"), "1");
        assert_eq!(fields.text("other"), "");
        assert!(fields.is_confirmed());
    }
}
