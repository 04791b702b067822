//! How much one round may carry. A server has one answer; tests make it small, so that a page is soon full.

use guidebook_wire::protocol::{COMPACT_PROTOCOL, LARGEST_PAGE, LARGEST_PUSH};

/// How much one round may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Operations of a push, at most.
    pub push: usize,
    /// Changes of a page, at most.
    pub page: usize,
    /// A page ends when it has grown past so many bytes, so that a connection that dies early has brought something.
    pub page_bytes: usize,
}

impl Sizes {
    /// The usual sizes. Compressed, four times as much passes through before a connection dies.
    pub fn of(protocol: u16) -> Self {
        let times = if protocol >= COMPACT_PROTOCOL { 4 } else { 1 };
        Sizes { push: LARGEST_PUSH, page: LARGEST_PAGE * times, page_bytes: 128 * 1024 * times }
    }
}
