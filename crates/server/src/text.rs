//! The texts of all pages, in Swedish and English, as Fluent messages built into the binary.
//!
//! A key that is missing shows itself as `⟦key⟧`; the tests render every page and look for that mark.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::civil::{Date, DateTime};

/// The name and content of each text file, as one list per language.
macro_rules! texts {
    ($language:literal: $($name:literal)+) => {
        &[$(($name, include_str!(concat!("../texts/", $language, "/", $name, ".ftl")))),+]
    };
}

static SWEDISH: &[(&str, &str)] = texts!("sv": "ca" "card-client" "desk" "feedback" "forms" "functions" "import" "kiosk" "mine" "order" "photo" "public" "refusals" "shell" "staff" "station" "trouble" "words");
static ENGLISH: &[(&str, &str)] = texts!("en": "ca" "card-client" "desk" "feedback" "forms" "functions" "import" "kiosk" "mine" "order" "photo" "public" "refusals" "shell" "staff" "station" "trouble" "words");

static BUNDLES: LazyLock<[Bundle; 2]> =
    LazyLock::new(|| [Bundle::load("sv", SWEDISH), Bundle::load("en", ENGLISH)]);

/// One of the two languages of the house. Swedish comes first and is the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Swedish, `sv`.
    #[default]
    Swedish,
    /// English, `en`.
    English,
}

impl Language {
    /// Both languages, Swedish first.
    pub const ALL: [Language; 2] = [Language::Swedish, Language::English];

    /// The BCP 47 tag, as in the `lang` attribute and the cookie `language`.
    pub fn code(self) -> &'static str {
        match self {
            Language::Swedish => "sv",
            Language::English => "en",
        }
    }

    /// The language with this tag; regional tags such as `en-GB` count as their language.
    pub fn parse(tag: &str) -> Option<Language> {
        let primary = tag.trim().split('-').next().unwrap_or_default();
        Language::ALL
            .into_iter()
            .find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// The language that is not this one.
    pub fn other(self) -> Language {
        match self {
            Language::Swedish => Language::English,
            Language::English => Language::Swedish,
        }
    }

    /// Picks the language of a request: `?language=` first, then the cookie `language`, then the `Accept-Language`
    /// header (RFC 9110 12.5.4) by its weights, else Swedish.
    pub fn choose(query: Option<&str>, cookie: Option<&str>, accept: Option<&str>) -> Language {
        query
            .and_then(Language::parse)
            .or_else(|| cookie.and_then(Language::parse))
            .or_else(|| accept.and_then(preferred))
            .unwrap_or_default()
    }

    /// The text with this key.
    pub fn say(self, key: &str) -> String {
        self.bundle().format(key, None)
    }

    /// The text with this key and its named arguments.
    pub fn say_with(self, key: &str, arguments: &[(&str, Argument)]) -> String {
        let mut named = FluentArgs::with_capacity(arguments.len());
        for (name, value) in arguments {
            match value {
                Argument::Text(text) => named.set(*name, text.as_str()),
                Argument::Number(number) => named.set(*name, FluentValue::from(*number)),
            }
        }
        self.bundle().format(key, Some(&named))
    }

    /// The text of a code from the model: `coded("card-state", "awaiting-photo")`. Dots and underscores in the code
    /// become hyphens, since a Fluent key has neither.
    pub fn coded(self, prefix: &str, code: &str) -> String {
        let code = code.replace(['.', '_'], "-");
        // Some codes carry their family's name already (`product.why.long`).
        let bare = code
            .strip_prefix(prefix)
            .and_then(|rest| rest.strip_prefix('-'))
            .unwrap_or(&code);
        self.say(&format!("{prefix}-{bare}"))
    }

    /// Whether there is a text with this key.
    pub fn has(self, key: &str) -> bool {
        self.bundle().inner.has_message(key)
    }

    /// A date as people write it, `23 november 2026`.
    pub fn day(self, date: Date) -> When {
        When {
            machine: date.to_string(),
            text: self.say_with("date-day", &date_arguments(date)),
        }
    }

    /// A date and a time to the minute, `23 november 2026 kl. 14.05`. The caller has chosen the time zone.
    pub fn moment(self, moment: DateTime) -> When {
        let clock = [
            ("hour", two_digits(moment.hour())),
            ("minute", two_digits(moment.minute())),
        ];
        let arguments: Vec<_> = date_arguments(moment.date())
            .into_iter()
            .chain(clock)
            .collect();
        When {
            machine: format!("{}", moment.strftime("%Y-%m-%dT%H:%M")),
            text: self.say_with("date-moment", &arguments),
        }
    }

    fn bundle(self) -> &'static Bundle {
        let [swedish, english] = &*BUNDLES;
        match self {
            Language::Swedish => swedish,
            Language::English => english,
        }
    }
}

/// A date or a time twice: for the `datetime` attribute and for the eye.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// ISO 8601, for the `datetime` attribute.
    pub machine: String,
    /// As people write it, in the language of the page.
    pub text: String,
}

/// One named value in a text.
#[derive(Clone, Debug)]
pub enum Argument {
    /// Shown as it is.
    Text(String),
    /// Shown as digits, and picks the plural form.
    Number(i64),
}

/// What can stand as an argument of a text; lets templates pass strings and counts alike.
pub trait IntoArgument {
    /// The value as an argument.
    fn argument(&self) -> Argument;
}

impl IntoArgument for str {
    fn argument(&self) -> Argument {
        Argument::Text(self.to_owned())
    }
}

impl IntoArgument for String {
    fn argument(&self) -> Argument {
        Argument::Text(self.clone())
    }
}

impl IntoArgument for When {
    fn argument(&self) -> Argument {
        Argument::Text(self.text.clone())
    }
}

impl<T: IntoArgument + ?Sized> IntoArgument for &T {
    fn argument(&self) -> Argument {
        (**self).argument()
    }
}

macro_rules! numbers {
    ($($number:ty)+) => {$(
        impl IntoArgument for $number {
            fn argument(&self) -> Argument {
                // No count on a page comes near 2^63; one that did would show as the largest number.
                Argument::Number(i64::try_from(*self).unwrap_or(i64::MAX))
            }
        }
    )+};
}

numbers!(u8 u32 i64 u64 usize);

struct Bundle {
    inner: FluentBundle<FluentResource>,
    /// What was wrong with the files. Nothing, by the tests, so nothing else looks.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the tests see that there is nothing")
    )]
    problems: Vec<String>,
}

impl Bundle {
    fn load(tag: &str, files: &[(&str, &str)]) -> Bundle {
        let mut inner = FluentBundle::new_concurrent(tag.parse().into_iter().collect());
        // Isolation marks (U+2068, U+2069) would break names that are searched for or copied from the page.
        inner.set_use_isolating(false);
        let mut problems = Vec::new();
        for (name, source) in files {
            let (resource, errors) = match FluentResource::try_new((*source).to_owned()) {
                Ok(resource) => (resource, Vec::new()),
                // What could be read is used; the key that could not shows itself.
                Err((resource, errors)) => (resource, errors),
            };
            problems.extend(
                errors
                    .iter()
                    .map(|error| format!("{tag}/{name}.ftl: {error}")),
            );
            if let Err(errors) = inner.add_resource(resource) {
                problems.extend(
                    errors
                        .iter()
                        .map(|error| format!("{tag}/{name}.ftl: {error}")),
                );
            }
        }
        Bundle { inner, problems }
    }

    fn format(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self
            .inner
            .get_message(key)
            .and_then(|message| message.value())
        else {
            return format!("⟦{key}⟧");
        };
        let mut errors = Vec::new();
        let text = self.inner.format_pattern(pattern, arguments, &mut errors);
        if errors.is_empty() {
            text.into_owned()
        } else {
            format!("⟦{key}: {text}⟧")
        }
    }
}

/// The best of our languages in an `Accept-Language` header.
fn preferred(header: &str) -> Option<Language> {
    let mut best: Option<(f32, Language)> = None;
    // A header has a handful of ranges; more than sixteen is not a browser's.
    for range in header.split(',').take(16) {
        let mut parts = range.split(';');
        let Some(language) = parts.next().and_then(Language::parse) else {
            continue;
        };
        let weight = parts
            .find_map(|part| part.trim().strip_prefix("q="))
            .map_or(Some(1.0), |digits| digits.parse::<f32>().ok())
            .unwrap_or(0.0);
        if weight > 0.0 && best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

fn date_arguments(date: Date) -> [(&'static str, Argument); 3] {
    [
        ("day", Argument::Text(date.day().to_string())),
        ("month", Argument::Number(i64::from(date.month()))),
        ("year", Argument::Text(date.year().to_string())),
    ]
}

fn two_digits(number: i8) -> Argument {
    Argument::Text(format!("{number:02}"))
}

#[cfg(test)]
mod tests;
