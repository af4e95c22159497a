//! A computer with a card reader: the card client over the wire, and a holder who always types the same code.

use axum::http::{Request, StatusCode, header};
use client::{
    Asks, CodeProblem, CodeRequest, CodeRules, Finished, Moment, Prompt, Server, ServerProblem,
    StepName, Stopped,
};
use piv::Pin;
use tokio::runtime::Handle;
use wire::{Continue, Hello, Next, Opening};

use crate::tape::Wire;

struct Reached {
    wire: Wire,
    runtime: Handle,
}

impl Reached {
    fn post(&self, path: &str, body: Vec<u8>) -> Result<Vec<u8>, ServerProblem> {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body)
            .unwrap();
        let answer = self.runtime.block_on(self.wire.send(request));
        match answer.status() {
            StatusCode::OK => Ok(answer.into_body()),
            _ => Err(ServerProblem::BadAnswer),
        }
    }
}

impl Server for Reached {
    fn hello(&mut self, hello: Hello) -> Result<Opening, ServerProblem> {
        let answer = self.post(wire::path::HELLO, wire::encode(&hello).unwrap())?;
        wire::decode(&answer).map_err(|_| ServerProblem::BadAnswer)
    }

    fn proceed(&mut self, turn: Continue) -> Result<Next, ServerProblem> {
        let answer = self.post(wire::path::CONTINUE, wire::encode(&turn).unwrap())?;
        wire::decode(&answer).map_err(|_| ServerProblem::BadAnswer)
    }
}

struct Holder(String);

impl Holder {
    fn code(&self) -> Option<Pin> {
        Some(Pin::parse(self.0.as_bytes()).unwrap())
    }
}

impl Prompt for Holder {
    fn show(&mut self, _: &Asks) -> bool {
        true
    }

    fn choose_code(&mut self, _: &CodeRules, refused: Option<CodeProblem>) -> Option<Pin> {
        assert!(refused.is_none(), "the test's code is refused");
        self.code()
    }

    fn enter_code(&mut self, request: &CodeRequest<'_>) -> Option<Pin> {
        if request.wrong { None } else { self.code() }
    }

    fn progress(&mut self, _: StepName, _: Moment) {}
}

/// Carries out the act of a ticket with a card and its holder's code. The card comes back whatever happens.
pub async fn carry_out(
    wire: &Wire,
    mut chip: vcard::Card,
    ticket: &str,
    code: &str,
) -> (vcard::Card, Result<Finished, Stopped>) {
    let mut server = Reached {
        wire: wire.clone(),
        runtime: Handle::current(),
    };
    let (ticket, mut holder) = (ticket.to_owned(), Holder(code.to_owned()));
    // The client waits for its card and its server, so it gets a thread of its own.
    tokio::task::spawn_blocking(move || {
        let outcome = client::run(&mut chip, &mut server, &mut holder, &ticket);
        (chip, outcome)
    })
    .await
    .unwrap()
}
