//! A member's name and remark in the form that search reads: a row of items, and a mask of what occurs in it.
//!
//! Each character is one item, followed by one item for each of its readings. Name and remark are parted by
//! [`BARRIER`], which nothing matches across.

use zeroize::Zeroizing;

use super::readings::{Spellings, folded};
use super::wiped::push_wiped;

/// Between name and remark. No character that counts is zero.
pub(super) const BARRIER: u32 = 0;
/// Marks an item as the number of a spelling; other items are characters.
pub(super) const READING: u32 = 1 << 31;

/// An encoded name. The items are wiped on drop.
pub(super) struct EncodedName {
    pub items: Zeroizing<Box<[u32]>>,
    pub mask: u64,
    /// What [`Sort::Name`](super::Sort::Name) compares: the pinyin syllables, then the name itself.
    pub sort_key: Zeroizing<String>,
}

impl EncodedName {
    pub fn new(name: &str, remark: &str, spellings: &mut Spellings) -> Self {
        let mut items = Zeroizing::new(Vec::with_capacity(32));
        let mut sort_key = SortKey::with_room_for(name);
        let mut mask = encode_reading(name, spellings, &mut items, |character, reading| sort_key.push(character, reading));
        push_wiped(&mut items, BARRIER);
        mask |= encode(remark, spellings, &mut items);
        EncodedName { items: Zeroizing::new(Box::from(items.as_slice())), mask, sort_key: sort_key.end(name) }
    }
}

/// Adds the items of a text, and tells what occurs in it.
pub(super) fn encode(text: &str, spellings: &mut Spellings, items: &mut Zeroizing<Vec<u32>>) -> u64 {
    encode_reading(text, spellings, items, |_, _| {})
}

/// The same. `each` hears of each character, and its first reading.
fn encode_reading(
    text: &str,
    spellings: &mut Spellings,
    items: &mut Zeroizing<Vec<u32>>,
    mut each: impl FnMut(char, Option<&'static str>),
) -> u64 {
    let characters = folded_text(text);
    let mut mask = 0;
    for (at, &character) in characters.iter().enumerate() {
        push_wiped(items, u32::from(character));
        mask |= starting(character) | occurring(character);
        let readings = spellings.readings(&characters, at);
        each(character, readings.first().map(|&number| spellings.texts()[usize::from(number)]));
        for &number in readings.iter() {
            push_wiped(items, READING | u32::from(number));
            let spelling = spellings.texts()[usize::from(number)];
            mask |= spelling.chars().next().map_or(0, starting);
            mask |= spelling.chars().map(occurring).fold(0, |all, one| all | one);
        }
    }
    mask
}

/// What counts of a text, in a vector that is wiped and never grows.
pub(super) fn folded_text(text: &str) -> Zeroizing<Vec<char>> {
    let mut characters = Zeroizing::new(Vec::with_capacity(text.len()));
    characters.extend(text.chars().filter_map(folded));
    characters
}

/// The mask bit of a character that may begin a match: 0–25 for letters; others count wherever they stand.
pub(super) fn starting(character: char) -> u64 {
    if character.is_ascii_lowercase() { 1 << (character as u32 - 'a' as u32) } else { occurring(character) }
}

/// The mask bit of a character anywhere: 26–51 for letters, and 52–63 shared by all others.
pub(super) fn occurring(character: char) -> u64 {
    let code = u32::from(character);
    if character.is_ascii_lowercase() { 1 << (26 + code - 'a' as u32) } else { 1 << (52 + code % 12) }
}

/// The letter under which a name stands in the order of names: of the reading by which it is sorted, `A` to `Z`, or `#` for
/// a name that begins with none.
pub fn index_letter(name: &str) -> char {
    let key = EncodedName::new(name, "", &mut Spellings::default()).sort_key;
    key.chars().next().filter(char::is_ascii_lowercase).map_or('#', |letter| letter.to_ascii_uppercase())
}

/// Sorts behind every letter.
const BEHIND_Z: char = '{';
/// Parts the reading of a name from the name itself. No character that counts is zero.
const BEFORE_NAME: char = '\0';

/// What a name is sorted by, in the making.
struct SortKey(Zeroizing<String>);

impl SortKey {
    /// Each character's reading is at most six letters and a blank, so the key never grows.
    fn with_room_for(name: &str) -> Self {
        SortKey(Zeroizing::new(String::with_capacity(name.chars().count() * 8 + 2 + name.len())))
    }

    fn push(&mut self, character: char, reading: Option<&str>) {
        match reading.filter(|_| !character.is_ascii()) {
            Some(reading) => {
                self.0.push_str(reading);
                self.0.push(' ');
            }
            None => {
                if self.0.is_empty() && !character.is_ascii_lowercase() {
                    self.0.push(BEHIND_Z);
                }
                self.0.push(character);
            }
        }
    }

    fn end(mut self, name: &str) -> Zeroizing<String> {
        if self.0.is_empty() {
            self.0.push(BEHIND_Z);
        }
        self.0.push(BEFORE_NAME);
        self.0.push_str(name);
        self.0
    }
}

/// The name that a sort key ends with.
pub(super) fn name_in(sort_key: &str) -> &str {
    sort_key.split_once(BEFORE_NAME).map_or("", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> String {
        EncodedName::new(name, "", &mut Spellings::default()).sort_key.to_string()
    }

    #[test]
    fn names_sort_by_their_pinyin_surnames_in_their_own_reading() {
        assert_eq!(key("单雄信"), "shan xiong xin \0单雄信");
        let mut names = ["曾黎", "7号", "张三丰", "カナ", "", "张三", "吕布", "Lisa", "阿宝", "重阳"];
        names.sort_by_key(|name| key(name));
        assert_eq!(names, ["阿宝", "Lisa", "吕布", "曾黎", "张三", "张三丰", "重阳", "", "7号", "カナ"]);
    }

    #[test]
    fn surnames_stand_where_a_guide_looks_for_them() {
        let first = [
            ("仇", "qiu"),
            ("解", "xie"),
            ("区", "ou"),
            ("查", "zha"),
            ("朴", "piao"),
            ("盖", "ge"),
            ("乐", "yue"),
            ("任", "ren"),
            ("华", "hua"),
            ("覃", "qin"),
            ("翟", "zhai"),
            ("冼", "xian"),
            ("缪", "miao"),
            ("员", "yun"),
            ("召", "shao"),
            ("黑", "he"),
            ("种", "chong"),
            ("秘", "bi"),
            ("繁", "po"),
            ("尹", "yin"),
            ("万俟", "mo qi"),
            ("尉迟", "yu chi"),
            ("澹台", "tan tai"),
            ("单于", "chan yu"),
            ("长孙", "zhang sun"),
            ("令狐", "ling hu"),
        ];
        for (surname, reading) in first {
            assert_eq!(key(surname), format!("{reading} \0{surname}"));
        }
    }

    #[test]
    fn a_letter_counts_as_a_beginning_only_where_a_character_begins() {
        let mask = EncodedName::new("张", "", &mut Spellings::default()).mask;
        assert_ne!(mask & starting('z'), 0);
        assert_eq!(mask & starting('h'), 0);
        assert_ne!(mask & occurring('h'), 0);
    }
}
