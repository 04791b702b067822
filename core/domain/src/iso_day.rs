//! Days as records write them, read digit by digit: a book has tens of thousands of them, and a reader of any form of day takes
//! ten times as long.

use chrono::NaiveDate;

/// A day written `YYYY-MM-DD`, in exactly these digits.
pub(crate) fn iso_day(text: &[u8]) -> Option<NaiveDate> {
    let &[y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text else { return None };
    let (year, month, day) = (number(&[y0, y1, y2, y3])?, number(&[m0, m1])?, number(&[d0, d1])?);
    NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())
}

/// A number of at most four ASCII digits.
pub(crate) fn number(digits: &[u8]) -> Option<u16> {
    let digit = |digit: &u8| digit.is_ascii_digit().then(|| u16::from(digit - b'0'));
    let few = Some(digits).filter(|digits| digits.len() <= 4)?;
    few.iter().try_fold(0, |number, next| Some(number * 10 + digit(next)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_it_is_written_and_nothing_else_is_a_day() {
        for text in ["2000-02-29", "1990-12-31", "0001-01-01"] {
            assert_eq!(iso_day(text.as_bytes()).map(|day| day.to_string()).as_deref(), Some(text));
        }
        for text in ["", "2001-02-29", "2000-13-01", "2000-1-001", "+200-01-01", "2000-01- 1", "2000/01/01", "2000-01-01 "] {
            assert_eq!(iso_day(text.as_bytes()), None, "{text}");
        }
    }
}
