//! Asking: HTTP/1.1 over connections that stay, each request sent when the answer to the last has come.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::child::Server;
use crate::turns::Turn;

/// How many connections ask at once.
pub const CONNECTIONS: usize = 32;

/// One answer.
pub struct Answer {
    /// The whole head, as it came.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The status (RFC 9112 4).
    pub fn status(&self) -> Option<u16> {
        self.head.split(' ').nth(1)?.parse().ok()
    }
}

/// A connection and what of an answer it has read.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("connecting to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(16 * 1024),
        })
    }

    /// Sends a request and reads its answer, which must be 200 or 201; says where in the buffer head and body end.
    async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<(usize, usize)> {
        let (head, end) = self.exchange_any(request).await?;
        let head_bytes = self.buffer.get(..head).unwrap_or_default();
        anyhow::ensure!(
            [b"HTTP/1.1 200", b"HTTP/1.1 201", b"HTTP/1.0 200"]
                .iter()
                .any(|good| head_bytes.starts_with(*good)),
            "neither 200 nor 201: {}",
            String::from_utf8_lossy(head_bytes)
        );
        Ok((head, end))
    }

    /// Sends a request and reads its answer, whatever it is; says where in the buffer head and body end.
    async fn exchange_any(&mut self, request: &[u8]) -> anyhow::Result<(usize, usize)> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await?;
            anyhow::ensure!(read > 0, "the server closed the connection");
            let Some(head) = find(&self.buffer, b"\r\n\r\n") else {
                continue;
            };
            let head_bytes = self.buffer.get(..head).unwrap_or_default();
            let end = head + 4 + content_length(head_bytes)?;
            while self.buffer.len() < end {
                let read = self.stream.read_buf(&mut self.buffer).await?;
                anyhow::ensure!(read > 0, "the server closed the connection");
            }
            return Ok((head, end));
        }
    }

    /// Sends a request and hands the answer over.
    pub async fn ask(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        let parts = self.exchange(request).await?;
        Ok(self.answer(parts))
    }

    /// Sends a request and hands the answer over, whatever its status.
    pub async fn ask_any(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        let parts = self.exchange_any(request).await?;
        Ok(self.answer(parts))
    }

    fn answer(&self, (head, end): (usize, usize)) -> Answer {
        Answer {
            head: String::from_utf8_lossy(self.buffer.get(..head).unwrap_or_default()).into_owned(),
            body: self.buffer.get(head + 4..end).unwrap_or_default().to_vec(),
        }
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|part| part == what)
}

fn content_length(head: &[u8]) -> anyhow::Result<usize> {
    head.split(|&byte| byte == b'\n')
        .filter_map(|line| line.split_at_checked(15))
        .find(|(name, _)| name.eq_ignore_ascii_case(b"content-length:"))
        .and_then(|(_, value)| std::str::from_utf8(value).ok()?.trim().parse().ok())
        .context("an answer without a length")
}

/// How connections are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// A connection stays for all that asks on it.
    Alive,
    /// Each request has a connection of its own.
    Never,
}

/// Asks the server for so long on [`CONNECTIONS`] connections that stay, and says what that cost the server.
pub async fn press(
    server: &Server,
    requests: &Arc<Vec<Vec<u8>>>,
    time: Duration,
) -> anyhow::Result<Turn> {
    press_with(server, requests, time, (Keep::Alive, CONNECTIONS)).await
}

/// Asks the server for so long, on so many connections at once, walking through the requests, and says what that cost the
/// server.
pub async fn press_with(
    server: &Server,
    requests: &Arc<Vec<Vec<u8>>>,
    time: Duration,
    (keep, at_once): (Keep, usize),
) -> anyhow::Result<Turn> {
    let mut connections = Vec::new();
    for _ in 0..at_once {
        connections.push(match keep {
            Keep::Alive => Some(Connection::open(server.address).await?),
            Keep::Never => None,
        });
    }
    let next = Arc::new(AtomicUsize::new(0));
    let (cpu, start) = (server.cpu()?, Instant::now());
    let (end, address) = (start + time, server.address);
    let tasks: Vec<_> = connections
        .into_iter()
        .map(|mut connection| {
            let (requests, next) = (requests.clone(), next.clone());
            tokio::spawn(async move {
                let mut done = 0_u64;
                while Instant::now() < end {
                    let place = next.fetch_add(1, Ordering::Relaxed) % requests.len().max(1);
                    let request = requests.get(place).context("no requests")?;
                    match &mut connection {
                        Some(connection) => connection.exchange(request).await?,
                        None => Connection::open(address).await?.exchange(request).await?,
                    };
                    done += 1;
                }
                Ok::<_, anyhow::Error>(done)
            })
        })
        .collect();
    let mut done = 0.0;
    for task in tasks {
        done += task.await.context("a connection's task")?? as f64;
    }
    Ok(Turn {
        done,
        cpu: server.cpu()? - cpu,
        wall: start.elapsed().as_secs_f64(),
    })
}
