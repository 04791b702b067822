//! What the core says about coupons. Money is in fen, times in Unix milliseconds, days as `YYYY-MM-DD` in Asia/Shanghai.

use crate::edit_view::RefusedReason;

/// A coupon to give out.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct IssueRequest {
    /// To which member.
    pub member: String,
    /// Of which campaign: `CampaignRow.id`.
    pub campaign: String,
    /// Of which value: `ValueRow.value`.
    pub value: u32,
}

/// A campaign of which this guide may give out coupons, or soon may.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CampaignRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What its coupons are worth.
    pub face: CouponFace,
    /// What must be spent; 0 where nothing must.
    pub least_spend_fen: u32,
    /// How long its coupons are valid.
    pub validity: CouponValidity,
    /// The names of the stores where they are valid; empty for all.
    pub stores: Vec<String>,
    /// The names of the brands for whose members they are; empty for everybody.
    pub brands: Vec<String>,
    /// The products for which they are, in HQ's words; empty for all.
    pub products: Vec<String>,
    /// How many one member may have.
    pub per_member: Option<u32>,
    /// Whether they go together with other coupons.
    pub stackable: bool,
    /// The values, ascending: one, or several to choose from where `face` is a range.
    pub values: Vec<ValueRow>,
    /// Why none can be given out at this moment, whoever it is for. Ask `check_coupon` for a member.
    pub why_not: Option<CouponProblem>,
}

/// A value of a campaign, and what this phone has of it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ValueRow {
    /// For `IssueRequest.value`.
    pub value: u32,
    /// What it means.
    pub worth: CouponWorth,
    /// How many this phone can give out without a network.
    pub left: u32,
    /// From when on some of them can't be given out any more, unless there was contact.
    pub lease_until_ms: Option<u64>,
}

/// What the coupons of a campaign are worth.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum CouponFace {
    /// One amount.
    Amount {
        /// How much.
        fen: u32,
    },
    /// The guide chooses.
    Range {
        /// The least.
        least_fen: u32,
        /// The most.
        most_fen: u32,
        /// From one to the next.
        step_fen: u32,
    },
    /// So much off.
    Percent {
        /// In 1/100 of a per cent: 2,000 is 20 % off (八折).
        basis_points: u32,
        /// The most that it takes off.
        cap_fen: u32,
    },
    /// A thing.
    Gift {
        /// What.
        name: String,
    },
}

/// What one coupon is worth.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum CouponWorth {
    /// So much money.
    Amount {
        /// How much.
        fen: u32,
    },
    /// So much off.
    Percent {
        /// In 1/100 of a per cent: 2,000 is 20 % off (八折).
        basis_points: u32,
        /// The most that it takes off.
        cap_fen: u32,
    },
    /// A thing.
    Gift {
        /// What.
        name: String,
    },
}

/// How long coupons are valid.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum CouponValidity {
    /// From the day on which one is given out.
    FromIssue {
        /// For so many days; 1 is that day alone.
        days: u32,
    },
    /// From one day to another, both included.
    Fixed {
        /// The first.
        from: String,
        /// The last.
        to: String,
    },
}

/// Why a coupon can't be given out.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum CouponProblem {
    /// HQ has stopped the campaign for a while.
    Paused,
    /// The campaign is over.
    Over,
    /// Its first day is still to come.
    NotYet {
        /// That day.
        from: String,
    },
    /// It is for other stores.
    NotYourStore,
    /// It is for other brands than the guide's.
    NotYourBrand,
    /// It is for other guides.
    NotYours,
    /// The member belongs to none of its brands.
    NoMembership,
    /// The member has had as many as one may have.
    MemberLimit {
        /// So many.
        limit: u32,
    },
    /// The campaign has no coupons of this value.
    NoSuchValue,
    /// No code is left on this phone: a sync brings some, if the budget has any.
    NoCodeLeft,
    /// The codes on this phone may be given out no more: sync.
    LeaseOver,
    /// The phone's clock was set back: sync.
    ClockSetBack,
    /// The phone's key store does not answer, or the shell has lent none that keeps marks.
    NoMarks,
}

/// A coupon of this phone, in a list.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CouponRow {
    /// Its id, which is that of the edit that made it.
    pub id: String,
    /// The member who has it.
    pub member: String,
    /// Her name, while she is in the book.
    pub member_name: Option<String>,
    /// The campaign's id.
    pub campaign: String,
    /// The campaign's name when the coupon was made.
    pub campaign_name: String,
    /// What it is worth.
    pub worth: CouponWorth,
    /// When it was made.
    pub issued_ms: u64,
    /// The first day on which it is valid.
    pub first_day: String,
    /// The last.
    pub last_day: String,
    /// What became of it.
    pub status: CouponStatus,
    /// Whether the server has yet to hear of it. It is valid all the same.
    pub waiting: bool,
}

/// What became of a coupon, as far as this phone knows.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum CouponStatus {
    /// Made, and can be taken back.
    Issued,
    /// The member has it.
    HandedOver,
    /// She has used it.
    Redeemed,
    /// Its last day is over.
    Expired,
    /// It was taken back.
    Void,
    /// The server does not take it.
    Refused {
        /// Why.
        reason: RefusedReason,
    },
}

/// A coupon to be shown, printed or sent. Whoever has its code or its QR code can use it.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct CouponCard {
    /// What a list shows of it.
    pub row: CouponRow,
    /// The code to be typed, in groups: `KXXX-XXXX-XXXX-XXCC`.
    pub code: String,
    /// The text of the QR code: 122 characters.
    pub voucher: String,
    /// The QR code.
    pub qr: QrModules,
    /// The code as Code 128: the widths of bars and spaces in turn, in modules, beginning with a bar. Leave 10 light modules
    /// on each side.
    pub bars: Vec<u8>,
    /// What must be spent; 0 where nothing must.
    pub least_spend_fen: u32,
    /// The names of the stores where it is valid; empty for all.
    pub stores: Vec<String>,
    /// The products for which it is, in HQ's words; empty for all.
    pub products: Vec<String>,
    /// Whether it goes together with other coupons.
    pub stackable: bool,
}

/// A QR code, without the 4 light modules that it needs on each side.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct QrModules {
    /// Modules a side.
    pub side: u32,
    /// Row by row from the top, 1 for dark and 0 for light.
    pub modules: Vec<u8>,
}

/// A coupon that a member has or had, whoever gave it to her.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MemberCouponRow {
    /// For `coupon`, if this phone made it.
    pub coupon: Option<String>,
    /// The campaign's id.
    pub campaign: String,
    /// Its name, or its id where it is not known.
    pub campaign_name: String,
    /// What it is worth; none where the campaign is not known.
    pub worth: Option<CouponWorth>,
    /// When it was made.
    pub issued_ms: u64,
    /// Its last day.
    pub last_day: String,
    /// What became of it.
    pub status: CouponStatus,
}

/// Why the server does not take what was done with a coupon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum CouponRefusal {
    /// It was not signed by this phone.
    NotSigned,
    /// No such code was leased to this phone.
    NotLeased,
    /// A copy of this phone has given the same code to somebody else.
    GivenTwice,
    /// The code went back to HQ before.
    Surrendered,
    /// It was taken back before.
    Voided,
    /// A till holds it for a customer at this moment.
    Reserved,
    /// It was used.
    Redeemed,
    /// Its last day is over.
    Expired,
}
