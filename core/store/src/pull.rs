//! What a server's answer does to the book: planned first, then carried out in one transaction with the cursor.

use std::collections::{BTreeMap, BTreeSet};

use guidebook_domain::redirect::resolve;
use guidebook_domain::{Edit, HlcClock, MemberId, OperationId, Outcome, TagFate};
use guidebook_wire::{ChangeRecord, MemberRecord, OutcomeRecord, RoundAnswerRecord};
use rusqlite::TransactionBehavior;

use crate::outbox::{self, Fate, OperationEntry};
use crate::rows::{self, Entry};
use crate::settings::{self, IDENTITY, STANDING, Standing};
use crate::{Store, StoreError, failpoint};

/// What has changed, for screens to read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Members whose record or edits changed, gone ones too.
    pub members: BTreeSet<MemberId>,
    /// Whether tags or names changed.
    pub dictionary: bool,
    /// Operations that got an answer, or lost to a later edit.
    pub operations: BTreeSet<OperationId>,
    /// Whether there is another page.
    pub more: bool,
}

/// What is to be done with one answer.
#[derive(Default)]
struct Plan {
    fates: BTreeMap<OperationId, (OperationEntry, Option<u64>)>,
    puts: Vec<MemberRecord>,
    gone: Vec<MemberId>,
    aliases: Vec<(MemberId, MemberId)>,
    entries: Vec<Entry>,
    standing: Standing,
    sweep: bool,
}

impl Store {
    /// Takes in a server's answer: outcomes, a page of changes and the cursor, all or nothing. `wall_ms` is this
    /// phone's clock.
    pub fn absorb(&mut self, answer: RoundAnswerRecord, wall_ms: u64) -> Result<Changed, StoreError> {
        let guide = answer.guide.clone();
        let more = answer.more;
        let plan = self.plan(answer, wall_ms)?;
        let swept = self.carry_out(&plan, guide)?;
        self.take_in(plan, swept, more)
    }

    fn plan(&self, answer: RoundAnswerRecord, wall_ms: u64) -> Result<Plan, StoreError> {
        let mut plan = Plan { standing: self.next_standing(&answer, wall_ms), ..Plan::default() };
        plan.sweep = plan.standing.sweeping && !answer.more;
        plan.standing.sweeping &= answer.more;
        for receipt in answer.receipts {
            let Some(mut entry) = outbox::find(&self.conn, &self.vault, receipt.op)? else { continue };
            if entry.fate != Fate::Waiting {
                continue;
            }
            entry.fate = match receipt.outcome {
                OutcomeRecord::Known(outcome) => Fate::Answered(outcome),
                OutcomeRecord::Unknown(_) => Fate::NotUnderstood,
            };
            plan.answer(entry, receipt.position);
        }
        for change in answer.changes {
            match change {
                ChangeRecord::Member(record) => {
                    self.plan_losses(&mut plan, &record)?;
                    plan.puts.push(*record);
                }
                ChangeRecord::MemberGone { id, became } => {
                    plan.aliases.extend(became.map(|winner| (id.clone(), winner)));
                    plan.gone.push(id);
                }
                ChangeRecord::Group(group) => plan.entries.push(Entry::Group(group)),
                ChangeRecord::Tag(tag) => plan.entries.push(Entry::Tag(tag)),
                ChangeRecord::Directory(directory) => plan.entries.push(Entry::Directory(directory)),
                ChangeRecord::Unknown(_) => {}
            }
        }
        let now_ms = wall_ms.saturating_add_signed(plan.standing.clock_offset_ms);
        let mut clock = self.memory.clock;
        clock.correct(now_ms);
        plan.puts.iter().for_each(|record| clock.see(record.state.newest(), now_ms));
        plan.standing.last_hlc = clock.last();
        Ok(plan)
    }

    /// The standing after this answer. A changed epoch begins the feed anew; members that do not come again are
    /// swept out at its end.
    fn next_standing(&self, answer: &RoundAnswerRecord, wall_ms: u64) -> Standing {
        let now = &self.memory.standing;
        let anew = now.epoch.is_some_and(|epoch| epoch != answer.epoch);
        Standing {
            epoch: Some(answer.epoch),
            cursor: answer.cursor,
            generation: now.generation + i64::from(anew),
            sweeping: now.sweeping || anew,
            clock_offset_ms: settings::clock_offset_ms(answer.server_ms, wall_ms),
            last_contact_ms: Some(answer.server_ms),
            last_hlc: now.last_hlc,
        }
    }

    /// Earlier edits of this phone that the server had taken and that somebody's later edit has replaced.
    fn plan_losses(&self, plan: &mut Plan, record: &MemberRecord) -> Result<(), StoreError> {
        let taken = outbox::taken_on(&self.conn, &self.vault, &record.id)?.into_iter().map(|entry| (entry, None));
        let just_taken = plan.fates.values().cloned();
        for (mut entry, position) in taken.chain(just_taken).collect::<Vec<_>>() {
            let about = entry.operation.member.as_ref().map(|id| self.memory.today(id));
            if about.as_ref() != Some(&record.id) || !entry.fate.holds() {
                continue;
            }
            let Ok(resolved) = resolve(&entry.operation, |_| None, &self.memory.catalogue) else { continue };
            let Some(winner) = record.state.winner_over(&resolved.operation) else { continue };
            let by_this_phone = outbox::find(&self.conn, &self.vault, winner.op)?.is_some();
            // What this phone did itself needs no telling.
            if by_this_phone {
                continue;
            }
            entry.fate = Fate::Answered(Outcome::Superseded(winner));
            plan.fates.insert(entry.operation.id, (entry, position));
        }
        Ok(())
    }

    /// The transaction: everything, and the cursor. Returns the members swept out.
    fn carry_out(&mut self, plan: &Plan, guide: guidebook_wire::GuideRecord) -> Result<Vec<MemberId>, StoreError> {
        let mut identity = self.identity().ok_or(StoreError::NotEnrolled)?.clone();
        let guide_changed = identity.guide != guide;
        let (vault, standing) = (&self.vault, &plan.standing);
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (entry, position) in plan.fates.values() {
            outbox::set_fate(&tx, vault, entry, *position)?;
        }
        for (loser, winner) in &plan.aliases {
            rows::put_alias(&tx, loser, winner)?;
        }
        for record in &plan.puts {
            rows::delete_alias(&tx, &record.id)?;
            rows::put_member(&tx, vault, record, standing.generation, 0)?;
        }
        let swept = if plan.sweep { unsent_aside(rows::members_before(&tx, standing.generation)?, &self.memory.shown) } else { Vec::new() };
        for id in plan.gone.iter().chain(&swept) {
            rows::delete_member(&tx, id)?;
            // Edits on one who became another member are about that one now, and go with her.
            if !plan.aliases.iter().any(|(loser, _)| loser == id) {
                outbox::forget_on(&tx, id)?;
                for loser in self.memory.aliases.keys().filter(|loser| self.memory.today(loser) == *id) {
                    outbox::forget_on(&tx, loser)?;
                }
            }
        }
        for entry in &plan.entries {
            rows::put_entry(&tx, vault, entry)?;
        }
        outbox::hide_contained(&tx, standing.cursor.feed)?;
        if guide_changed {
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
        let mut changed = Changed { more, dictionary: !plan.entries.is_empty(), ..Changed::default() };
        let fates_of_tags_changed = plan.entries.iter().any(|entry| match entry {
            Entry::Tag(tag) => tag.fate != TagFate::Live,
            Entry::Group(_) | Entry::Directory(_) => false,
        });
        self.memory.clock = HlcClock::after(plan.standing.last_hlc);
        self.memory.standing = plan.standing;
        for entry in plan.entries {
            self.memory.put_entry(entry);
        }
        for (id, (entry, _)) in plan.fates {
            changed.operations.insert(id);
            changed.members.extend(entry.operation.member);
        }
        changed.members.extend(plan.puts.into_iter().map(|record| record.id));
        changed.members.extend(plan.gone);
        changed.members.extend(swept);
        for (loser, winner) in plan.aliases {
            changed.members.extend([loser, winner]);
        }
        self.load_shown()?;
        if fates_of_tags_changed {
            self.load_index()?;
        } else {
            for id in &changed.members {
                self.reindex(id)?;
            }
        }
        Ok(changed)
    }
}

impl Plan {
    /// An operation got its answer.
    fn answer(&mut self, entry: OperationEntry, position: u64) {
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
        self.fates.insert(entry.operation.id, (entry, Some(position)));
    }
}

/// Walk-ins whose enrolment the server does not know yet stay.
fn unsent_aside(members: Vec<MemberId>, shown: &BTreeMap<MemberId, Vec<OperationEntry>>) -> Vec<MemberId> {
    let unsent = |id: &MemberId| {
        let edits = shown.get(id).into_iter().flatten();
        edits.into_iter().any(|e| e.fate == Fate::Waiting && matches!(e.operation.edit, Edit::Enrol { .. }))
    };
    members.into_iter().filter(|id| !unsent(id)).collect()
}
