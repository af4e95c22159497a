//! Filling the places `{{like_this}}` of an SVG template.

use crate::error::PrintError;

/// SVG that is safe to put into a template: our own markup, or text whose special characters are written out.
pub(crate) struct Markup(String);

impl Markup {
    /// Text from outside: a name can hold `&`, `<` or a quote without becoming part of the drawing.
    pub(crate) fn text(text: &str) -> Self {
        Self(escape(text))
    }

    /// Markup that we wrote ourselves.
    pub(crate) fn drawn(svg: String) -> Self {
        Self(svg)
    }
}

/// Writes the characters that mean something to XML as entities.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

/// The template with every place filled. A place without a value and a value without a place are both mistakes: a card
/// must not quietly lose a line.
pub(crate) fn fill(template: &str, values: &[(&str, Markup)]) -> Result<String, PrintError> {
    let mut filled = String::with_capacity(template.len() * 2);
    let mut used = vec![false; values.len()];
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let (place, after) = after.split_once("}}").ok_or_else(|| unfilled(after))?;
        let place = place.trim();
        let index = values
            .iter()
            .position(|(name, _)| *name == place)
            .ok_or_else(|| unfilled(place))?;
        if let (Some((_, value)), Some(used)) = (values.get(index), used.get_mut(index)) {
            filled.push_str(&value.0);
            *used = true;
        }
        rest = after;
    }
    filled.push_str(rest);
    match values.iter().zip(used).find(|(_, used)| !used) {
        Some(((place, _), _)) => Err(unfilled(place)),
        None => Ok(filled),
    }
}

fn unfilled(place: &str) -> PrintError {
    PrintError::Template {
        place: place.chars().take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_every_place() {
        let filled = fill(
            "<t>{{a}}</t>{{ b }}{{a}}",
            &[
                ("a", Markup::text("1<2")),
                ("b", Markup::drawn("<x/>".into())),
            ],
        );
        assert_eq!(filled.unwrap(), "<t>1&lt;2</t><x/>1&lt;2");
    }

    #[test]
    fn a_value_is_never_a_place() {
        let filled = fill(
            "{{a}}{{b}}",
            &[("a", Markup::text("{{b}}")), ("b", Markup::text("x"))],
        );
        assert_eq!(filled.unwrap(), "{{b}}x");
    }

    #[test]
    fn refuses_what_does_not_match() {
        assert!(matches!(fill("{{a}}", &[]), Err(PrintError::Template { place }) if place == "a"));
        assert!(
            matches!(fill("", &[("a", Markup::text(""))]), Err(PrintError::Template { place }) if place == "a")
        );
        assert!(fill("{{a", &[("a", Markup::text(""))]).is_err());
    }
}
