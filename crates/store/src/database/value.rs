//! What goes into a statement: text, a 64-bit integer or bytes, or the lack of one of them.

use std::borrow::Cow;

use model::{Date, Timestamp};

/// A value for `$n`. Nothing has a type too, because PostgreSQL wants to know which nothing it is.
#[derive(Clone)]
pub(crate) enum Value<'a> {
    /// TEXT.
    Text(Option<Cow<'a, str>>),
    /// BIGINT.
    Integer(Option<i64>),
    /// BYTEA.
    Bytes(Option<Cow<'a, [u8]>>),
}

impl Value<'_> {
    /// The same, kept for later.
    pub(crate) fn kept(&self) -> Value<'static> {
        match self {
            Self::Text(text) => {
                Value::Text(text.as_deref().map(|text| Cow::Owned(text.to_owned())))
            }
            Self::Integer(number) => Value::Integer(*number),
            Self::Bytes(bytes) => {
                Value::Bytes(bytes.as_deref().map(|bytes| Cow::Owned(bytes.to_vec())))
            }
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(Cow::Borrowed(text)))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Some(Cow::Borrowed(text)))
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        Self::Text(text.map(Cow::Borrowed))
    }
}

impl<'a> From<&'a Option<String>> for Value<'a> {
    fn from(text: &'a Option<String>) -> Self {
        text.as_deref().into()
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Some(Cow::Owned(text)))
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(number: Option<i64>) -> Self {
        Self::Integer(number)
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(at: Timestamp) -> Self {
        Self::Integer(Some(at.seconds()))
    }
}

impl From<Option<Timestamp>> for Value<'_> {
    fn from(at: Option<Timestamp>) -> Self {
        Self::Integer(at.map(Timestamp::seconds))
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(Some(Cow::Borrowed(bytes)))
    }
}

impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Bytes(Some(Cow::Borrowed(bytes)))
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Value<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self::Bytes(Some(Cow::Borrowed(bytes.as_slice())))
    }
}

impl<'a> From<Option<&'a [u8]>> for Value<'a> {
    fn from(bytes: Option<&'a [u8]>) -> Self {
        Self::Bytes(bytes.map(Cow::Borrowed))
    }
}

/// Dates are TEXT, `YYYY-MM-DD`: they sort as they should for the years 0 to 9999 and read as what they are.
impl From<Date> for Value<'_> {
    fn from(date: Date) -> Self {
        Self::Text(Some(Cow::Owned(date.to_string())))
    }
}

impl From<Option<Date>> for Value<'_> {
    fn from(date: Option<Date>) -> Self {
        Self::Text(date.map(|date| Cow::Owned(date.to_string())))
    }
}

macro_rules! texts {
    ($($name:ty),+ $(,)?) => {$(
        impl<'a> From<&'a $name> for Value<'a> {
            fn from(value: &'a $name) -> Self {
                value.as_str().into()
            }
        }

        impl<'a> From<Option<&'a $name>> for Value<'a> {
            fn from(value: Option<&'a $name>) -> Self {
                Self::Text(value.map(|value| Cow::Borrowed(value.as_str())))
            }
        }
    )+};
}

texts!(
    model::id::PersonId,
    model::id::EngagementId,
    model::id::OrderId,
    model::id::KioskId,
    model::id::PhotoId,
    model::id::CardId,
    model::id::BatchId,
    model::id::IdentityCheckId,
    model::id::ReceiptId,
    model::id::SessionId,
    model::id::TicketId,
    model::id::JobId,
    model::id::FunctionId,
    model::id::ApiClientId,
    model::id::FeedbackId,
    model::hsa_id::HsaId,
    model::label::Label,
    model::person::Name,
    model::person::Email,
    model::person::Mobile,
    model::security_identifier::SecurityIdentifier,
);
