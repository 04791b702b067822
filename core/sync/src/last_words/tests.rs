use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};

use guidebook_domain::{DeviceId, GuideId, Private, StoreId, TagId, TenantId};
use guidebook_store::{Identity, Key, Moment};
use guidebook_wire::GuideRecord;

use super::*;

/// An open book of a phone whose server is at `address`, with `waiting` edits.
fn a_book(folder: &tempfile::TempDir, address: &str, waiting: u8) -> SharedBook {
    let mut store = Store::open(&folder.path().join("book.db"), &Key::from_bytes(&[1; 32]).unwrap()).unwrap();
    let guide = GuideRecord {
        id: GuideId::new("G1").unwrap(),
        name: "Li".into(),
        store: StoreId::new("S1").unwrap(),
        brand: None,
        until: None,
        level: None,
    };
    let identity = Identity {
        server: address.to_owned(),
        tenant: TenantId::new("rainbow").unwrap(),
        guide,
        device: DeviceId::HQ,
        secret_key: [3; 32],
    };
    store.set_identity(identity, 1, 1).unwrap();
    for n in 0..waiting {
        let _: TagId = store.name_personal_tag(None, Private::new("常客"), Moment { wall_ms: 1, random: [n; 10] }).unwrap();
    }
    let book = SharedBook::default();
    *book.lock() = Some(store);
    book
}

/// A server that answers each request with `answer`, or with nothing at all; what it was asked.
fn a_server(answer: Option<&'static str>) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (tell, asked) = channel();
    std::thread::spawn(move || {
        let mut silent = Vec::new();
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 64 << 10];
            let read = stream.read(&mut request).unwrap_or(0);
            let _ = tell.send(String::from_utf8_lossy(&request[..read]).into_owned());
            match answer {
                Some(answer) => drop(stream.write_all(answer.as_bytes())),
                None => silent.push(stream),
            }
        }
    });
    (address, asked)
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

#[test]
fn what_waits_is_offered_once_under_the_phone_s_signature() {
    let folder = tempfile::tempdir().unwrap();
    let (address, asked) = a_server(Some("HTTP/1.1 200 OK\r\ncontent-length: 11\r\nconnection: close\r\n\r\n{\"heard\":2}"));
    let book = a_book(&folder, &address, 2);
    assert_eq!(wait(offer(&book, WITHIN)), 2);
    let request = asked.recv().unwrap();
    assert!(request.starts_with("POST /v1/last-words ") && request.contains("x-guidebook-signature: "), "{request}");
    assert!(asked.try_recv().is_err());
}

#[test]
fn nothing_is_asked_where_nothing_waits() {
    let folder = tempfile::tempdir().unwrap();
    let (address, asked) = a_server(None);
    assert_eq!(wait(offer(&a_book(&folder, &address, 0), WITHIN)), 0);
    assert!(asked.try_recv().is_err());
}

#[test]
fn a_server_that_is_silent_or_refuses_or_is_not_there_holds_nothing_up() {
    let folder = tempfile::tempdir().unwrap();
    let (silent, asked) = a_server(None);
    assert_eq!(wait(offer(&a_book(&folder, &silent, 1), Duration::from_millis(50))), 0);
    assert!(asked.recv().is_ok());
    let (refusing, _asked) =
        a_server(Some("HTTP/1.1 403 Forbidden\r\ncontent-length: 19\r\nconnection: close\r\n\r\n{\"error\":\"revoked\"}"));
    for address in [refusing.as_str(), "http://127.0.0.1:1"] {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(wait(offer(&a_book(&folder, address, 1), WITHIN)), 0);
    }
    assert_eq!(wait(offer(&SharedBook::default(), WITHIN)), 0, "nor does a locked book");
}
