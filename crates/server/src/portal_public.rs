//! What is open to everybody: start, login, status, authorities, help.

mod health;
mod login;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use pki::key::KeyKind;

use crate::pages::Portal;
use crate::pages::public::{Authority, Help, Pki, SignedOut, Start};
use crate::session::{Anybody, Posted, SESSION};
use crate::shell;
use crate::web::Web;

/// The addresses of the open pages.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/", get(start))
        .route("/logout", post(logout))
        .route("/help", get(help))
        .route("/pki", get(pki))
        .merge(health::routes())
        .merge(login::routes())
}

async fn start(Anybody(mut visit): Anybody) -> Response {
    let page = Start {
        shell: visit.shell(Portal::Public),
        people: visit.face.people.clone(),
        desk: visit.face.desk.clone(),
    };
    visit.page(&page)
}

async fn help(Anybody(mut visit): Anybody) -> Response {
    let page = Help {
        shell: visit.shell(Portal::Public),
    };
    visit.page(&page)
}

async fn logout(State(web): State<Web>, Posted { mut visit, .. }: Posted) -> Response {
    if let Some(session) = visit.session.take() {
        let ended = flows::sign_in::sign_out(&web.house, &visit.call(), &session.secret).await;
        if let Err(stop) = ended {
            return visit.stop(Portal::Public, stop.plain());
        }
    }
    visit.keep(SESSION, "", Some(0));
    let page = SignedOut {
        shell: visit.shell(Portal::Public),
    };
    visit.page(&page)
}

async fn pki(State(web): State<Web>, Anybody(mut visit): Anybody) -> Response {
    let language = visit.language;
    let authorities = web
        .house
        .authorities
        .all()
        .map(|authority| {
            let certificate = &authority.certificate;
            let root = certificate.is_self_issued();
            Authority {
                name: certificate
                    .subject_attribute(&pki::oids::COMMON_NAME)
                    .unwrap_or_else(|| authority.name.clone()),
                root,
                subject: certificate.subject_text(),
                key: key_in_words(certificate.public_key().kind()).to_owned(),
                serial: certificate.serial().to_hex(),
                fingerprint: grouped(&certificate.fingerprint_sha256()),
                from: shell::day(language, model::Timestamp(certificate.not_before())),
                to: shell::day(language, model::Timestamp(certificate.not_after())),
                certificate: format!("/pki/{}.cer", authority.name),
                crl: Some(format!("/pki/{}.crl", authority.name)),
            }
        })
        .collect();
    let page = Pki {
        shell: visit.shell(Portal::Public),
        authorities,
        ocsp: format!("{}/ocsp", web.house.settings.public_url),
    };
    visit.page(&page)
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
