//! A typed code as Code 128 (ISO/IEC 15417), code set B, for a till's one-dimensional scanner.

/// Modules that a reader needs on each side.
pub const QUIET: usize = 10;

const START_B: usize = 104;
const STOP: usize = 106;

/// The widths in modules of each symbol's bars and spaces in turn, beginning with a bar. The last one, the stop, has seven.
const SYMBOLS: [&str; 107] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213", "221312", "231212", "112232",
    "122132", "122231", "113222", "123122", "123221", "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122",
    "321221", "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321", "112313", "132113", "132311",
    "211313", "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121", "313121", "211331", "231131", "213113",
    "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111", "111224", "111422",
    "121124", "121421", "141122", "141221", "112214", "112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111",
    "241112", "134111", "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141", "214121",
    "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311", "113141", "114131", "311141", "411131", "211412",
    "211214", "211232", "2331112",
];

/// A text with a character outside printable ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("outside code set B")]
pub struct Code128Error;

/// The widths of bars and spaces in turn, in modules, beginning and ending with a bar, without a quiet zone.
pub fn bars(text: &str) -> Result<Vec<u8>, Code128Error> {
    let mut values = vec![START_B];
    for byte in text.bytes() {
        let value = byte.checked_sub(b' ').filter(|value| *value < 95).ok_or(Code128Error)?;
        values.push(value.into());
    }
    let check = values.iter().enumerate().map(|(place, value)| value * place.max(1)).sum::<usize>() % 103;
    values.extend([check, STOP]);
    Ok(values.into_iter().flat_map(|value| SYMBOLS[value].bytes().map(|digit| digit - b'0')).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_is_a_code() {
        for (value, symbol) in SYMBOLS[..106].iter().enumerate() {
            let widths: Vec<u8> = symbol.bytes().map(|digit| digit - b'0').collect();
            assert_eq!(widths.len(), 6, "{value}");
            assert_eq!(widths.iter().sum::<u8>(), 11, "{value}");
            assert!(widths.iter().step_by(2).sum::<u8>().is_multiple_of(2), "{value}: even bars are its parity");
            assert!(widths.iter().all(|width| (1..=4).contains(width)), "{value}");
        }
        assert_eq!(SYMBOLS.iter().collect::<BTreeSet<_>>().len(), 107);
    }

    #[test]
    fn a_code_has_start_check_and_stop() {
        // PJJ123C of the usual example: checksum 54 in code set A is 54 + 1 in B, as the start is one more.
        let bars = bars("PJJ123C").unwrap();
        let symbols: Vec<String> = bars.chunks(6).map(|widths| widths.iter().map(u8::to_string).collect()).collect();
        assert_eq!(symbols.first().map(String::as_str), Some(SYMBOLS[START_B]));
        assert_eq!(symbols[8], SYMBOLS[55]);
        assert_eq!(symbols[9..].concat(), SYMBOLS[STOP]);
        assert_eq!(bars.iter().map(|width| usize::from(*width)).sum::<usize>(), 11 * 9 + 13);
        assert_eq!(super::bars("券"), Err(Code128Error));
    }
}
