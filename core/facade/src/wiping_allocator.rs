//! Memory that is zeroed when it is given back. A name passes through many hands on its way from a request's body to a
//! screen (the network's buffers, JSON, records, views), and most of them are other people's: none would wipe what it
//! leaves behind. So the allocator does, for all of Rust's memory in the phone's process.
//!
//! Not covered: memory of C libraries (SQLite sees sealed rows only; zstd's is looked after in `guidebook-wire`) and what
//! the shells copy for themselves.

#![allow(unsafe_code)] // An allocator is unsafe by its trait.

use std::alloc::{GlobalAlloc, Layout, System};

/// The system's allocator, wiping. A block that grows moves, for its old place would keep the content.
struct Wiping;

#[global_allocator]
static ALLOCATOR: Wiping = Wiping;

// SAFETY: every block comes from `System` and goes back there under its own layout; it is written to only between the two.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block is the caller's for the last time, and as long as its layout says.
        unsafe {
            block.write_bytes(0, layout.size());
            kept(block);
            System.dealloc(block, layout);
        }
    }
}

/// Makes the compiler believe that somebody reads the block, or it would leave out writes to memory about to be freed.
fn kept(block: *mut u8) {
    // SAFETY: no instruction at all.
    unsafe { std::arch::asm!("/* {0} */", in(reg) block, options(nostack, preserves_flags)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_back_is_zero() {
        let layout = Layout::from_size_align(4096, 8).unwrap();
        // SAFETY: a block is written within its bounds; the memory is looked at while the block is held again.
        unsafe {
            let first = Wiping.alloc(layout);
            first.write_bytes(7, 4096);
            Wiping.dealloc(first, layout);
            let second = Wiping.alloc(layout);
            let content = std::slice::from_raw_parts(second, 4096);
            // The system's allocator keeps its own lists in the first bytes of a free block.
            assert!(first != second || content[64..].iter().all(|byte| *byte == 0));
            Wiping.dealloc(second, layout);
        }
    }
}
