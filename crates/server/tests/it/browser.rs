//! A browser: keeps cookies as RFC 6265 says, sends forms, and reads of a page what the tests ask for.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, Request, StatusCode, header};

use crate::desk;
use crate::tape::Wire;
use crate::world::{ADDRESS, Plastic};

/// What the server answered.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// The code of a refusal, whether on a page of its own or beside a form.
    pub fn code(&self) -> Option<String> {
        if self.status.is_success() || self.status.is_redirection() {
            return None;
        }
        between(&self.text(), "<code>", "</code>").map(str::to_owned)
    }

    /// The token in the forms of the page.
    pub fn token(&self) -> Option<String> {
        between(&self.text(), "name=\"csrf\" value=\"", "\"").map(str::to_owned)
    }

    /// The cookies it sets, as they are written.
    pub fn set_cookies(&self) -> Vec<String> {
        let values = self.headers.get_all(header::SET_COOKIE);
        values
            .iter()
            .map(|value| value.to_str().unwrap().to_owned())
            .collect()
    }
}

/// The text between two marks.
pub fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0)
}

/// Percent-encodes what stands in a form (WHATWG URL, application/x-www-form-urlencoded).
pub fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// A form as it is sent.
pub fn form(fields: &[(&str, &str)]) -> Vec<u8> {
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
        .collect();
    pairs.join("&").into_bytes()
}

#[derive(Clone)]
pub struct Browser {
    wire: Wire,
    /// Cookies by name: value and path.
    cookies: BTreeMap<String, (String, String)>,
}

impl Browser {
    pub fn new(wire: &Wire) -> Self {
        Self {
            wire: wire.clone(),
            cookies: BTreeMap::new(),
        }
    }

    /// A cookie's value.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(|(value, _)| value.as_str())
    }

    /// The names of the cookies it has.
    pub fn cookies(&self) -> Vec<&str> {
        self.cookies.keys().map(String::as_str).collect()
    }

    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies
            .insert(name.to_owned(), (value.to_owned(), "/".to_owned()));
    }

    /// Sends a request with this browser's cookies and keeps those of the answer.
    pub async fn send(&mut self, mut request: Request<Vec<u8>>) -> Answer {
        let path = request.uri().path().to_owned();
        let sent: Vec<String> = self
            .cookies
            .iter()
            .filter(|(_, (_, under))| {
                under == "/" || path == *under || path.starts_with(&format!("{under}/"))
            })
            .map(|(name, (value, _))| format!("{name}={value}"))
            .collect();
        if !sent.is_empty() {
            request
                .headers_mut()
                .insert(header::COOKIE, sent.join("; ").parse().unwrap());
        }
        let (head, body) = self.wire.send(request).await.into_parts();
        let answer = Answer {
            status: head.status,
            headers: head.headers,
            body,
        };
        for line in answer.set_cookies() {
            let mut parts = line.split("; ");
            let (name, value) = parts.next().unwrap().split_once('=').unwrap();
            let attributes: Vec<&str> = parts.collect();
            let under = attributes
                .iter()
                .find_map(|attribute| attribute.strip_prefix("Path="))
                .unwrap();
            if attributes.contains(&"Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies
                    .insert(name.to_owned(), (value.to_owned(), under.to_owned()));
            }
        }
        answer
    }

    pub async fn get(&mut self, address: &str) -> Answer {
        self.send(Request::get(address).body(Vec::new()).unwrap())
            .await
    }

    /// Sends a form as our own page does.
    pub async fn post(&mut self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let request = Request::post(address)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, ADDRESS)
            .header("sec-fetch-site", "same-origin")
            .body(form(fields))
            .unwrap();
        self.send(request).await
    }

    /// The token that the session's forms carry; empty when nobody is signed in.
    pub async fn token(&mut self) -> String {
        self.get("/help").await.token().unwrap_or_default()
    }

    /// Opens the login page: the ticket for the card client, and the address that says how far it has come.
    pub async fn begin_login(&mut self, portal: &str) -> (String, String) {
        let page = self.get(&format!("/login?for={portal}")).await;
        assert_eq!(page.status, StatusCode::OK);
        let text = page.text();
        let ticket = between(&text, "act?ticket=", "&").unwrap();
        let poll = between(&text, "data-poll=\"", "\"")
            .unwrap()
            .replace("&amp;", "&");
        (ticket.to_owned(), poll)
    }

    /// What the script that waits is told: the state, and where to go.
    pub async fn poll(&mut self, address: &str) -> (String, Option<String>) {
        let said: serde_json::Value =
            serde_json::from_slice(&self.get(address).await.body).unwrap();
        let go = said["go"].as_str().map(str::to_owned);
        (said["state"].as_str().unwrap().to_owned(), go)
    }

    /// Signs in with a card as people do: page, card, code, and in.
    pub async fn sign_in(&mut self, plastic: Plastic) -> Plastic {
        let (ticket, poll) = self.begin_login("mine").await;
        assert_eq!(self.poll(&poll).await, ("waiting".to_owned(), None));
        let (chip, outcome) =
            desk::carry_out(&self.wire, plastic.chip, &ticket, &plastic.code).await;
        outcome.unwrap();
        let (state, go) = self.poll(&poll).await;
        assert_eq!(state, "done");
        let entered = self.get(&go.unwrap()).await;
        assert_eq!(
            (entered.status, entered.location()),
            (StatusCode::SEE_OTHER, "/mine")
        );
        Plastic { chip, ..plastic }
    }
}
