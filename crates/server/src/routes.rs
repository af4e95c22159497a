//! The portals as one router: their pages, the files they load, and what holds for every answer.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts as _, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use tower_http::timeout::TimeoutLayer;

use crate::answer;
use crate::pages::Portal;
use crate::pages::trouble::{NotFound, OldBrowser};
use crate::session::Anybody;
use crate::web::Web;
use crate::{assets, csrf, editors, functions, kiosk, mine, order, portal_public, shell, station};

/// The largest form without a photo, in bytes.
const LARGEST_FORM: usize = 64 * 1024;
/// How long an answer may take. A page that waits for a card asks again and again; none waits inside a request.
const PATIENCE: Duration = Duration::from_secs(30);

/// The portals and their files.
pub fn portals(web: Web) -> Router {
    let pages = Router::new()
        .merge(portal_public::routes())
        .merge(order::routes())
        .merge(station::routes())
        .merge(kiosk::routes())
        .merge(functions::routes())
        .merge(editors::routes())
        .merge(mine::routes())
        .fallback(not_found)
        .method_not_allowed_fallback(not_allowed)
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(middleware::from_fn_with_state(web.clone(), guard))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            PATIENCE,
        ));
    Router::new()
        .merge(pages)
        .merge(assets::routes())
        .layer(middleware::from_fn(protect))
        .with_state(web)
}

async fn not_found(Anybody(mut visit): Anybody) -> Response {
    let portal = shell::portal_of(&visit.here);
    visit.not_found(portal)
}

/// The page is there, but for forms only, or the other way about.
async fn not_allowed(Anybody(mut visit): Anybody) -> Response {
    let page = NotFound {
        shell: visit.shell(shell::portal_of(&visit.here)),
    };
    visit.page_with(StatusCode::METHOD_NOT_ALLOWED, &page)
}

/// Before any handler: a form must come from our own pages, and a browser too old for them is told so.
async fn guard(State(web): State<Web>, request: Request, next: Next) -> Response {
    let posting = !matches!(*request.method(), Method::GET | Method::HEAD);
    let foreign = posting && !csrf::comes_from_here(request.headers(), &web.face.address);
    let old = !posting && is_old_browser(request.headers());
    if !foreign && !old {
        return next.run(request).await;
    }
    let (mut parts, _) = request.into_parts();
    match Anybody::from_request_parts(&mut parts, &web).await {
        Ok(Anybody(mut visit)) if foreign => {
            let portal = shell::portal_of(&visit.here);
            visit.refuse(portal, StatusCode::FORBIDDEN, answer::FORM_FOREIGN)
        }
        Ok(Anybody(mut visit)) => {
            let page = OldBrowser {
                shell: visit.shell(Portal::Public),
            };
            visit.page(&page)
        }
        Err(answer) => answer,
    }
}

/// Internet Explorer, in all its names: it lacks what the pages are drawn with.
fn is_old_browser(headers: &HeaderMap) -> bool {
    headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|name| name.contains("MSIE ") || name.contains("Trident/"))
}

/// What every answer carries: nothing but our own files may run, no other site may frame us or learn where people were.
const PROTECTION: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), hid=(), serial=()",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// Puts the protection on an answer.
pub async fn protect(request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    let headers = answer.headers_mut();
    for (name, value) in PROTECTION {
        headers.insert(name, HeaderValue::from_static(value));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internet_explorer_is_too_old() {
        let asked = |name: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, HeaderValue::from_static(name));
            is_old_browser(&headers)
        };
        assert!(asked(
            "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko"
        ));
        assert!(asked("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)"));
        assert!(!asked(
            "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
        ));
        assert!(!is_old_browser(&HeaderMap::new()));
    }
}
