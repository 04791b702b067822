//! A live book keeps to what its server says: an older one that does not know how to wait, a crowded one, a full one.

#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use guidebook_core::{Guidebook, GuidebookError};
use shared::{CONTACT, FIRST, Vault, a_store_of, open, wait};

mod shared;

/// What comes at once takes no longer than this on a busy machine.
const SOON: Duration = Duration::from_secs(20);
/// In which nothing may come. The shortest pause of the core is a part of a second.
const QUIET: Duration = Duration::from_millis(1_500);

/// A server that answers rounds and waits with these words, and tells the path of each.
struct Server {
    address: String,
    asked: Receiver<String>,
}

impl Server {
    fn saying(round: (u16, &'static str), live: (u16, &'static str)) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (tell, asked) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let tell = tell.clone();
                std::thread::spawn(move || answer(stream, round, live, &tell));
            }
        });
        Server { address, asked }
    }

    fn next(&self) -> String {
        self.asked.recv_timeout(SOON).expect("nothing was asked")
    }

    fn is_left_alone(&self) {
        let asked = self.asked.recv_timeout(QUIET);
        assert!(asked.is_err(), "{asked:?}");
    }
}

/// One connection: one request, one answer.
fn answer(mut stream: TcpStream, round: (u16, &str), live: (u16, &str), tell: &Sender<String>) {
    let mut from = BufReader::new(stream.try_clone().unwrap());
    let (mut line, mut path, mut length) = (String::new(), String::new(), 0);
    while from.read_line(&mut line).is_ok_and(|read| read > 2) {
        let words = line.to_ascii_lowercase();
        if let Some(rest) = words.strip_prefix("post ") {
            path = rest.split(' ').next().unwrap().to_owned();
        }
        if let Some(bytes) = words.strip_prefix("content-length:") {
            length = bytes.trim().parse().unwrap();
        }
        line.clear();
    }
    let _ = from.read_exact(&mut vec![0; length]);
    let (status, body) = match path.as_str() {
        "/v1/challenge" => (200, r#"{"challenge":"x"}"#),
        "/v1/session" => (
            200,
            r#"{"token":"t","mac_key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","refresh":"r","expires_in_s":900,"server_ms":1800000000000}"#,
        ),
        "/v1/round" => round,
        _ => live,
    };
    if matches!(path.as_str(), "/v1/round" | "/v1/live") {
        let _ = tell.send(path);
    }
    let _ = write!(stream, "HTTP/1.1 {status} .\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
}

/// An open book whose server that is.
fn a_book(folder: &tempfile::TempDir, server: &Server) -> Arc<Guidebook> {
    drop(a_store_of(folder.path(), FIRST, 1, &server.address));
    let vault = Arc::new(Vault::default());
    vault.put(FIRST, Some(vec![1; 32]));
    let book = open(folder.path(), &vault, CONTACT);
    book.unlock().unwrap();
    book
}

const NOTHING: (u16, &str) = (200, r#"{"server_ms":1800000000000}"#);
const CROWDED: (u16, &str) = (200, r#"{"server_ms":1800000000000,"come_back_s":600}"#);
const FULL: (u16, &str) = (503, r#"{"error":"busy","come_back_s":600}"#);
const UNKNOWN: (u16, &str) = (404, r#"{"error":"not_found"}"#);

#[test]
fn a_server_that_does_not_know_how_to_wait_is_asked_once_and_edits_go_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::saying(NOTHING, UNKNOWN);
    let book = a_book(&folder, &server);
    book.set_live(true);
    assert_eq!([server.next(), server.next()], ["/v1/round", "/v1/live"]);
    server.is_left_alone();
    book.write_note("M1".into(), "喜欢羊绒".into()).unwrap();
    assert_eq!(server.next(), "/v1/round");
    server.is_left_alone();
    assert!(!book.sync_state().unwrap().retrying);
}

#[test]
fn a_crowded_server_is_left_alone_by_what_the_core_does_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::saying(CROWDED, UNKNOWN);
    let book = a_book(&folder, &server);
    assert_eq!(wait(book.sync_now()).unwrap().come_back_s, Some(600));
    assert_eq!(server.next(), "/v1/round");
    book.set_live(true);
    book.write_note("M1".into(), "喜欢羊绒".into()).unwrap();
    server.is_left_alone();
    // What the guide herself asks for goes through.
    wait(book.sync_now()).unwrap();
    assert_eq!(server.next(), "/v1/round");
}

#[test]
fn a_server_that_turns_away_is_not_tried_again_before_its_time() {
    for on in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::saying(FULL, FULL);
        let book = a_book(&folder, &server);
        book.set_live(on);
        if !on {
            assert_eq!(wait(book.sync_now()), Err(GuidebookError::Busy { come_back_s: 600 }));
        }
        assert_eq!(server.next(), "/v1/round");
        server.is_left_alone();
        assert!(book.sync_state().unwrap().retrying);
    }
}

#[test]
fn nothing_is_asked_while_the_book_is_locked_or_not_live() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::saying(NOTHING, UNKNOWN);
    let book = a_book(&folder, &server);
    book.lock();
    book.set_live(true);
    server.is_left_alone();
    book.unlock().unwrap();
    assert_eq!([server.next(), server.next()], ["/v1/round", "/v1/live"]);
    book.set_live(false);
    book.write_note("M1".into(), "喜欢羊绒".into()).unwrap();
    book.lock();
    book.unlock().unwrap();
    server.is_left_alone();
}
