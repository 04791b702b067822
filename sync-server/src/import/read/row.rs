//! The rows of an export, typed. What a row refers to may still not exist.
//!
//! `Debug` of a row about a person shows her number and nothing else.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{NaiveDate, NaiveDateTime};
use guidebook_domain::{Birthday, BrandId, Choice, EditableBy, Gender, GuideId, MemberId, Phone, Private, StoreId};

/// A row of any table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// Of `stores`.
    Store(StoreRow),
    /// Of `brands`.
    Brand(BrandRow),
    /// Of `guides`.
    Guide(GuideRow),
    /// Of `products`.
    Product(ProductRow),
    /// Of `tags`.
    Tag(TagRow),
    /// Of `members`.
    Member(Box<MemberRow>),
    /// Of `orders`.
    Order(OrderRow),
}

/// A store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreRow {
    /// 门店号
    pub id: StoreId,
    /// 门店
    pub name: String,
    /// 城市
    pub city: String,
    /// 时区, an IANA name such as `Asia/Shanghai`; not checked against the list.
    pub time_zone: String,
}

/// A brand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrandRow {
    /// 品牌号
    pub id: BrandId,
    /// 品牌
    pub name: String,
}

/// A guide.
#[derive(Clone, PartialEq, Eq)]
pub struct GuideRow {
    /// 工号
    pub id: GuideId,
    /// 姓名
    pub name: String,
    /// 门店号
    pub store: StoreId,
    /// 品牌号; `None` for a guide of the whole store.
    pub brand: Option<BrandId>,
    /// 入职日期
    pub joined: Option<NaiveDate>,
    /// 离职日期; `None` while she works here.
    pub left: Option<NaiveDate>,
}

/// A product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductRow {
    /// 商品号, 1 to 64 characters.
    pub id: String,
    /// 品牌号
    pub brand: BrandId,
    /// 商品
    pub name: String,
    /// 吊牌价, in fen; not negative.
    pub price_fen: i64,
    /// 复购周期天: days until it is usually bought again; `None` when there is no such habit.
    pub cycle_days: Option<u32>,
}

/// A tag, and with it what is known of its group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagRow {
    /// 标签组
    pub group: String,
    /// 单选多选
    pub choice: Choice,
    /// 谁可改
    pub editable_by: EditableBy,
    /// 品牌号; `None` for a group of the whole mall.
    pub brand: Option<BrandId>,
    /// 标签
    pub tag: String,
}

/// A member.
#[derive(Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// 会员号
    pub id: MemberId,
    /// 姓名
    pub name: Private,
    /// 手机号
    pub phone: Option<Phone>,
    /// 性别
    pub gender: Option<Gender>,
    /// 生日
    pub birthday: Option<Birthday>,
    /// 入会日期
    pub joined: Option<NaiveDate>,
    /// 会员等级; may be empty.
    pub level: String,
    /// 积分; 0 when the file has none.
    pub points: i64,
    /// 专属导购
    pub guide: Option<GuideId>,
    /// 门店号
    pub store: Option<StoreId>,
    /// 品牌会员
    pub brands: BTreeSet<BrandId>,
    /// 标签 as (group, tag), sorted, each once.
    pub tags: Vec<(String, String)>,
    /// 营销授权; `false` when the file says nothing, for consent is never supposed.
    pub marketing_consent: bool,
}

/// An order.
#[derive(Clone, PartialEq, Eq)]
pub struct OrderRow {
    /// 订单号, 1 to 64 characters.
    pub id: String,
    /// 会员号
    pub member: MemberId,
    /// 门店号
    pub store: StoreId,
    /// 品牌号
    pub brand: BrandId,
    /// 商品号
    pub product: String,
    /// 数量
    pub quantity: u32,
    /// 实付金额, in fen; negative for a refund.
    pub paid_fen: i64,
    /// 下单时间, by the store's clock.
    pub at: NaiveDateTime,
    /// 渠道; may be empty.
    pub channel: String,
}

impl fmt::Debug for GuideRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuideRow").field("id", &self.id).finish_non_exhaustive()
    }
}

impl fmt::Debug for MemberRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemberRow").field("id", &self.id).finish_non_exhaustive()
    }
}

impl fmt::Debug for OrderRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderRow").field("id", &self.id).finish_non_exhaustive()
    }
}
