//! One call runs a whole round: push what waits, take the outcomes, pull what changed.
//!
//! The words are `guidebook-wire`'s, what an answer does to the book is `guidebook-store`'s. Here lie the phone's
//! identity towards the server, the order of requests, and when to try again. When to sync at all is left to the
//! facade and its shell.
//!
//! In reading order:
//! - [`error`](SyncError): why a round ended early
//! - [`device_key`]: the phone's Ed25519 key
//! - [`server`]: the server's endpoints, over HTTP
//! - [`enrol`]: becoming known
//! - [`round`]: the round
//! - `download`: a snapshot, fetched and taken in
//! - [`live`]: waiting for news while the app is open
//! - [`last_words`]: what waits, offered once before a revoked phone forgets it
//! - [`backoff`]: when to try again

pub mod backoff;
pub mod device_key;
mod download;
pub mod enrol;
mod error;
pub mod last_words;
pub mod live;
pub mod round;
pub mod server;
mod shared_book;

pub use error::SyncError;
pub use round::{RoundReport, Syncer, run};
pub use shared_book::SharedBook;
