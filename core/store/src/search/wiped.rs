//! Vectors that leave no copy of their content behind when they grow.

use zeroize::{Zeroize, Zeroizing};

/// Appends `item`. Where `Vec::push` would move the content and leave the old memory as it was, this wipes it.
pub(super) fn push_wiped<T: Copy + Zeroize>(list: &mut Zeroizing<Vec<T>>, item: T) {
    if list.len() == list.capacity() {
        let mut larger = Zeroizing::new(Vec::with_capacity((list.len() * 2).max(16)));
        larger.extend_from_slice(list);
        std::mem::swap(list, &mut larger);
    }
    list.push(item);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growing_keeps_the_content() {
        let mut list = Zeroizing::new(Vec::new());
        (0..100u32).for_each(|n| push_wiped(&mut list, n));
        assert_eq!(*list, (0..100).collect::<Vec<_>>());
    }
}
