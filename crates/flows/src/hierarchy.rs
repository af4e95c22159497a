//! Which authorities there are and what each may issue: data, the standard hierarchy as well as an organisation's own.
//! Names without a version are of families: `person-3-ca` has the authorities `person-3-ca-v1`, `person-3-ca-v2` and so on,
//! of which the newest issues and all others go on publishing what they revoked.

use std::collections::BTreeSet;

use model::Loa;
use pki::key::KeyKind;
use pki::profile::{Arc, Class, IdentityType, Profile, standard};

/// A family of authorities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityPlan {
    /// Its name in addresses and key stores, without a version: lower-case letters, digits and hyphens.
    pub name: String,
    /// Its title in certificates, without prefix and version: `Person 3 CA`.
    pub title: String,
    /// The root that signs it; none for a root.
    pub parent: Option<String>,
    /// The kind of its keys.
    pub key: KeyKind,
    /// How long each of its certificates holds, in years of 365.25 days.
    pub years: u32,
    /// The profiles it issues under.
    pub issues: Vec<String>,
    /// The level of the persons' certificates it issues.
    pub level: Option<Loa>,
    /// What stands as serialNumber in the persons' certificates it issues.
    pub identity_type: Option<IdentityType>,
    /// For trying: its certificates are worth nothing to a relying party that trusts the real tree.
    pub test: bool,
    /// A root whose key is brought out for ceremonies only. Nobody answers status requests for it; its list holds for a year.
    pub offline: bool,
}

/// Authorities and profiles of an installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hierarchy {
    /// The families, roots before those they sign.
    pub authorities: Vec<AuthorityPlan>,
    /// The profiles.
    pub profiles: Vec<Profile>,
}

/// The part of a hierarchy that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The authority of that name.
    Authority(String),
    /// The profile of that name.
    Profile(String),
    /// No part, but the whole.
    Whole,
}

/// One thing wrong with a hierarchy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Where.
    pub place: Place,
    /// What, in English, for the operator.
    pub what: String,
}

/// The longest a root may hold (`pki::profile::standard::root` has a day to spare).
const LONGEST_YEARS: u32 = 30;

fn issuing(name: &str, title: &str, issues: &[&str]) -> AuthorityPlan {
    AuthorityPlan {
        name: name.to_owned(),
        title: title.to_owned(),
        parent: Some("root-ca".to_owned()),
        key: KeyKind::P256,
        years: 15,
        issues: issues.iter().map(|name| (*name).to_owned()).collect(),
        level: None,
        identity_type: None,
        test: false,
        offline: false,
    }
}

impl Hierarchy {
    /// What an installation has without saying anything: one root, authorities for persons at either level, for mobile eIDs and
    /// for functions (domain dossier 4.1).
    #[must_use]
    pub fn standard(arc: Arc) -> Self {
        let card = ["login", "signature", "encryption"];
        let persons = |level, title: &str, issues: &[&str], kind| AuthorityPlan {
            level: Some(level),
            identity_type: Some(kind),
            ..issuing(&title.to_lowercase().replace(' ', "-"), title, issues)
        };
        Self {
            authorities: vec![
                AuthorityPlan {
                    parent: None,
                    key: KeyKind::P384,
                    years: LONGEST_YEARS,
                    ..issuing("root-ca", "Root CA", &[])
                },
                persons(Loa::Three, "Person 3 CA", &card, IdentityType::HsaId),
                persons(Loa::Two, "Person 2 CA", &card, IdentityType::HsaId),
                persons(
                    Loa::Three,
                    "Mobile CA",
                    &["mobile"],
                    IdentityType::PersonalNumber,
                ),
                issuing(
                    "function-ca",
                    "Function CA",
                    &["server", "client", "token-signer", "domain-controller"],
                ),
            ],
            profiles: standard::all(arc),
        }
    }

    /// The same with a second tree beside it, each authority mirrored under `test-` and `TEST`.
    #[must_use]
    pub fn with_test_tree(mut self) -> Self {
        let mirrored: Vec<_> = self
            .authorities
            .iter()
            .filter(|plan| !plan.test)
            .map(|plan| AuthorityPlan {
                name: format!("test-{}", plan.name),
                title: format!("TEST {}", plan.title),
                parent: plan.parent.as_ref().map(|name| format!("test-{name}")),
                test: true,
                offline: false,
                ..plan.clone()
            })
            .collect();
        self.authorities.extend(mirrored);
        self
    }

    /// The family of that name.
    #[must_use]
    pub fn family(&self, name: &str) -> Option<&AuthorityPlan> {
        self.authorities.iter().find(|plan| plan.name == name)
    }

    /// The profile of that name.
    #[must_use]
    pub fn profile(&self, name: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.name == name)
    }

    /// The family that issues under a profile, at a level where that matters, in the real tree or the one for trying.
    #[must_use]
    pub fn issuer(&self, profile: &str, level: Option<Loa>, test: bool) -> Option<&AuthorityPlan> {
        self.authorities.iter().find(|plan| {
            plan.test == test
                && plan.issues.iter().any(|name| name == profile)
                && (level.is_none() || plan.level == level)
        })
    }

    /// The profile that authorities and responders of a class are made with.
    #[must_use]
    pub fn profile_of(&self, class: Class) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.class == class)
    }

    /// Looks for everything that would go wrong later: authorities nobody signs, profiles whose certificates the lint would
    /// refuse. Each profile is tried for each kind of key it takes.
    ///
    /// # Errors
    /// All that is wrong.
    pub fn check(&self) -> Result<(), Vec<Trouble>> {
        let mut troubles = Vec::new();
        for profile in &self.profiles {
            self.check_profile(profile, &mut troubles);
        }
        for plan in &self.authorities {
            self.check_authority(plan, &mut troubles);
        }
        let mut whole = |what: &str| {
            troubles.push(Trouble {
                place: Place::Whole,
                what: what.to_owned(),
            });
        };
        if !self.authorities.iter().any(|plan| plan.parent.is_none()) {
            whole("there is no root: an authority without a parent");
        }
        for class in [Class::Root, Class::Authority, Class::Link, Class::Responder] {
            let count = self
                .profiles
                .iter()
                .filter(|profile| profile.class == class)
                .count();
            if count != 1 {
                whole(&format!(
                    "there must be one profile of class {}, not {count}",
                    class.code()
                ));
            }
        }
        for credential in ["login", "signature", "encryption"] {
            if self.issuer(credential, Some(Loa::Three), false).is_none() {
                whole(&format!(
                    "no authority of level 3 issues under the profile {credential}, which cards need"
                ));
            }
        }
        if troubles.is_empty() {
            Ok(())
        } else {
            Err(troubles)
        }
    }

    fn check_profile(&self, profile: &Profile, troubles: &mut Vec<Trouble>) {
        let mut trouble = |what: String| {
            troubles.push(Trouble {
                place: Place::Profile(profile.name.clone()),
                what,
            });
        };
        if !is_name(&profile.name) {
            trouble("a name has 1 to 40 lower-case letters, digits and hyphens".to_owned());
        }
        if self
            .profiles
            .iter()
            .filter(|other| other.name == profile.name)
            .count()
            > 1
        {
            trouble("there is another profile of this name".to_owned());
        }
        if let Err(findings) = pki::profile::trial(profile) {
            for finding in findings {
                trouble(format!("its certificates would be refused: {finding}"));
            }
        }
    }

    fn check_authority(&self, plan: &AuthorityPlan, troubles: &mut Vec<Trouble>) {
        let mut trouble = |what: String| {
            troubles.push(Trouble {
                place: Place::Authority(plan.name.clone()),
                what,
            });
        };
        if !is_name(&plan.name) {
            trouble("a name has 1 to 40 lower-case letters, digits and hyphens".to_owned());
        }
        let namesakes =
            |other: &&AuthorityPlan| other.name == plan.name || other.title == plan.title;
        if self.authorities.iter().filter(namesakes).count() > 1 {
            trouble("there is another authority of this name or title".to_owned());
        }
        if !(1..=LONGEST_YEARS).contains(&plan.years) {
            trouble(format!("years must be 1 to {LONGEST_YEARS}"));
        }
        match &plan.parent {
            None if !plan.issues.is_empty() => trouble(
                "a root signs authorities and nothing else, so it issues under no profile"
                    .to_owned(),
            ),
            None => {}
            Some(_) if plan.offline => trouble("only a root can be offline".to_owned()),
            Some(parent) => match self.family(parent) {
                None => trouble(format!("its parent {parent} is not there")),
                Some(root) if root.parent.is_some() => {
                    trouble(format!(
                        "its parent {parent} is no root: a path has one authority in the middle"
                    ));
                }
                Some(root) if root.test != plan.test => {
                    trouble("it is not in the same tree as its parent: test is true for both or neither".to_owned());
                }
                Some(root) if root.years < plan.years => {
                    trouble(format!(
                        "it would outlive its parent {parent}, which holds for {} years",
                        root.years
                    ));
                }
                Some(_) => {}
            },
        }
        let mut classes = BTreeSet::new();
        for name in &plan.issues {
            match self.profile(name).map(|profile| profile.class) {
                None => trouble(format!(
                    "it issues under the profile {name}, which is not there"
                )),
                Some(class @ (Class::Person | Class::Function)) => {
                    classes.insert(class);
                }
                Some(class) => trouble(format!(
                    "it issues under the profile {name}, which is of class {}: those are made by themselves",
                    class.code()
                )),
            }
        }
        if classes.len() > 1 {
            trouble(
                "it issues to persons and to functions; let two authorities do that".to_owned(),
            );
        }
        let persons = classes.contains(&Class::Person);
        if [plan.level.is_some(), plan.identity_type.is_some()] != [persons; 2] {
            trouble(
                "level and identity type belong to an authority that issues to persons, and only to it"
                    .to_owned(),
            );
        }
    }
}

/// Lower-case ASCII letters, digits and hyphens, 1 to 40: fit for a file, an address and a label in a module.
fn is_name(name: &str) -> bool {
    (1..=40).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(change: impl FnOnce(&mut Hierarchy)) -> Vec<String> {
        let mut hierarchy = Hierarchy::standard(Arc::default());
        change(&mut hierarchy);
        let troubles = hierarchy.check().err().unwrap_or_default();
        troubles.into_iter().map(|trouble| trouble.what).collect()
    }

    #[test]
    fn the_standard_hierarchy_holds() {
        assert_eq!(told(|_| ()), Vec::<String>::new());
        let both = Hierarchy::standard(Arc::default()).with_test_tree();
        assert_eq!(both.check(), Ok(()));
        let family = |level, test| {
            both.issuer("login", Some(level), test)
                .unwrap()
                .name
                .clone()
        };
        assert_eq!(family(Loa::Three, false), "person-3-ca");
        assert_eq!(family(Loa::Two, true), "test-person-2-ca");
    }

    #[test]
    fn mistakes_are_named() {
        type Mistake = (fn(&mut Hierarchy), &'static str);
        let mistakes: [Mistake; 14] = [
            (
                |h| h.authorities[1].parent = None,
                "a root signs authorities",
            ),
            (
                |h| h.authorities[1].parent = Some("x".to_owned()),
                "parent x is not there",
            ),
            (
                |h| h.authorities[1].parent = Some("person-2-ca".to_owned()),
                "is no root",
            ),
            (|h| h.authorities[1].years = 31, "years must be"),
            (|h| h.authorities[0].years = 10, "outlive its parent"),
            (
                |h| h.authorities[1].offline = true,
                "only a root can be offline",
            ),
            (|h| h.authorities[1].test = true, "same tree"),
            (|h| h.authorities[1].level = None, "level and identity type"),
            (
                |h| h.authorities[1].issues.push("server".to_owned()),
                "to persons and to functions",
            ),
            (
                |h| h.authorities[4].issues.push("root".to_owned()),
                "those are made by themselves",
            ),
            (|h| h.authorities[1].issues.clear(), "which cards need"),
            (
                |h| h.authorities[1].name = "Person".to_owned(),
                "a name has",
            ),
            (
                |h| {
                    h.profiles
                        .retain(|profile| profile.class != Class::Responder)
                },
                "one profile of class responder, not 0",
            ),
            (
                |h| h.profiles[5].email = pki::profile::Presence::Barred,
                "its certificates would be refused",
            ),
        ];
        for (number, (mistake, expected)) in mistakes.into_iter().enumerate() {
            let told = told(mistake);
            assert!(
                told.iter().any(|what| what.contains(expected)),
                "{number}: {told:?}"
            );
        }
    }
}
