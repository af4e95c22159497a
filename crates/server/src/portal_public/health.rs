//! The status page: authorities, lists, database, responder.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use flows::find;
use model::Timestamp;

use crate::pages::Portal;
use crate::pages::public::{AuthorityHealth, Health, PartHealth, Status};
use crate::session::Anybody;
use crate::shell;
use crate::text::Language;
use crate::web::Web;

/// A certificate that ends within ninety days, and a list that is older than two hours, want somebody's eyes.
const CERTIFICATE_SOON: i64 = 90 * 86_400;
const LIST_OLD: i64 = 2 * 3_600;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/status", get(status))
}

async fn status(State(web): State<Web>, Anybody(mut visit): Anybody) -> Response {
    let now = visit.now();
    let language = visit.language;
    let found = find::health(&web.house, &visit.call()).await;
    let authorities: Vec<AuthorityHealth> = found
        .authorities
        .iter()
        .map(|authority| authority_health(language, now, authority))
        .collect();
    let parts = parts(&found);
    let verdict = authorities
        .iter()
        .map(|authority| authority.health)
        .chain(parts.iter().map(|part| part.health))
        .fold(Health::Good, worse);
    let page = Status {
        shell: visit.shell(Portal::Public),
        verdict,
        checked_at: shell::moment(language, now),
        authorities,
        parts,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    // Watchers that look at the status alone learn it too.
    let code = match verdict {
        Health::Good | Health::Ageing => StatusCode::OK,
        Health::Bad => StatusCode::SERVICE_UNAVAILABLE,
    };
    visit.page_with(code, &page)
}

fn authority_health(
    language: Language,
    now: Timestamp,
    authority: &find::AuthorityHealth,
) -> AuthorityHealth {
    let certificate = &authority.certificate;
    let of_certificate = if !certificate.is_valid_at(now.seconds()) {
        Health::Bad
    } else if certificate.not_after() - CERTIFICATE_SOON < now.seconds() {
        Health::Ageing
    } else {
        Health::Good
    };
    let of_list = match authority.list {
        None => Health::Bad,
        Some((_, _, next)) if next <= now => Health::Bad,
        Some((_, made, _)) if made.seconds() + LIST_OLD < now.seconds() => Health::Ageing,
        Some(_) => Health::Good,
    };
    AuthorityHealth {
        name: certificate
            .subject_attribute(&pki::oids::COMMON_NAME)
            .unwrap_or_else(|| authority.name.clone()),
        health: worse(of_certificate, of_list),
        valid_to: shell::day(language, Timestamp(certificate.not_after())),
        crl_number: authority.list.map(|(number, _, _)| number.to_string()),
        crl_minutes: authority
            .list
            .map(|(_, made, _)| (now.seconds() - made.seconds()).max(0) / 60),
        crl_next: authority
            .list
            .map(|(_, _, next)| shell::moment(language, next)),
    }
}

fn parts(found: &find::Health) -> Vec<PartHealth> {
    let good = |is_good: bool| if is_good { Health::Good } else { Health::Bad };
    vec![
        PartHealth {
            code: "ocsp",
            health: good(found.responder),
            milliseconds: None,
            detail: None,
        },
        PartHealth {
            code: "database",
            health: good(found.database.is_some()),
            milliseconds: None,
            detail: found.database.map(str::to_owned),
        },
        PartHealth {
            code: "jobs",
            health: match found.jobs {
                None => Health::Bad,
                Some((_, 0)) => Health::Good,
                Some(_) => Health::Ageing,
            },
            milliseconds: None,
            detail: found.jobs.map(|(open, _)| open.to_string()),
        },
    ]
}

const fn worse(one: Health, other: Health) -> Health {
    match (one, other) {
        (Health::Bad, _) | (_, Health::Bad) => Health::Bad,
        (Health::Ageing, _) | (_, Health::Ageing) => Health::Ageing,
        (Health::Good, Health::Good) => Health::Good,
    }
}
