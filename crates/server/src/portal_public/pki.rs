//! The page with every certificate of an authority.

use ::pki::certificate::Certificate;
use ::pki::key::KeyKind;
use ::pki::profile::{Class, Loa};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use flows::authorities::Authority as Ours;

use crate::pages::Portal;
use crate::pages::public::{Authority, Pki, ProfileLine};
use crate::session::Anybody;
use crate::shell;
use crate::text::Language;
use crate::web::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/pki", get(show))
}

async fn show(State(web): State<Web>, Anybody(mut visit): Anybody) -> Response {
    let language = visit.language;
    let authorities = &web.house.authorities;
    let (mut real, mut test) = (Vec::new(), Vec::new());
    for authority in authorities.all() {
        let tree = if authority.plan.test {
            &mut test
        } else {
            &mut real
        };
        tree.push(of_authority(&web, language, authority));
    }
    for (name, certificate) in authorities.links() {
        // The name of a link begins with that of the root it vouches for.
        let of_test = authorities.all().any(|authority| {
            authority.plan.test && name.starts_with(&format!("{}-by-", authority.name))
        });
        let tree = if of_test { &mut test } else { &mut real };
        tree.push(drawn(language, name, "link", certificate));
    }
    let page = Pki {
        shell: visit.shell(Portal::Public),
        notices: visit.face.notices.clone(),
        authorities: real,
        test,
        ocsp: format!("{}/ocsp", web.house.settings.public_url),
    };
    visit.page(&page)
}

fn of_authority(web: &Web, language: Language, authority: &Ours) -> Authority {
    let name = &authority.name;
    let sort = if authority.is_root() {
        "root"
    } else {
        "authority"
    };
    Authority {
        chain: (!authority.is_root()).then(|| format!("/pki/{name}-chain.pem")),
        crl: Some(format!("/pki/{name}.crl")),
        delta: (!authority.is_root()).then(|| format!("/pki/{name}-delta.crl")),
        profiles: profiles(web, authority),
        ..drawn(language, name, sort, &authority.certificate)
    }
}

fn drawn(
    language: Language,
    name: &str,
    sort: &'static str,
    certificate: &Certificate,
) -> Authority {
    Authority {
        name: certificate
            .subject_attribute(&::pki::oids::COMMON_NAME)
            .unwrap_or_else(|| name.to_owned()),
        sort,
        subject: certificate.subject_text(),
        key: key_in_words(certificate.public_key().kind()).to_owned(),
        serial: certificate.serial().to_hex(),
        fingerprint: grouped(&certificate.fingerprint_sha256()),
        from: shell::day(language, model::Timestamp(certificate.not_before())),
        to: shell::day(language, model::Timestamp(certificate.not_after())),
        certificate: format!("/pki/{name}.cer"),
        pem: format!("/pki/{name}.pem"),
        chain: None,
        crl: None,
        delta: None,
        profiles: Vec::new(),
    }
}

/// What an authority issues, with the policies that stand in it.
fn profiles(web: &Web, authority: &Ours) -> Vec<ProfileLine> {
    let hierarchy = web.house.authorities.hierarchy();
    let plan = &authority.plan;
    plan.issues
        .iter()
        .filter_map(|name| hierarchy.profile(name))
        .map(|profile| {
            let mut policies = Vec::new();
            if profile.class == Class::Person {
                let level = plan.level.map(|level| match level {
                    model::Loa::Two => Loa::Two,
                    model::Loa::Three => Loa::Three,
                });
                policies.extend(level.map(|level| profile.arc.loa(level)));
                policies.extend(
                    plan.identity_type
                        .map(|kind| profile.arc.identity_type(kind)),
                );
            }
            policies.extend(profile.policies.iter().copied());
            ProfileLine {
                name: profile.name.clone(),
                policies: policies.iter().map(ToString::to_string).collect(),
            }
        })
        .collect()
}

const fn key_in_words(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::P256 => "EC P-256",
        KeyKind::P384 => "EC P-384",
        KeyKind::Rsa2048 => "RSA 2048",
        KeyKind::Rsa3072 => "RSA 3072",
        KeyKind::Rsa4096 => "RSA 4096",
    }
}

/// Upper-case hexadecimal in groups of four, to be compared by eye.
fn grouped(digest: &[u8]) -> String {
    let groups: Vec<String> = digest.chunks(2).map(hex::encode_upper).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn fingerprints_are_read_in_groups() {
        assert_eq!(super::grouped(&[0x0a, 0xff, 0x00, 0x11]), "0AFF 0011");
    }
}
