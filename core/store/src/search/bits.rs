//! Sets of slots, one bit a slot: what tags and hits are counted and combined in.
//!
//! A set may be shorter than the index; what lies beyond its end is not in it.

/// A set of slots.
#[derive(Clone, Default)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// The slots of a column whose value is `wanted`. It reads everyone, so `wanted` should not branch.
    pub fn of_column<T: Copy>(column: &[T], wanted: impl Fn(T) -> bool) -> Self {
        let word = |values: &[T]| values.iter().enumerate().fold(0, |word, (bit, &value)| word | u64::from(wanted(value)) << bit);
        Bits(column.chunks(64).map(word).collect())
    }

    pub fn insert(&mut self, slot: usize) {
        if slot / 64 >= self.0.len() {
            self.0.resize(slot / 64 + 1, 0);
        }
        self.0[slot / 64] |= 1 << (slot % 64);
    }

    pub fn remove(&mut self, slot: usize) {
        if let Some(word) = self.0.get_mut(slot / 64) {
            *word &= !(1 << (slot % 64));
        }
    }

    pub fn contains(&self, slot: usize) -> bool {
        self.0.get(slot / 64).is_some_and(|word| word & (1 << (slot % 64)) != 0)
    }

    pub fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Keeps what is also in `other`.
    pub fn keep(&mut self, other: &Bits) {
        self.0.truncate(other.0.len());
        self.0.iter_mut().zip(&other.0).for_each(|(word, o)| *word &= o);
    }

    /// Adds what is in `other`.
    pub fn add(&mut self, other: &Bits) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(word, o)| *word |= o);
    }

    /// Takes away what is in `other`.
    pub fn take_away(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, o)| *word &= !o);
    }

    /// Keeps the slots that `wanted` says yes to.
    pub fn keep_if(&mut self, wanted: impl Fn(usize) -> bool) {
        for (at, word) in self.0.iter_mut().enumerate() {
            *word = bits_of(*word).filter(|&bit| wanted(at * 64 + bit)).fold(0, |kept, bit| kept | 1 << bit);
        }
    }

    /// All slots in it, rising.
    pub fn slots(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(at, &word)| bits_of(word).map(move |bit| at * 64 + bit))
    }
}

fn bits_of(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros() as usize);
        word &= word.wrapping_sub(1);
        bit
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(slots: &[usize]) -> Bits {
        let mut bits = Bits::default();
        slots.iter().for_each(|&slot| bits.insert(slot));
        bits
    }

    fn members(bits: &Bits) -> Vec<usize> {
        let members: Vec<usize> = bits.slots().collect();
        assert!(members.iter().all(|&slot| bits.contains(slot)));
        members
    }

    #[test]
    fn sets_of_unequal_length_combine() {
        let (short, long) = (of(&[1, 63]), of(&[1, 64, 300]));
        let combined = |change: fn(&mut Bits, &Bits), a: &Bits, b: &Bits| {
            let mut a = a.clone();
            change(&mut a, b);
            members(&a)
        };
        assert_eq!(combined(Bits::keep, &short, &long), [1]);
        assert_eq!(combined(Bits::keep, &long, &short), [1]);
        assert_eq!(combined(Bits::add, &short, &long), [1, 63, 64, 300]);
        assert_eq!(combined(Bits::take_away, &short, &long), [63]);
        assert_eq!(combined(Bits::take_away, &long, &short), [64, 300]);
    }

    #[test]
    fn a_column_is_read_whole() {
        let column: Vec<usize> = (0..130).collect();
        assert_eq!(members(&Bits::of_column(&column, |n| n % 43 == 0)), [0, 43, 86, 129]);
    }

    #[test]
    fn removing_and_keeping_leave_the_others() {
        let mut bits = of(&[0, 63, 64, 65, 200]);
        bits.remove(64);
        bits.remove(9_999);
        bits.keep_if(|slot| slot != 0);
        assert_eq!((members(&bits), bits.count()), (vec![63, 65, 200], 3));
    }
}
