//! How much one round may carry. A server has one answer; tests make it small, so that a page is soon full.

use guidebook_wire::protocol::{COMPACT_PROTOCOL, LARGEST_PAGE, LARGEST_PUSH};
use guidebook_wire::snapshot::{CHUNK, FIRST_CHUNK};

/// How much one round may carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Operations of a push, at most.
    pub push: usize,
    /// Changes of a page, at most.
    pub page: usize,
    /// A page ends when it has grown past so many bytes, so that a connection that dies early has brought something.
    pub page_bytes: usize,
    /// When a snapshot is used, and how it is cut.
    pub snapshot: SnapshotSizes,
}

/// When a snapshot is used, and how it is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotSizes {
    /// Members of its first chunk; a phone that begins gets no more than these in pages.
    pub first_chunk: usize,
    /// Members of each later chunk.
    pub chunk: usize,
    /// Fewer changes than this come as pages, whatever a snapshot would cost.
    pub few_changes: usize,
    /// It is used as long as no more than this many changes come after it, or a quarter of its members.
    pub fresh_enough: usize,
}

impl SnapshotSizes {
    /// The usual sizes.
    pub const USUAL: SnapshotSizes = SnapshotSizes { first_chunk: FIRST_CHUNK, chunk: CHUNK, few_changes: 1_000, fresh_enough: 500 };
}

impl Sizes {
    /// The usual sizes. Compressed, four times as much passes through before a connection dies.
    pub fn of(protocol: u16) -> Self {
        let times = if protocol >= COMPACT_PROTOCOL { 4 } else { 1 };
        Sizes { push: LARGEST_PUSH, page: LARGEST_PAGE * times, page_bytes: 128 * 1024 * times, snapshot: SnapshotSizes::USUAL }
    }
}
