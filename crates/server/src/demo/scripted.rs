//! A desk without a person: the server reached in process, and a holder who always types the same code.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use client::{
    Asks, CodeProblem, CodeRequest, CodeRules, Moment, Prompt, Server, ServerProblem, StepName,
};
use http_body_util::BodyExt as _;
use piv::Pin;
use tokio::runtime::Handle;
use tower::ServiceExt as _;
use wire::{Continue, Hello, Next, Opening};
use zeroize::Zeroizing;

/// The server's own routes, spoken to in bytes as over the network.
pub struct InProcess {
    router: Router,
    runtime: Handle,
}

impl InProcess {
    /// Speaks to these routes, on this runtime. Use from a thread that is not one of the runtime's own.
    #[must_use]
    pub fn new(router: Router, runtime: Handle) -> Self {
        Self { router, runtime }
    }

    fn post(&self, path: &str, body: Vec<u8>) -> Result<Vec<u8>, ServerProblem> {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .map_err(|_| ServerProblem::Unreachable)?;
        let router = self.router.clone();
        self.runtime.block_on(async move {
            // The router's error type has no values.
            let response = router
                .oneshot(request)
                .await
                .map_err(|_| ServerProblem::Unreachable)?;
            if response.status() != StatusCode::OK {
                return Err(ServerProblem::BadAnswer);
            }
            let body = response
                .into_body()
                .collect()
                .await
                .map_err(|_| ServerProblem::Unreachable)?;
            Ok(body.to_bytes().to_vec())
        })
    }
}

impl Server for InProcess {
    fn hello(&mut self, hello: Hello) -> Result<Opening, ServerProblem> {
        let body = wire::encode(&hello).map_err(|_| ServerProblem::BadAnswer)?;
        wire::decode(&self.post(wire::path::HELLO, body)?).map_err(|_| ServerProblem::BadAnswer)
    }

    fn proceed(&mut self, turn: Continue) -> Result<Next, ServerProblem> {
        let body = wire::encode(&turn).map_err(|_| ServerProblem::BadAnswer)?;
        wire::decode(&self.post(wire::path::CONTINUE, body)?).map_err(|_| ServerProblem::BadAnswer)
    }
}

/// A holder who agrees, and knows one code.
pub struct Scripted {
    code: Zeroizing<String>,
}

impl Scripted {
    /// A holder with this code.
    #[must_use]
    pub fn new(code: Zeroizing<String>) -> Self {
        Self { code }
    }

    fn pin(&self) -> Option<Pin> {
        Pin::parse(self.code.as_bytes()).ok()
    }
}

impl Prompt for Scripted {
    fn show(&mut self, _: &Asks) -> bool {
        true
    }

    fn choose_code(&mut self, _: &CodeRules, refused: Option<CodeProblem>) -> Option<Pin> {
        // The script's only code was refused: there is no other.
        if refused.is_some() { None } else { self.pin() }
    }

    fn enter_code(&mut self, request: &CodeRequest<'_>) -> Option<Pin> {
        // A wrong code is not tried again: the card would lock.
        if request.wrong { None } else { self.pin() }
    }

    fn progress(&mut self, _: StepName, _: Moment) {}
}
