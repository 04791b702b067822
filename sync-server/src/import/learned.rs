//! What a run has learned, so that the database need not be asked for every row.

use std::collections::{HashMap, HashSet};

use guidebook_domain::{BrandId, GuideId, StoreId};
use sha2::{Digest, Sha256};

use super::run::Run;
use crate::db::{Result, Tx};

/// What was there when it was asked for, and still is: no row of these tables is ever deleted.
#[derive(Default)]
pub struct Learned {
    stores: HashSet<StoreId>,
    brands: HashSet<BrandId>,
    guides: HashSet<GuideId>,
    products: HashSet<String>,
    /// What the file has brought.
    pub seen: Seen,
}

impl Learned {
    /// Whether there is such a store.
    pub fn knows_store(&mut self, tx: &mut dyn Tx, run: &Run, id: &StoreId) -> Result<bool> {
        known(&mut self.stores, id, || Ok(tx.store(&run.tenant, id)?.is_some()))
    }

    /// Whether there is such a brand.
    pub fn knows_brand(&mut self, tx: &mut dyn Tx, run: &Run, id: &BrandId) -> Result<bool> {
        known(&mut self.brands, id, || Ok(tx.brand(&run.tenant, id)?.is_some()))
    }

    /// Whether there is such a guide.
    pub fn knows_guide(&mut self, tx: &mut dyn Tx, run: &Run, id: &GuideId) -> Result<bool> {
        known(&mut self.guides, id, || Ok(tx.guide(&run.tenant, id)?.is_some()))
    }

    /// Whether there is such a product.
    pub fn knows_product(&mut self, tx: &mut dyn Tx, run: &Run, id: &String) -> Result<bool> {
        known(&mut self.products, id, || Ok(tx.product(&run.tenant, id)?.is_some()))
    }
}

fn known<T: Clone + Eq + std::hash::Hash>(found: &mut HashSet<T>, id: &T, look: impl FnOnce() -> Result<bool>) -> Result<bool> {
    if found.contains(id) {
        return Ok(true);
    }
    let is_there = look()?;
    if is_there {
        found.insert(id.clone());
    }
    Ok(is_there)
}

/// As many things as are kept in memory: those of 900,000 members, in 36 MB, or 54 while it grows. What a longer file brings
/// beyond them lies in the database.
const MOST_IN_MEMORY: usize = 1_800_000;

/// 96 bits of a hash that nobody can aim at, for the run's random id goes into it.
type Mark = [u32; 3];

/// What the file has brought and at which line, so that nothing is taken twice. A run that is broken off is begun anew, so
/// nothing of it must outlive the process.
pub struct Seen {
    most: usize,
    /// By batches that are committed.
    kept: HashMap<Mark, u32>,
    /// By the batch under way, which may be run again.
    fresh: HashMap<Mark, u32>,
}

impl Default for Seen {
    fn default() -> Self {
        Seen::of_at_most(MOST_IN_MEMORY)
    }
}

impl Seen {
    /// Nothing yet; so many things are kept in memory.
    pub fn of_at_most(most: usize) -> Self {
        Seen { most, kept: HashMap::new(), fresh: HashMap::new() }
    }

    /// A batch begins, perhaps once more.
    pub fn begin_batch(&mut self) {
        self.fresh.clear();
    }

    /// The batch is committed.
    pub fn keep_batch(&mut self) {
        self.kept.extend(self.fresh.drain());
    }

    /// The line at which the file brought this before. If it did not, `line` is where it does.
    pub fn see(&mut self, tx: &mut dyn Tx, run: &Run, what: &str, line: u64) -> Result<Option<u64>> {
        let mark = mark(run, what);
        if let Some(first) = self.kept.get(&mark).or_else(|| self.fresh.get(&mark)) {
            return Ok(Some(u64::from(*first)));
        }
        if self.is_full() {
            return tx.see(&run.tenant, run.id, what, line);
        }
        self.fresh.insert(mark, u32::try_from(line).unwrap_or(u32::MAX));
        Ok(None)
    }

    /// The line at which the file brought this before.
    pub fn seen(&self, tx: &mut dyn Tx, run: &Run, what: &str) -> Result<Option<u64>> {
        let mark = mark(run, what);
        match self.kept.get(&mark).or_else(|| self.fresh.get(&mark)) {
            Some(first) => Ok(Some(u64::from(*first))),
            None if self.is_full() => tx.seen(&run.tenant, run.id, what),
            None => Ok(None),
        }
    }

    fn is_full(&self) -> bool {
        self.kept.len() + self.fresh.len() >= self.most
    }
}

fn mark(run: &Run, what: &str) -> Mark {
    let digest = Sha256::new().chain_update(run.id).chain_update(what).finalize();
    std::array::from_fn(|n| u32::from_be_bytes([digest[4 * n], digest[4 * n + 1], digest[4 * n + 2], digest[4 * n + 3]]))
}
