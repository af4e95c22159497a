//! Who acts: roles, and the ways of being known.

use std::collections::BTreeSet;

use crate::coded::coded;
use crate::id::{ApiClientId, KioskId, PersonId};
use crate::loa::Loa;

coded! {
    /// What somebody may be trusted with.
    pub enum Role ("role") {
        /// Orders cards for others.
        Orderer = "orderer",
        /// Identifies people, approves photos, activates, revokes.
        IdentityOfficer = "identity-officer",
        /// The same, for reserve cards of level 2 only.
        ReserveCardOfficer = "reserve-card-officer",
        /// An addition to the three above: may handle people with protected identity.
        ProtectedIdentityOfficer = "protected-identity-officer",
        /// Answers for the rules; grants roles.
        ResponsibleIssuer = "responsible-issuer",
        /// Watches over the responsible issuer.
        SecurityOfficer = "security-officer",
        /// Reads the log.
        Auditor = "auditor",
        /// Edits help pages.
        WebEditor = "web-editor",
        /// Runs the system.
        Operator = "operator",
    }
}

coded! {
    /// How somebody proved who they are.
    pub enum Method ("method of authentication") {
        /// With a card that this system issued.
        Card = "card",
        /// With the one-time founding ticket of a new installation, before any card exists.
        Founding = "founding",
    }
}

coded! {
    /// What a program that uses the API may be trusted with.
    pub enum Scope ("scope") {
        /// Functions and their certificates, of those that are its own.
        Functions = "functions",
        /// What directories must know of login certificates.
        Directory = "directory",
    }
}

/// A proved identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authentication {
    /// How.
    pub method: Method,
    /// At which level.
    pub loa: Loa,
}

/// Who asks for an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody signed in.
    Person {
        /// Who.
        person: PersonId,
        /// The roles they have been granted.
        roles: BTreeSet<Role>,
        /// How they signed in.
        authentication: Authentication,
    },
    /// Somebody at the server's command line.
    Console {
        /// The account's name, for the log.
        operator: String,
    },
    /// A program that uses the API.
    Client {
        /// Which.
        client: ApiClientId,
        /// What it has been granted.
        scopes: BTreeSet<Scope>,
    },
    /// A photo kiosk that an officer opened.
    Kiosk {
        /// Which.
        kiosk: KioskId,
    },
    /// The card producer's feed.
    Producer,
    /// The system itself: jobs that follow the clock.
    System,
    /// Somebody not signed in.
    Nobody,
}

impl Actor {
    /// The signed-in person.
    #[must_use]
    pub const fn person(&self) -> Option<&PersonId> {
        match self {
            Self::Person { person, .. } => Some(person),
            _ => None,
        }
    }

    /// The program.
    #[must_use]
    pub const fn client(&self) -> Option<&ApiClientId> {
        match self {
            Self::Client { client, .. } => Some(client),
            _ => None,
        }
    }

    /// Whether the actor is a person with that role.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        matches!(self, Self::Person { roles, .. } if roles.contains(&role))
    }

    /// The level the person signed in at.
    #[must_use]
    pub const fn loa(&self) -> Option<Loa> {
        match self {
            Self::Person { authentication, .. } => Some(authentication.loa),
            _ => None,
        }
    }

    /// What sort of actor, as the log says it.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Person { .. } => "person",
            Self::Console { .. } => "console",
            Self::Client { .. } => "client",
            Self::Kiosk { .. } => "kiosk",
            Self::Producer => "producer",
            Self::System => "system",
            Self::Nobody => "nobody",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    #[test]
    fn codes() {
        crate::coded::tests::check_codes(Role::ALL.iter().map(|role| role.code()));
        crate::coded::tests::check_codes(Method::ALL.iter().map(|method| method.code()));
        crate::coded::tests::check_codes(Scope::ALL.iter().map(|scope| scope.code()));
    }

    #[test]
    fn only_people_have_roles() {
        let id = PersonId::new(Timestamp(0), [0; 10]);
        let person = Actor::Person {
            person: id.clone(),
            roles: BTreeSet::from([Role::Orderer]),
            authentication: Authentication {
                method: Method::Card,
                loa: Loa::Three,
            },
        };
        assert_eq!(
            (person.person(), person.loa()),
            (Some(&id), Some(Loa::Three))
        );
        assert!(person.has(Role::Orderer) && !person.has(Role::Auditor));
        for other in [
            Actor::Console {
                operator: "root".to_owned(),
            },
            Actor::Client {
                client: ApiClientId::new(Timestamp(0), [0; 10]),
                scopes: BTreeSet::from([Scope::Functions]),
            },
            Actor::Kiosk {
                kiosk: KioskId::new(Timestamp(0), [0; 10]),
            },
            Actor::Producer,
            Actor::System,
            Actor::Nobody,
        ] {
            assert_eq!((other.person(), other.loa()), (None, None));
            assert!(!other.has(Role::Orderer));
        }
    }
}
