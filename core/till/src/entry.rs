//! What a ledger holds, one entry a line.

use guidebook_domain::coupon::SignedTrustList;
use guidebook_wire::pos::Booked;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::online::Attempt;

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// A newer trust list was taken.
    Trust {
        /// The list as it was signed.
        list: SignedTrustList,
    },
    /// A lane has had contact with the server: its outage, if there was one, is over.
    Contact {
        /// Which lane.
        lane: String,
        /// When, Unix milliseconds.
        at_ms: u64,
    },
    /// A coupon was taken.
    Taken(Taken),
    /// The server has answered to one that was taken.
    Answered {
        /// Its [`Taken::id`].
        id: Uuid,
        /// What the server made of it.
        answer: Booked,
    },
    /// A coupon is being redeemed at the server.
    Online(Attempt),
    /// Of such an attempt: how it ended, or that it was taken back.
    Settled {
        /// Its [`Attempt::id`].
        id: Uuid,
        /// Whether the coupon is redeemed by it.
        redeemed: bool,
    },
}

/// A coupon that a lane has taken without a network.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Under which it is uploaded: of SHA-256 over lane and voucher (UUIDv8).
    pub id: Uuid,
    /// Which lane.
    pub lane: String,
    /// The voucher: its proof.
    pub voucher: String,
    /// The receipt's number at the till.
    pub order: String,
    /// The basket, in fen.
    pub spend_fen: u32,
    /// What was taken off, in fen.
    pub discount_fen: u32,
    /// What it counts against the caps, in fen.
    pub counts_fen: u32,
    /// When, Unix milliseconds by the lane's clock.
    pub at_ms: u64,
}

/// Shows no voucher, which would be worth something to whoever reads a log.
impl std::fmt::Debug for Taken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Taken({}, {} fen)", self.id, self.discount_fen)
    }
}
