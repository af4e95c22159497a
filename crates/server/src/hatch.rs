//! The hatch: OCSP over HTTP/1.1, answered where the bytes come in. Relying parties ask about the same certificates over and
//! over; what is ready in memory is sent without building a request, headers and a response of a framework's, which would cost
//! more than the answer itself.
//!
//! Only what is plainly an OCSP request is taken here: `GET /ocsp/…` or `POST /ocsp` with one length and nothing that changes
//! how the message is read (RFC 9112). At the first request that is anything else the connection goes on to the routes, with
//! every byte of that request. Heads are read by `httparse`, as the server behind reads them. No rule is here: what is ready
//! and for how long, `flows::ocsp` says.

mod head;
mod rewound;

use std::io;
use std::pin::Pin;
use std::sync::Arc;

use axum::body::{Bytes, HttpBody as _};
use axum::http::{HeaderMap, Response};
use axum_server::accept::Accept;
use flows::ocsp::{Signed, http_date};
use http_body_util::{BodyExt as _, Full};
use model::Timestamp;
use model::role::Actor;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::MissedTickBehavior;

use self::head::{Asked, Head, read_head};
use self::rewound::Rewound;
use crate::config::ProcessRole;
use crate::ocsp::{self, LARGEST_PLAIN};
use crate::process::Asking;
use crate::serve::HEAD_TIMEOUT;
use crate::web::Web;

/// How much a connection's buffers hold at first, in bytes.
const ROOM: usize = 4 * 1024;

/// Answers OCSP on new connections before the routes see them.
#[derive(Clone)]
pub struct Hatch(Option<Arc<Web>>);

impl Hatch {
    /// Open when this process answers for certificates.
    #[must_use]
    pub fn new(web: &Web, roles: &[ProcessRole]) -> Self {
        Self(
            roles
                .contains(&ProcessRole::Ocsp)
                .then(|| Arc::new(web.clone())),
        )
    }

    /// Everything goes to the routes.
    #[must_use]
    pub fn closed() -> Self {
        Self(None)
    }
}

impl<S: Send + 'static> Accept<TcpStream, S> for Hatch {
    type Stream = Rewound;
    type Service = S;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Rewound, S)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let web = self.0.clone();
        Box::pin(async move {
            // An answer is one write; it need not wait for more.
            stream.set_nodelay(true)?;
            let rest = match web {
                Some(web) => attend(&web, stream).await?,
                None => Rewound::new(Vec::new(), stream),
            };
            Ok((rest, service))
        })
    }
}

/// Answers on the connection until it ends, which is an error, or asks for something else.
async fn attend(web: &Web, mut stream: TcpStream) -> io::Result<Rewound> {
    let mut asked = Vec::with_capacity(ROOM);
    let mut answers = Answers::new(web);
    // One timer for the connection's whole life: who has not asked between two ticks is cut off.
    let mut watch = tokio::time::interval(HEAD_TIMEOUT);
    watch.set_missed_tick_behavior(MissedTickBehavior::Delay);
    watch.tick().await;
    let mut idle = true;
    loop {
        match read_head(&asked) {
            Head::Whole(request) => {
                answers.answer(web, &request).await;
                let taken = request.length;
                asked.drain(..taken);
                idle = false;
                send(&mut stream, &answers.bytes).await?;
                answers.bytes.clear();
            }
            Head::Part => {
                tokio::select! {
                    biased;
                    read = stream.read_buf(&mut asked) => if read? == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    },
                    _ = watch.tick() => {
                        if idle {
                            return Err(io::ErrorKind::TimedOut.into());
                        }
                        idle = true;
                    }
                }
            }
            Head::Other => return Ok(Rewound::new(asked, stream)),
        }
    }
}

/// Writes it out: at once, as nearly always, or while the other side takes its time, but not for ever.
async fn send(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    let sent = match stream.try_write(bytes) {
        Ok(sent) => sent,
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
        Err(error) => return Err(error),
    };
    match bytes.get(sent..) {
        None | Some([]) => Ok(()),
        Some(rest) => tokio::time::timeout(HEAD_TIMEOUT, stream.write_all(rest))
            .await
            .map_err(|_| io::ErrorKind::TimedOut)?,
    }
}

/// Answers as they are written to the connection.
struct Answers {
    bytes: Vec<u8>,
    /// The second that `date` says.
    second: i64,
    date: String,
    /// One name in the log for all that is asked on the connection.
    asking: Asking,
}

impl Answers {
    fn new(web: &Web) -> Self {
        Self {
            bytes: Vec::with_capacity(ROOM),
            second: i64::MIN,
            date: String::new(),
            asking: web.asking(),
        }
    }

    async fn answer(&mut self, web: &Web, request: &head::Request<'_>) {
        let now = web.clock.now().seconds();
        if now != self.second {
            self.second = now;
            self.date = http_date(now);
        }
        let answers = &web.house.answers;
        let response = match &request.asked {
            Asked::Get { raw, conditions } => {
                let mut decoded = [0; LARGEST_PLAIN];
                let plain = match conditions {
                    None => ocsp::decode_plain(raw.as_bytes(), &mut decoded)
                        .and_then(|length| decoded.get(..length)),
                    Some(_) => None,
                };
                if let Some(plain) = plain
                    && answers
                        .ready(plain, now, |signed| self.keep(signed, now))
                        .is_some()
                {
                    return;
                }
                let none = HeaderMap::new();
                ocsp::answer_get(web, raw, conditions.as_ref().unwrap_or(&none)).await
            }
            Asked::Post(body) => {
                let ready = |signed: Signed<'_>| self.once(signed.der);
                if answers.ready(body, now, ready).is_some() {
                    return;
                }
                self.asking.now = Timestamp(now);
                let call = self.asking.call(Actor::Nobody);
                let answer = flows::ocsp::answer(&web.house, &call, body).await;
                self.once(&answer.der);
                return;
            }
        };
        self.write(response).await;
    }

    /// What `ocsp::once` says, written.
    fn once(&mut self, der: &[u8]) {
        self.lines(&[
            b"HTTP/1.1 200 OK\r\ncontent-type: ",
            ocsp::OCSP_RESPONSE.as_bytes(),
            b"\r\ncache-control: ",
            ocsp::NO_STORE.as_bytes(),
        ]);
        self.end(der);
    }

    /// What `ocsp::keep` says, written.
    fn keep(&mut self, signed: Signed<'_>, now: i64) {
        self.lines(&[
            b"HTTP/1.1 200 OK\r\ncontent-type: ",
            ocsp::OCSP_RESPONSE.as_bytes(),
            b"\r\ncache-control: ",
            ocsp::keep_for(signed.times.next_update - now).as_bytes(),
            b"\r\netag: ",
            signed.tag,
            b"\r\nlast-modified: ",
            signed.times.last_modified.as_bytes(),
            b"\r\nexpires: ",
            signed.times.expires.as_bytes(),
        ]);
        self.end(signed.der);
    }

    fn lines(&mut self, parts: &[&[u8]]) {
        for part in parts {
            self.bytes.extend_from_slice(part);
        }
    }

    /// Length and date, the end of the head, and the body.
    fn end(&mut self, body: &[u8]) {
        self.bytes.extend_from_slice(b"\r\ncontent-length: ");
        // Digits, last first.
        let (mut rest, mut digits, mut first) = (body.len(), [b'0'; 20], 20);
        for (place, digit) in digits.iter_mut().enumerate().rev() {
            *digit = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
            first = place;
            if rest == 0 {
                break;
            }
        }
        self.lines(&[digits.get(first..).unwrap_or_default(), b"\r\ndate: "]);
        self.bytes.extend_from_slice(self.date.as_bytes());
        self.lines(&[b"\r\n\r\n", body]);
    }

    /// Any answer of the routes, written.
    async fn write(&mut self, response: Response<Full<Bytes>>) {
        let (head, body) = response.into_parts();
        let reason = head.status.canonical_reason().unwrap_or_default();
        self.lines(&[
            b"HTTP/1.1 ",
            head.status.as_str().as_bytes(),
            b" ",
            reason.as_bytes(),
        ]);
        for (name, value) in &head.headers {
            self.lines(&[b"\r\n", name.as_str().as_bytes(), b": ", value.as_bytes()]);
        }
        // A 304 has no body, and no length of one that it might have (RFC 9110 8.6).
        if head.status == axum::http::StatusCode::NOT_MODIFIED && body.is_end_stream() {
            self.bytes.extend_from_slice(b"\r\ndate: ");
            self.bytes.extend_from_slice(self.date.as_bytes());
            self.bytes.extend_from_slice(b"\r\n\r\n");
            return;
        }
        let Ok(body) = body.collect().await;
        self.end(&body.to_bytes());
    }
}
