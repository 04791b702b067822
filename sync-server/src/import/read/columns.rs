//! The columns of each table, under the header of the retailer's spreadsheets and an English name.

use super::problem::ReadError;
use super::table::Table;

/// A column under its two names; a file may use either, case does not matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// The Chinese header.
    pub header: &'static str,
    /// The English name.
    pub english: &'static str,
}

impl Column {
    /// Whether a file's header means this column.
    pub(super) fn is_named(&self, header: &str) -> bool {
        header == self.header || header.eq_ignore_ascii_case(self.english)
    }
}

const fn column(header: &'static str, english: &'static str) -> Column {
    Column { header, english }
}

/// The columns of `table`, in the order in which a row is checked.
///
/// All of them are required, also those whose values may be empty: a column that is not there would read as
/// "HQ has nothing on anybody" and wipe what is known.
pub(super) fn columns_of(table: Table) -> &'static [Column] {
    match table {
        Table::Stores => STORES,
        Table::Brands => BRANDS,
        Table::Guides => GUIDES,
        Table::Products => PRODUCTS,
        Table::Tags => TAGS,
        Table::Members => MEMBERS,
        Table::Orders => ORDERS,
    }
}

/// Where in `headers` each of `columns` stands. Headers that mean no column are ignored.
pub(super) fn locate(columns: &[Column], headers: &[String]) -> Result<Vec<usize>, ReadError> {
    let place = |column: &Column| {
        let mut places = (0..headers.len()).filter(|place| column.is_named(&headers[*place]));
        let first = places.next().ok_or(ReadError::MissingColumn { column: column.header })?;
        match places.next() {
            Some(_) => Err(ReadError::ColumnTwice { column: column.header }),
            None => Ok(first),
        }
    };
    columns.iter().map(place).collect()
}

const STORES: &[Column] = &[column("门店号", "store"), column("门店", "name"), column("城市", "city"), column("时区", "time_zone")];

const BRANDS: &[Column] = &[column("品牌号", "brand"), column("品牌", "name")];

const GUIDES: &[Column] = &[
    column("工号", "guide"),
    column("姓名", "name"),
    column("门店号", "store"),
    column("品牌号", "brand"),
    column("入职日期", "joined"),
    column("离职日期", "left"),
];

const PRODUCTS: &[Column] = &[
    column("商品号", "product"),
    column("品牌号", "brand"),
    column("商品", "name"),
    column("吊牌价", "price"),
    column("复购周期天", "cycle_days"),
];

const TAGS: &[Column] = &[
    column("标签组", "group"),
    column("单选多选", "choice"),
    column("谁可改", "editable_by"),
    column("品牌号", "brand"),
    column("标签", "tag"),
];

const MEMBERS: &[Column] = &[
    column("会员号", "member_no"),
    column("姓名", "name"),
    column("手机号", "phone"),
    column("性别", "gender"),
    column("生日", "birthday"),
    column("入会日期", "joined"),
    column("会员等级", "level"),
    column("积分", "points"),
    column("专属导购", "guide"),
    column("门店号", "store"),
    column("品牌会员", "brands"),
    column("标签", "tags"),
    column("营销授权", "marketing_consent"),
];

const ORDERS: &[Column] = &[
    column("订单号", "order_no"),
    column("会员号", "member_no"),
    column("门店号", "store"),
    column("品牌号", "brand"),
    column("商品号", "product"),
    column("数量", "quantity"),
    column("实付金额", "paid"),
    column("下单时间", "at"),
    column("渠道", "channel"),
];
