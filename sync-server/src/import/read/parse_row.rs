//! Cells to a typed row. The fields of each row stand in the order of its table's columns, which is the order in
//! which they are checked.

use std::collections::BTreeSet;

use guidebook_domain::Private;

use super::cells::Cells;
use super::problem::RowProblem;
use super::row::{BrandRow, GuideRow, MemberRow, OrderRow, ProductRow, Row, StoreRow, TagRow};
use super::table::Table;
use super::values::{
    birthday, choice, code, day, editable_by, gender, group_and_tag, id, list, money, name, optional, phone, price, tag_name, time, whole,
    word, yes_or_no,
};

/// The row of `table` that `cells` spell, or the first column that is wrong.
pub(super) fn parse_row(table: Table, mut cells: Cells<'_>) -> Result<Row, RowProblem> {
    let cells = &mut cells;
    match table {
        Table::Stores => store(cells).map(Row::Store),
        Table::Brands => brand(cells).map(Row::Brand),
        Table::Guides => guide(cells).map(Row::Guide),
        Table::Products => product(cells).map(Row::Product),
        Table::Tags => tag(cells).map(Row::Tag),
        Table::Members => member(cells).map(|row| Row::Member(Box::new(row))),
        Table::Orders => order(cells).map(Row::Order),
    }
}

fn store(cells: &mut Cells<'_>) -> Result<StoreRow, RowProblem> {
    Ok(StoreRow { id: cells.take(id)?, name: cells.take_text(name)?, city: cells.take_text(word)?, time_zone: cells.take_text(name)? })
}

fn brand(cells: &mut Cells<'_>) -> Result<BrandRow, RowProblem> {
    Ok(BrandRow { id: cells.take(id)?, name: cells.take_text(name)? })
}

fn guide(cells: &mut Cells<'_>) -> Result<GuideRow, RowProblem> {
    Ok(GuideRow {
        id: cells.take(id)?,
        name: cells.take_text(name)?,
        store: cells.take(id)?,
        brand: cells.take(optional(id))?,
        joined: cells.take(optional(day))?,
        left: cells.take(optional(day))?,
    })
}

fn product(cells: &mut Cells<'_>) -> Result<ProductRow, RowProblem> {
    Ok(ProductRow {
        id: cells.take_text(code)?,
        brand: cells.take(id)?,
        name: cells.take_text(name)?,
        price_fen: cells.take(price)?,
        cycle_days: cells.take(optional(whole))?,
    })
}

fn tag(cells: &mut Cells<'_>) -> Result<TagRow, RowProblem> {
    Ok(TagRow {
        group: cells.take_text(tag_name)?,
        choice: cells.take(choice)?,
        editable_by: cells.take(editable_by)?,
        brand: cells.take(optional(id))?,
        tag: cells.take_text(tag_name)?,
    })
}

fn member(cells: &mut Cells<'_>) -> Result<MemberRow, RowProblem> {
    Ok(MemberRow {
        id: cells.take(id)?,
        name: cells.take(|text| name(text).map(Private::new))?,
        phone: cells.take(optional(phone))?,
        gender: cells.take(optional(gender))?,
        birthday: cells.take(optional(birthday))?,
        joined: cells.take(optional(day))?,
        level: cells.take_text(word)?,
        points: cells.take(optional(whole))?.unwrap_or(0),
        guide: cells.take(optional(id))?,
        store: cells.take(optional(id))?,
        brands: cells.take(list(id))?,
        tags: cells.take(list::<_, BTreeSet<_>>(group_and_tag))?.into_iter().collect(),
        marketing_consent: cells.take(optional(yes_or_no))?.unwrap_or(false),
    })
}

fn order(cells: &mut Cells<'_>) -> Result<OrderRow, RowProblem> {
    Ok(OrderRow {
        id: cells.take_text(code)?,
        member: cells.take(id)?,
        store: cells.take(id)?,
        brand: cells.take(id)?,
        product: cells.take_text(code)?,
        quantity: cells.take(whole)?,
        paid_fen: cells.take(money)?,
        at: cells.take(time)?,
        channel: cells.take_text(word)?,
    })
}
