//! Functions: servers, client programs, signers of tokens, domain controllers. A function is approved once; its certificates
//! then come without a new approval, as long as its names and its profile stay.

use crate::Timestamp;
use crate::coded::coded;
use crate::contact::Email;
use crate::hsa_id::HsaId;
use crate::id::{ApiClientId, FunctionId, PersonId};
use crate::label::Label;

coded! {
    /// Where a function stands.
    pub enum FunctionState ("state of a function") {
        /// Asked for, nobody has decided.
        Requested = "requested",
        /// It gets certificates.
        Approved = "approved",
        /// Somebody said no.
        Rejected = "rejected",
        /// It gets no more certificates, and those it had are revoked.
        Closed = "closed",
    }
}

coded! {
    /// What can happen to a function.
    pub enum FunctionAct ("act on a function") {
        /// Somebody else than who asked says yes.
        Approve = "approve",
        /// Somebody else than who asked says no.
        Reject = "reject",
        /// It is needed no more.
        Close = "close",
    }
}

coded! {
    /// Where a function's certificate stands. One that has ended stays as it was.
    pub enum FunctionCertificateState ("state of a function certificate") {
        /// An intention: about to be signed, and no certificate yet.
        Reserved = "reserved",
        /// Signed and stored.
        Issued = "issued",
        /// Stopped before its time.
        Revoked = "revoked",
    }
}

coded! {
    /// Who holds the private key of a function.
    pub enum KeyHolder ("holder of a key") {
        /// Whoever asks: a request (PKCS #10) proves possession, and they renew in time.
        Requester = "requester",
        /// This system: the key never leaves its vault, and the certificate is renewed by itself.
        System = "system",
    }
}

/// An act that a function in that state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a function that is {} does not allow the act {}", .from.code(), .act.code())]
pub struct IllegalFunctionTransition {
    /// The state it was in.
    pub from: FunctionState,
    /// What was tried.
    pub act: FunctionAct,
}

impl FunctionState {
    /// The state after the act. What is rejected or closed stays so.
    pub const fn after(self, act: FunctionAct) -> Result<Self, IllegalFunctionTransition> {
        match (self, act) {
            (Self::Requested, FunctionAct::Approve) => Ok(Self::Approved),
            (Self::Requested, FunctionAct::Reject) => Ok(Self::Rejected),
            (Self::Approved, FunctionAct::Close) => Ok(Self::Closed),
            (from, act) => Err(IllegalFunctionTransition { from, act }),
        }
    }
}

/// A function. All that its certificates say stands here and was approved together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Our own identifier.
    pub id: FunctionId,
    /// Its name, the common name of its certificates.
    pub name: Label,
    /// The profile its certificates are made under.
    pub profile: String,
    /// The names of its hosts.
    pub host_names: Vec<HostName>,
    /// Its HSA-id, if the directory has it.
    pub hsa_id: Option<HsaId>,
    /// Whom to write to about it.
    pub email: Email,
    /// Of the tree for trying.
    pub test: bool,
    /// Who holds its key.
    pub key_holder: KeyHolder,
    /// Where it stands.
    pub state: FunctionState,
    /// The program that may fetch and revoke its certificates, beside the operators.
    pub client: Option<ApiClientId>,
    /// Who asked for it, when a person did.
    pub requested_by: Option<PersonId>,
    /// When.
    pub requested_at: Timestamp,
    /// Since when it is in its state.
    pub state_since: Timestamp,
}

/// The full name of a host, lower case: at least two labels, the last of them no number (RFC 1034 3.5, RFC 1123 2.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostName(String);

/// A text that is no full name of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the full name of a host")]
pub struct BadHostName;

impl HostName {
    /// The most octets a name has (RFC 1035 2.3.4, without the final dot).
    pub const LONGEST: usize = 253;

    /// Reads a name; upper-case letters become lower case, since nothing tells them apart (RFC 4343). Wildcards and addresses are
    /// no names.
    pub fn parse(text: &str) -> Result<Self, BadHostName> {
        let text = text.trim().to_ascii_lowercase();
        let labels: Vec<&str> = text.split('.').collect();
        let named = labels
            .last()
            .is_some_and(|label| label.bytes().any(|byte| byte.is_ascii_lowercase()));
        if text.len() <= Self::LONGEST
            && labels.len() >= 2
            && named
            && labels.iter().all(|label| is_label(label))
        {
            Ok(Self(text))
        } else {
            Err(BadHostName)
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

impl std::fmt::Display for HostName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table() {
        use FunctionAct::*;
        use FunctionState::*;
        let table = [
            (Requested, Approve, Approved),
            (Requested, Reject, Rejected),
            (Approved, Close, Closed),
        ];
        for &from in FunctionState::ALL {
            for &act in FunctionAct::ALL {
                let expected = table
                    .iter()
                    .find(|row| (row.0, row.1) == (from, act))
                    .map(|row| row.2);
                assert_eq!(from.after(act).ok(), expected, "{from:?} {act:?}");
            }
        }
        crate::coded::tests::check_codes(FunctionState::ALL.iter().map(|state| state.code()));
        crate::coded::tests::check_codes(FunctionAct::ALL.iter().map(|act| act.code()));
        let states = FunctionCertificateState::ALL.iter();
        crate::coded::tests::check_codes(states.map(|state| state.code()));
        crate::coded::tests::check_codes(KeyHolder::ALL.iter().map(|holder| holder.code()));
    }

    #[test]
    fn names_of_hosts() {
        for (text, name) in [
            ("idp.example.se", "idp.example.se"),
            (" IdP.Example.SE ", "idp.example.se"),
            (
                "xn--rksmrgs-5wao1o.example.se",
                "xn--rksmrgs-5wao1o.example.se",
            ),
        ] {
            assert_eq!(HostName::parse(text).unwrap().as_str(), name);
        }
        let long = format!("{}.se", "a".repeat(64));
        let longer = format!("{}se", "aaaaaaa.".repeat(32));
        for text in [
            "",
            "localhost",
            "*.example.se",
            "192.0.2.1",
            "a..b",
            "-a.se",
            "a-.se",
            "a b.se",
            "a.se.",
            "å.se",
            &long,
            &longer,
        ] {
            assert_eq!(HostName::parse(text), Err(BadHostName), "{text}");
        }
    }
}
