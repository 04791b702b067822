//! The figures of `./dev bench sync`: real phones, the real server as a process, each beside its floor of the same run.
//!
//! Each measure is a function that fills in [`Figure`]s. What is measured goes through public doors only: the phone
//! core as a shell sees it, the server over HTTP, requests as a real phone has sent them. So the figures are of
//! whatever is there.
//!
//! In reading order:
//! - [`figure`]: a figure, its floor and its bar; [`table`]: how they are printed
//! - [`stage`]: a retailer with its server and phones
//! - [`first_sync`], [`floor`]: a first sync beside raw SQLite; [`cuts`], [`history`], [`added_column`]: its bytes
//! - [`nothing_changed`], [`load`]: a round in which nothing changed, alone and many a second
//! - [`edits`]: a push and a pull of a thousand; [`durable_edit`], [`search`]: without a network
//! - [`stall`]: one guide's small rounds beside another's heavy ones; [`waiters`]: phones that wait for news
//! - [`import`]: HQ's files; [`raw_phone`], [`rush`]: a morning's phones at the level of the protocol

pub mod added_column;
pub mod cuts;
pub mod durable_edit;
pub mod edits;
pub mod figure;
pub mod first_sync;
pub mod floor;
pub mod history;
pub mod import;
pub mod load;
pub mod nothing_changed;
pub mod raw_phone;
pub mod rush;
pub mod search;
pub mod stage;
pub mod stall;
pub mod table;
pub mod waiters;

/// What ends a measure early.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
/// What a measure gives.
pub type Measured = Result<Vec<figure::Figure>, Failure>;
