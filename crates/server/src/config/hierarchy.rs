//! `[[authority]]` and `[[profile]]`: the part of the configuration that says which authorities there are and what their
//! certificates say. Without it there are the standard ones.

use flows::hierarchy::{AuthorityPlan, Hierarchy, Place, Trouble};
use model::Loa;
use pki::ObjectIdentifier;
use pki::key::KeyKind;
use pki::oids;
use pki::profile::{Arc, Class, IdentityType, Presence, Profile, key_usage, standard};
use serde::Deserialize;
use toml::Spanned;

use super::Config;

/// A family of authorities, as the file has it. If there is one, all stand in the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthoritySection {
    /// Name in addresses, without a version.
    pub name: String,
    /// Title in certificates, without prefix and version.
    pub title: String,
    /// The root that signs it; none for a root.
    pub parent: Option<String>,
    /// The kind of its keys, such as `p256`.
    #[serde(default = "p256")]
    pub key: String,
    /// How long each of its certificates holds.
    pub years: u32,
    /// The profiles it issues under.
    #[serde(default)]
    pub issues: Vec<String>,
    /// The level of persons' certificates, 2 or 3.
    pub level: Option<u8>,
    /// What stands as serialNumber in persons' certificates: `hsa-id` or `personal-number`.
    pub identity_type: Option<String>,
    /// For trying.
    #[serde(default)]
    pub test: bool,
    /// A root whose key comes out for ceremonies only.
    #[serde(default)]
    pub offline: bool,
}

fn p256() -> String {
    KeyKind::P256.code().to_owned()
}

/// A profile, as the file has it. One that bears the name of a standard profile is that profile with what is said here changed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileSection {
    /// Its name.
    pub name: String,
    /// What sort of subject it is for; a new profile must say it.
    pub class: Option<String>,
    /// The kinds of key it takes.
    pub keys: Option<Vec<String>>,
    /// Key usage of an RSA key, by the names of RFC 5280 4.2.1.3.
    pub rsa_key_usage: Option<Vec<String>>,
    /// Key usage of an elliptic key.
    pub elliptic_key_usage: Option<Vec<String>>,
    /// Purposes, by name or as object identifiers.
    pub extended_key_usage: Option<Vec<String>>,
    /// Policies, as object identifiers.
    pub policies: Option<Vec<String>>,
    /// `needed`, `allowed` or `barred`.
    pub user_principal_name: Option<String>,
    /// `needed`, `allowed` or `barred`.
    pub email: Option<String>,
    /// `needed`, `allowed` or `barred`.
    pub dns_names: Option<String>,
    /// `needed`, `allowed` or `barred`.
    pub card_number: Option<String>,
    /// `needed`, `allowed` or `barred`.
    pub security_identifier: Option<String>,
    /// The longest validity, in days.
    pub longest_days: Option<u32>,
}

/// The purposes that have a name here.
const PURPOSES: [(&str, ObjectIdentifier); 7] = [
    ("serverAuth", oids::SERVER_AUTH),
    ("clientAuth", oids::CLIENT_AUTH),
    ("emailProtection", oids::EMAIL_PROTECTION),
    ("OCSPSigning", oids::OCSP_SIGNING),
    ("smartcardLogon", oids::SMARTCARD_LOGON),
    ("pkinitClient", oids::PKINIT_CLIENT),
    ("pkinitKdc", oids::PKINIT_KDC),
];

/// The hierarchy that a configuration says.
///
/// # Errors
/// One line for each thing that is wrong, with the line of `text` it is about.
pub(super) fn hierarchy(config: &Config, arc: Arc, text: &str) -> anyhow::Result<Hierarchy> {
    let mut troubles = Vec::new();
    let mut hierarchy = Hierarchy::standard(arc);
    for section in &config.profile {
        let known = hierarchy
            .profiles
            .iter()
            .position(|profile| profile.name == section.as_ref().name);
        let base = known
            .and_then(|place| hierarchy.profiles.get(place))
            .cloned();
        match profile(section.as_ref(), base, arc) {
            Ok(profile) => match known.and_then(|place| hierarchy.profiles.get_mut(place)) {
                Some(place) => *place = profile,
                None => hierarchy.profiles.push(profile),
            },
            Err(what) => troubles.push(at_line(
                section,
                text,
                &format!("profile {}: {what}", section.as_ref().name),
            )),
        }
    }
    if !config.authority.is_empty() {
        hierarchy.authorities.clear();
    }
    for section in &config.authority {
        match authority(section.as_ref()) {
            Ok(plan) => hierarchy.authorities.push(plan),
            Err(what) => troubles.push(at_line(
                section,
                text,
                &format!("authority {}: {what}", section.as_ref().name),
            )),
        }
    }
    if config.test_tree {
        hierarchy = hierarchy.with_test_tree();
    }
    if troubles.is_empty()
        && let Err(found) = hierarchy.check()
    {
        troubles.extend(found.iter().map(|trouble| told(config, text, trouble)));
    }
    anyhow::ensure!(troubles.is_empty(), "{}", troubles.join("\n"));
    Ok(hierarchy)
}

/// What is wrong, with the line it stands in. Of a standard part that does not stand in the file there is no line to tell.
fn told(config: &Config, text: &str, trouble: &Trouble) -> String {
    let what = &trouble.what;
    match &trouble.place {
        Place::Profile(name) => {
            let line = format!("profile {name}: {what}");
            match config
                .profile
                .iter()
                .find(|section| section.as_ref().name == *name)
            {
                Some(section) => at_line(section, text, &line),
                None => line,
            }
        }
        Place::Authority(name) => {
            let line = format!("authority {name}: {what}");
            match config
                .authority
                .iter()
                .find(|section| section.as_ref().name == *name)
            {
                Some(section) => at_line(section, text, &line),
                None => line,
            }
        }
        Place::Whole => what.clone(),
    }
}

fn at_line<T>(section: &Spanned<T>, text: &str, what: &str) -> String {
    let before = text.get(..section.span().start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    format!("line {line}: {what}")
}

fn authority(section: &AuthoritySection) -> Result<AuthorityPlan, String> {
    let level = match section.level {
        None => None,
        Some(2) => Some(Loa::Two),
        Some(3) => Some(Loa::Three),
        Some(other) => return Err(format!("level is 2 or 3, not {other}")),
    };
    let identity_type = match &section.identity_type {
        None => None,
        Some(code) => Some(
            IdentityType::parse(code)
                .ok_or_else(|| format!("identity_type is hsa-id or personal-number, not {code}"))?,
        ),
    };
    Ok(AuthorityPlan {
        name: section.name.clone(),
        title: section.title.clone(),
        parent: section.parent.clone(),
        key: key_kind(&section.key)?,
        years: section.years,
        issues: section.issues.clone(),
        level,
        identity_type,
        test: section.test,
        offline: section.offline,
    })
}

fn profile(section: &ProfileSection, base: Option<Profile>, arc: Arc) -> Result<Profile, String> {
    let class = match &section.class {
        None => None,
        Some(code) => Some(
            Class::parse(code).ok_or_else(|| one_of("class", code, Class::ALL.map(Class::code)))?,
        ),
    };
    let mut profile = match base {
        Some(base) if class.is_none_or(|class| class == base.class) => base,
        Some(base) => {
            return Err(format!(
                "it is of class {}, which does not change",
                base.class.code()
            ));
        }
        None => Profile {
            name: section.name.clone(),
            class: class
                .ok_or_else(|| "it is no standard profile, so it must say its class".to_owned())?,
            policies: Vec::new(),
            ..standard::token_signer(arc)
        },
    };
    if let Some(keys) = &section.keys {
        profile.keys = keys
            .iter()
            .map(|code| key_kind(code))
            .collect::<Result<_, _>>()?;
    }
    for (names, place) in [
        (&section.rsa_key_usage, &mut profile.rsa_key_usage),
        (&section.elliptic_key_usage, &mut profile.elliptic_key_usage),
    ] {
        if let Some(names) = names {
            *place = usage(names)?;
        }
    }
    if let Some(purposes) = &section.extended_key_usage {
        profile.extended_key_usage = purposes
            .iter()
            .map(|name| {
                PURPOSES
                    .iter()
                    .find(|(known, _)| known == name)
                    .map(|(_, oid)| Ok(*oid))
                    .unwrap_or_else(|| {
                        identifier(name).map_err(|_| {
                            let known = PURPOSES.map(|(known, _)| known);
                            format!(
                                "{}, or an object identifier",
                                one_of("a purpose", name, known)
                            )
                        })
                    })
            })
            .collect::<Result<_, _>>()?;
    }
    if let Some(policies) = &section.policies {
        profile.policies = policies
            .iter()
            .map(|text| identifier(text))
            .collect::<Result<_, _>>()?;
    }
    for (code, place, what) in [
        (
            &section.user_principal_name,
            &mut profile.user_principal_name,
            "user_principal_name",
        ),
        (&section.email, &mut profile.email, "email"),
        (&section.dns_names, &mut profile.dns_names, "dns_names"),
        (
            &section.card_number,
            &mut profile.card_number,
            "card_number",
        ),
        (
            &section.security_identifier,
            &mut profile.security_identifier,
            "security_identifier",
        ),
    ] {
        if let Some(code) = code {
            *place = Presence::parse(code)
                .ok_or_else(|| one_of(what, code, Presence::ALL.map(Presence::code)))?;
        }
    }
    if let Some(days) = section.longest_days {
        profile.longest_days = days;
    }
    Ok(profile)
}

fn one_of<const N: usize>(what: &str, given: &str, known: [&str; N]) -> String {
    format!("{what} is one of {}, not {given}", known.join(", "))
}

fn key_kind(code: &str) -> Result<KeyKind, String> {
    KeyKind::parse(code)
        .ok_or_else(|| one_of("a kind of key", code, KeyKind::ALL.map(KeyKind::code)))
}

fn identifier(text: &str) -> Result<ObjectIdentifier, String> {
    ObjectIdentifier::new(text).map_err(|_| format!("{text} is no object identifier"))
}

fn usage(names: &[String]) -> Result<u16, String> {
    let mut bits = 0;
    for name in names {
        bits |= key_usage::NAMES
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, bit)| *bit)
            .ok_or_else(|| {
                one_of(
                    "a key usage",
                    name,
                    key_usage::NAMES.map(|(known, _)| known),
                )
            })?;
    }
    Ok(bits)
}
