//! Which characters of a row a typed text has found, for a screen to mark.
//!
//! The same machinery decides who is found and what is marked, so a row that was found is marked somewhere.

use std::ops::Range;

use guidebook_domain::Phone;
use zeroize::Zeroizing;

use super::encoded_name::{encode, folded_text};
use super::name_match::NamePattern;
use super::phone_digits::{PhoneDigits, phone_number};
use super::readings::{Spellings, folded};

/// A text of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchedField {
    /// The name on the membership.
    Name,
    /// The guide's own name for her.
    RemarkName,
    /// The phone as lists show it.
    Phone,
}

/// Characters of a row that a text has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownMatch {
    /// Where.
    pub field: MatchedField,
    /// Which, in characters (Unicode scalar values) of the shown text; in a masked phone also those that are hidden.
    pub characters: Range<usize>,
}

/// What of a row `text` has found: at most one stretch a field, the first. Blanks and dots within a stretch belong to it.
pub fn shown_matches(text: &str, name: &str, remark: &str, phone: Option<&Phone>) -> Vec<ShownMatch> {
    let typed = folded_text(text);
    let mut matches = Vec::new();
    for (field, shown) in [(MatchedField::Name, name), (MatchedField::RemarkName, remark)] {
        let found = find_in(shown, &typed);
        matches.extend(found.map(|characters| ShownMatch { field, characters }));
    }
    let digits = phone.and_then(|phone| PhoneDigits::read(text, &typed)?.found_in(phone_number(Some(phone.clone()))));
    matches.extend(digits.map(|characters| ShownMatch { field: MatchedField::Phone, characters }));
    matches
}

fn find_in(shown: &str, typed: &[char]) -> Option<Range<usize>> {
    let mut spellings = Spellings::default();
    let mut items = Zeroizing::new(Vec::new());
    let mask = encode(shown, &mut spellings, &mut items);
    let pattern = NamePattern::new(typed, spellings.texts())?;
    let found = if pattern.may_match(mask) { pattern.find(&items)? } else { return None };
    let mut counting = shown.chars().enumerate().filter(|(_, character)| folded(*character).is_some()).map(|(at, _)| at);
    let first = counting.nth(found.start)?;
    let last = if found.len() > 1 { counting.nth(found.len() - 2)? } else { first };
    Some(first..last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is marked, in brackets.
    fn marked(text: &str, name: &str, remark: &str) -> Vec<String> {
        let phone = Phone::parse("13812340567").unwrap();
        let masked = phone.masked();
        let in_brackets = |found: ShownMatch| {
            let shown = match found.field {
                MatchedField::Name => name,
                MatchedField::RemarkName => remark,
                MatchedField::Phone => &masked,
            };
            let characters: Vec<char> = shown.chars().collect();
            let part = |range: Range<usize>| characters[range].iter().collect::<String>();
            let Range { start, end } = found.characters;
            format!("{}[{}]{}", part(0..start), part(start..end), part(end..characters.len()))
        };
        shown_matches(text, name, remark, Some(&phone)).into_iter().map(in_brackets).collect()
    }

    #[test]
    fn each_way_to_find_her_marks_what_it_found() {
        for (text, shown) in [
            ("张三丰", "[张三丰]"),
            ("三丰", "张[三丰]"),
            ("zhang", "[张]三丰"),
            ("zsf", "[张三丰]"),
            ("sf", "张[三丰]"),
            ("zhsfen", "[张三丰]"),
            ("z三f", "[张三丰]"),
            ("san", "张[三]丰"),
            ("0567", "138****[0567]"),
            ("05", "138****[05]67"),
            ("138", "[138]****0567"),
            ("13812", "[138**]**0567"),
            ("138 1234 0567", "[138****0567]"),
            ("+86 13812340567", "[138****0567]"),
        ] {
            assert_eq!(marked(text, "张三丰", ""), [shown], "{text}");
        }
    }

    #[test]
    fn a_remark_name_is_marked_beside_the_name() {
        assert_eq!(marked("zhang", "张三丰", "小张 老客"), ["[张]三丰", "小[张] 老客"]);
        assert_eq!(marked("zlk", "张三丰", "小张 老客"), ["小[张 老客]"]);
        assert_eq!(marked("anne", "单雄信", "Ａnne·Marie"), ["[Ａnne]·Marie"]);
        assert_eq!(marked("emarie", "单雄信", "Anne·Marie"), ["Ann[e·Marie]"]);
    }

    #[test]
    fn nothing_is_marked_where_nothing_was_found_or_typed() {
        for text in ["", " · ", "李", "1234", "zhangwu"] {
            assert!(marked(text, "张三丰", "").is_empty(), "{text}");
        }
        assert!(shown_matches("0567", "张三丰", "", None).is_empty());
    }
}
