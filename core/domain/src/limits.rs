//! Limits of the platforms and of the product, with their defaults.

/// Limits of edits, ownership, handovers and keeping. Lengths are in characters (Unicode scalar values).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Name of a tag or tag group (WeCom: 30).
    pub tag_name: usize,
    /// Tags that one member may carry (WeCom: 3,000 by one guide on one customer).
    pub tags_per_member: usize,
    /// A note or follow-up (the product's own).
    pub note: usize,
    /// Notes, and likewise follow-ups, on one member (the product's own).
    pub notes_per_member: usize,
    /// Remark name (the product's own).
    pub remark_name: usize,
    /// Preferences (the product's own).
    pub preferences: usize,
    /// A size (the product's own).
    pub size: usize,
    /// Full phone numbers that one phone shows in 24 hours (the product's own). The server counts none: it is told after
    /// the number was seen, and a look that was had must be on record.
    pub reveals_per_day: usize,
    /// Members that one guide may serve (WeCom: 5,000 by default, 20,000 expanded).
    pub members_per_guide: usize,
    /// Handovers of one member between guides still employed (WeCom: 2) within [`Limits::on_job_days`].
    pub on_job_handovers: usize,
    /// Natural days over which [`Limits::on_job_handovers`] counts (WeCom: 90).
    pub on_job_days: i64,
    /// Days after leaving within which a guide's members may be handed over (WeCom: 1 year).
    pub resigned_days: i64,
    /// Members in one call that hands them over one by one (WeCom: 100); also how many the server takes at a time.
    pub handover_members: usize,
    /// Milliseconds after which a handover takes effect, unless the customer refuses (WeCom: 24 hours).
    pub handover_wait_ms: u64,
    /// Time without contact after which a phone hides its members, in milliseconds (the product's own: 72 hours).
    pub hidden_after_ms: u64,
    /// Time without contact after which a phone shreds its book, in milliseconds (the product's own: 14 days).
    pub shredded_after_ms: u64,
    /// How long a wall clock must have claimed [`Limits::shredded_after_ms`] before it is believed, in milliseconds of
    /// time that has surely passed (the product's own: 24 hours).
    pub claim_stands_ms: u64,
    /// Time for which a phone keeps its answered edits, in milliseconds (the product's own: 90 days).
    pub history_ms: u64,
}

const HOUR_MS: u64 = 60 * 60 * 1_000;

impl Default for Limits {
    fn default() -> Self {
        Limits {
            tag_name: 30,
            tags_per_member: 3_000,
            note: 1_000,
            notes_per_member: 1_000,
            remark_name: 30,
            preferences: 500,
            size: 20,
            reveals_per_day: 200,
            members_per_guide: 20_000,
            on_job_handovers: 2,
            on_job_days: 90,
            resigned_days: 365,
            handover_members: 100,
            handover_wait_ms: 24 * HOUR_MS,
            hidden_after_ms: 72 * HOUR_MS,
            shredded_after_ms: 14 * 24 * HOUR_MS,
            claim_stands_ms: 24 * HOUR_MS,
            history_ms: 90 * 24 * HOUR_MS,
        }
    }
}
