//! An operation: one edit by one guide on one device at one moment.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::coupon::{SignedIssueEvent, SignedSurrender};
use crate::{
    Birthday, BrandId, DeviceId, Gender, GrantId, GuideId, Hlc, MemberId, OperationId, Phone, Private, StoreId, TagGroupId, TagId,
};

/// One edit, made once, sent until answered, applied exactly once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// Its identity (UUIDv7).
    pub id: OperationId,
    /// The device on which it was made.
    pub device: DeviceId,
    /// The guide who made it.
    pub guide: GuideId,
    /// When, in hybrid logical time.
    pub hlc: Hlc,
    /// The member whom it is about. Absent only for a personal tag's name and for codes that come back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// What it does.
    pub edit: Edit,
}

/// What an operation does to its member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    /// Puts a tag of a multi-choice group (or a personal tag) on the member, or takes it off.
    Tag {
        /// The tag.
        tag: TagId,
        /// On or off.
        on: bool,
    },
    /// Sets the one tag of a single-choice group, or clears it.
    Choose {
        /// The group.
        group: TagGroupId,
        /// The tag, or none.
        tag: Option<TagId>,
    },
    /// Appends a note. The note's id is the operation's.
    Note {
        /// Its text.
        text: Private,
    },
    /// Withdraws a note (its text stays on record), or brings it back.
    WithdrawNote {
        /// The operation that wrote it.
        note: OperationId,
        /// Withdrawn or not.
        withdrawn: bool,
    },
    /// Appends a follow-up. Its id is the operation's.
    FollowUp {
        /// What is to be done.
        text: Private,
        /// The day it is due.
        due: NaiveDate,
    },
    /// Marks a follow-up done, or open again.
    FollowUpDone {
        /// The operation that wrote it.
        follow_up: OperationId,
        /// Done or not.
        done: bool,
    },
    /// Sets a guide's field. Empty clears it.
    Field {
        /// Which.
        field: GuideField,
        /// Its text.
        value: Private,
    },
    /// Enrols a walk-in customer as a member.
    Enrol {
        /// Who she is and what she agreed to.
        walkin: Box<Walkin>,
    },
    /// Names a personal tag of the guide; an empty name gives it up.
    PersonalTag {
        /// The tag.
        tag: TagId,
        /// Its name.
        name: Private,
    },
    /// A coupon was given to the member. The operation's member is the event's.
    CouponIssued {
        /// What the phone signed.
        event: Box<SignedIssueEvent>,
    },
    /// A coupon for the member was taken back before it was handed over.
    CouponVoided {
        /// The grant of its code.
        grant: GrantId,
        /// The code's turn.
        turn: u64,
    },
    /// Codes come back that were never given out. About no member.
    CodesSurrendered {
        /// What the phone signed.
        surrender: Box<SignedSurrender>,
    },
    /// Says that the guide was shown the member's full number. It changes nothing; it is there to be read by HQ.
    Reveal {
        /// What for.
        reason: RevealReason,
    },
}

/// What a guide needs a full number for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevealReason {
    /// 打电话
    Call,
    /// 发消息
    Message,
    /// 送货
    Delivery,
    /// 其他
    Other,
}

/// A field that guides keep on a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuideField {
    /// 备注名
    RemarkName,
    /// 喜好
    Preferences,
    /// 上装尺码
    SizeTop,
    /// 下装尺码
    SizeBottom,
    /// 鞋码
    SizeShoe,
    /// 戒指尺码
    SizeRing,
}

impl GuideField {
    /// All fields, in the order of a profile.
    pub const ALL: [GuideField; 6] = [
        GuideField::RemarkName,
        GuideField::Preferences,
        GuideField::SizeTop,
        GuideField::SizeBottom,
        GuideField::SizeShoe,
        GuideField::SizeRing,
    ];
}

/// A customer enrolled at the counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walkin {
    /// Her name.
    pub name: Private,
    /// Her mobile number.
    pub phone: Phone,
    /// Gender, if she says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// Birthday, if she says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthday: Option<Birthday>,
    /// The store where it happens.
    pub store: StoreId,
    /// What she agreed to.
    pub consents: Consents,
}

/// Consents, each separate (PIPL 13–16, 23, 24).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consents {
    /// To be a member of the mall at all. Nothing can be kept without it.
    pub membership: bool,
    /// To receive marketing.
    pub marketing: bool,
    /// To be a member of these brands, who then see her.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub brands: BTreeSet<BrandId>,
}
