//! How an act says no. A *refusal* is an expected no with a stable code and a text in both languages;
//! a *fault* is ours: the user sees an incident number, the log the whole chain of causes, once.

use model::policy::Denied;
use store::StoreError;

/// A refusal of one act: a small enum that the act declares with [`refusals!`].
pub trait Refuse: std::fmt::Debug + Send {
    /// Stable code `act.reason`; its text is `refusal-act-reason` in both languages.
    fn code(&self) -> &'static str;
}

/// Declares the refusals of an act and their codes.
macro_rules! refusals {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$inner])* $variant,)+ }

        impl $name {
            /// Every refusal of this act.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
        }

        impl $crate::refusal::Refuse for $name {
            fn code(&self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }
        }

        impl From<$name> for $crate::refusal::Stop<$name> {
            fn from(refusal: $name) -> Self { $crate::refusal::Stop::Refused(refusal) }
        }
    };
}
pub(crate) use refusals;

/// Why an act did not happen.
#[derive(Debug)]
pub enum Stop<R> {
    /// The act's own no.
    Refused(R),
    /// The actor may not: policy's no.
    Denied(Denied),
    /// Something of ours failed.
    Fault(Fault),
}

impl<R: Refuse> Stop<R> {
    /// The stable code of a refusal; nothing for a fault.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Refused(refusal) => Some(refusal.code()),
            Self::Denied(denied) => Some(denied.code()),
            Self::Fault(_) => None,
        }
    }

    /// The same no without its type, for callers that only pass it on.
    #[must_use]
    pub fn plain(self) -> PlainStop {
        match self {
            Self::Refused(refusal) => PlainStop::Refused(refusal.code()),
            Self::Denied(denied) => PlainStop::Refused(denied.code()),
            Self::Fault(fault) => PlainStop::Fault(fault),
        }
    }
}

/// A no whose act no longer matters: a code, or a fault.
#[derive(Debug)]
pub enum PlainStop {
    /// An expected no, by code.
    Refused(&'static str),
    /// Something of ours failed.
    Fault(Fault),
}

/// Something of ours failed. The cause is in the source chain; `Display` says only what we were doing.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database refused or is away.
    #[error("the database did not do its part")]
    Store(#[from] StoreError),
    /// A key, a certificate or another object could not be made or read.
    #[error("{doing}")]
    Work {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A row that must be there is not, or says something that cannot be.
    #[error("the database holds something impossible: {0}")]
    Impossible(&'static str),
    /// A test stopped the process at this seam.
    #[error("stopped at the seam {0}")]
    Stopped(&'static str),
}

impl Fault {
    /// Names what was being done when a library failed.
    pub fn doing<E>(doing: &'static str) -> impl FnOnce(E) -> Self
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        move |cause| Self::Work {
            doing,
            cause: cause.into(),
        }
    }

    /// The whole chain of causes on one line, for the log.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(inner) = cause {
            text.push_str(": ");
            text.push_str(&inner.to_string());
            cause = inner.source();
        }
        text
    }
}

impl<R> From<Fault> for Stop<R> {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl<R> From<StoreError> for Stop<R> {
    fn from(error: StoreError) -> Self {
        Self::Fault(Fault::Store(error))
    }
}

impl<R> From<Denied> for Stop<R> {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}
