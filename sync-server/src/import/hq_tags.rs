//! The tags that HQ's export has for a member: what changed since the last export becomes HQ's own edits.

use std::collections::{BTreeMap, BTreeSet};

use guidebook_domain::{Catalogue, Choice, DeviceId, Edit, GuideId, Hlc, Operation, OperationId, Outcome, TagGroupId, TagId};
use sha2::{Digest, Sha256};

use super::batch::Batch;
use super::read::RowReason;
use super::run::Run;
use crate::db::members::Member;
use crate::db::operations::StoredOperation;
use crate::db::{Result, Tx};

/// The living tags that these names mean. A deleted one means nothing any more.
pub fn named(
    tx: &mut dyn Tx,
    batch: &mut Batch<'_>,
    names: &[(String, String)],
) -> Result<std::result::Result<BTreeSet<TagId>, RowReason>> {
    let mut tags = BTreeSet::new();
    let mut chosen: BTreeMap<TagGroupId, TagId> = BTreeMap::new();
    for name in names {
        let Some(id) = batch.tag_named(tx, name)? else { return Ok(Err(RowReason::NoSuchTag)) };
        let Some(tag) = batch.catalogue.live(&id) else { continue };
        let single = batch.catalogue.group(&tag.group).is_some_and(|group| group.choice == Choice::Single);
        if single && chosen.insert(tag.group.clone(), tag.id.clone()).is_some_and(|other| other != tag.id) {
            return Ok(Err(RowReason::TwoInSingleChoice));
        }
        tags.insert(tag.id.clone());
    }
    Ok(Ok(tags))
}

/// The edits that lead from the tags of the last export to those of this one.
pub fn plan(catalogue: &Catalogue, before: &BTreeSet<TagId>, after: &BTreeSet<TagId>) -> Vec<Edit> {
    // What was merged since the last export counts as what it became.
    let before: BTreeSet<TagId> = before.iter().filter_map(|tag| catalogue.live(tag)).map(|tag| tag.id.clone()).collect();
    let mut choices: BTreeMap<TagGroupId, Option<TagId>> = BTreeMap::new();
    let mut edits = Vec::new();
    let gone = before.difference(after).map(|tag| (tag, false));
    for (tag, on) in gone.chain(after.difference(&before).map(|tag| (tag, true))) {
        let Some(group) = catalogue.tag(tag).and_then(|tag| catalogue.group(&tag.group)) else { continue };
        match group.choice {
            Choice::Multi => edits.push(Edit::Tag { tag: tag.clone(), on }),
            // What is put on comes last, so that it stands against what was taken off.
            Choice::Single => drop(choices.insert(group.id.clone(), on.then(|| tag.clone()))),
        }
    }
    edits.extend(choices.into_iter().map(|(group, tag)| Edit::Choose { group, tag }));
    edits
}

/// Applies HQ's edits and keeps them, so that undoing a merge can replay them.
pub fn apply(tx: &mut dyn Tx, run: &Run, member: &mut Member, edits: Vec<Edit>, line: u64) -> Result<()> {
    for (n, edit) in edits.into_iter().enumerate() {
        let operation = Operation {
            id: operation_id(run, line, n),
            device: DeviceId::HQ,
            guide: GuideId::hq(),
            hlc: Hlc::new(run.at_ms, 0),
            member: Some(member.id.clone()),
            edit,
        };
        let outcome = member.state.apply(&operation).map_or(Outcome::Applied, Outcome::Superseded);
        tx.put_operation(
            &run.tenant,
            &StoredOperation {
                id: operation.id,
                device: DeviceId::HQ,
                sent_to: Some(member.id.clone()),
                sent_hlc: operation.hlc,
                operation: Some(operation),
                outcome,
                position: 0,
                received_ms: run.at_ms,
            },
        )?;
    }
    Ok(())
}

/// An id of its own for each of HQ's edits: the run's random id, then the line and the place in it. Ids of one run
/// differ in a few bits only, so a snapshot of thousands of members does not carry ten random bytes for each tag.
fn operation_id(run: &Run, line: u64, n: usize) -> OperationId {
    let digest = Sha256::digest(run.id);
    let mut tail = [0; 10];
    tail[..4].copy_from_slice(&digest[..4]);
    // 32 bits for the line, 16 for the place.
    tail[4..].copy_from_slice(&((line << 16) | n as u64).to_be_bytes()[2..]);
    OperationId::from_time(run.at_ms, tail)
}
