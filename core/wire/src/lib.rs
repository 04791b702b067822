//! The words that phone and server share: JSON over HTTP, versioned.
//!
//! A reader of these records ignores fields that it does not know, keeps those of a member ([`MemberRecord::extra`])
//! and passes over kinds of change or edit that it does not know. What the words mean is left to
//! `guidebook-domain`; who sends them when, to `guidebook-sync` and `guidebook-server`.
//!
//! In reading order:
//! - [`protocol`]: versions, paths, sizes
//! - [`enrol`], [`session`]: how a phone becomes known and proves each request
//! - [`member_record`], [`patch`], [`own_edits`], [`change`], [`round`]: one sync round
//! - [`coupon`]: codes asked for, and what a member has
//! - [`live`]: waiting until there is something to pull
//! - [`pos`]: what a till and the server say to each other
//! - [`snapshot`]: a whole feed in columns, for a phone that begins
//! - [`slices`]: whether phone and server hold the same
//! - [`packing`]: compressed bodies
//! - [`last_words`]: what a revoked phone may still say
//! - [`error_record`]: what a refused request says
//! - [`digest`]: one line that tells whether two books are equal

pub mod change;
pub mod coupon;
pub mod digest;
pub mod enrol;
pub mod error_record;
pub mod last_words;
pub mod live;
pub mod member_record;
pub mod own_edits;
pub mod packing;
pub mod patch;
pub mod pos;
pub mod protocol;
pub mod round;
pub mod session;
pub mod slices;
pub mod snapshot;

pub use change::{ChangeRecord, DirectoryRecord, GuideRecord, NameRecord};
pub use coupon::{CouponAnswerRecord, CouponAskRecord, DeniedRecord, GrantAskRecord, MemberCouponRecord, MemberCouponState};
pub use enrol::{EnrolRecord, EnrolledRecord};
pub use error_record::{ErrorCode, ErrorRecord};
pub use last_words::{LastWordsAnswerRecord, LastWordsRecord};
pub use live::{LiveAnswerRecord, LiveRecord};
pub use member_record::MemberRecord;
pub use round::{CursorRecord, OperationRecord, OutcomeRecord, ReceiptRecord, RoundAnswerRecord, RoundRecord};
pub use session::{ChallengeRecord, ProofRecord, RefreshRecord, SessionRecord};
