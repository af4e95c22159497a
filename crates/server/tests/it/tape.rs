//! The wire between everybody and the server, with a recorder on it: what goes in and out of the server's routes, byte for byte.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, Response};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

/// One request and its answer.
pub struct Exchange {
    /// Path and query as asked.
    pub address: String,
    /// Everything: both heads, both bodies.
    pub bytes: Vec<u8>,
}

/// The server's routes and all that was said to them.
#[derive(Clone)]
pub struct Wire {
    router: Router,
    tape: Arc<Mutex<Vec<Exchange>>>,
}

impl Wire {
    pub fn new(router: Router) -> Self {
        Self {
            router,
            tape: Arc::default(),
        }
    }

    /// Sends a request and keeps what was said.
    pub async fn send(&self, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
        let address = request.uri().to_string();
        let mut bytes = format!("{} {address}\n", request.method()).into_bytes();
        write_head(&mut bytes, request.headers());
        bytes.extend_from_slice(request.body());
        let answer = self
            .router
            .clone()
            .oneshot(request.map(Body::from))
            .await
            .unwrap();
        let (head, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        bytes.extend_from_slice(format!("\n{}\n", head.status).as_bytes());
        write_head(&mut bytes, &head.headers);
        bytes.extend_from_slice(&body);
        self.tape.lock().unwrap().push(Exchange { address, bytes });
        Response::from_parts(head, body)
    }

    /// Hands over what was said so far.
    pub fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut self.tape.lock().unwrap())
    }
}

fn write_head(bytes: &mut Vec<u8>, headers: &HeaderMap) {
    for (name, value) in headers {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.push(b'\n');
    }
}
