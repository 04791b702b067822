//! What goes into the core.

/// Where the books lie, and which.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OpenRequest {
    /// A folder for the books of this phone alone, excluded from backups.
    pub directory: String,
    /// The name of the book, as `books` and `make_book` give it. None: the one used last, or the first.
    #[uniffi(default = None)]
    pub book: Option<String>,
}

/// HQ's code, answered.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct EnrolRequest {
    /// The server's address: `https://…`.
    pub server: String,
    /// The code, as typed or scanned.
    pub code: String,
    /// What HQ sees this phone called, at most 60 characters.
    pub device_name: String,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum MemberOrder {
    /// Last touched or bought first.
    Recent,
    /// By reading of the name.
    Name,
    /// Most money first.
    Spend,
}

/// A page of the member list.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ListRequest {
    /// What was typed: name, pinyin, initials, digits, remark name. Empty for all.
    pub text: String,
    /// A tag expression, `T1 AND (T2 OR NOT T3)` over tag ids. Empty for none.
    pub tags: String,
    /// The order.
    pub order: MemberOrder,
    /// Rows to pass over.
    pub offset: u32,
    /// Rows to return, at most 50.
    pub limit: u32,
    /// Only those whose birthday is today or within so many days; 0 is today. None for all.
    #[uniffi(default = None)]
    pub birthday_within_days: Option<u32>,
    /// Only those with an open follow-up that is due today or before.
    #[uniffi(default = false)]
    pub follow_up_due: bool,
}

/// What a guide needs a full number for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
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

impl From<RevealReason> for guidebook_domain::RevealReason {
    fn from(reason: RevealReason) -> Self {
        match reason {
            RevealReason::Call => Self::Call,
            RevealReason::Message => Self::Message,
            RevealReason::Delivery => Self::Delivery,
            RevealReason::Other => Self::Other,
        }
    }
}

/// Gender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum MemberGender {
    /// 女
    Female,
    /// 男
    Male,
}

/// A walk-in customer to enrol.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct WalkinRequest {
    /// Her name, 1 to 60 characters.
    pub name: String,
    /// Her mobile number, as typed.
    pub phone: String,
    /// Gender, if she says.
    pub gender: Option<MemberGender>,
    /// Birthday as `YYYY-MM-DD` or `--MM-DD`, if she says.
    pub birthday: Option<String>,
    /// She agrees to be a member of the mall. Nothing is kept without it.
    pub agrees_to_membership: bool,
    /// She agrees to marketing.
    pub agrees_to_marketing: bool,
    /// Brands that she agrees to be a member of.
    pub agrees_to_brands: Vec<String>,
}

/// A field that guides keep on a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum MemberField {
    /// 备注名, at most 30 characters.
    RemarkName,
    /// 喜好, at most 500 characters.
    Preferences,
    /// 上装尺码, at most 20 characters, like all sizes.
    SizeTop,
    /// 下装尺码.
    SizeBottom,
    /// 鞋码.
    SizeShoe,
    /// 戒指尺码.
    SizeRing,
}

impl From<MemberField> for guidebook_domain::GuideField {
    fn from(field: MemberField) -> Self {
        match field {
            MemberField::RemarkName => Self::RemarkName,
            MemberField::Preferences => Self::Preferences,
            MemberField::SizeTop => Self::SizeTop,
            MemberField::SizeBottom => Self::SizeBottom,
            MemberField::SizeShoe => Self::SizeShoe,
            MemberField::SizeRing => Self::SizeRing,
        }
    }
}
