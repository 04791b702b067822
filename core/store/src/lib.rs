//! What lies on the phone: sealed records, the outbox, and the index for search.
//!
//! One SQLite file a guide. Everything personal in it is sealed; see [`vault`]. An edit is stored as an operation, and
//! what a screen shows is computed: the server's last word plus the phone's own edits on top. So nothing can be
//! half-applied, and an edit that the server refuses leaves no trace on the record. Which edits are allowed and how they
//! merge is left to `guidebook-domain`; talking to the server to `guidebook-sync`.
//!
//! In reading order:
//! - [`error`](StoreError): what can go wrong
//! - [`vault`]: how records are sealed
//! - [`schema`]: the tables and their versions
//! - [`store`](Store): opening, and the state in memory
//! - [`time`]: what time it surely is, and whether members may be shown
//! - [`edit`], [`outbox`]: an edit and its way
//! - [`again`], [`history`]: undoing, applying again, looking back
//! - [`pull`]: what the server's answer does to the book, planned and then applied
//! - [`snapshot`]: a whole feed, taken in chunk by chunk
//! - `side_by_side`: the same work on many rows, on several cores
//! - [`view`]: a member as the guide sees her
//! - [`reveal`]: her full number, on record first
//! - [`search`]: finding members, in memory
//! - [`coupons`]: codes that are given out without a network
//! - [`wipe`]: removing a book whose key is gone
//! - [`failpoint`]: where tests stop the process

pub mod again;
pub mod coupons;
pub mod edit;
mod error;
pub mod failpoint;
pub mod history;
mod loading;
pub mod outbox;
mod positions;
pub mod pull;
pub mod reveal;
mod rows;
pub mod schema;
pub mod search;
pub mod settings;
mod side_by_side;
pub mod snapshot;
mod store;
mod terms;
pub mod time;
pub mod vault;
pub mod view;
pub mod wipe;

pub use coupons::marks::{Marks, NoMarks};
pub use coupons::{CouponEntry, CouponState};
pub use edit::Moment;
pub use error::StoreError;
pub use outbox::{Fate, OperationEntry};
pub use pull::Changed;
pub use settings::{Identity, Incoming};
pub use store::Store;
pub use vault::Key;
pub use view::{ListedMember, ListedPage, MemberView};
