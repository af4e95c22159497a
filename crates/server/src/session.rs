//! Who asks: the session's cookie becomes an actor, or a way to the login page.

use std::sync::Arc;

use axum::extract::{Form, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use flows::find::{self, Me};
use flows::{Call, PlainStop};
use model::id::CardId;
use model::role::Actor;

use crate::answer;
use crate::cookie::{self, Cookie};
use crate::csrf;
use crate::form::Fields;
use crate::pages::Portal;
use crate::process::Asking;
use crate::shell;
use crate::text::Language;
use crate::web::{Face, Web};

/// The cookie that holds a session's secret.
pub const SESSION: &str = "session";
/// The cookie that holds the language once somebody chose it.
pub const LANGUAGE: &str = "language";
/// The cookie that carries a confirmation over a redirect.
pub const NOTICE: &str = "notice";

/// A language is remembered for a year, a confirmation for as long as a redirect takes.
const LANGUAGE_SECONDS: u32 = 31_536_000;
const NOTICE_SECONDS: u32 = 30;

/// A living session.
#[derive(Clone)]
pub struct Session {
    /// Its secret. Never shown, never logged.
    pub secret: String,
    /// The card it was opened with.
    pub card: CardId,
    /// Who.
    pub me: Me,
}

/// One request of a browser: who, when, in which language, and what goes back with the answer.
pub struct Visit {
    /// How this installation shows itself.
    pub face: Arc<Face>,
    /// The language of the answer.
    pub language: Language,
    /// Path and query without `language`.
    pub here: String,
    /// The session, when somebody is signed in.
    pub session: Option<Session>,
    /// A confirmation from before a redirect: a text key.
    pub notice: Option<String>,
    asking: Asking,
    actor: Actor,
    cookies: Vec<HeaderValue>,
}

impl Visit {
    /// Begins a visit: recognises the session, chooses the language, takes the notice.
    ///
    /// # Errors
    /// The answer to give when the database is away.
    async fn begin(parts: &Parts, web: &Web) -> Result<Self, Response> {
        let query = parts.uri.query().unwrap_or_default();
        let asked = parameter(query, "language");
        let kept = cookie::read(&parts.headers, LANGUAGE);
        let accept = parts
            .headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok());
        let mut visit = Self {
            face: web.face.clone(),
            language: Language::choose(asked.as_deref(), kept, accept),
            here: without_language(&parts.uri),
            session: None,
            notice: None,
            asking: web.asking(),
            actor: Actor::Nobody,
            cookies: Vec::new(),
        };
        if asked.as_deref().and_then(Language::parse).is_some() {
            visit.keep(LANGUAGE, visit.language.code(), Some(LANGUAGE_SECONDS));
        }
        if let Some(notice) = cookie::read(&parts.headers, NOTICE) {
            // Anybody may set cookies of their own browser; what is no text of ours is not shown.
            visit.notice = Some(notice.to_owned())
                .filter(|key| key.starts_with("page-") && visit.language.has(key));
            visit.keep(NOTICE, "", Some(0));
        }
        if let Some(secret) = cookie::read(&parts.headers, SESSION) {
            visit.recognise(web, secret).await?;
        }
        Ok(visit)
    }

    async fn recognise(&mut self, web: &Web, secret: &str) -> Result<(), Response> {
        let recognised = flows::sign_in::actor(&web.house, self.asking.now, secret).await;
        let (actor, card) = match recognised.map_err(flows::Stop::plain) {
            Ok(recognised) => recognised,
            Err(PlainStop::Refused(_)) => {
                self.keep(SESSION, "", Some(0));
                return Ok(());
            }
            Err(stop) => return Err(self.stop(Portal::Public, stop)),
        };
        let me = find::me(&web.house, &actor)
            .await
            .map_err(|stop| self.stop(Portal::Public, stop.plain()))?;
        self.session = Some(Session {
            secret: secret.to_owned(),
            card,
            me,
        });
        self.actor = actor;
        Ok(())
    }

    /// The call of whoever asks.
    pub fn call(&mut self) -> Call<'_> {
        self.asking.call(self.actor.clone())
    }

    /// From here on the request is somebody else's than the session's: a kiosk's.
    pub fn act_as(&mut self, actor: Actor) {
        self.actor = actor;
    }

    /// When the request came.
    #[must_use]
    pub fn now(&self) -> model::Timestamp {
        self.asking.now
    }

    /// The name of the request, shown as the incident number when something of ours fails.
    #[must_use]
    pub fn incident(&self) -> String {
        self.asking.request_id.to_string()
    }

    /// Sets a cookie with the answer; 0 seconds takes it away.
    pub fn keep(&mut self, name: &str, value: &str, seconds: Option<u32>) {
        self.keep_under("/", name, value, seconds);
    }

    /// The same for a part of the site only.
    pub fn keep_under(&mut self, path: &str, name: &str, value: &str, seconds: Option<u32>) {
        let cookie = Cookie {
            name,
            value,
            path,
            seconds,
            secure: self.face.secure_cookies,
        };
        self.cookies.extend(cookie.header());
    }

    /// Whether a form carries the session's token.
    #[must_use]
    pub fn is_own_form(&self, token: &str) -> bool {
        self.session
            .as_ref()
            .is_some_and(|session| csrf::matches(&session.secret, token))
    }

    /// Goes on to another page with GET (RFC 9110 15.4.4), with a confirmation to show there if any.
    pub fn go(&mut self, to: &str, notice: Option<&str>) -> Response {
        if let Some(notice) = notice {
            self.keep(NOTICE, notice, Some(NOTICE_SECONDS));
        }
        let answer = Redirect::to(to).into_response();
        self.finish(answer)
    }

    /// Puts the cookies on an answer.
    pub fn finish(&mut self, mut answer: Response) -> Response {
        for cookie in self.cookies.drain(..) {
            answer.headers_mut().append(header::SET_COOKIE, cookie);
        }
        answer
    }
}

/// Anybody: signed in or not.
pub struct Anybody(pub Visit);

/// Somebody signed in; everybody else is sent to the login page.
pub struct Recognised(pub Visit);

/// A form that anybody may send: of somebody signed in, whose token was right, or of nobody.
pub struct Sent {
    /// Who.
    pub visit: Visit,
    /// What the form says.
    pub fields: Fields,
}

/// A form of somebody signed in, whose token was right.
pub struct Posted {
    /// Who.
    pub visit: Visit,
    /// What the form says.
    pub fields: Fields,
}

impl FromRequestParts<Web> for Anybody {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        Visit::begin(parts, web).await.map(Self)
    }
}

impl FromRequestParts<Web> for Recognised {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let mut visit = Visit::begin(parts, web).await?;
        if visit.session.is_some() {
            return Ok(Self(visit));
        }
        let had_one = cookie::read(&parts.headers, SESSION).is_some();
        Err(to_login(
            &mut visit,
            &parts.method,
            &parts.headers,
            parts.uri.path(),
            had_one,
        ))
    }
}

impl FromRequest<Web> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Recognised(mut visit) = Recognised::from_request_parts(&mut parts, web).await?;
        let fields = fields(&mut visit, Request::from_parts(parts, body), web).await?;
        Ok(Self { visit, fields })
    }
}

impl FromRequest<Web> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let mut visit = Visit::begin(&parts, web).await?;
        let fields = fields(&mut visit, Request::from_parts(parts, body), web).await?;
        Ok(Self { visit, fields })
    }
}

/// What a form says. One of somebody signed in must carry the session's token.
async fn fields(visit: &mut Visit, request: Request, web: &Web) -> Result<Fields, Response> {
    let portal = shell::portal_of(&visit.here);
    let form = Form::<Vec<(String, String)>>::from_request(request, web).await;
    let fields = match form {
        Ok(Form(pairs)) => Fields(pairs),
        Err(rejected) => {
            let status = rejected.status();
            let code = match status {
                StatusCode::PAYLOAD_TOO_LARGE => answer::FORM_TOO_LARGE,
                _ => answer::FORM_UNREADABLE,
            };
            return Err(visit.refuse(portal, status, code));
        }
    };
    if visit.session.is_some() && !visit.is_own_form(fields.text("csrf")) {
        return Err(visit.refuse(portal, StatusCode::FORBIDDEN, answer::FORM_FOREIGN));
    }
    Ok(fields)
}

/// The way to the login page. A script that asks how far something has come gets a short answer instead of a page.
fn to_login(
    visit: &mut Visit,
    method: &Method,
    headers: &HeaderMap,
    path: &str,
    had_one: bool,
) -> Response {
    let portal = match shell::portal_of(path) {
        Portal::Public => Portal::Mine,
        portal => portal,
    };
    let ended = if had_one { "&ended=session" } else { "" };
    let login = format!("/login?for={}{ended}", portal.code());
    let wants_json = headers
        .get(header::ACCEPT)
        .is_some_and(|accept| accept.as_bytes().starts_with(b"application/json"));
    if method == Method::GET && wants_json {
        return visit.json(&serde_json::json!({ "state": "refused", "go": login }));
    }
    visit.go(&login, None)
}

/// The first parameter of that name in a query, its escapes undone.
#[must_use]
pub fn parameter(query: &str, name: &str) -> Option<String> {
    pairs(query)
        .into_iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value)
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let uri = Uri::builder().path_and_query(format!("/?{query}")).build();
    uri.ok()
        .and_then(|uri| axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri).ok())
        .map(|query| query.0)
        .unwrap_or_default()
}

/// Path and query without `language`, as they came.
fn without_language(uri: &Uri) -> String {
    let rest: Vec<&str> = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && pair.split('=').next() != Some("language"))
        .collect();
    // A path of two slashes would be read as another server's address.
    let path = format!("/{}", uri.path().trim_start_matches('/'));
    if rest.is_empty() {
        path
    } else {
        format!("{path}?{}", rest.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_leaves_the_address() {
        for (asked, here) in [
            ("/order", "/order"),
            ("/order?language=en", "/order"),
            (
                "/order?name=ek&language=en&show=all",
                "/order?name=ek&show=all",
            ),
            ("/order?languages=en", "/order?languages=en"),
            ("//evil.example/x", "/evil.example/x"),
        ] {
            assert_eq!(without_language(&Uri::try_from(asked).unwrap()), here);
        }
    }

    #[test]
    fn parameters_are_unescaped() {
        assert_eq!(
            parameter("name=%C3%85sa+Ek&x=1", "name").as_deref(),
            Some("Åsa Ek")
        );
        assert_eq!(parameter("name=1", "other"), None);
        assert_eq!(parameter("", "other"), None);
    }
}
