//! How the characters of a name are read in pinyin, and what of a name or a query does not count.

use std::collections::HashMap;

use pinyin::{Pinyin, ToPinyinMulti};
use zeroize::Zeroizing;

use super::surnames::{compound_surname, surname_readings};

/// A character as search sees it: full-width forms as ASCII, letters small, `ü` as `v`. `None` for what does
/// not count: blanks, ASCII punctuation, the dots and quotes inside names, invisible joiners.
pub(super) fn folded(character: char) -> Option<char> {
    let narrow = match character {
        '！'..='～' => char::from_u32(character as u32 - 0xFEE0).unwrap_or(character),
        other => other,
    };
    let small = narrow.to_lowercase().next().unwrap_or(narrow);
    match small {
        'ü' => Some('v'),
        '·' | '•' | '・' | '･' | '‧' | '∙' | '⋅' | '’' | '‘' | '“' | '”' => None,
        '\u{200B}'..='\u{200D}' | '\u{FE0F}' | '\u{FEFF}' => None,
        c if c.is_whitespace() || c.is_control() || c.is_ascii_punctuation() => None,
        c => Some(c),
    }
}

/// The spellings that names are read in, each with a number. They say nothing about a person.
#[derive(Default)]
pub(super) struct Spellings {
    numbers: HashMap<&'static str, u16>,
    texts: Vec<&'static str>,
}

impl Spellings {
    /// All spellings, each at its number.
    pub fn texts(&self) -> &[&'static str] {
        &self.texts
    }

    /// The readings of `name[at]`, the one to sort by first: as a surname (anywhere, because a remark may say
    /// 小单), then each reading of the character. A name sorts by its surname's own reading at its beginning only.
    pub fn readings(&mut self, name: &[char], at: usize) -> Zeroizing<Vec<u16>> {
        let character = name[at];
        let begins = name.get(at + 1).and_then(|&next| compound_surname(character, next)).map(|both| both[0]);
        let ends = at.checked_sub(1).and_then(|before| compound_surname(name[before], character)).map(|both| both[1]);
        let compound = begins.or(ends);
        let surname = surname_readings(character).iter().copied();
        let common = character.to_pinyin_multi().into_iter().flatten().map(Pinyin::plain);
        let ordered: Vec<&'static str> = if at == 0 || compound.is_some() {
            compound.into_iter().chain(surname).chain(common).collect()
        } else {
            common.chain(surname).collect()
        };
        let mut numbers = Zeroizing::new(Vec::with_capacity((ordered.len() + 1) * 3));
        for text in ordered.into_iter().chain((character == 'v').then_some("u")) {
            for &typed in as_typed(&text) {
                let number = self.number(typed);
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
        }
        numbers
    }

    fn number(&mut self, text: &'static str) -> u16 {
        *self.numbers.entry(text).or_insert_with(|| {
            self.texts.push(text);
            u16::try_from(self.texts.len() - 1).expect("Chinese has some four hundred syllables")
        })
    }
}

/// How a reading is typed: `ü` as `v`, `u` or, as passports write it, `yu`. Readings that no keyboard types
/// (`ê`) are left out.
fn as_typed<'a>(reading: &'a &'static str) -> &'a [&'static str] {
    match *reading {
        "lü" => &["lv", "lu", "lyu"],
        "nü" => &["nv", "nu", "nyu"],
        "lüe" => &["lve", "lue", "lyue"],
        "nüe" => &["nve", "nue", "nyue"],
        plain if plain.is_ascii() => std::slice::from_ref(reading),
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, at: usize) -> Vec<&'static str> {
        let mut spellings = Spellings::default();
        let numbers = spellings.readings(&name.chars().collect::<Vec<_>>(), at);
        numbers.iter().map(|&number| spellings.texts()[usize::from(number)]).collect()
    }

    #[test]
    fn a_surname_comes_first_in_its_own_reading_and_keeps_the_common_one() {
        assert_eq!(read("单雄", 0), ["shan", "dan", "chan"]);
        assert_eq!(read("单于", 0)[0], "chan");
        assert_eq!(read("万俟", 1)[0], "qi");
        assert_eq!(read("小单", 1)[0], "dan");
    }

    #[test]
    fn u_with_dots_is_read_as_every_keyboard_writes_it() {
        assert_eq!(read("吕", 0), ["lv", "lu", "lyu"]);
        assert_eq!(read("Mvller", 1), ["u"]);
    }

    #[test]
    fn what_does_not_count_is_left_out() {
        let text: String = " Ａnne-Marie·O’Neil　７号 ü".chars().filter_map(folded).collect();
        assert_eq!(text, "annemarieoneil7号v");
    }
}
