//! What a server's answer does to the book: planned first, then carried out in one transaction with the cursor.

use std::collections::{BTreeMap, BTreeSet};

use guidebook_domain::coupon::IssueClock;
use guidebook_domain::redirect::resolve;
use guidebook_domain::{Edit, HlcClock, MemberId, OperationId, Outcome, TagFate};
use guidebook_wire::patch::MemberPatch;
use guidebook_wire::snapshot::SnapshotRecord;
use guidebook_wire::{ChangeRecord, GuideRecord, MemberRecord, OutcomeRecord, RoundAnswerRecord};
use rusqlite::TransactionBehavior;

use crate::coupons::granting::CouponPlan;
use crate::outbox::{self, Answer, Fate, OperationEntry, is_about_coupons};
use crate::rows::{self, Entry, MemberRow, Origin, SealedMember, SealedRow};
use crate::settings::{self, IDENTITY, Incoming, STANDING, Standing};
use crate::side_by_side::side_by_side;
use crate::vault::Vault;
use crate::{Store, StoreError, failpoint};

/// What has changed, for screens to read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Members whose record or edits changed, gone ones too.
    pub members: BTreeSet<MemberId>,
    /// Whether tags or names changed.
    pub dictionary: bool,
    /// Whether campaigns, codes or what became of coupons changed.
    pub coupons: bool,
    /// Operations that got an answer, or lost to a later edit.
    pub operations: BTreeSet<OperationId>,
    /// Whether there is another page.
    pub more: bool,
    /// Whether a snapshot is to be fetched: see [`Store::incoming`].
    pub snapshot: bool,
}

/// A member as she is from now on.
struct Put {
    record: MemberRecord,
    position: u64,
    /// What the book had of her, where that was read already: when she was touched, and whether her phone is the same.
    held: Option<(i64, bool)>,
}

/// What an answer tells of a member, and the row that it is about.
enum Came {
    Whole(Box<MemberRecord>, u64),
    Changed { id: MemberId, patch: MemberPatch, held: Option<SealedRow>, position: u64 },
}

impl Came {
    /// The member as she is from now on; none if what changed does not fit what the book has.
    fn put(self, vault: &Vault) -> Result<Option<Put>, StoreError> {
        let (id, patch, held, position) = match self {
            Came::Whole(record, position) => return Ok(Some(Put { record: *record, position, held: None })),
            Came::Changed { id, patch, held, position } => (id, patch, held, position),
        };
        let Some(row) = held else { return Ok(None) };
        let MemberRow { record, touched_ms, .. } = row.open(vault, &id)?;
        let phone = record.profile.phone.clone();
        let Ok(record) = patch.put_into(record) else { return Ok(None) };
        let held = Some((touched_ms, record.profile.phone == phone));
        Ok(Some(Put { record, position, held }))
    }
}

/// Edits that show on top of records, by the member whom they are about.
type Shown = BTreeMap<MemberId, Vec<OperationEntry>>;
/// What became of operations, and what answer told so.
type Fates = BTreeMap<OperationId, (OperationEntry, Option<Answer>)>;

/// What is to be done with one answer.
#[derive(Default)]
struct Plan {
    fates: Fates,
    /// The operations of `fates`, by the member whom they are about today.
    answered_on: BTreeMap<MemberId, Vec<OperationId>>,
    puts: Vec<Put>,
    gone: Vec<MemberId>,
    aliases: Vec<(MemberId, MemberId)>,
    entries: Vec<Entry>,
    standing: Standing,
    /// Members of a generation below this are swept out.
    sweep_below: Option<i64>,
    /// What was answered since then, by the server's clock, is sent again.
    forgotten_since_ms: Option<u64>,
    again: Vec<OperationId>,
    coupons: CouponPlan,
}

impl Store {
    /// Takes in a server's answer: outcomes, a page of changes and the cursor, all or nothing. `wall_ms` is this
    /// phone's clock.
    pub fn absorb(&mut self, mut answer: RoundAnswerRecord, wall_ms: u64) -> Result<Changed, StoreError> {
        let guide = answer.guide.clone();
        let more = answer.more;
        let coupons = self.plan_coupons(answer.coupons.take(), answer.server_ms)?;
        let mut plan = self.plan(answer, wall_ms)?;
        plan.coupons = coupons;
        let swept = self.carry_out(&mut plan, guide)?;
        self.take_in(plan, swept, more)
    }

    fn plan(&self, answer: RoundAnswerRecord, wall_ms: u64) -> Result<Plan, StoreError> {
        let mut plan = Plan { standing: self.next_standing(&answer, wall_ms), ..Plan::default() };
        let at_end = !answer.more && plan.standing.snapshot.is_none();
        plan.sweep_below = plan.standing.to_sweep().filter(|_| at_end);
        plan.forgotten_since_ms = answer.forgotten_since_ms.filter(|_| self.in_another_epoch(&answer));
        let positions = answer.member_positions();
        let waiting: BTreeMap<OperationId, &OperationEntry> =
            self.memory.shown.values().flatten().map(|entry| (entry.operation.id, entry)).collect();
        for receipt in answer.receipts {
            let known = match waiting.get(&receipt.op) {
                Some(entry) => Some((*entry).clone()),
                None => outbox::find(&self.conn, &self.vault, receipt.op)?,
            };
            let Some(mut entry) = known else { continue };
            if entry.fate != Fate::Waiting {
                continue;
            }
            entry.fate = match receipt.outcome {
                OutcomeRecord::Known(outcome) => Fate::Answered(outcome),
                OutcomeRecord::Unknown(_) => Fate::NotUnderstood,
            };
            plan.answer(entry, Answer { position: receipt.position, at_ms: answer.server_ms });
        }
        for (entry, _) in plan.fates.values() {
            if let Some(member) = &entry.operation.member {
                plan.answered_on.entry(self.memory.today(member)).or_default().push(entry.operation.id);
            }
        }
        let any_taken = !plan.fates.is_empty() || outbox::any_taken(&self.conn)?;
        self.plan_changes(&mut plan, answer.changes, positions)?;
        if any_taken {
            self.plan_losses(&mut plan)?;
        }
        self.plan_slices(&mut plan, &answer.slices);
        let standing = &mut plan.standing;
        if standing.compare {
            standing.whole = 0;
        } else if at_end {
            standing.whole = standing.cursor.feed;
        }
        let now_ms = wall_ms.saturating_add_signed(plan.standing.clock_offset_ms);
        let mut clock = self.memory.clock;
        clock.correct(now_ms);
        plan.puts.iter().for_each(|Put { record, .. }| clock.see(record.state.newest(), now_ms));
        plan.standing.last_hlc = clock.last();
        Ok(plan)
    }

    fn plan_changes(
        &self,
        plan: &mut Plan,
        changes: Vec<ChangeRecord>,
        mut positions: impl Iterator<Item = u64>,
    ) -> Result<(), StoreError> {
        let mut next = || positions.next().unwrap_or(0);
        let mut came = Vec::new();
        for change in changes {
            match change {
                ChangeRecord::Member(record) => came.push(Came::Whole(record, next())),
                ChangeRecord::MemberChanged { id, patch } => {
                    let held = rows::sealed_member(&self.conn, &id)?;
                    came.push(Came::Changed { id, patch, held, position: next() });
                }
                // Written out before, unless the server means edits that this book has not sent.
                ChangeRecord::Own(_) => {
                    next();
                    plan.standing.compare = true;
                }
                ChangeRecord::MemberGone { id, became } => {
                    next();
                    plan.aliases.extend(became.map(|winner| (id.clone(), winner)));
                    plan.gone.push(id);
                }
                ChangeRecord::Group(group) => plan.entries.push(Entry::Group(group)),
                ChangeRecord::Tag(tag) => plan.entries.push(Entry::Tag(tag)),
                ChangeRecord::Campaign(campaign) => plan.entries.push(Entry::Campaign(campaign)),
                ChangeRecord::Directory(directory) => plan.entries.push(Entry::Directory(directory)),
                ChangeRecord::Unknown(_) => {}
            }
        }
        let vault = &self.vault;
        for put in side_by_side(came, |came| came.put(vault)) {
            match put? {
                Some(put) => plan.puts.push(put),
                // The server takes this book for another: comparing will show in what.
                None => plan.standing.compare = true,
            }
        }
        Ok(())
    }

    /// What lies here of a slice that came whole, and did not come with it, is gone. Walk-ins of whom the server has not
    /// heard stay.
    fn plan_slices(&self, plan: &mut Plan, slices: &[u8]) {
        let came: BTreeSet<&MemberId> = plan.puts.iter().map(|put| &put.record.id).collect();
        let left = self.memory.positions.in_slices(slices).into_iter().filter(|id| !came.contains(id)).collect();
        let gone = unsent_aside(left, &self.memory.shown, &plan.fates);
        plan.gone.extend(gone);
    }

    fn in_another_epoch(&self, answer: &RoundAnswerRecord) -> bool {
        matches!((self.memory.standing.epoch, answer.epoch), (Some(held), Some(told)) if held != told)
    }

    /// The standing after this answer. After a restore the sums are compared; a server that does not know sums sends
    /// the feed anew, and members that do not come again are swept out at its end, as after a snapshot.
    fn next_standing(&self, answer: &RoundAnswerRecord, wall_ms: u64) -> Standing {
        let now = &self.memory.standing;
        let begins = answer.snapshot.as_ref().is_some_and(|record| now.snapshot.as_ref().is_none_or(|held| held.record != *record));
        let anew = begins || (self.in_another_epoch(answer) && !answer.compare);
        let given_up = now.snapshot.is_some() && answer.snapshot.is_none();
        let incoming = |record: &SnapshotRecord| match &now.snapshot {
            Some(held) if !begins => held.clone(),
            _ => Incoming { record: record.clone(), next: 0 },
        };
        let generation = now.generation + i64::from(anew);
        // A snapshot sweeps by itself at its end. One that is offered no more was not taken in whole, so nobody is swept by it;
        // whoever had waited for the end of the feed before it waits on.
        let sweep_below = if anew && !begins { Some(generation) } else { now.to_sweep() };
        Standing {
            epoch: answer.epoch.or(now.epoch),
            cursor: answer.cursor.unwrap_or(now.cursor),
            whole: now.whole,
            generation,
            sweeping: sweep_below.is_some(),
            sweep_below,
            snapshot: answer.snapshot.as_ref().map(incoming),
            compare: answer.compare || given_up,
            clock_offset_ms: settings::clock_offset_ms(answer.server_ms, wall_ms),
            last_contact_ms: Some(answer.server_ms),
            last_hlc: now.last_hlc,
            time: now.time.at_contact(answer.server_ms),
            issue_clock: IssueClock::at_contact(answer.server_ms),
        }
    }

    /// Earlier edits of this phone that the server had taken and that somebody's later edit has replaced.
    fn plan_losses(&self, Plan { puts, fates, answered_on, .. }: &mut Plan) -> Result<(), StoreError> {
        let came: BTreeSet<&MemberId> = puts.iter().map(|put| &put.record.id).collect();
        let merged = self.memory.aliases.keys().filter(|id| came.contains(&self.memory.today(id)));
        let ids: Vec<&MemberId> = came.iter().copied().chain(merged).collect();
        let mut taken: BTreeMap<MemberId, Vec<(OperationEntry, Option<Answer>)>> = BTreeMap::new();
        for entry in outbox::taken_on(&self.conn, &self.vault, &ids)? {
            let about = entry.operation.member.as_ref().map(|id| self.memory.today(id));
            about.into_iter().for_each(|about| taken.entry(about).or_default().push((entry.clone(), None)));
        }
        for (about, ops) in answered_on.iter().filter(|(about, _)| came.contains(about)) {
            taken.entry(about.clone()).or_default().extend(ops.iter().filter_map(|op| fates.get(op)).cloned());
        }
        for Put { record, .. } in puts.iter() {
            let Some(taken) = taken.get(&record.id) else { continue };
            for (entry, answer) in taken.iter().filter(|(entry, _)| entry.fate.holds()) {
                let Ok(resolved) = resolve(&entry.operation, |_| None, &self.memory.catalogue) else { continue };
                let Some(winner) = record.state.winner_over(&resolved.operation) else { continue };
                // What this phone did itself needs no telling.
                let is_own = taken.iter().any(|(own, _)| own.operation.id == winner.op);
                if is_own || outbox::knows(&self.conn, winner.op)? {
                    continue;
                }
                let fate = Fate::Answered(Outcome::Superseded(winner));
                fates.insert(entry.operation.id, (OperationEntry { fate, ..entry.clone() }, *answer));
            }
        }
        Ok(())
    }

    /// The transaction: everything, and the cursor. Returns the members swept out.
    fn carry_out(&mut self, plan: &mut Plan, guide: Option<GuideRecord>) -> Result<Vec<MemberId>, StoreError> {
        let mut identity = self.identity().ok_or(StoreError::NotEnrolled)?.clone();
        let news_of_guide = guide.filter(|guide| *guide != identity.guide);
        let (vault, standing) = (&self.vault, &plan.standing);
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        outbox::set_fates(&tx, vault, plan.fates.values(), standing.cursor.feed)?;
        if let Some(since_ms) = plan.forgotten_since_ms {
            plan.again = outbox::wait_again(&tx, vault, since_ms)?;
        }
        for (loser, winner) in &plan.aliases {
            rows::put_alias(&tx, loser, winner)?;
        }
        let sealed = SealedMember::all(vault, plan.puts.iter().map(|put| &put.record))?;
        for (Put { record, position, held }, sealed) in plan.puts.iter().zip(&sealed) {
            let origin = Origin { generation: standing.generation, position: *position };
            match held {
                // She was in the book under this id, so only this very answer could have made it an alias.
                Some((_, true)) if !plan.aliases.iter().any(|(loser, _)| *loser == record.id) => rows::replace_record(&tx, sealed, origin)?,
                Some(_) | None => {
                    rows::delete_alias(&tx, &record.id)?;
                    rows::put_member(&tx, sealed, origin, 0)?;
                }
            }
        }
        let mut swept = Vec::new();
        if let Some(below) = plan.sweep_below {
            let old = rows::members_before(&tx, below)?;
            let all = old.len();
            swept = unsent_aside(old, &self.memory.shown, &plan.fates);
            // Once they are answered too, they have come with the pages or are not hers.
            plan.standing.sweep((swept.len() < all).then_some(below));
        }
        let standing = &plan.standing;
        for id in plan.gone.iter().chain(&swept) {
            rows::delete_member(&tx, id)?;
            // Who became another member is still in the book, and so is what was done for her.
            if !plan.aliases.iter().any(|(loser, _)| loser == id) {
                outbox::forget_on(&tx, vault, id)?;
            }
        }
        plan.coupons.carry_out(&tx, vault)?;
        for entry in &plan.entries {
            rows::put_entry(&tx, vault, entry)?;
        }
        outbox::hide_contained(&tx, standing.cursor.feed)?;
        if let Some(guide) = news_of_guide {
            identity.guide = guide;
            settings::save(&tx, vault, IDENTITY, &identity)?;
        }
        settings::save(&tx, vault, STANDING, standing)?;
        failpoint::hit("store.pull.before_commit")?;
        tx.commit()?;
        failpoint::hit("store.pull.after_commit")?;
        self.memory.identity = Some(identity);
        Ok(swept)
    }

    /// Memory follows the file.
    fn take_in(&mut self, plan: Plan, swept: Vec<MemberId>, more: bool) -> Result<Changed, StoreError> {
        let more = more || plan.standing.compare;
        let snapshot = plan.standing.snapshot.is_some();
        let mut changed = Changed {
            more,
            snapshot,
            dictionary: plan.entries.iter().any(|entry| !matches!(entry, Entry::Campaign(_))),
            ..Changed::default()
        };
        let fates_of_tags_changed = plan.entries.iter().any(|entry| match entry {
            Entry::Tag(tag) => tag.fate != TagFate::Live,
            Entry::Group(_) | Entry::Campaign(_) | Entry::Directory(_) => false,
        });
        self.memory.clock = HlcClock::after(plan.standing.last_hlc);
        self.memory.contact_stands(plan.standing);
        let told = plan.puts.iter().any(|put| !put.record.coupons().is_empty());
        changed.coupons = told || plan.coupons.changes() || plan.entries.iter().any(|entry| matches!(entry, Entry::Campaign(_)));
        self.take_in_coupons(plan.coupons);
        for entry in plan.entries {
            self.memory.put_entry(entry);
        }
        for (id, (entry, _)) in plan.fates {
            changed.operations.insert(id);
            changed.coupons |= is_about_coupons(&entry.operation.edit);
            changed.members.extend(entry.operation.member);
        }
        changed.operations.extend(plan.again);
        changed.members.extend(plan.puts.iter().map(|put| put.record.id.clone()));
        let gone: BTreeSet<MemberId> = plan.gone.into_iter().chain(swept).collect();
        changed.members.extend(gone.iter().cloned());
        for (loser, winner) in plan.aliases {
            changed.members.extend([loser, winner]);
        }
        self.load_shown()?;
        self.memory.coming.retain(|entry| !changed.members.contains(&entry.id));
        if !snapshot && !self.memory.coming.is_empty() {
            // The rest of the snapshot will not come.
            self.list_coming()?;
        }
        if fates_of_tags_changed {
            self.load_index()?;
        } else {
            let rows = rows_to_index(plan.puts, &gone);
            for id in &changed.members {
                if !rows.contains_key(id) {
                    self.reindex(id)?;
                }
            }
            for row in rows.into_values() {
                self.index_row(row);
            }
        }
        self.settle_terms()?;
        Ok(changed)
    }
}

/// The rows of members who were in the book and still are, as they lie in the file by now: they need not be read and
/// opened again.
fn rows_to_index(puts: Vec<Put>, gone: &BTreeSet<MemberId>) -> BTreeMap<MemberId, MemberRow> {
    let stays = |put: &Put| !gone.contains(&put.record.id);
    let row = |put: Put| {
        let (touched_ms, _) = put.held?;
        Some((put.record.id.clone(), MemberRow { record: put.record, touched_ms, position: put.position }))
    };
    puts.into_iter().filter(stays).filter_map(row).collect()
}

impl Plan {
    /// An operation got its answer.
    fn answer(&mut self, entry: OperationEntry, answer: Answer) {
        if let (Fate::Answered(outcome), Some(member)) = (&entry.fate, &entry.operation.member) {
            match outcome {
                Outcome::Redirected(redirected) => {
                    if let Some(winner) = redirected.member.clone().filter(|winner| winner != member) {
                        self.gone.push(member.clone());
                        self.aliases.push((member.clone(), winner));
                    }
                }
                Outcome::Refused(_) if matches!(entry.operation.edit, Edit::Enrol { .. }) => self.gone.push(member.clone()),
                Outcome::Applied | Outcome::Superseded(_) | Outcome::Refused(_) => {}
            }
        }
        self.fates.insert(entry.operation.id, (entry, Some(answer)));
    }
}

/// Walk-ins whose enrolment the server does not know yet stay; `fates` are those that it has just answered.
pub(crate) fn unsent_aside(members: Vec<MemberId>, shown: &Shown, fates: &Fates) -> Vec<MemberId> {
    members.into_iter().filter(|id| !is_unsent(id, shown, fates)).collect()
}

/// Whether she is a walk-in whose enrolment waits.
pub(crate) fn is_unsent(id: &MemberId, shown: &Shown, fates: &Fates) -> bool {
    let edits = shown.get(id).into_iter().flatten();
    // One who became another member is that member's affair, and HQ's.
    edits.into_iter().any(|e| {
        let enrols = matches!(e.operation.edit, Edit::Enrol { .. }) && e.operation.member.as_ref() == Some(id);
        enrols && e.fate == Fate::Waiting && !fates.contains_key(&e.operation.id)
    })
}
