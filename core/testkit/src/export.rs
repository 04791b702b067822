//! The department store's export: a copy whose last day is a given one, and what it says of a guide.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::{Days, NaiveDate};
use encoding_rs::GB18030;

/// The last day of the export as it lies in the repository; `expected.json` says the same.
pub const LAST_DAY: &str = "2026-10-31";

/// The files, in the order in which they are imported.
pub const FILES: [&str; 7] = ["stores.csv", "brands.csv", "guides.csv", "products.csv", "tags.csv", "members.csv", "orders.csv"];

/// Where the export lies in the repository.
pub fn in_repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sync-server/sample")
}

/// The day before today, by UTC.
pub fn yesterday() -> NaiveDate {
    chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).date_naive() - Days::new(1)
}

/// Copies the export into `to`, with every day shifted so that [`LAST_DAY`] becomes `last_day`. Birthdays, which are
/// days of a life, stay.
pub fn shifted(from: &Path, to: &Path, last_day: NaiveDate) -> std::io::Result<()> {
    let was = NaiveDate::parse_from_str(LAST_DAY, "%Y-%m-%d").expect("a day");
    let days = (last_day - was).num_days();
    std::fs::create_dir_all(to)?;
    for file in FILES {
        let bytes = std::fs::read(from.join(file))?;
        let bytes = match file {
            "guides.csv" | "members.csv" | "orders.csv" => shift_bytes(&bytes, days, file),
            _ => bytes,
        };
        std::fs::File::create(to.join(file))?.write_all(&bytes)?;
    }
    Ok(())
}

/// Shifts the days of one file. Digits and hyphens are ASCII in UTF-8 and in GB18030 (whose second bytes may be ASCII
/// digits only in four-byte characters, which no run of eight digits and two hyphens can be), so the bytes around
/// them stay as they are.
fn shift_bytes(bytes: &[u8], days: i64, file: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let birthday_column = (file == "members.csv").then_some(4);
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        for (column, cell) in line.split(|b| *b == b',').enumerate() {
            if column > 0 {
                out.push(b',');
            }
            match shifted_cell(cell, days) {
                Some(cell) if Some(column) != birthday_column => out.extend(cell),
                Some(_) | None => out.extend(cell),
            }
        }
    }
    out
}

/// A cell that begins with a day, shifted; what follows the day stays.
fn shifted_cell(cell: &[u8], days: i64) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(cell.get(..10)?).ok()?;
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    let shift = Days::new(days.unsigned_abs());
    let day = if days < 0 { day.checked_sub_days(shift)? } else { day.checked_add_days(shift)? };
    Some([day.format("%Y-%m-%d").to_string().as_bytes(), &cell[10..]].concat())
}

/// The numbers of the members whom the export gives to `guide`, without the rows that `expected.json` refuses.
pub fn members_of(directory: &Path, guide: &str) -> std::io::Result<BTreeSet<String>> {
    let expected: serde_json::Value = serde_json::from_slice(&std::fs::read(directory.join("expected.json"))?)?;
    let refused: BTreeSet<u64> =
        expected["members"]["rejected"].as_array().into_iter().flatten().filter_map(|row| row["line"].as_u64()).collect();
    let bytes = std::fs::read(directory.join("members.csv"))?;
    let (text, _, _) = GB18030.decode(&bytes);
    let mut members = BTreeSet::new();
    for record in csv::Reader::from_reader(text.as_bytes()).into_records() {
        let record = record.map_err(std::io::Error::other)?;
        let line = line_of(&text, record.position().map_or(0, csv::Position::byte) as usize);
        if !refused.contains(&line) && &record[8] == guide {
            members.insert(record[0].to_owned());
        }
    }
    Ok(members)
}

/// All names and phone numbers of the export, as written there.
pub fn names_and_phones(directory: &Path) -> std::io::Result<(BTreeSet<String>, BTreeSet<String>)> {
    let bytes = std::fs::read(directory.join("members.csv"))?;
    let (text, _, _) = GB18030.decode(&bytes);
    let (mut names, mut phones) = (BTreeSet::new(), BTreeSet::new());
    for record in csv::Reader::from_reader(text.as_bytes()).into_records() {
        let record = record.map_err(std::io::Error::other)?;
        names.insert(record[1].trim().to_owned());
        phones.insert(record[2].to_owned());
    }
    Ok((names, phones))
}

/// The line, from 1, of the record that begins at `byte`, or behind the line end that stands there.
fn line_of(text: &str, byte: usize) -> u64 {
    let ends = text[byte..].len() - text[byte..].trim_start_matches(['\r', '\n']).len();
    1 + text[..byte + ends].matches('\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_shifted_and_birthdays_are_not() {
        let line = b"M1,\xd5\xc5,138,\xc5\xae,1990-01-02,2025-10-31,x\r\n";
        let shifted = shift_bytes(line, 23, "members.csv");
        assert_eq!(shifted, b"M1,\xd5\xc5,138,\xc5\xae,1990-01-02,2025-11-23,x\r\n");
        let order = shift_bytes(b"O1,2026-10-31 10:00:00\n", 1, "orders.csv");
        assert_eq!(order, b"O1,2026-11-01 10:00:00\n");
    }

    #[test]
    fn the_members_of_a_guide_are_those_of_the_export() {
        assert_eq!(members_of(&in_repository(), "G0002").unwrap().len(), 153);
        // Line 42, which names her, is refused.
        assert!(members_of(&in_repository(), "G9999").unwrap().is_empty());
    }
}
