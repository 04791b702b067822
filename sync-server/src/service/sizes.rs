//! How much one round may carry. A server has one answer; tests make it small, so that a page is soon full.

use guidebook_wire::protocol::{LARGEST_PAGE, LARGEST_PUSH};

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

impl Default for Sizes {
    fn default() -> Self {
        Sizes { push: LARGEST_PUSH, page: LARGEST_PAGE, page_bytes: 128 * 1024 }
    }
}
