//! One value from its text. The text is trimmed; an error never repeats it.

use std::str::FromStr;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use guidebook_domain::ids::{IdError, LONGEST_ID};
use guidebook_domain::member::LONGEST_NAME;
use guidebook_domain::{Birthday, Choice, EditableBy, Gender, Phone};

use super::problem::RowReason;

/// The longest name of a tag or a group, in characters (WeCom).
const LONGEST_TAG: usize = 30;

/// The most digits of an amount before its point. Beyond it lies a mistake, and JSON numbers lose fen.
const MOST_YUAN_DIGITS: usize = 12;

/// A parser for a value that may be empty.
pub(super) fn optional<T>(parse: impl Fn(&str) -> Result<T, RowReason>) -> impl Fn(&str) -> Result<Option<T>, RowReason> {
    move |text| if text.is_empty() { Ok(None) } else { parse(text).map(Some) }
}

/// A parser for values joined by `;` (or a full-width `；`); a place with nothing in it is skipped.
pub(super) fn list<T: Ord, C: FromIterator<T>>(parse: impl Fn(&str) -> Result<T, RowReason>) -> impl Fn(&str) -> Result<C, RowReason> {
    move |text| text.split([';', '；']).map(str::trim).filter(|part| !part.is_empty()).map(&parse).collect()
}

/// An id of the domain.
pub(super) fn id<T: FromStr<Err = IdError>>(text: &str) -> Result<T, RowReason> {
    code(text)?.parse().map_err(|_| RowReason::Malformed)
}

/// A number of HQ's that is no id of the domain: an order's, a product's.
pub(super) fn code(text: &str) -> Result<&str, RowReason> {
    filled(text, LONGEST_ID)
}

/// A name of a person, a store, a brand, a product.
pub(super) fn name(text: &str) -> Result<&str, RowReason> {
    filled(text, LONGEST_NAME)
}

/// A name of a tag or a group of tags.
pub(super) fn tag_name(text: &str) -> Result<&str, RowReason> {
    filled(text, LONGEST_TAG)
}

/// A tag on a member, as `group/tag`.
pub(super) fn group_and_tag(text: &str) -> Result<(String, String), RowReason> {
    let (group, tag) = text.split_once('/').ok_or(RowReason::Malformed)?;
    let part = |text: &str| tag_name(text.trim()).map(str::to_owned);
    Ok((part(group)?, part(tag)?))
}

/// A word that may be empty, no longer than a name.
pub(super) fn word(text: &str) -> Result<&str, RowReason> {
    if text.is_empty() { Ok(text) } else { name(text) }
}

fn filled(text: &str, limit: usize) -> Result<&str, RowReason> {
    match text.chars().count() {
        0 => Err(RowReason::Empty),
        length if length > limit => Err(RowReason::TooLong { limit }),
        _ => Ok(text),
    }
}

/// A mobile number.
pub(super) fn phone(text: &str) -> Result<Phone, RowReason> {
    Phone::parse(text).map_err(|_| RowReason::NotAMobileNumber)
}

/// A birthday, with or without its year.
pub(super) fn birthday(text: &str) -> Result<Birthday, RowReason> {
    Birthday::parse(text).map_err(|_| RowReason::NoSuchDay)
}

/// `YYYY-MM-DD`, from 1900 to 2100.
pub(super) fn day(text: &str) -> Result<NaiveDate, RowReason> {
    let day = has_shape(text, "dddd-dd-dd").then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten();
    day.filter(|day| (1900..=2100).contains(&day.year())).ok_or(RowReason::NoSuchDay)
}

/// `YYYY-MM-DD HH:MM:SS`, or with a `T` between.
pub(super) fn time(text: &str) -> Result<NaiveDateTime, RowReason> {
    let (on, at) = text.split_once([' ', 'T']).ok_or(RowReason::NoSuchDay)?;
    let time = has_shape(at, "dd:dd:dd").then(|| NaiveTime::parse_from_str(at, "%H:%M:%S").ok()).flatten();
    Ok(day(on)?.and_time(time.ok_or(RowReason::NoSuchDay)?))
}

/// Whether `text` has a digit wherever `shape` has a `d`, and otherwise the same characters. (chrono alone would take
/// spaces and signs.)
fn has_shape(text: &str, shape: &str) -> bool {
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(|(b, s)| if s == b'd' { b.is_ascii_digit() } else { b == s })
}

/// A whole number.
pub(super) fn whole<T: FromStr>(text: &str) -> Result<T, RowReason> {
    if text.is_empty() {
        return Err(RowReason::Empty);
    }
    text.parse().map_err(|_| RowReason::NotANumber)
}

/// An amount in yuan with at most two decimals, in fen.
pub(super) fn money(text: &str) -> Result<i64, RowReason> {
    if text.is_empty() {
        return Err(RowReason::Empty);
    }
    let (sign, amount) = text.strip_prefix('-').map_or((1, text), |amount| (-1, amount));
    let (yuan, cents) = amount.split_once('.').unwrap_or((amount, "0"));
    let is_number = |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(yuan, MOST_YUAN_DIGITS) || !is_number(cents, 2) {
        return Err(RowReason::NotANumber);
    }
    let fen = format!("{yuan}{cents:0<2}").parse::<i64>().map_err(|_| RowReason::NotANumber)?;
    Ok(sign * fen)
}

/// An amount that is not negative.
pub(super) fn price(text: &str) -> Result<i64, RowReason> {
    money(text).and_then(|fen| if fen < 0 { Err(RowReason::NotANumber) } else { Ok(fen) })
}

/// 女 or 男.
pub(super) fn gender(text: &str) -> Result<Gender, RowReason> {
    match text.to_ascii_lowercase().as_str() {
        "女" | "female" | "f" => Ok(Gender::Female),
        "男" | "male" | "m" => Ok(Gender::Male),
        _ => Err(RowReason::NotOneOf { allowed: "女, 男" }),
    }
}

/// 单选 or 多选.
pub(super) fn choice(text: &str) -> Result<Choice, RowReason> {
    match text.to_ascii_lowercase().as_str() {
        "" => Err(RowReason::Empty),
        "单选" | "single" => Ok(Choice::Single),
        "多选" | "multi" => Ok(Choice::Multi),
        _ => Err(RowReason::NotOneOf { allowed: "单选, 多选" }),
    }
}

/// 导购可改 or 仅总部.
pub(super) fn editable_by(text: &str) -> Result<EditableBy, RowReason> {
    match text.to_ascii_lowercase().as_str() {
        "" => Err(RowReason::Empty),
        "导购可改" | "guides" => Ok(EditableBy::Guides),
        "仅总部" | "总部" | "hq" => Ok(EditableBy::Hq),
        _ => Err(RowReason::NotOneOf { allowed: "导购可改, 仅总部" }),
    }
}

/// 是 or 否.
pub(super) fn yes_or_no(text: &str) -> Result<bool, RowReason> {
    match text.to_ascii_lowercase().as_str() {
        "是" | "true" | "yes" | "1" => Ok(true),
        "否" | "false" | "no" | "0" => Ok(false),
        _ => Err(RowReason::NotOneOf { allowed: "是, 否" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_read_to_the_fen() {
        let good = [
            ("643.00", 64_300),
            ("643.0", 64_300),
            ("643", 64_300),
            ("0.07", 7),
            ("-12.5", -1_250),
            ("999999999999.99", 99_999_999_999_999),
        ];
        for (text, fen) in good {
            assert_eq!(money(text), Ok(fen), "{text}");
        }
        for text in ["1.234", "1,234.00", "1e3", ".5", "5.", "--1", "-", "+1", "¥1", "1 000", "9999999999999", "１", "NaN"] {
            assert_eq!(money(text), Err(RowReason::NotANumber), "{text}");
        }
        assert_eq!((money(""), price("-1")), (Err(RowReason::Empty), Err(RowReason::NotANumber)));
    }

    #[test]
    fn a_day_or_time_that_does_not_exist_is_refused() {
        for text in ["2025-02-30", "2025-2-3", "2025/02/03", "0025-02-03", "2025-02-03x", "2025-02- 3", "20250203", "二〇二五-02"] {
            assert_eq!(day(text), Err(RowReason::NoSuchDay), "{text}");
        }
        for text in ["2025-05-04", "2025-05-04 24:00:00", "2025-05-04 1", "2025-05-04  01:00:00", " 01:00:00"] {
            assert_eq!(time(text), Err(RowReason::NoSuchDay), "{text}");
        }
        assert_eq!(time("2025-05-04 19:36:47"), time("2025-05-04T19:36:47"));
        assert!(time("2025-05-04 19:36:47").is_ok());
    }

    #[test]
    fn a_tag_names_its_group() {
        assert_eq!(group_and_tag("偏好 / 真皮"), Ok(("偏好".to_owned(), "真皮".to_owned())));
        assert_eq!(group_and_tag("真皮"), Err(RowReason::Malformed));
        assert_eq!(group_and_tag("偏好/"), Err(RowReason::Empty));
        assert_eq!(group_and_tag(&format!("偏好/{}", "长".repeat(31))), Err(RowReason::TooLong { limit: 30 }));
    }
}
