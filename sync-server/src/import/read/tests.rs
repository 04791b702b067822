//! Tables of untidy and bad input; beside them the sample export, and noise.

mod noise;
mod sample;

use std::io::{Cursor, Read, Seek};

use encoding_rs::GB18030;

use super::*;

const MEMBER_HEADER: &str = "会员号,姓名,手机号,性别,生日,入会日期,会员等级,积分,专属导购,门店号,品牌会员,标签,营销授权";
const ORDER_HEADER: &str = "订单号,会员号,门店号,品牌号,商品号,数量,实付金额,下单时间,渠道";

/// A member's cells, each of which a test may replace.
const MEMBER: [&str; 13] = ["M1", "贺娜", "13800000000", "女", "", "2025-04-27", "普卡", "1", "G1", "S1", "B1;B2", "偏好/真皮", "是"];
const ORDER: [&str; 9] = ["O1", "M1", "S1", "B1", "P1", "2", "205.31", "2025-05-04 19:36:47", "门店"];

fn rows_of(input: impl Read + Seek, table: Table, format: Format) -> Vec<ReadRow> {
    RowReader::new(input, table, format).unwrap().collect::<Result<_, _>>().unwrap()
}

fn read(text: &str, table: Table) -> Vec<ReadRow> {
    rows_of(Cursor::new(text), table, Format::Csv)
}

fn member_of(row: &ReadRow) -> &MemberRow {
    let Ok(Row::Member(member)) = &row.parsed else { panic!("line {} is no member", row.line) };
    member
}

/// The line, field and reason of every refused row.
fn refused(rows: &[ReadRow]) -> Vec<(u64, String, String)> {
    rows.iter().filter_map(|row| row.parsed.as_ref().err().map(|p| (row.line, p.field.clone(), p.reason.to_string()))).collect()
}

#[test]
fn the_ways_to_write_a_phone_or_a_name_are_one() {
    for (phone, name) in [("+86 138 0000 0000", "\u{3000}贺娜 "), ("１３８００００００００", "贺娜"), (" 138-0000-0000", "\t贺娜")]
    {
        let mut cells = MEMBER;
        (cells[1], cells[2]) = (name, phone);
        let rows = read(&format!("{MEMBER_HEADER}\r\n{}\r\n", cells.join(",")), Table::Members);
        let member = member_of(&rows[0]);
        assert_eq!((member.name.expose(), member.phone.as_ref().unwrap().expose()), ("贺娜", "13800000000"));
    }
}

/// One row with the cell under `header` replaced; `None` when it is taken.
fn problem_with(table: Table, header: &str, value: &str) -> Option<RowReason> {
    let (headers, cells): (&str, &[&str]) = if table == Table::Orders { (ORDER_HEADER, &ORDER) } else { (MEMBER_HEADER, &MEMBER) };
    let quoted = format!("\"{}\"", value.replace('"', "\"\""));
    let cells: Vec<_> = headers.split(',').zip(cells).map(|(name, cell)| if name == header { quoted.as_str() } else { *cell }).collect();
    let rows = read(&format!("{headers}\n{}\n", cells.join(",")), table);
    let problem = rows[0].parsed.clone().err()?;
    assert_eq!(problem.field, header);
    assert!(value.is_empty() || !format!("{problem} {problem:?}").contains(value), "a problem repeats what the row says");
    Some(problem.reason)
}

#[test]
fn a_bad_value_is_refused_at_its_column() {
    use RowReason::*;
    let long = "长".repeat(61);
    let table: &[(&str, &str, RowReason)] = &[
        ("会员号", " \u{3000}", Empty),
        ("会员号", "张三", Malformed),
        ("姓名", "", Empty),
        ("姓名", &long, TooLong { limit: 60 }),
        ("手机号", "1381234", NotAMobileNumber),
        ("性别", "未知", NotOneOf { allowed: "女, 男" }),
        ("生日", "1990-02-30", NoSuchDay),
        ("入会日期", "昨天", NoSuchDay),
        ("会员等级", &long, TooLong { limit: 60 }),
        ("积分", "12.5", NotANumber),
        ("积分", "99999999999999999999", NotANumber),
        ("专属导购", "张 三", Malformed),
        ("品牌会员", "B1;品牌", Malformed),
        ("标签", "真皮", Malformed),
        ("营销授权", "同意吗", NotOneOf { allowed: "是, 否" }),
        ("姓名", "\u{FFFD}", BadEncoding),
    ];
    for (header, value, reason) in table {
        assert_eq!(problem_with(Table::Members, header, value), Some(*reason), "{header} {value}");
    }
    let table = [("数量", "-1", NotANumber), ("数量", "", Empty), ("实付金额", "1.234", NotANumber), ("下单时间", "2025-05-04", NoSuchDay)];
    for (header, value, reason) in table {
        assert_eq!(problem_with(Table::Orders, header, value), Some(reason), "{header} {value}");
    }
}

#[test]
fn what_may_be_empty_or_odd_is_taken() {
    for header in MEMBER_HEADER.split(',').skip(2) {
        assert_eq!(problem_with(Table::Members, header, ""), None, "{header}");
    }
    for (header, value) in [("姓名", "阿·买,\"提\"\n江"), ("姓名", "𠮷"), ("积分", "-5"), ("品牌会员", "B1；B2;"), ("标签", "a/b;a/b")]
    {
        assert_eq!(problem_with(Table::Members, header, value), None, "{header} {value}");
    }
    assert_eq!(problem_with(Table::Orders, "实付金额", "-205.31"), None);
}

#[test]
fn of_two_bad_columns_the_first_is_named() {
    let mut cells = MEMBER;
    (cells[4], cells[7], cells[2]) = ("x", "x", "x");
    let rows = read(&format!("{MEMBER_HEADER}\n{}", cells.join(",")), Table::Members);
    assert_eq!(refused(&rows)[0].1, "手机号");
}

#[test]
fn a_bad_row_does_not_take_the_others_with_it() {
    let good = "B1,兰若雅\n";
    let text = ["品牌号,品牌\n", good, "B2\n", "B3,a,b\n", good, "B4,\"x\n", good, &"x".repeat(70_000), "\n", good].concat();
    let rows = read(&text, Table::Brands);
    let whole = |line, reason: RowReason| (line, String::new(), reason.to_string());
    let expected = [
        whole(3, RowReason::WrongColumnCount),
        whole(4, RowReason::WrongColumnCount),
        whole(6, RowReason::Malformed),
        whole(8, RowReason::LineTooLong),
    ];
    assert_eq!(refused(&rows), expected);
    assert_eq!(rows.len(), 8);
}

#[test]
fn columns_may_be_english_in_any_order_and_beside_others() {
    let rows = read("备注, Name ,BRAND\n\u{FEFF}?,兰若雅,B1\n", Table::Brands);
    let Ok(Row::Brand(brand)) = &rows[0].parsed else { panic!("no brand") };
    assert_eq!((brand.id.as_str(), brand.name.as_str()), ("B1", "兰若雅"));
    assert_eq!(refused(&read("name,brand\n,B1\n", Table::Brands))[0].1, "name");
}

#[test]
fn a_file_without_its_columns_is_refused_once_and_by_name() {
    let error = |text: &str| RowReader::new(Cursor::new(text), Table::Brands, Format::Csv).unwrap_err();
    assert!(matches!(error("品牌号,名字\nB1,x\n"), ReadError::MissingColumn { column: "品牌" }));
    assert!(matches!(error("品牌号,品牌,name\n"), ReadError::ColumnTwice { column: "品牌" }));
    for text in ["", "\r\n\r\n", "\"品牌号,品牌\nB1,x\n"] {
        assert!(matches!(error(text), ReadError::NoHeader), "{text:?}");
    }
}

#[test]
fn an_object_a_line_says_the_same_as_a_row() {
    let text = concat!(
        r#"{"member_no":"M1","姓名":"贺娜","phone":13800000000,"gender":"女","birthday":null,"joined":"2025-04-27","level":"普卡","#,
        r#""points":1,"guide":"G1","store":"S1","brands":"B1;B2","tags":"偏好/真皮","marketing_consent":true,"more":[]}"#,
        "\n\n[1]\n{\"member_no\":\"M2\"}\n{\"member_no\":[]}\n{"
    );
    let rows = rows_of(Cursor::new(text), Table::Members, Format::Ndjson);
    assert_eq!(member_of(&rows[0]), member_of(&read(&format!("{MEMBER_HEADER}\n{}", MEMBER.join(",")), Table::Members)[0]));
    let problem = |line, field: &str, reason: RowReason| (line, field.to_owned(), reason.to_string());
    let expected = [
        problem(3, "", RowReason::Malformed),
        problem(4, "姓名", RowReason::Missing),
        problem(5, "member_no", RowReason::Malformed),
        problem(6, "", RowReason::Malformed),
    ];
    assert_eq!(refused(&rows), expected);
    let price = "{\"product\":\"P1\",\"brand\":\"B1\",\"name\":\"x\",\"price\":643.10,\"cycle_days\":90}";
    let rows = rows_of(Cursor::new(price), Table::Products, Format::Ndjson);
    assert!(matches!(&rows[0].parsed, Ok(Row::Product(product)) if product.price_fen == 64_310));
}

#[test]
fn a_file_in_gb18030_damaged_in_one_row_loses_that_row() {
    let (gb, _, _) = GB18030.encode("品牌号,品牌\nB1,兰若雅\nB2,澜珂\n");
    let damaged = gb.iter().copied().chain(*b"B3,\x80\xFF\nB4,x\n").collect::<Vec<_>>();
    let rows = rows_of(Cursor::new(damaged), Table::Brands, Format::Csv);
    assert_eq!((rows.len(), refused(&rows)), (4, vec![(4, "品牌".to_owned(), "bad encoding".to_owned())]));
}

#[test]
fn debug_of_a_row_about_a_person_shows_her_number_only() {
    let rows = read(&format!("{MEMBER_HEADER}\n{}", MEMBER.join(",")), Table::Members);
    assert_eq!(format!("{:?}", rows[0].parsed), "Ok(Member(MemberRow { id: MemberId(\"M1\"), .. }))");
}
