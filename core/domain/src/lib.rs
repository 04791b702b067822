//! The rules of the client book.
//!
//! Everything here is a pure function of its arguments: no I/O, no clock, no randomness. Phone and server
//! both decide with this crate, so that they cannot disagree. How records are kept is left to `guidebook-store`
//! and `guidebook-server`, how they travel to `guidebook-wire`.
//!
//! In reading order:
//! - [`private`], [`ids`], [`phone`], [`birthday`]: words that cannot hold nonsense or leak
//! - `iso_day`: days as records write them
//! - [`store_day`], [`scanned_code`]: what day it is, and what was scanned
//! - [`member`], [`spend_by_month`], [`cadence`]: HQ's word about a member, and what her purchases tell
//! - [`catalogue`]: the tag dictionary
//! - [`hlc`], [`operation`]: an edit and its time
//! - [`limits`], [`sensitive`], [`edit_check`]: what a guide may do, and why not
//! - [`merge`]: how edits of several people become one state
//! - [`redirect`], [`outcome`]: what becomes of an edit whose member or tag has moved
//! - [`handover`]: who may pass on to whom
//! - [`retention`]: what time it surely is, and how long members may be shown without contact
//! - [`coupon`]: coupons that cannot be over-issued
//! - [`tag_expression`]: AND, OR and NOT over tags

pub mod birthday;
pub mod cadence;
pub mod catalogue;
pub mod coupon;
pub mod edit_check;
pub mod handover;
pub mod hlc;
pub mod ids;
mod iso_day;
pub mod limits;
pub mod member;
pub mod merge;
pub mod operation;
pub mod outcome;
pub mod phone;
pub mod private;
pub mod redirect;
pub mod retention;
pub mod scanned_code;
pub mod sensitive;
pub mod spend_by_month;
pub mod store_day;
pub mod tag_expression;

pub use birthday::{Birthday, BirthdayWindow};
pub use catalogue::{Catalogue, Choice, EditableBy, Tag, TagFate, TagGroup};
pub use edit_check::{EditProblem, EditReason, Editor, check_edit};
pub use hlc::{Hlc, HlcClock};
pub use ids::{BrandId, CampaignId, DeviceId, GrantId, GuideId, MarkId, MemberId, OperationId, StoreId, TagGroupId, TagId, TenantId};
pub use limits::Limits;
pub use member::{Gender, MemberProfile, Purchase, PurchaseStats};
pub use merge::{Cell, FollowUp, MemberState, Note, Stamp};
pub use operation::{Consents, Edit, GuideField, Operation, RevealReason, Walkin};
pub use outcome::{Outcome, Redirected, Refusal, Superseded};
pub use phone::Phone;
pub use private::Private;
pub use retention::{Retention, TrustedTime};
pub use scanned_code::ScannedCode;
pub use spend_by_month::{Month, SpendByMonth};
pub use store_day::store_day;
