//! The server over HTTPS. TLS is rustls with aws-lc-rs; no redirect is followed, for it could lead elsewhere.

use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use wire::{Continue, Hello, Message, Next, Opening};

use super::config::Entry;
use super::words::Language;
use crate::{Server, ServerProblem};

/// How long one message may take, from connecting to the last byte. Between messages nothing is timed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server of the configuration.
pub(super) struct Https {
    agent: Agent,
    base: String,
    language: Language,
}

/// The file with the server's authorities cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum BadAuthorities {
    #[error("{0}")]
    File(#[from] std::io::Error),
    #[error("there is no certificate in it")]
    Empty,
}

impl Https {
    pub fn new(entry: &Entry, language: Language) -> Result<Self, BadAuthorities> {
        let roots = match &entry.ca {
            None => RootCerts::WebPki,
            Some(file) => RootCerts::new_with_certs(&authorities(&std::fs::read(file)?)?),
        };
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(provider)
            .root_certs(roots)
            .build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            .https_only(!entry.plain_http)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(PATIENCE))
            .user_agent(crate::CLIENT)
            .build()
            .new_agent();
        Ok(Self {
            agent,
            base: entry.base().to_owned(),
            language,
        })
    }

    fn post<Q: Message, A: Message>(&self, path: &str, question: &Q) -> Result<A, ServerProblem> {
        let body = wire::encode(question).map_err(|_| ServerProblem::BadAnswer)?;
        let mut answer = self
            .agent
            .post(format!("{}{path}", self.base))
            .content_type("application/json")
            .header("accept-language", self.language.code())
            .send(&body)
            .map_err(problem)?;
        if answer.status() != 200 {
            return Err(ServerProblem::BadAnswer);
        }
        let limit = u64::try_from(wire::path::LARGEST_MESSAGE).unwrap_or(u64::MAX);
        let body = answer
            .body_mut()
            .with_config()
            .limit(limit)
            .read_to_vec()
            .map_err(problem)?;
        wire::decode(&body).map_err(|_| ServerProblem::BadAnswer)
    }

    /// What time it is at the server, Unix seconds, by the Date of any answer (RFC 9110 6.6.1).
    pub fn time(&self) -> Result<Option<i64>, ServerProblem> {
        let answer = self
            .agent
            .get(format!("{}/", self.base))
            .call()
            .map_err(problem)?;
        let date = answer
            .headers()
            .get("date")
            .and_then(|date| date.to_str().ok())
            .and_then(|date| jiff::fmt::rfc2822::parse(date).ok());
        Ok(date.map(|date| date.timestamp().as_second()))
    }
}

fn authorities(pem: &[u8]) -> Result<Vec<Certificate<'static>>, BadAuthorities> {
    let found: Vec<_> = parse_pem(pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if found.is_empty() {
        return Err(BadAuthorities::Empty);
    }
    Ok(found)
}

/// A certificate that does not lead to the configured authorities is told apart from a server that is away.
fn problem(error: ureq::Error) -> ServerProblem {
    let is_about_trust = match &error {
        ureq::Error::Rustls(error) => is_trust(error),
        ureq::Error::Io(error) => error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>())
            .is_some_and(is_trust),
        _ => false,
    };
    match error {
        _ if is_about_trust => ServerProblem::Untrusted,
        ureq::Error::BodyExceedsLimit(_) | ureq::Error::Protocol(_) => ServerProblem::BadAnswer,
        _ => ServerProblem::Unreachable,
    }
}

fn is_trust(error: &rustls::Error) -> bool {
    matches!(
        error,
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented
    )
}

impl Server for Https {
    fn hello(&mut self, hello: Hello) -> Result<Opening, ServerProblem> {
        self.post(wire::path::HELLO, &hello)
    }

    fn proceed(&mut self, turn: Continue) -> Result<Next, ServerProblem> {
        self.post(wire::path::CONTINUE, &turn)
    }
}
