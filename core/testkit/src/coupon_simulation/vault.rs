//! Marks that outlive a book which is put back.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use guidebook_store::coupons::marks::{Marks, NoMarks};

use crate::simulation::chance::Chance;

/// A phone's vault.
pub struct MemoryMarks {
    marks: Mutex<BTreeMap<String, u64>>,
    down: AtomicBool,
}

impl MemoryMarks {
    /// Marks that begin, under an id of the seed's.
    pub fn begin(chance: &mut Chance) -> Arc<Self> {
        let id = uuid::Builder::from_random_bytes(chance.bytes()).into_uuid().simple().to_string();
        MemoryMarks::holding(BTreeMap::from([(id, 1)]))
    }

    /// The same marks, in a vault that goes its own way: what no phone's hardware allows.
    pub fn copied(&self) -> Arc<Self> {
        MemoryMarks::holding(self.held().clone())
    }

    /// Whether the vault does not answer.
    pub fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::Relaxed);
    }

    fn holding(marks: BTreeMap<String, u64>) -> Arc<Self> {
        Arc::new(MemoryMarks { marks: Mutex::new(marks), down: AtomicBool::new(false) })
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<String, u64>> {
        self.marks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answers(&self) -> Result<(), NoMarks> {
        if self.down.load(Ordering::Relaxed) { Err(NoMarks) } else { Ok(()) }
    }
}

impl Marks for MemoryMarks {
    fn load(&self) -> Result<BTreeMap<String, u64>, NoMarks> {
        self.answers()?;
        Ok(self.held().clone())
    }

    fn raise(&self, name: &str, mark: u64) -> Result<bool, NoMarks> {
        self.answers()?;
        let mut marks = self.held();
        let rises = marks.get(name).is_none_or(|held| *held < mark);
        if rises {
            marks.insert(name.to_owned(), mark);
        }
        Ok(rises)
    }
}
