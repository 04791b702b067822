use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};

use guidebook_domain::{DeviceId, MemberId, TenantId};
use guidebook_store::{Identity, Key, Store};
use guidebook_wire::snapshot::{ChunkRecord, seal_chunk, write_chunk};
use guidebook_wire::{MemberRecord, RoundAnswerRecord};

use super::*;

fn a_member(n: u64) -> SnapshotMember {
    let id = MemberId::new(format!("M{n}")).unwrap();
    SnapshotMember { position: n, record: MemberRecord::new(id, Default::default(), Default::default()) }
}

/// A snapshot of as many chunks, a member each, and its bytes.
fn a_snapshot(chunks: u32) -> (SnapshotRecord, Vec<u8>) {
    let sealed: Vec<Vec<u8>> =
        (0..chunks).map(|n| seal_chunk(&[7; 32], n, &write_chunk(&[a_member(u64::from(n) + 1)]).unwrap()).unwrap()).collect();
    let chunks = sealed.iter().map(|chunk| ChunkRecord { bytes: chunk.len() as u32, members: 1 }).collect();
    (SnapshotRecord { name: "s".into(), position: 100, key: URL_SAFE_NO_PAD.encode([7; 32]), chunks }, sealed.concat())
}

/// A book that waits for the snapshot.
fn a_book(folder: &tempfile::TempDir, address: &str, snapshot: SnapshotRecord) -> SharedBook {
    let mut store = Store::open(&folder.path().join("book.db"), &Key::from_bytes(&[1; 32]).unwrap()).unwrap();
    let guide = serde_json::from_str(r#"{"id":"G1","name":"Li","store":"S1"}"#).unwrap();
    let tenant = TenantId::new("rainbow").unwrap();
    let identity = Identity { server: address.to_owned(), tenant, guide, device: DeviceId::HQ, secret_key: [3; 32] };
    store.set_identity(identity, 1, 1).unwrap();
    store.absorb(RoundAnswerRecord { snapshot: Some(snapshot), server_ms: 1, ..Default::default() }, 1).unwrap();
    let book = SharedBook::default();
    *book.lock() = Some(store);
    book
}

/// A server that gives `body` from where it is asked to, at most `most` bytes a connection; where it was asked to begin.
fn a_server(body: Vec<u8>, most: usize) -> (String, Receiver<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (tell, asked) = channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 4 << 10];
            let read = stream.read(&mut request).unwrap_or(0);
            let request = String::from_utf8_lossy(&request[..read]).to_lowercase();
            let from: Option<usize> = request.split_once("bytes=").and_then(|(_, rest)| rest.split('-').next()?.parse().ok());
            tell.send(from.unwrap_or(0)).unwrap();
            let rest = &body[from.unwrap_or(0).min(body.len())..];
            let status = if rest.is_empty() { "416 Range Not Satisfiable" } else { from.map_or("200 OK", |_| "206 Partial Content") };
            let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", rest.len());
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&rest[..rest.len().min(most)]));
        }
    });
    (address, asked)
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn members(book: &SharedBook) -> usize {
    book.with(|store| Ok(store.member_count())).unwrap()
}

#[test]
fn a_download_goes_on_where_its_connection_broke() {
    let folder = tempfile::tempdir().unwrap();
    let (record, body) = a_snapshot(3);
    let half = record.chunks[0].bytes as usize * 3 / 2;
    let (address, asked) = a_server(body, half);
    let book = a_book(&folder, &address, record);
    let mut told = 0;
    let mut download = Download::default();
    wait(download.run(&book, &Server::at(&address).unwrap(), &|| 1, &mut |_| told += 1)).unwrap();
    assert_eq!((members(&book), told), (3, 3));
    assert_eq!(asked.try_iter().take(2).collect::<Vec<_>>(), [0, half]);
}

#[test]
fn a_book_that_is_locked_before_a_chunk_takes_it_in_when_it_is_open_again_and_nothing_is_fetched_twice() {
    let folder = tempfile::tempdir().unwrap();
    let (record, body) = a_snapshot(2);
    let (address, asked) = a_server(body, usize::MAX);
    let book = a_book(&folder, &address, record);
    let server = Server::at(&address).unwrap();
    let mut download = Download::default();
    let mut locked = None;
    let result = wait(download.run(&book, &server, &|| 1, &mut |_| locked = book.lock().take()));
    assert!(matches!(result, Err(SyncError::Locked)));
    *book.lock() = locked;
    assert!(book.with(|store| Ok(store.incoming().is_some_and(|incoming| incoming.next == 1))).unwrap());
    wait(download.run(&book, &server, &|| 1, &mut |_| {})).unwrap();
    assert_eq!(members(&book), 2);
    assert_eq!(asked.try_iter().collect::<Vec<_>>(), [0]);
}
