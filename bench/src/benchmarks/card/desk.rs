//! The card client with a holder who agrees to everything, and a server in the same process: its routes, asked without a socket.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use client::{Asks, CodeProblem, CodeRequest, CodeRules, Moment, Prompt, ServerProblem, StepName};
use http_body_util::BodyExt as _;
use piv::{Pin, Transport};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;
use wire::{Continue, Hello, Next, Opening};

use super::people::House;

/// The code that every holder chooses.
const CODE: &[u8] = b"271828";

/// Everything on a desk but the card.
pub struct Desk<'a>(&'a House);

impl<'a> Desk<'a> {
    pub fn new(house: &'a House) -> Self {
        Self(house)
    }

    /// Carries out the act of a ticket.
    pub fn carry_out(&self, card: &mut dyn Transport, ticket: &str) -> anyhow::Result<()> {
        let mut server = InProcess {
            router: &self.0.router,
            runtime: &self.0.runtime,
        };
        client::run(card, &mut server, &mut Holder, ticket)?;
        Ok(())
    }

    /// A browser begins, the card signs, the browser is let in.
    pub fn sign_in(&self, card: &mut dyn Transport) -> anyhow::Result<()> {
        let begun = self.0.begin_login()?;
        self.carry_out(card, &begun.ticket.secret)?;
        self.0.enter(&begun)
    }
}

struct Holder;

impl Holder {
    fn code() -> Option<Pin> {
        Pin::parse(CODE).ok()
    }
}

impl Prompt for Holder {
    fn show(&mut self, _: &Asks) -> bool {
        true
    }

    fn choose_code(&mut self, _: &CodeRules, refused: Option<CodeProblem>) -> Option<Pin> {
        refused.is_none().then(Self::code).flatten()
    }

    fn enter_code(&mut self, request: &CodeRequest<'_>) -> Option<Pin> {
        (!request.wrong).then(Self::code).flatten()
    }

    fn progress(&mut self, _: StepName, _: Moment) {}
}

struct InProcess<'a> {
    router: &'a Router,
    runtime: &'a Runtime,
}

impl InProcess<'_> {
    fn post(&self, path: &str, body: Vec<u8>) -> Result<Vec<u8>, ServerProblem> {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .map_err(|_| ServerProblem::Unreachable)?;
        self.runtime.block_on(async {
            let answer = self.router.clone().oneshot(request).await;
            let answer = answer.map_err(|_| ServerProblem::Unreachable)?;
            if answer.status() != StatusCode::OK {
                return Err(ServerProblem::BadAnswer);
            }
            let body = answer.into_body().collect().await;
            let body = body.map_err(|_| ServerProblem::Unreachable)?;
            Ok(body.to_bytes().to_vec())
        })
    }
}

impl client::Server for InProcess<'_> {
    fn hello(&mut self, hello: Hello) -> Result<Opening, ServerProblem> {
        let body = wire::encode(&hello).map_err(|_| ServerProblem::BadAnswer)?;
        wire::decode(&self.post(wire::path::HELLO, body)?).map_err(|_| ServerProblem::BadAnswer)
    }

    fn proceed(&mut self, turn: Continue) -> Result<Next, ServerProblem> {
        let body = wire::encode(&turn).map_err(|_| ServerProblem::BadAnswer)?;
        wire::decode(&self.post(wire::path::CONTINUE, body)?).map_err(|_| ServerProblem::BadAnswer)
    }
}
