//! Every parser's error as a fault and its hint, and dates as exports write them.

use model::Date;
use model::contact::{BadEmail, BadMobile};
use model::hsa_id::{BadHsaId, HsaId};
use model::identity_number::BadIdentityNumber;
use model::label::{BadLabel, Label};
use model::person::{BadName, Name};

use super::problem::Wrong;

/// What would be right, as arguments of the text.
pub(super) type Hint = Vec<(&'static str, String)>;

/// What some systems write for "until further notice".
pub(super) const FOREVER: Date = Date::constant(9999, 12, 31);

/// Reads `YYYY-MM-DD`.
pub(super) fn date(cell: &str) -> Result<Date, (Wrong, Hint)> {
    if cell.is_empty() {
        return Err((Wrong::DateEmpty, Vec::new()));
    }
    let form = || (Wrong::DateForm, Vec::new());
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = cell.split('-');
    let (Some(year), Some(month), Some(day), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(form());
    };
    if [year, month, day].map(str::len) != [4, 2, 2]
        || !digits(year)
        || !digits(month)
        || !digits(day)
    {
        return Err(form());
    }
    let year: i16 = year.parse().map_err(|_| form())?;
    let month: i8 = month.parse().map_err(|_| form())?;
    let day: i8 = day.parse().map_err(|_| form())?;
    let date = Date::new(year, month, day).map_err(|_| {
        let last = Date::new(year, month, 1).map(|first| first.last_of_month().to_string());
        (Wrong::DateNoSuch, right(&last.unwrap_or_default()))
    })?;
    if date != FOREVER && !(1900..=2200).contains(&year) {
        return Err((Wrong::DateImplausible, Vec::new()));
    }
    Ok(date)
}

pub(super) fn number(bad: BadIdentityNumber, month_and_day: &str) -> (Wrong, Hint) {
    match bad {
        BadIdentityNumber::Empty => (Wrong::NumberEmpty, Vec::new()),
        BadIdentityNumber::Character(c) => (Wrong::NumberCharacter, character(c)),
        BadIdentityNumber::Separator => (Wrong::NumberSeparator, Vec::new()),
        BadIdentityNumber::PlusTooYoung { birth_year } => (
            Wrong::NumberPlusTooYoung,
            vec![("year", birth_year.to_string())],
        ),
        BadIdentityNumber::Length(digits) => {
            (Wrong::NumberLength, vec![("digits", digits.to_string())])
        }
        BadIdentityNumber::TwoDigitYear { likely_year } => (
            Wrong::NumberTwoDigitYear,
            right(&format!("{likely_year}{month_and_day}-****")),
        ),
        BadIdentityNumber::NoSuchDate => (Wrong::NumberNoSuchDate, Vec::new()),
        BadIdentityNumber::BornInFuture => (Wrong::NumberInFuture, Vec::new()),
        BadIdentityNumber::BornTooEarly { birth_year } => (
            Wrong::NumberTooEarly,
            vec![("year", birth_year.to_string())],
        ),
        BadIdentityNumber::WrongCheckDigit { right: digit } => {
            (Wrong::NumberCheckDigit, right(&digit.to_string()))
        }
    }
}

pub(super) fn name(bad: BadName) -> (Wrong, Hint) {
    match bad {
        BadName::Empty => (Wrong::NameEmpty, Vec::new()),
        BadName::Formula(c) => (Wrong::NameFormula, character(c)),
        BadName::Character(c) => (Wrong::NameCharacter, character(c)),
        BadName::NoLetter => (Wrong::NameNoLetter, Vec::new()),
        BadName::TooLong(length) => (Wrong::NameTooLong, lengths(length, Name::LONGEST)),
    }
}

pub(super) fn hsa_id(bad: BadHsaId) -> (Wrong, Hint) {
    match bad {
        BadHsaId::Empty => (Wrong::HsaIdEmpty, Vec::new()),
        BadHsaId::Country => (Wrong::HsaIdCountry, Vec::new()),
        BadHsaId::Organisation => (Wrong::HsaIdOrganisation, Vec::new()),
        BadHsaId::Suffix => (Wrong::HsaIdSuffix, Vec::new()),
        BadHsaId::Character(c) => (Wrong::HsaIdCharacter, character(c)),
        BadHsaId::TooLong(length) => (Wrong::HsaIdTooLong, lengths(length, HsaId::LONGEST)),
    }
}

pub(super) fn label(bad: BadLabel) -> (Wrong, Hint) {
    match bad {
        BadLabel::Empty => (Wrong::TextEmpty, Vec::new()),
        BadLabel::TooLong(length) => (Wrong::TextTooLong, lengths(length, Label::LONGEST)),
        BadLabel::Control(c) => (Wrong::TextControl, character(c)),
    }
}

pub(super) fn email(bad: BadEmail) -> (Wrong, Hint) {
    match bad {
        BadEmail::Empty | BadEmail::AtSign => (Wrong::EmailAtSign, Vec::new()),
        BadEmail::Character(c) => (Wrong::EmailCharacter, character(c)),
        BadEmail::Local => (Wrong::EmailLocal, Vec::new()),
        BadEmail::Domain => (Wrong::EmailDomain, Vec::new()),
        BadEmail::TooLong => (Wrong::EmailTooLong, Vec::new()),
    }
}

/// The character itself where it can be seen, else its number.
fn character(c: char) -> Hint {
    let seen = if c.is_alphanumeric() || c.is_ascii_punctuation() {
        c.to_string()
    } else {
        format!("U+{:04X}", u32::from(c))
    };
    vec![("character", seen)]
}

fn lengths(length: usize, longest: usize) -> Hint {
    vec![
        ("length", length.to_string()),
        ("longest", longest.to_string()),
    ]
}

pub(super) fn right(value: &str) -> Hint {
    vec![("right", value.to_owned())]
}

pub(super) fn listed<'a>(codes: impl Iterator<Item = &'a str>) -> String {
    codes.collect::<Vec<_>>().join(", ")
}

pub(super) fn mobile(bad: BadMobile) -> (Wrong, Hint) {
    match bad {
        BadMobile::Empty => (Wrong::MobileLength, vec![("digits", "0".to_owned())]),
        BadMobile::Character(c) => (Wrong::MobileCharacter, character(c)),
        BadMobile::Length(digits) => (Wrong::MobileLength, vec![("digits", digits.to_string())]),
    }
}
