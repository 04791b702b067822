//! One sync round: operations up, their outcomes and a page of changes down, in one request.

use std::collections::BTreeSet;

use guidebook_domain::{Operation, OperationId, Outcome};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::slices::SliceSums;
use crate::snapshot::SnapshotRecord;
use crate::{ChangeRecord, CouponAnswerRecord, CouponAskRecord, GuideRecord, own_edits};

/// Positions up to which a phone holds its feeds. Never a clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CursorRecord {
    /// In the guide's own feed.
    pub feed: u64,
    /// In the retailer's catalogue: tags and names, which are the same for all its guides.
    pub catalogue: u64,
}

/// What a phone sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RoundRecord {
    /// [`crate::protocol::PROTOCOL`].
    pub protocol: u16,
    /// The epoch in which the cursor was given; none before the first round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Uuid>,
    /// Where the phone is.
    pub cursor: CursorRecord,
    /// Up to where the phone has everything of its own feed, if that is not where its cursor is: it is amid pages or is
    /// to be repaired. A member who changes meanwhile moves past the pages still to come with a change that the phone has
    /// not seen, so changed fields are those since here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<u64>,
    /// [`SliceSums::total`] of the members that the phone has, if it is to be compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<String>,
    /// All sums, after an answer that asked for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sums: Option<SliceSums>,
    /// [`GuideRecord::mark`] of the guide as the phone knows her.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<String>,
    /// With edits: the phone writes out itself what they have done ([`ChangeRecord::Own`]).
    #[serde(default, skip_serializing_if = "is_false")]
    pub terse: bool,
    /// Codes that the phone asks for, if it gives out coupons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupons: Option<CouponAskRecord>,
    /// Edits, oldest first, at most [`crate::protocol::LARGEST_PUSH`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<OperationRecord>,
}

/// An operation that the reader may or may not understand. One that it does not understand does not spoil the rest.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OperationRecord {
    /// Understood.
    Known(Box<Operation>),
    /// Not understood; answered on its own, if it has an id.
    Unknown(Foreign),
}

/// JSON that was not understood. `Debug` hides it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Foreign(pub Value);

impl std::fmt::Debug for Foreign {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Foreign(…)")
    }
}

impl OperationRecord {
    /// Its id, if it has one.
    pub fn id(&self) -> Option<OperationId> {
        match self {
            OperationRecord::Known(operation) => Some(operation.id),
            OperationRecord::Unknown(Foreign(value)) => value.get("id")?.as_str()?.parse().ok(),
        }
    }
}

/// What a server answers. To a phone of [`crate::protocol::COMPACT_PROTOCOL`] nothing is said that it said itself.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RoundAnswerRecord {
    /// The server's epoch, if it is not the phone's. It changes when the server was restored from a backup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Uuid>,
    /// With a changed epoch: operations answered since then, Unix milliseconds by the server, may have been forgotten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forgotten_since_ms: Option<u64>,
    /// The server's time, Unix milliseconds.
    pub server_ms: u64,
    /// The guide, as HQ knows her, unless that is what the phone knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide: Option<GuideRecord>,
    /// Receipts, in the order in which the operations came. See [`Self::applied_at`] for those that have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub receipts: Vec<ReceiptRecord>,
    /// The operations that no receipt names were applied, and this position of the feed contains them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied_at: Option<u64>,
    /// A page of changes. The effects of this round's operations are in this page or a later one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<ChangeRecord>,
    /// For each change of a member in [`Self::changes`], gone ones too, its position in the feed, as its difference
    /// from the one before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub positions: Vec<i64>,
    /// Slices that this page holds whole: what the phone has of them beside it is gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slices: Vec<u8>,
    /// Where the phone is after this page, unless it stays where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<CursorRecord>,
    /// In place of a page: a snapshot to begin with, because it is less than the changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<SnapshotRecord>,
    /// What the phone asked for in [`RoundRecord::coupons`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupons: Option<CouponAnswerRecord>,
    /// The phone's sums are to be compared slice by slice.
    #[serde(default, skip_serializing_if = "is_false")]
    pub compare: bool,
    /// Whether there is another page.
    #[serde(default, skip_serializing_if = "is_false")]
    pub more: bool,
    /// "Come back in so many seconds, plus jitter."
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub come_back_s: Option<u32>,
    /// The guide's time with these members has ended: the phone forgets all, its key first.
    #[serde(default, skip_serializing_if = "is_false")]
    pub wipe: bool,
}

impl RoundAnswerRecord {
    /// Writes out the receipts that [`Self::applied_at`] stands for, and what the phone's own edits have done. `asked` is
    /// what this answers.
    pub fn expand(&mut self, asked: &RoundRecord) {
        for change in &mut self.changes {
            if let ChangeRecord::Own(places) = change
                && let Some(written) = own_edits::written_out(&asked.operations, places)
            {
                *change = written;
            }
        }
        let Some(position) = self.applied_at.take() else { return };
        let named: BTreeSet<OperationId> = self.receipts.iter().map(|receipt| receipt.op).collect();
        let silent = asked.operations.iter().filter_map(OperationRecord::id).filter(|op| !named.contains(op));
        let applied = |op| ReceiptRecord { op, outcome: OutcomeRecord::Known(Outcome::Applied), position };
        self.receipts.extend(silent.map(applied));
    }

    /// The position of each change of a member, in the order of the changes; 0 where the server told none.
    pub fn member_positions(&self) -> impl Iterator<Item = u64> + use<> {
        let mut position = 0u64;
        let told: Vec<u64> = self
            .positions
            .iter()
            .map(|step| {
                position = position.wrapping_add_signed(*step);
                position
            })
            .collect();
        told.into_iter().chain(std::iter::repeat(0))
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

/// The stored answer to an operation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReceiptRecord {
    /// The operation.
    pub op: OperationId,
    /// What became of it.
    pub outcome: OutcomeRecord,
    /// The position of the guide's feed at which its effect is to be seen. Until its cursor has passed it, a phone
    /// shows the edit on top of what it has.
    #[serde(default)]
    pub position: u64,
}

/// An outcome that the reader may or may not understand.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OutcomeRecord {
    /// Understood.
    Known(Outcome),
    /// Not understood: kept as refused for a reason of a newer version.
    Unknown(Foreign),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_of_a_newer_phone_does_not_spoil_the_rest() {
        let text = r#"{"protocol":1,"cursor":{"feed":0,"catalogue":0},"operations":[
            {"id":"01890000-0000-7000-8000-000000000001","edit":{"teleport":{}}},
            {"id":"01890000-0000-7000-8000-000000000002","device":"00000000-0000-0000-0000-000000000000","guide":"G1","hlc":5,"member":"M1","edit":{"note":{"text":"x"}}}]}"#;
        let round: RoundRecord = serde_json::from_str(text).unwrap();
        assert!(matches!(round.operations[0], OperationRecord::Unknown(_)));
        assert!(round.operations[0].id().is_some());
        assert!(matches!(round.operations[1], OperationRecord::Known(_)));
    }
}
