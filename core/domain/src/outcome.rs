//! What became of an operation, for the guide to see.

use serde::{Deserialize, Serialize};

use crate::coupon::CouponRefusal;
use crate::{Edit, EditProblem, GuideId, Hlc, MemberId, OperationId, TagId};

/// The answer to an operation. A resent operation gets the first answer again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It holds.
    Applied,
    /// A later edit of the same thing holds.
    Superseded(Superseded),
    /// It holds, but on another member or tag: that one was merged.
    Redirected(Redirected),
    /// It does not hold, and waits for a person.
    Refused(Refusal),
}

/// Who won, when, and with what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Superseded {
    /// The winning edit.
    pub op: OperationId,
    /// Its guide.
    pub guide: GuideId,
    /// Its moment.
    pub at: Hlc,
    /// What it did.
    pub with: Edit,
}

/// Where an edit went instead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redirected {
    /// The member who holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// The tag that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<TagId>,
}

/// Why an edit does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The guide does not serve this member, or not any more at that moment; also the answer for a member who does not exist.
    #[error("not a member of this guide")]
    NotYourMember,
    /// HQ has deleted the tag. The edit is parked until the guide drops it or chooses another tag.
    #[error("tag {0} was deleted")]
    TagDeleted(TagId),
    /// The edit breaks a rule.
    #[error(transparent)]
    Rule(EditProblem),
    /// The operation says it is by another guide or device than the one that sent it.
    #[error("not made by this guide on this device")]
    NotYours,
    /// The server's books of coupons say otherwise.
    #[error("coupon: {0}")]
    Coupon(CouponRefusal),
    /// The server does not know this kind of edit: the phone is newer than the server.
    #[error("not understood by this server")]
    NotUnderstood,
}
