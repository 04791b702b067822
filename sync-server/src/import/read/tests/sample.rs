//! The sample export in `sync-server/sample`, against its `expected.json` and README.

use std::collections::BTreeMap;
use std::fs::File;

use guidebook_domain::{Choice, EditableBy};

use super::*;

fn sample(table: Table) -> Vec<ReadRow> {
    let path = format!("{}/sample/{}", env!("CARGO_MANIFEST_DIR"), table.file_name(Format::Csv));
    rows_of(File::open(path).unwrap(), table, Format::Csv)
}

fn order_of(row: &ReadRow) -> &OrderRow {
    let Ok(Row::Order(order)) = &row.parsed else { panic!("line {} is no order", row.line) };
    order
}

#[test]
fn every_table_of_the_sample_is_read() {
    let count = |table| (sample(table).len(), refused(&sample(table)).len());
    let counts = Table::IN_ORDER.map(count);
    assert_eq!(counts, [(4, 0), (12, 0), (40, 0), (48, 0), (20, 0), (6919, 0), (2358, 4)]);
}

#[test]
fn the_members_refused_are_those_expected_and_the_others_wait_for_the_database() {
    let path = format!("{}/sample/expected.json", env!("CARGO_MANIFEST_DIR"));
    let expected: serde_json::Value = serde_json::from_reader(File::open(path).unwrap()).unwrap();
    let needs_the_database = [42, 52, 62, 2359];
    let expected: Vec<_> = expected["members"]["rejected"].as_array().unwrap().iter().collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|row| (row["line"].as_u64().unwrap(), row["field"].as_str().unwrap().to_owned(), row["why"].as_str().unwrap().to_owned()))
        .filter(|(line, ..)| !needs_the_database.contains(line))
        .collect();
    assert_eq!(refused(&sample(Table::Members)), expected);
}

#[test]
fn the_sample_s_untidy_members_come_out_tidy() {
    let rows = sample(Table::Members);
    let line = |line: u64| member_of(&rows[line as usize - 2]);
    assert!(rows.iter().enumerate().all(|(place, row)| row.line == place as u64 + 2));
    assert_eq!(line(17).name.expose(), "王\"小\",明");
    assert_eq!((line(93).phone.clone(), line(93).phone.is_some()), (line(94).phone.clone(), true));
    assert_eq!(line(2).birthday.map(String::from), Some("--03-29".to_owned()));
    assert_eq!((line(42).guide.as_ref().unwrap().as_str(), line(52).tags.len(), line(62).brands.len()), ("G9999", 2, 1));
    let members: Vec<_> = rows.iter().filter(|row| row.parsed.is_ok()).map(member_of).collect();
    assert!(members.iter().all(|member| !member.name.is_empty() && member.name.trim() == member.name.expose()));
    assert!(members.iter().filter(|member| member.phone.is_some()).count() > 2000);
}

#[test]
fn the_sample_s_other_tables_mean_what_they_say() {
    let Ok(Row::Product(product)) = &sample(Table::Products)[4].parsed else { panic!("no product") };
    assert_eq!((product.id.as_str(), product.price_fen, product.cycle_days), ("B02-P01", 64_300, Some(90)));
    let left = sample(Table::Guides).iter().filter(|row| matches!(&row.parsed, Ok(Row::Guide(guide)) if guide.left.is_some())).count();
    assert_eq!(left, 2);
    let orders = sample(Table::Orders);
    assert_eq!(orders.iter().map(|row| order_of(row).at.date()).max(), "2026-10-31".parse().ok());
    assert_eq!((order_of(&orders[0]).paid_fen, order_of(&orders[0]).quantity), (20_531, 2));
    let mut groups = BTreeMap::new();
    for row in sample(Table::Tags) {
        let Ok(Row::Tag(tag)) = row.parsed else { panic!("no tag") };
        groups.insert(tag.group, (tag.choice, tag.editable_by));
    }
    assert_eq!((groups.len(), groups["会员价值"]), (5, (Choice::Single, EditableBy::Hq)));
}
