//! Bodies compressed with zstd (`content-encoding: zstd`), where that is worth it. Frames say how long they are, and
//! a reader takes none that is longer than it allows.

/// The name of the encoding in HTTP headers (RFC 8878).
pub const ENCODING: &str = "zstd";
/// Shorter bodies go as they are, in bytes.
pub const WORTH_PACKING: usize = 512;

const LEVEL: i32 = 3;

/// A body that does not unpack, or to more than was allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a zstd frame of the length allowed")]
pub struct UnpackError;

/// The body compressed, if that makes it shorter.
pub fn pack(body: &[u8]) -> Option<Vec<u8>> {
    if body.len() < WORTH_PACKING {
        return None;
    }
    zstd::bulk::compress(body, LEVEL).ok().filter(|packed| packed.len() < body.len())
}

/// The body that was packed, at most `most` bytes.
pub fn unpack(packed: &[u8], most: usize) -> Result<Vec<u8>, UnpackError> {
    let length = zstd::zstd_safe::get_frame_content_size(packed).ok().flatten().ok_or(UnpackError)?;
    let length = usize::try_from(length).ok().filter(|length| *length <= most).ok_or(UnpackError)?;
    zstd::bulk::decompress(packed, length).map_err(|_| UnpackError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_comes_back_and_none_grows_past_its_limit() {
        let body = b"the same words again and again, ".repeat(100);
        let packed = pack(&body).unwrap();
        assert!(packed.len() < body.len() / 10);
        assert_eq!(unpack(&packed, body.len()), Ok(body.clone()));
        assert_eq!(unpack(&packed, body.len() - 1), Err(UnpackError));
        assert_eq!(unpack(&packed[..packed.len() - 1], body.len()), Err(UnpackError));
        assert_eq!(unpack(b"no frame", 100), Err(UnpackError));
        assert_eq!(pack(b"short"), None);
    }
}
