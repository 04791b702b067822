//! What a scanned or wedged text is: a keyboard scanner types whatever code it sees, so each kind must be told apart by
//! its form alone.
//!
//! Forms, in the order in which they are tried:
//! 1. a link with HQ's enrolment code: `guidebook://enrol?code=…`, with `&server=https%3A%2F%2F…` where the server is
//!    known, or `https://SERVER/enrol?code=…` (`http` as well: whether a server may be reached so is decided at enrolment);
//! 2. a mobile number, however it is written;
//! 3. a member number that the book knows, as it is or in capitals;
//! 4. HQ's enrolment code as it is typed: ten characters of Crockford's base32, case, blanks and hyphens forgiven, `O`
//!    for `0`, `I` and `L` for `1`.

use std::fmt;

use crate::{MemberId, Phone};

/// As many characters as an enrolment code has.
pub const CODE_LENGTH: usize = 10;
/// The longest text that is looked at, in bytes.
pub const LONGEST_SCAN: usize = 512;

/// What a text is.
#[derive(Clone, PartialEq, Eq)]
pub enum ScannedCode {
    /// HQ's enrolment code.
    Enrolment {
        /// The code, without blanks and hyphens.
        code: String,
        /// The server's address, where the text names it: `https://…`.
        server: Option<String>,
    },
    /// A mobile number.
    Phone(Phone),
    /// A member of the book.
    Member(MemberId),
    /// Nothing of these.
    Unknown,
}

/// Neither codes nor numbers are for logs.
impl fmt::Debug for ScannedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ScannedCode::Enrolment { .. } => "Enrolment(…)",
            ScannedCode::Phone(_) => "Phone(…)",
            ScannedCode::Member(_) => "Member(…)",
            ScannedCode::Unknown => "Unknown",
        })
    }
}

impl ScannedCode {
    /// Reads a text. `in_the_book` says whether a member is known here.
    pub fn read(text: &str, in_the_book: impl Fn(&MemberId) -> bool) -> Self {
        let text = text.trim();
        if text.len() > LONGEST_SCAN {
            return ScannedCode::Unknown;
        }
        if text.contains("://") {
            return enrolment_link(text).unwrap_or(ScannedCode::Unknown);
        }
        if let Ok(phone) = Phone::parse(text) {
            return ScannedCode::Phone(phone);
        }
        let as_typed = [text.to_owned(), text.to_ascii_uppercase()];
        let member = as_typed.into_iter().filter_map(|text| MemberId::new(text).ok()).find(in_the_book);
        if let Some(member) = member {
            return ScannedCode::Member(member);
        }
        let code = enrolment_code(text).map(|code| ScannedCode::Enrolment { code, server: None });
        code.unwrap_or(ScannedCode::Unknown)
    }
}

/// The code without what does not count, if it has a code's form. Which `O` is a zero is the server's to know.
fn enrolment_code(text: &str) -> Option<String> {
    let code: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let legal = |c: char| c.is_ascii_alphanumeric() && !matches!(c, 'u' | 'U');
    (code.len() == CODE_LENGTH && code.chars().all(legal)).then_some(code)
}

fn enrolment_link(text: &str) -> Option<ScannedCode> {
    let (scheme, rest) = text.split_once("://")?;
    let (place, query) = rest.split_once('?')?;
    let query = query.split('#').next().unwrap_or_default();
    let value = |name: &str| query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value);
    let code = enrolment_code(&percent_decoded(value("code")?)?)?;
    let server = match scheme.to_ascii_lowercase().as_str() {
        "guidebook" if place.trim_end_matches('/').eq_ignore_ascii_case("enrol") => {
            match value("server").filter(|server| !server.is_empty()) {
                Some(server) => Some(percent_decoded(server).filter(|server| is_address(server))?),
                None => None,
            }
        }
        web @ ("https" | "http") => {
            let host = place.trim_end_matches('/').strip_suffix("/enrol")?;
            Some(format!("{web}://{host}")).filter(|server| is_address(server))
        }
        _ => return None,
    };
    (scheme.eq_ignore_ascii_case("guidebook") || server.is_some()).then_some(ScannedCode::Enrolment { code, server })
}

/// Whether it may be a server's address; whether it is one is found out at enrolment. Somebody else's name before an `@`
/// could pass for the server's.
fn is_address(server: &str) -> bool {
    let place = server.strip_prefix("https://").or_else(|| server.strip_prefix("http://")).unwrap_or_default();
    !place.is_empty() && !place.starts_with('/') && place.chars().all(|c| c.is_ascii_alphanumeric() || ".-:/[]_".contains(c))
}

fn percent_decoded(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let digits = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok())?;
            decoded.push(u8::from_str_radix(digits, 16).ok()?);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> ScannedCode {
        ScannedCode::read(text, |id| ["M000000001", "12345678901"].contains(&id.as_str()))
    }

    fn enrolment(code: &str, server: Option<&str>) -> ScannedCode {
        ScannedCode::Enrolment { code: code.to_owned(), server: server.map(str::to_owned) }
    }

    #[test]
    fn hq_s_code_is_read_bare_and_from_links() {
        for (text, server) in [
            ("AB12C-D34EF", None),
            (" ab12cd34ef\r\n", None),
            ("guidebook://enrol?code=AB12CD34EF", None),
            ("guidebook://enrol?server=&code=AB12CD34EF", None),
            ("guidebook://enrol?server=http://127.0.0.1:8080&code=AB12CD34EF", Some("http://127.0.0.1:8080")),
            ("GUIDEBOOK://ENROL/?x=1&code=AB12CD34EF#x", None),
            ("guidebook://enrol?server=https%3A%2F%2Fbook.example.cn%3A8443&code=AB12CD34EF", Some("https://book.example.cn:8443")),
            ("https://book.example.cn/enrol?code=AB12C-D34EF", Some("https://book.example.cn")),
            ("https://book.example.cn/a/enrol/?code=AB12C%2DD34EF", Some("https://book.example.cn/a")),
            ("http://127.0.0.1:8080/enrol?code=AB12CD34EF", Some("http://127.0.0.1:8080")),
        ] {
            let ScannedCode::Enrolment { code, server: found } = read(text) else { panic!("{text}") };
            assert_eq!((code.to_uppercase(), found.as_deref()), ("AB12CD34EF".to_owned(), server), "{text}");
        }
    }

    #[test]
    fn a_phone_and_a_known_member_are_told_from_a_code() {
        assert_eq!(read("+86 138 1234 5678"), ScannedCode::Phone(Phone::parse("13812345678").unwrap()));
        assert_eq!(read("m000000001\n"), ScannedCode::Member(MemberId::new("M000000001").unwrap()));
        assert_eq!(read("12345678901"), ScannedCode::Member(MemberId::new("12345678901").unwrap()));
        // Of the same form, but nobody's number.
        assert_eq!(read("M000000002"), enrolment("M000000002", None));
    }

    #[test]
    fn anything_else_is_unknown() {
        for text in [
            "",
            "AB12CD34E",
            "AB12CD34EFG",
            "AB12CD34EU",
            "兰若雅兰若雅兰若雅兰",
            "https://evil.example/other?code=AB12CD34EF",
            "https:///enrol?code=AB12CD34EF",
            "https://book.example.cn@evil.example/enrol?code=AB12CD34EF",
            "guidebook://enrol?code=AB12CD34EF&server=javascript%3Aalert",
            "guidebook://enrol?code=%ZZ",
            "guidebook://enrol",
            "guidebook://member?code=AB12CD34EF",
            "ftp://x/enrol?code=AB12CD34EF",
            "weixin://",
            &"A".repeat(LONGEST_SCAN + 1),
        ] {
            assert_eq!(read(text), ScannedCode::Unknown, "{text}");
        }
    }

    #[test]
    fn debug_shows_neither_codes_nor_numbers() {
        let shown = ["13812345678", "M000000001", "AB12CD34EF"].map(|text| format!("{:?}", read(text)));
        assert_eq!(shown, ["Phone(…)", "Member(…)", "Enrolment(…)"]);
    }
}
