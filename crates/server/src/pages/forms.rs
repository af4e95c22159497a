//! What a form says back when something was wrong.

/// An expected no, as `flows` gives it: a stable code, and what to do now in the language of the page.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The stable code, such as `activate.document-expired`; shown small, for support.
    pub code: String,
    /// The sentence with what happened and what to do now.
    pub text: String,
}

/// One problem with one field.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The `name` (and `id`) of the field.
    pub field: String,
    /// What is wrong and what would be right, in the language of the page.
    pub text: String,
}

/// The problems of a form, each shown at its field and all of them above the form.
#[derive(Clone, Debug, Default)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// The problem of the field with this name.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|problem| problem.field == field)
            .map(|problem| problem.text.as_str())
    }
}
