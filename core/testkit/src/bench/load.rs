//! A load generator: requests that real phones have sent, sent again. A replayed request changes nothing and its HMAC
//! holds for five minutes, so what the server does for it is what it does for a phone.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

use super::Failure;
use crate::process_facts::ProcessorTime;

/// Whether a connection is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connections {
    /// One connection for all requests of a sender.
    Kept,
    /// A fresh one for each.
    Fresh,
}

/// What a load came to.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Answers a second.
    pub per_second: f64,
    /// Answers.
    pub answered: u64,
    /// Processor time that the generator took for them. It leaves so much less for the server.
    pub generator: Duration,
}

/// Sends `requests` in turn from `senders` at once to `port` on loopback, for so long.
/// An answer that is no success ends it.
pub fn load(port: u16, requests: &[Vec<u8>], senders: usize, connections: Connections, lasts: Duration) -> Result<Load, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let own = ProcessorTime::of_this_thread();
    let began = Instant::now();
    let answered: u64 = runtime.block_on(async {
        let mut all = JoinSet::new();
        for sender in 0..senders {
            let request = requests[sender % requests.len()].clone();
            all.spawn(async move { send(port, &request, sender, connections, began + lasts).await });
        }
        let mut answered = 0;
        while let Some(sent) = all.join_next().await {
            answered += sent??;
        }
        Ok::<_, Failure>(answered)
    })?;
    let per_second = answered as f64 / began.elapsed().as_secs_f64();
    Ok(Load { per_second, answered, generator: ProcessorTime::of_this_thread().since(&own) })
}

/// What the generator reaches at a server that reads each request and says the same ever after: its ceiling.
pub fn ceiling(requests: &[Vec<u8>], senders: usize, lasts: Duration) -> Result<Load, Failure> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let port = listener.local_addr()?.port();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_io().build()?;
    runtime.spawn(async move {
        let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer_alike(stream));
        }
    });
    let reached = load(port, requests, senders, Connections::Kept, lasts);
    runtime.shutdown_background();
    reached
}

/// As long as an answer in which nothing changed.
const ALIKE: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 27\r\ndate: Mon, 23 Nov 2026 16:00:00 GMT\r\n\r\n{\"server_ms\":1795449600000}";

async fn answer_alike(mut stream: TcpStream) -> std::io::Result<()> {
    let mut held = Vec::with_capacity(4096);
    loop {
        while message_end(&held).is_none() {
            if stream.read_buf(&mut held).await? == 0 {
                return Ok(());
            }
        }
        held.clear();
        stream.write_all(ALIKE).await?;
    }
}

async fn send(port: u16, request: &[u8], sender: usize, connections: Connections, until: Instant) -> Result<u64, Failure> {
    let mut answered: u64 = 0;
    let mut kept = None;
    while Instant::now() < until {
        let mut stream = match kept.take() {
            Some(stream) => stream,
            None => connect(port, sender, answered).await?,
        };
        stream.write_all(request).await?;
        let status = read_answer(&mut stream).await?.status;
        if status != 200 {
            return Err(format!("an answer with status {status}").into());
        }
        answered += 1;
        if connections == Connections::Kept {
            kept = Some(stream);
        }
    }
    Ok(answered)
}

/// From an address of this sender's own, 127.x.y.z: one address has too few ports for thousands of connections a second.
pub(super) async fn connect(port: u16, sender: usize, turn: u64) -> Result<TcpStream, Failure> {
    let socket = TcpSocket::new_v4()?;
    let from = Ipv4Addr::new(127, 1 + (turn / 5_000 % 200) as u8, 1, 1 + sender as u8);
    socket.bind(SocketAddr::from((from, 0)))?;
    let stream = socket.connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// An answer that has been read whole.
pub(super) struct Answer {
    /// HTTP's status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

pub(super) async fn read_answer(stream: &mut TcpStream) -> Result<Answer, Failure> {
    let mut held = Vec::with_capacity(1024);
    loop {
        if let Some(end) = answer_end(&held) {
            return Ok(Answer { status: end.status, body: held.drain(end.body..end.end).collect() });
        }
        if stream.read_buf(&mut held).await? == 0 {
            return Err("the server hung up".into());
        }
    }
}

/// Where an answer lies in what has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerEnd {
    /// HTTP's status.
    pub status: u16,
    /// Where the body begins.
    pub body: usize,
    /// Where it ends.
    pub end: usize,
}

/// Finds an answer with `content-length` that has been read whole.
pub fn answer_end(held: &[u8]) -> Option<AnswerEnd> {
    let (text, body, end) = message_end(held)?;
    Some(AnswerEnd { status: text.get(9..12)?.parse().ok()?, body, end })
}

/// The head of a message with `content-length` that has been read whole, where its body begins and where it ends.
fn message_end(held: &[u8]) -> Option<(&str, usize, usize)> {
    let head = held.windows(4).position(|four| four == b"\r\n\r\n")?;
    let text = std::str::from_utf8(&held[..head]).ok()?;
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    })?;
    let body = head + 4;
    (held.len() >= body + length).then_some((text, body, body + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_where_its_length_says() {
        let text = b"HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\n{}more";
        assert_eq!(answer_end(text), Some(AnswerEnd { status: 503, body: 40, end: 42 }));
        assert_eq!(answer_end(&text[..41]), None);
        assert_eq!(answer_end(&text[..20]), None);
    }
}
