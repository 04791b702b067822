//! Coupons that cannot be over-issued, without a network: the rules, the formats and the signatures.
//!
//! HQ mints single-use codes and leases them to devices; a phone gives each out at most once; a till redeems it at the
//! server or, capped, with public keys alone. Nothing here draws chance or looks at a clock. Where codes lie and how they
//! travel is left to `guidebook-store`, `guidebook-wire`, `guidebook-server` and `guidebook-till`.
//!
//! In reading order:
//! - [`campaign`], [`face`], [`validity`]: what HQ decides
//! - [`code`], [`mint`]: the code that is typed, and where it comes from
//! - [`base45`], [`voucher`]: what the QR code says, and what a till believes of it
//! - [`qr`], [`code128`]: how both are drawn
//! - [`trust`]: whose signatures count
//! - [`grant`], [`high_water`]: codes leased to a device, and which of them it may still give out
//! - [`issue_check`], [`issue_clock`]: whether a coupon may be given out, and by what time
//! - [`issue_event`]: what a phone signs about it
//! - [`buckets`]: where each code of a campaign is

pub mod base45;
pub mod buckets;
pub mod campaign;
pub mod code;
pub mod code128;
pub mod face;
mod galois;
pub mod grant;
pub mod high_water;
pub mod issue_check;
pub mod issue_clock;
pub mod issue_event;
pub mod mint;
pub mod qr;
pub mod signed;
pub mod trust;
pub mod validity;
pub mod voucher;

pub use buckets::{Buckets, Move, MoveError};
pub use campaign::{Campaign, CampaignProblem, CampaignState, Issuers};
pub use code::{CodeError, CouponCode};
pub use face::Face;
pub use grant::{Grant, GrantError, GrantedCode, SignedGrant};
pub use high_water::HighWater;
pub use issue_check::{IssueProblem, Issuer, MemberFacts, check_issue};
pub use issue_clock::{ClockProblem, IssueClock};
pub use issue_event::{CouponRefusal, IssueEvent, SignedIssueEvent, SignedSurrender, Surrender};
pub use mint::CodeSecret;
pub use signed::Signature;
pub use trust::{SignedTrustList, TrustError, TrustList, TrustedKey};
pub use validity::Validity;
pub use voucher::{SignedVoucher, Voucher, VoucherError, Worth};
