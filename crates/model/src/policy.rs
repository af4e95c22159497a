//! Who may do what. Every act of the system asks here first.
//!
//! The heart of it is requirement K3.4 of the Swedish trust framework: no single person may be able to obtain an eID in
//! another's name. So whoever ordered a card neither checks the identity nor activates, and nobody acts as an officer on
//! their own card.

use std::collections::BTreeSet;

use crate::coded::coded;
use crate::id::{ApiClientId, PersonId};
use crate::loa::Loa;
use crate::product::{CardKind, CardProduct};
use crate::role::{Actor, Role, Scope};

coded! {
    /// Something that can be asked of the system.
    pub enum Act ("act") {
        /// Reads a staff export into the database.
        ImportStaff = "import-staff",
        /// Gives or takes away somebody's role.
        GrantRole = "grant-role",
        /// Founds the installation: authorities, first officers.
        Found = "found",
        /// Makes, rotates or lists certificate authorities.
        ManageAuthorities = "manage-authorities",
        /// Looks people up.
        SearchPeople = "search-people",
        /// Orders a card.
        Order = "order",
        /// Takes an order back.
        CancelOrder = "cancel-order",
        /// Takes a portrait.
        Photograph = "photograph",
        /// Makes the code that lets somebody be photographed for a card in a kiosk.
        MakePhotoCode = "make-photo-code",
        /// Opens and closes photo kiosks.
        OpenKiosk = "open-kiosk",
        /// Approves or rejects a portrait.
        ApprovePhoto = "approve-photo",
        /// Sends a batch to the producer.
        Produce = "produce",
        /// Reports cards made, failed or sent.
        ReportProduction = "report-production",
        /// Notes that a card was delivered or came back.
        Deliver = "deliver",
        /// Checks an identity document.
        CheckIdentity = "check-identity",
        /// Activates a card together with its holder.
        Activate = "activate",
        /// Gives the holder of a card in use a new code.
        Unlock = "unlock",
        /// Signs in.
        SignIn = "sign-in",
        /// Reads one's own cards and certificates.
        ReadOwn = "read-own",
        /// Revokes a card or certificate.
        Revoke = "revoke",
        /// Holds a card's certificates for a while.
        Hold = "hold",
        /// Releases certificates that were held.
        Release = "release",
        /// Lets time take its course: lapse, expiry, automatic revocation.
        Expire = "expire",
        /// Ends an engagement.
        EndEngagement = "end-engagement",
        /// Takes back a cut card.
        ReturnCard = "return-card",
        /// Deregisters a card that was returned or declared missing.
        Deregister = "deregister",
        /// Reads or verifies the log.
        ReadAudit = "read-audit",
        /// Asks for a function that certificates are issued to.
        RequestFunction = "request-function",
        /// Approves or rejects a function.
        DecideFunction = "decide-function",
        /// Looks at functions and their certificates.
        ReadFunctions = "read-functions",
        /// Issues a certificate to an approved function.
        CertifyFunction = "certify-function",
        /// Revokes a function's certificate, or closes the function.
        RevokeFunction = "revoke-function",
        /// Grants and withdraws programs their use of the API.
        ManageClients = "manage-clients",
        /// Reads what directories must know of login certificates.
        ReadDirectory = "read-directory",
        /// Says whether a page helped.
        GiveFeedback = "give-feedback",
        /// Reads what readers said of pages, and deals with it.
        HandleFeedback = "handle-feedback",
    }
}

/// What policy needs to know about the case. Left out means unknown or not there yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Who holds the card, or whom the act is about.
    pub holder: Option<PersonId>,
    /// Who ordered the card.
    pub ordered_by: Option<PersonId>,
    /// Who took the portrait.
    pub photographed_by: Option<PersonId>,
    /// Who checked the holder's identity document for this card.
    pub identity_checked_by: Option<PersonId>,
    /// Whether the holder's identity is protected.
    pub protected: bool,
    /// The product of the card.
    pub product: Option<CardProduct>,
    /// Who asked for the function.
    pub requested_by: Option<PersonId>,
    /// The program that the function is in the hands of.
    pub client: Option<ApiClientId>,
}

/// Why the actor may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Denied {
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// The act is not for this sort of actor at all.
    #[error("the act is not for this sort of actor")]
    NotForActor,
    /// None of the person's roles allows the act.
    #[error("no role of the person allows the act")]
    RoleMissing,
    /// Signed in at too low a level of assurance.
    #[error("the act needs a sign-in at level 3")]
    LevelTooLow,
    /// An officer's act on the officer's own card.
    #[error("nobody acts as officer on their own card")]
    OwnCard,
    /// A role for oneself.
    #[error("nobody grants roles to themselves")]
    OwnRole,
    /// The one who ordered may not identify or activate.
    #[error("whoever ordered the card does not identify the holder or activate")]
    OrderedIt,
    /// A reserve card of level 3 takes two officers.
    #[error("a second officer is needed")]
    SecondOfficerNeeded,
    /// Needs the addition for protected identities.
    #[error("the identity is protected")]
    ProtectedIdentity,
    /// Somebody else's card.
    #[error("the card is somebody else's")]
    NotOwn,
    /// The one who asked for a function does not decide on it.
    #[error("whoever asked for the function does not decide on it")]
    RequestedIt,
    /// The program was not granted this.
    #[error("the program was not granted this scope")]
    ScopeMissing,
    /// Another program's function.
    #[error("the function is in the hands of another")]
    NotInHand,
}

impl Denied {
    /// Every variant.
    pub const ALL: &'static [Self] = &[
        Self::NotSignedIn,
        Self::NotForActor,
        Self::RoleMissing,
        Self::LevelTooLow,
        Self::OwnCard,
        Self::OwnRole,
        Self::OrderedIt,
        Self::SecondOfficerNeeded,
        Self::ProtectedIdentity,
        Self::NotOwn,
        Self::RequestedIt,
        Self::ScopeMissing,
        Self::NotInHand,
    ];

    /// The refusal's code, `policy.…`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotSignedIn => "policy.not-signed-in",
            Self::NotForActor => "policy.not-for-actor",
            Self::RoleMissing => "policy.role-missing",
            Self::LevelTooLow => "policy.level-too-low",
            Self::OwnCard => "policy.own-card",
            Self::OwnRole => "policy.own-role",
            Self::OrderedIt => "policy.ordered-it",
            Self::SecondOfficerNeeded => "policy.second-officer-needed",
            Self::ProtectedIdentity => "policy.protected-identity",
            Self::NotOwn => "policy.not-own",
            Self::RequestedIt => "policy.requested-it",
            Self::ScopeMissing => "policy.scope-missing",
            Self::NotInHand => "policy.not-in-hand",
        }
    }
}

/// Actors that are no signed-in person, as flags of a [`Grant`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Other {
    Console,
    Client(Scope),
    Kiosk,
    Producer,
    System,
    Nobody,
}

/// Whom an act is open to, and under which rules.
struct Grant {
    /// Roles, any of which allows the act to a person signed in at level 3.
    roles: &'static [Role],
    /// Actors that need no role.
    others: &'static [Other],
    /// What the rules about oneself and others say.
    rule: CaseRule,
}

/// The rules about the case at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CaseRule {
    /// Nothing about a case.
    None,
    /// About a person: protected identities need the addition.
    AboutPerson,
    /// The same, and never about oneself.
    NotOwn,
    /// The same, and never by the orderer.
    NotOwnNotOrderer,
    /// The same, and a second officer for reserve cards of level 3.
    NotOwnNotOrdererTwo,
    /// The holder may without any role; anybody else needs one. Protection is no obstacle, since stopping a card is urgent.
    HolderOrRole,
    /// The holder may without any role; anybody else needs one, and the addition for a protected identity.
    HolderOrAboutPerson,
    /// The holder alone.
    HolderOnly,
    /// A role, never one's own.
    NotOwnRole,
    /// Anybody signed in, and whoever is about to be.
    Anybody,
    /// A role, and never by whoever asked for the function.
    NotRequester,
    /// A program touches only the functions in its hands.
    InHand,
}

const OFFICERS: &[Role] = &[Role::IdentityOfficer, Role::ReserveCardOfficer];

const fn grant(act: Act) -> Grant {
    use Other::{Client, Console, Kiosk, Nobody, Producer, System};
    use Role::{
        Auditor, IdentityOfficer, Operator, Orderer, ReserveCardOfficer, ResponsibleIssuer,
        SecurityOfficer, WebEditor,
    };
    let (roles, others, rule): (&'static [Role], &'static [Other], CaseRule) = match act {
        Act::ImportStaff => (&[Operator], &[Console], CaseRule::None),
        Act::GrantRole => (&[ResponsibleIssuer], &[Console], CaseRule::NotOwnRole),
        Act::Found => (&[], &[Console], CaseRule::None),
        Act::ManageAuthorities => (&[], &[Console, System], CaseRule::None),
        Act::SearchPeople => (
            &[
                Orderer,
                IdentityOfficer,
                ReserveCardOfficer,
                ResponsibleIssuer,
                SecurityOfficer,
            ],
            &[],
            CaseRule::AboutPerson,
        ),
        Act::Order => (&[Orderer, ReserveCardOfficer], &[], CaseRule::NotOwn),
        Act::CancelOrder => (
            &[Orderer, IdentityOfficer, ReserveCardOfficer],
            &[System],
            CaseRule::AboutPerson,
        ),
        // A kiosk's picture is one that no officer has seen; it goes on a card only when one approves it.
        Act::Photograph => (&[IdentityOfficer], &[Kiosk], CaseRule::NotOwn),
        Act::MakePhotoCode => (
            &[Orderer, IdentityOfficer],
            &[],
            CaseRule::HolderOrAboutPerson,
        ),
        Act::OpenKiosk => (&[IdentityOfficer], &[], CaseRule::None),
        Act::ApprovePhoto => (&[IdentityOfficer], &[], CaseRule::NotOwn),
        Act::Produce => (&[IdentityOfficer], &[System], CaseRule::None),
        Act::ReportProduction => (&[], &[Producer], CaseRule::None),
        Act::Deliver => (
            &[IdentityOfficer],
            &[Producer, System],
            CaseRule::AboutPerson,
        ),
        Act::CheckIdentity => (OFFICERS, &[], CaseRule::NotOwnNotOrderer),
        Act::Activate => (OFFICERS, &[], CaseRule::NotOwnNotOrdererTwo),
        Act::SignIn => (&[], &[Nobody], CaseRule::Anybody),
        Act::ReadOwn => (&[], &[], CaseRule::HolderOnly),
        Act::Revoke => (
            &[
                IdentityOfficer,
                ReserveCardOfficer,
                ResponsibleIssuer,
                SecurityOfficer,
            ],
            &[Console, System],
            CaseRule::HolderOrRole,
        ),
        Act::Hold => (
            &[
                IdentityOfficer,
                ReserveCardOfficer,
                ResponsibleIssuer,
                SecurityOfficer,
            ],
            &[Console],
            CaseRule::HolderOrRole,
        ),
        // As activation: it gives somebody an eID that works.
        Act::Unlock => (OFFICERS, &[], CaseRule::NotOwnNotOrderer),
        Act::Release => (
            &[IdentityOfficer, ReserveCardOfficer, ResponsibleIssuer],
            &[],
            CaseRule::NotOwnNotOrderer,
        ),
        Act::Expire => (&[], &[System], CaseRule::None),
        Act::EndEngagement => (&[Orderer], &[Console, System], CaseRule::AboutPerson),
        Act::ReturnCard | Act::Deregister => (OFFICERS, &[], CaseRule::AboutPerson),
        Act::ReadAudit => (
            &[Auditor, SecurityOfficer, ResponsibleIssuer],
            &[Console],
            CaseRule::None,
        ),
        Act::RequestFunction => (
            &[Operator],
            &[Console, Client(Scope::Functions)],
            CaseRule::None,
        ),
        // Nobody alone: the console cannot, for nobody knows who of the operators sits at it.
        Act::DecideFunction => (
            &[ResponsibleIssuer, SecurityOfficer],
            &[],
            CaseRule::NotRequester,
        ),
        Act::ReadFunctions => (
            &[Operator, ResponsibleIssuer, SecurityOfficer, Auditor],
            &[Console, Client(Scope::Functions)],
            CaseRule::InHand,
        ),
        Act::CertifyFunction => (
            &[Operator],
            &[Console, Client(Scope::Functions), System],
            CaseRule::InHand,
        ),
        Act::RevokeFunction => (
            &[Operator, ResponsibleIssuer, SecurityOfficer],
            &[Console, Client(Scope::Functions)],
            CaseRule::InHand,
        ),
        Act::ManageClients => (&[], &[Console], CaseRule::None),
        Act::ReadDirectory => (
            &[Operator],
            &[Console, Client(Scope::Directory)],
            CaseRule::None,
        ),
        Act::GiveFeedback => (&[], &[Nobody], CaseRule::Anybody),
        Act::HandleFeedback => (&[WebEditor], &[], CaseRule::None),
    };
    Grant {
        roles,
        others,
        rule,
    }
}

/// Says whether the actor may do the act in this case, and if not, why. The first reason in this order is told: who it is,
/// which roles, which level, then the case.
pub fn may(actor: &Actor, act: Act, facts: &Facts) -> Result<(), Denied> {
    let grant = grant(act);
    let (person, roles) = match actor {
        Actor::Person { person, roles, .. } => (person, roles),
        Actor::Console { .. } => return open_to(grant.others, Other::Console, Denied::NotForActor),
        Actor::Client { client, scopes } => return client_may(&grant, client, scopes, facts),
        Actor::Kiosk { .. } => return open_to(grant.others, Other::Kiosk, Denied::NotForActor),
        Actor::Producer => return open_to(grant.others, Other::Producer, Denied::NotForActor),
        Actor::System => return open_to(grant.others, Other::System, Denied::NotForActor),
        Actor::Nobody => return open_to(grant.others, Other::Nobody, Denied::NotSignedIn),
    };
    let own = facts.holder.as_ref() == Some(person);
    match grant.rule {
        CaseRule::Anybody => return Ok(()),
        CaseRule::HolderOnly => return if own { Ok(()) } else { Err(Denied::NotOwn) },
        CaseRule::HolderOrRole | CaseRule::HolderOrAboutPerson if own => return Ok(()),
        _ => {}
    }
    if grant.roles.is_empty() {
        return Err(Denied::NotForActor);
    }
    let counts = |role: &Role| {
        roles.contains(role) && (*role != Role::ReserveCardOfficer || is_in_reach(act, facts))
    };
    if !grant.roles.iter().any(counts) {
        return Err(Denied::RoleMissing);
    }
    if actor.loa() != Some(Loa::Three) {
        return Err(Denied::LevelTooLow);
    }
    case(grant.rule, actor, person, own, facts)
}

fn open_to(others: &[Other], other: Other, denied: Denied) -> Result<(), Denied> {
    if others.contains(&other) {
        Ok(())
    } else {
        Err(denied)
    }
}

fn client_may(
    grant: &Grant,
    client: &ApiClientId,
    scopes: &BTreeSet<Scope>,
    facts: &Facts,
) -> Result<(), Denied> {
    let needed = grant.others.iter().find_map(|other| match other {
        Other::Client(scope) => Some(scope),
        _ => None,
    });
    match needed {
        None => Err(Denied::NotForActor),
        Some(scope) if !scopes.contains(scope) => Err(Denied::ScopeMissing),
        Some(_) if grant.rule == CaseRule::InHand && facts.client.as_ref() != Some(client) => {
            Err(Denied::NotInHand)
        }
        Some(_) => Ok(()),
    }
}

/// A reserve-card officer handles reserve cards of level 2 and nothing else; looking people up comes before any card.
fn is_in_reach(act: Act, facts: &Facts) -> bool {
    act == Act::SearchPeople
        || facts
            .product
            .is_some_and(|product| product.kind == CardKind::Reserve && product.loa == Loa::Two)
}

fn case(
    rule: CaseRule,
    actor: &Actor,
    person: &PersonId,
    own: bool,
    facts: &Facts,
) -> Result<(), Denied> {
    use CaseRule::{
        AboutPerson, HolderOrAboutPerson, NotOwn, NotOwnNotOrderer, NotOwnNotOrdererTwo, NotOwnRole,
    };
    if rule == CaseRule::NotRequester && facts.requested_by.as_ref() == Some(person) {
        return Err(Denied::RequestedIt);
    }
    if rule == NotOwnRole && own {
        return Err(Denied::OwnRole);
    }
    if matches!(rule, NotOwn | NotOwnNotOrderer | NotOwnNotOrdererTwo) && own {
        return Err(Denied::OwnCard);
    }
    if matches!(rule, NotOwnNotOrderer | NotOwnNotOrdererTwo)
        && facts.ordered_by.as_ref() == Some(person)
    {
        return Err(Denied::OrderedIt);
    }
    if rule == NotOwnNotOrdererTwo && takes_two(facts) && !checked_by_another(facts, person) {
        return Err(Denied::SecondOfficerNeeded);
    }
    let about_person = matches!(
        rule,
        AboutPerson | HolderOrAboutPerson | NotOwn | NotOwnNotOrderer | NotOwnNotOrdererTwo
    );
    if about_person && facts.protected && !actor.has(Role::ProtectedIdentityOfficer) {
        return Err(Denied::ProtectedIdentity);
    }
    Ok(())
}

/// A reserve card of level 3 takes two officers: one identifies, another activates.
fn takes_two(facts: &Facts) -> bool {
    facts
        .product
        .is_some_and(|product| product.kind == CardKind::Reserve && product.loa == Loa::Three)
}

fn checked_by_another(facts: &Facts, person: &PersonId) -> bool {
    facts
        .identity_checked_by
        .as_ref()
        .is_some_and(|officer| officer != person)
}

coded! {
    /// Something that is allowed but that an auditor should see.
    pub enum Remark ("remark") {
        /// The officer who took the portrait also activated the card.
        PhotographerActivated = "photographer-activated",
        /// The officer who took the portrait also approved it.
        PhotographerApproved = "photographer-approved",
    }
}

/// What the audit record of an allowed act should point out.
#[must_use]
pub fn remark(actor: &Actor, act: Act, facts: &Facts) -> Option<Remark> {
    let photographer = actor.person().is_some() && actor.person() == facts.photographed_by.as_ref();
    match act {
        Act::Activate if photographer => Some(Remark::PhotographerActivated),
        Act::ApprovePhoto if photographer => Some(Remark::PhotographerApproved),
        _ => None,
    }
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
