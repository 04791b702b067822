//! The rows of one transaction, and what they need beside it.

use std::collections::HashMap;

use guidebook_domain::{Catalogue, TagId};

use super::learned::Learned;
use super::order::Orders;
use super::report::ImportReport;
use super::run::Run;
use crate::db::{Result, Tx};

/// One batch of a run.
pub struct Batch<'r> {
    /// The run.
    pub run: &'r Run,
    /// What it has learned.
    pub learned: &'r mut Learned,
    /// The tag dictionary as it is in this transaction.
    pub catalogue: Catalogue,
    /// What has come of the file.
    pub report: ImportReport,
    /// The batch's orders.
    pub orders: Orders,
    /// What names of tags mean, as far as members brought them.
    tags: HashMap<(String, String), Option<TagId>>,
}

impl<'r> Batch<'r> {
    /// A batch whose first row is still to come.
    pub fn begin(run: &'r Run, learned: &'r mut Learned, catalogue: Catalogue, report: ImportReport) -> Self {
        learned.seen.begin_batch();
        Batch { run, learned, catalogue, report, orders: Orders::default(), tags: HashMap::new() }
    }

    /// The tag that a group's and its own name mean.
    pub fn tag_named(&mut self, tx: &mut dyn Tx, names: &(String, String)) -> Result<Option<TagId>> {
        if let Some(found) = self.tags.get(names) {
            return Ok(found.clone());
        }
        let found = tx.tag_named(&self.run.tenant, &names.0, &names.1)?;
        self.tags.insert(names.clone(), found.clone());
        Ok(found)
    }
}
