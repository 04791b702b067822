//! A voucher as a QR code: version 5, level M, 37 modules a side, filled to the last character.

use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};

/// Modules a side of a version 5 code.
pub const SIDE: usize = 37;

/// Light modules that a reader needs on each side.
pub const QUIET: usize = 4;

/// A text that does not fit: more than 122 characters, or one outside the alphanumeric mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("does not fit a QR code of version 5, level M")]
pub struct QrError;

/// The modules of `text`, row by row from the top, dark is true, without a quiet zone.
pub fn modules(text: &str) -> Result<Vec<[bool; SIDE]>, QrError> {
    if !QrSegment::is_alphanumeric(text) {
        return Err(QrError);
    }
    let segment = QrSegment::make_alphanumeric(text);
    let version = Version::new(5);
    let code = QrCode::encode_segments_advanced(&[segment], QrCodeEcc::Medium, version, version, None, false).map_err(|_| QrError)?;
    Ok((0..SIDE as i32).map(|y| std::array::from_fn(|x| code.get_module(x as i32, y))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voucher_fits_exactly() {
        let rows = modules(&"A".repeat(122)).unwrap();
        assert_eq!(rows.len(), SIDE);
        assert_eq!(rows[0][..8], [true, true, true, true, true, true, true, false], "a finder in the corner");
        assert_eq!(modules(&"A".repeat(123)), Err(QrError));
        assert_eq!(modules("a"), Err(QrError));
    }
}
