//! The limit of anything over HTTP: hyper with nothing behind it, answering the same bytes to whatever it is asked.

use std::convert::Infallible;
use std::net::SocketAddr;

use anyhow::Context as _;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::child::{Server, listening};

/// Starts it, answering `length` bytes.
pub fn start(length: usize) -> anyhow::Result<Server> {
    Server::start("bare-http", &[length.to_string()])
}

/// The child: listens until it is ended.
pub fn serve(arguments: &[String]) -> anyhow::Result<()> {
    let length: usize = arguments
        .first()
        .and_then(|text| text.parse().ok())
        .context("bare-http LENGTH")?;
    let body = Bytes::from(vec![0x30; length]);
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async move {
            let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
            listening(listener.local_addr()?)?;
            loop {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                let body = body.clone();
                tokio::spawn(async move {
                    let service = service_fn(move |_: Request<Incoming>| {
                        let mut response = Response::new(Full::new(body.clone()));
                        response.headers_mut().insert(
                            CONTENT_TYPE,
                            HeaderValue::from_static("application/ocsp-response"),
                        );
                        async move { Ok::<_, Infallible>(response) }
                    });
                    // Whoever asked has gone: nothing to tell anybody.
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        })
}
