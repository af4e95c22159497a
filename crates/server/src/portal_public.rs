//! What is open to everybody: start, login, status, authorities, help.

pub(crate) mod card_types;
mod feedback;
mod health;
mod login;
mod pki;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};

use crate::pages::Portal;
use crate::pages::public::{Help, SignedOut, Start};
use crate::session::{Anybody, Posted, SESSION};
use crate::web::Web;

/// The addresses of the open pages.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/", get(start))
        .route("/logout", post(logout))
        .route("/help", get(help))
        .merge(card_types::routes())
        .merge(feedback::routes())
        .merge(health::routes())
        .merge(login::routes())
        .merge(pki::routes())
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
