use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use guidebook_domain::coupon::signed::PublicKey;
use guidebook_wire::pos::BookedLineRecord;

use super::*;
use crate::entry::{Entry, Taken};
use crate::{Caps, Ledger};

/// A lane that has taken three coupons, whatever they were.
fn a_lane(folder: &tempfile::TempDir) -> Till {
    let ledger = Ledger::at(folder.path().join("ledger"));
    let mut open = ledger.open().unwrap();
    for n in 1..=3 {
        let id = uuid::Uuid::from_u128(n);
        let taken = Taken {
            id,
            lane: "1".into(),
            voucher: format!("V{n}"),
            order: "A".into(),
            spend_fen: 9,
            discount_fen: 5,
            counts_fen: 5,
            at_ms: 1,
        };
        open.append(Entry::Taken(taken)).unwrap();
    }
    drop(open);
    Till { root: PublicKey([0; 32]), store: 1, lane: "1".into(), caps: Caps::default(), ledger }
}

/// A server on loopback that answers each upload with these outcomes in turn, whichever coupons come.
fn a_server(outcomes: Vec<Vec<Booked>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for outcomes in outcomes {
            let (mut stream, _) = listener.accept().unwrap();
            let (mut text, mut piece) = (Vec::new(), [0; 4096]);
            let sent: RedemptionsRecord = loop {
                let count = stream.read(&mut piece).unwrap();
                text.extend_from_slice(&piece[..count]);
                let body = text.windows(4).position(|end| end == b"\r\n\r\n").map(|end| &text[end + 4..]);
                if let Some(sent) = body.and_then(|body| serde_json::from_slice(body).ok()) {
                    break sent;
                }
            };
            let lines = sent.redemptions.iter().zip(outcomes).map(|(one, outcome)| BookedLineRecord { id: one.id, outcome, kind: None });
            let body = serde_json::to_string(&BookedRecord { redemptions: lines.collect() }).unwrap();
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len()).unwrap();
        }
    });
    address
}

#[tokio::test]
async fn what_is_answered_is_not_sent_again_and_what_another_till_holds_is() {
    let folder = tempfile::tempdir().unwrap();
    let till = a_lane(&folder);
    let server = Server::at(&a_server(vec![vec![Booked::Booked, Booked::Later, Booked::Conflict], vec![Booked::Booked]]), "k").unwrap();
    assert_eq!(server.upload(&till, 10).await.unwrap(), Uploaded { redeemed: 1, conflicts: 1, later: 1 });
    assert_eq!(till.to_upload().unwrap().len(), 1);
    assert_eq!(till.standing().unwrap().count, 0, "the outage is over");
    assert_eq!(server.upload(&till, 11).await.unwrap(), Uploaded { redeemed: 1, conflicts: 0, later: 0 });
    assert!(till.to_upload().unwrap().is_empty());
}

#[tokio::test]
async fn an_answer_to_something_else_and_no_answer_leave_all_to_be_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let till = a_lane(&folder);
    let short = Server::at(&a_server(vec![vec![Booked::Booked]]), "k").unwrap();
    assert!(matches!(short.upload(&till, 10).await, Err(UploadError::Answer)));
    let silent = Server::at("http://127.0.0.1:9", "k").unwrap();
    assert!(matches!(silent.upload(&till, 10).await, Err(UploadError::Offline)));
    assert_eq!((till.to_upload().unwrap().len(), till.standing().unwrap().contact_ms), (3, None));
    assert!(matches!(Server::at("http://till.example", "k"), Err(UploadError::Address)));
}
