//! Who carries which tag, and tag expressions answered by whole words of bits.

use std::collections::{BTreeMap, BTreeSet};

use guidebook_domain::TagId;
use guidebook_domain::tag_expression::TagExpression;

use super::bits::Bits;

/// For each tag the slots that carry it. A tag that nobody carries any more keeps an empty set.
#[derive(Default)]
pub(super) struct TagBits(BTreeMap<TagId, Bits>);

impl TagBits {
    /// The slot carries these tags and no others.
    pub fn put(&mut self, slot: usize, tags: BTreeSet<TagId>) {
        self.0.iter_mut().filter(|(tag, _)| !tags.contains(tag)).for_each(|(_, bits)| bits.remove(slot));
        for tag in tags {
            self.0.entry(tag).or_default().insert(slot);
        }
    }

    /// The slots among `all` for which `expression` holds, as [`TagExpression::holds`] means it.
    pub fn evaluate(&self, expression: &TagExpression, all: &Bits) -> Bits {
        match expression {
            TagExpression::Has(tag) => self.0.get(tag).cloned().unwrap_or_default(),
            TagExpression::All(parts) => {
                let mut hits = all.clone();
                parts.iter().for_each(|part| hits.keep(&self.evaluate(part, all)));
                hits
            }
            TagExpression::Any(parts) => {
                let mut hits = Bits::default();
                parts.iter().for_each(|part| hits.add(&self.evaluate(part, all)));
                hits
            }
            TagExpression::Not(part) => {
                let mut hits = all.clone();
                hits.take_away(&self.evaluate(part, all));
                hits
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tag(number: u8) -> TagId {
        TagId::new(format!("T{number}")).unwrap()
    }

    fn expressions() -> impl Strategy<Value = TagExpression> {
        (0..7u8).prop_map(|n| TagExpression::Has(tag(n))).prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(TagExpression::All),
                prop::collection::vec(inner.clone(), 0..4).prop_map(TagExpression::Any),
                inner.prop_map(|part| TagExpression::Not(Box::new(part))),
            ]
        })
    }

    proptest! {
        #[test]
        fn bits_say_what_the_expression_says(
            carried in prop::collection::vec(prop::collection::btree_set(0..6u8, 0..5), 0..150),
            later in prop::collection::vec((any::<prop::sample::Index>(), prop::collection::btree_set(0..6u8, 0..5)), 0..10),
            expression in expressions(),
        ) {
            let (mut bits, mut all) = (TagBits::default(), Bits::default());
            for (slot, tags) in carried.iter().enumerate() {
                bits.put(slot, tags.iter().copied().map(tag).collect());
                all.insert(slot);
            }
            let mut carried = carried;
            let slots = if carried.is_empty() { 0 } else { later.len() };
            for (index, tags) in &later[..slots] {
                let slot = index.index(carried.len());
                bits.put(slot, tags.iter().copied().map(tag).collect());
                carried[slot] = tags.clone();
            }
            let hits = bits.evaluate(&expression, &all);
            for (slot, tags) in carried.iter().enumerate() {
                let tags: BTreeSet<TagId> = tags.iter().copied().map(tag).collect();
                let expected = expression.holds(&|t: &TagId| tags.contains(t));
                prop_assert_eq!(hits.contains(slot), expected);
            }
        }
    }
}
