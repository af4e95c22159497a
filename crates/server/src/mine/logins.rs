//! My logins.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use flows::find;

use crate::pages::Portal;
use crate::pages::mine::{LoginLine, Logins};
use crate::session::Recognised;
use crate::shell;
use crate::web::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/mine/logins", get(list))
}

async fn list(State(web): State<Web>, Recognised(mut visit): Recognised) -> Response {
    let secret = visit
        .session
        .as_ref()
        .map(|session| session.secret.clone())
        .unwrap_or_default();
    let found = match find::my_sign_ins(&web.house, &visit.call(), &secret).await {
        Ok(found) => found,
        Err(stop) => return visit.stop(Portal::Mine, stop.plain()),
    };
    let language = visit.language;
    let page = Logins {
        shell: visit.shell(Portal::Mine),
        logins: found
            .iter()
            .map(|sign_in| LoginLine {
                when: shell::moment(language, sign_in.at),
                portal: shell::portal_named(&sign_in.portal).unwrap_or(Portal::Public),
                card_number: sign_in.card_number.clone().unwrap_or_default(),
                succeeded: true,
                here: sign_in.here,
            })
            .collect(),
    };
    visit.page(&page)
}
