//! The tables of an export, their files, and the order in which they build on one another.

use std::fmt;
use std::str::FromStr;

/// A table of the export. Ordered as they are imported: each refers only to those before it, but for orders, which wait for
/// their member. They come first, so that she is counted when she comes and not once more for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// 门店
    Stores,
    /// 品牌
    Brands,
    /// 导购
    Guides,
    /// 商品
    Products,
    /// 标签, each with its group
    Tags,
    /// 订单
    Orders,
    /// 会员
    Members,
}

impl Table {
    /// All tables in the order in which they are imported.
    pub const IN_ORDER: [Table; 7] =
        [Table::Stores, Table::Brands, Table::Guides, Table::Products, Table::Tags, Table::Orders, Table::Members];

    /// The name of its file without the extension.
    pub fn stem(self) -> &'static str {
        match self {
            Table::Stores => "stores",
            Table::Brands => "brands",
            Table::Guides => "guides",
            Table::Products => "products",
            Table::Tags => "tags",
            Table::Members => "members",
            Table::Orders => "orders",
        }
    }

    /// The name of its file, for instance `members.csv`.
    pub fn file_name(self, format: Format) -> String {
        format!("{}.{}", self.stem(), format.extension())
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.stem())
    }
}

impl FromStr for Table {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Table::IN_ORDER.into_iter().find(|table| table.stem() == text).ok_or(UnknownName)
    }
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Comma-separated with a header line (RFC 4180, LF or CRLF).
    Csv,
    /// One JSON object a line, its keys being the column names.
    Ndjson,
}

impl Format {
    /// Both formats.
    pub const ALL: [Format; 2] = [Format::Csv, Format::Ndjson];

    /// The extension of its files, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Ndjson => "ndjson",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.extension())
    }
}

impl FromStr for Format {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Format::ALL.into_iter().find(|format| format.extension() == text).ok_or(UnknownName)
    }
}

/// A text that names no table or no format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such table or format")]
pub struct UnknownName;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_written() {
        for table in Table::IN_ORDER {
            assert_eq!(table.to_string().parse(), Ok(table));
        }
        assert_eq!("ndjson".parse(), Ok(Format::Ndjson));
        assert_eq!("Members".parse::<Table>(), Err(UnknownName));
        assert_eq!(Table::Members.file_name(Format::Csv), "members.csv");
    }

    #[test]
    fn the_import_order_is_the_order_of_the_variants() {
        assert!(Table::IN_ORDER.is_sorted());
    }
}
