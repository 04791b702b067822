//! The reference model's first half: what guides have given out. It never goes back: whatever becomes of a book or of the
//! server, a customer keeps what she has.

use std::collections::BTreeMap;

use guidebook_domain::coupon::CouponCode;
use guidebook_domain::{CampaignId, GrantId, GuideId, MemberId, OperationId};
use guidebook_server::db::secrets::Hash;

/// A coupon that a phone has shown.
#[derive(Clone)]
pub struct Given {
    /// Its code.
    pub code: CouponCode,
    /// By which the server finds it.
    pub hash: Hash,
    /// The text of its QR code.
    pub voucher: String,
    /// The campaign.
    pub campaign: CampaignId,
    /// The value.
    pub value: u32,
    /// The grant.
    pub grant: GrantId,
    /// The turn.
    pub turn: u64,
    /// To whom.
    pub member: MemberId,
    /// By whom.
    pub guide: GuideId,
    /// Until when it is good, Unix milliseconds.
    pub expires_ms: u64,
    /// Whether the member has it.
    pub handed_over: bool,
    /// Whether a guide took it back.
    pub taken_back: bool,
}

/// All that was given out.
#[derive(Default)]
pub struct Customers {
    issues: BTreeMap<OperationId, Given>,
    by_code: BTreeMap<String, Vec<OperationId>>,
}

impl Customers {
    /// A phone shows a coupon. How many issues have shown its code by then.
    pub fn gives(&mut self, id: OperationId, given: Given) -> usize {
        let issues = self.by_code.entry(given.code.plain()).or_default();
        if !issues.contains(&id) {
            issues.push(id);
        }
        let count = issues.len();
        self.issues.entry(id).or_insert(given);
        count
    }

    /// Whether this issue is known.
    pub fn knows(&self, id: OperationId) -> bool {
        self.issues.contains_key(&id)
    }

    /// An issue.
    pub fn issue(&self, id: OperationId) -> Option<&Given> {
        self.issues.get(&id)
    }

    /// The same, to be changed.
    pub fn issue_mut(&mut self, id: OperationId) -> Option<&mut Given> {
        self.issues.get_mut(&id)
    }

    /// All issues.
    pub fn issues(&self) -> impl Iterator<Item = (&OperationId, &Given)> {
        self.issues.iter()
    }

    /// Issues of a code.
    pub fn of_code(&self, code: &str) -> &[OperationId] {
        self.by_code.get(code).map_or(&[], Vec::as_slice)
    }

    /// Whether a guide took a code back, from whomever she had given it to.
    pub fn was_taken_back(&self, given: &Given) -> bool {
        self.of_code(&given.code.plain()).iter().filter_map(|id| self.issue(*id)).any(|issue| issue.taken_back)
    }

    /// Whether a code went to two customers.
    pub fn is_doubled(&self, given: &Given) -> bool {
        self.of_code(&given.code.plain()).len() > 1
    }
}
