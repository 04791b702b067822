//! What a phone must show: the server's last word plus its own pending edits, kept in plain maps and lists.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use guidebook_domain::redirect::resolve;
use guidebook_domain::{Catalogue, Edit, MemberId, MemberProfile, MemberState, Operation, OperationId, Outcome, TagId};
use guidebook_wire::patch::MemberPatch;
use guidebook_wire::slices::slice_of;
use guidebook_wire::snapshot::{SnapshotMember, SnapshotRecord};
use guidebook_wire::{ChangeRecord, CursorRecord, MemberRecord, OutcomeRecord, RoundAnswerRecord};
use uuid::Uuid;

use super::trace;
use super::truth::day;

/// What became of an edit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Waiting,
    Taken,
    Beaten,
    Refused,
}

/// An edit of this phone.
#[derive(Clone)]
struct Own {
    operation: Operation,
    fate: Fate,
    /// Whether it shows: until the server's word contains it, or it was refused.
    shows: bool,
    /// Where the feed contains it, and when that was answered; none before the first answer.
    answer: Option<(u64, u64)>,
}

/// A snapshot that is being fetched.
#[derive(Clone)]
struct Coming {
    record: SnapshotRecord,
    came: BTreeSet<MemberId>,
}

/// The model of one phone.
#[derive(Clone, Default)]
pub struct PhoneModel {
    members: BTreeMap<MemberId, MemberState>,
    aliases: BTreeMap<MemberId, MemberId>,
    catalogue: Catalogue,
    own: Vec<Own>,
    personal: BTreeSet<TagId>,
    epoch: Option<Uuid>,
    cursor: CursorRecord,
    /// Until when the guide serves whom.
    last_days: BTreeMap<MemberId, NaiveDate>,
    /// The server's time at the last contact, and what the phone's clocks have counted since, Unix milliseconds.
    time_ms: u64,
    /// What has come of a snapshot that is not there whole, and who came since it was offered.
    coming: Option<Coming>,
    /// Who was not in a snapshot and is to come with a page after it, or is gone; a walk-in once she is answered.
    late: BTreeSet<MemberId>,
}

impl PhoneModel {
    /// An edit was written down.
    pub fn edited(&mut self, operation: Operation) {
        trace::say(|| format!("  edit {} of {:?} at {:?}: {:?}", operation.id, operation.member, operation.hlc, operation.edit));
        if let (Edit::Enrol { .. }, Some(member)) = (&operation.edit, &operation.member) {
            self.members.insert(member.clone(), MemberState::default());
            if let Some(coming) = &mut self.coming {
                coming.came.insert(member.clone());
            }
        }
        if let Edit::PersonalTag { tag, .. } = &operation.edit {
            self.personal.insert(tag.clone());
        }
        self.own.push(Own { operation, fate: Fate::Waiting, shows: true, answer: None });
    }

    /// The phone has seen by its own clocks that so much time has passed.
    pub fn time_passes(&mut self, passed_ms: u64) {
        self.time_ms += passed_ms;
    }

    /// Edits that wait for an answer.
    pub fn waiting(&self) -> Vec<OperationId> {
        self.own.iter().filter(|own| own.fate == Fate::Waiting).map(|own| own.operation.id).collect()
    }

    /// An answer was taken in, all its receipts written out.
    pub fn answered(&mut self, answer: &RoundAnswerRecord) {
        trace::say(|| format!("  took in {answer:?}"));
        self.time_ms = answer.server_ms;
        self.is_offered(answer);
        let another = answer.epoch.is_some_and(|told| self.epoch.replace(told).is_some_and(|held| held != told));
        for receipt in &answer.receipts {
            let waits = |own: &Own| own.operation.id == receipt.op && own.fate == Fate::Waiting;
            let Some(at) = self.own.iter().position(waits) else { continue };
            self.own[at].answer = Some((receipt.position, answer.server_ms));
            self.take_outcome(at, &receipt.outcome);
        }
        let unsent = self.unsent_walk_ins();
        if another && let Some(since_ms) = answer.forgotten_since_ms {
            self.wait_again(since_ms);
        }
        let mut came = BTreeSet::new();
        for change in &answer.changes {
            match change {
                ChangeRecord::Member(record) => {
                    came.insert(record.id.clone());
                    self.put(record);
                }
                ChangeRecord::MemberChanged { id, patch } => self.patch(id, patch),
                ChangeRecord::MemberGone { id, became: Some(winner) } => {
                    self.members.remove(id);
                    self.aliases.insert(id.clone(), winner.clone());
                }
                ChangeRecord::MemberGone { id, became: None } => self.forgets(id),
                ChangeRecord::Group(group) => self.catalogue.put_group(group.clone()),
                ChangeRecord::Tag(tag) => self.catalogue.put_tag(tag.clone()),
                // Written out before.
                ChangeRecord::Own(_) | ChangeRecord::Directory(_) | ChangeRecord::Campaign(_) | ChangeRecord::Unknown(_) => {}
            }
        }
        if !answer.more && self.coming.is_none() {
            let (still, late): (BTreeSet<MemberId>, BTreeSet<MemberId>) =
                std::mem::take(&mut self.late).into_iter().partition(|id| unsent.contains(id));
            self.late = still;
            late.iter().for_each(|id| self.forgets(id));
        }
        // What is not in a slice that came whole is gone, but for walk-ins of whom the server has not heard.
        let stays = |id: &MemberId| !answer.slices.contains(&slice_of(id)) || came.contains(id) || unsent.contains(id);
        let gone: Vec<MemberId> = self.members.keys().filter(|id| !stays(id)).cloned().collect();
        gone.iter().for_each(|id| self.forgets(id));
        self.cursor = answer.cursor.unwrap_or(self.cursor);
        self.hides_contained();
    }

    fn hides_contained(&mut self) {
        let contained = self.cursor.feed;
        for own in self.own.iter_mut().filter(|own| own.fate != Fate::Waiting) {
            own.shows &= own.answer.is_none_or(|(position, _)| position > contained);
        }
    }

    fn put(&mut self, record: &MemberRecord) {
        self.holds(record);
        self.lose_to_others(&record.id, &record.state);
    }

    fn holds(&mut self, record: &MemberRecord) {
        self.aliases.remove(&record.id);
        self.late.remove(&record.id);
        match record.until() {
            Some(day) => drop(self.last_days.insert(record.id.clone(), day)),
            None => drop(self.last_days.remove(&record.id)),
        }
        self.members.insert(record.id.clone(), record.state.clone());
        if let Some(coming) = &mut self.coming {
            coming.came.insert(record.id.clone());
        }
    }

    fn patch(&mut self, id: &MemberId, patch: &MemberPatch) {
        trace::say(|| format!("    of {id}: {}", patch.0));
        let Some(state) = self.members.get(id).cloned() else { return };
        let mut before = MemberRecord::new(id.clone(), MemberProfile::default(), state);
        before.set_until(self.last_days.get(id).copied());
        if let Ok(after) = patch.clone().apply(&before) {
            self.put(&after);
        }
    }

    /// A restored server may have forgotten what it answered since then.
    fn wait_again(&mut self, since_ms: u64) {
        for own in self.own.iter_mut().filter(|own| own.answer.is_some_and(|(_, at_ms)| at_ms >= since_ms)) {
            (own.fate, own.shows) = (Fate::Waiting, true);
        }
    }

    /// A member goes, and answered edits with her; those that were refused wait for the guide.
    fn forgets(&mut self, id: &MemberId) {
        self.members.remove(id);
        let about_her = |own: &Own| own.operation.member.as_ref().is_some_and(|member| self.today(member) == *id);
        let kept = |own: &&Own| matches!(own.fate, Fate::Waiting | Fate::Refused) || !about_her(own);
        self.own = self.own.iter().filter(kept).cloned().collect();
    }

    fn take_outcome(&mut self, at: usize, outcome: &OutcomeRecord) {
        let member = self.own[at].operation.member.clone();
        self.own[at].fate = match outcome {
            OutcomeRecord::Known(Outcome::Applied) => Fate::Taken,
            OutcomeRecord::Known(Outcome::Redirected(to)) => {
                if let (Some(from), Some(to)) = (&member, &to.member)
                    && from != to
                {
                    self.members.remove(from);
                    self.aliases.insert(from.clone(), to.clone());
                }
                Fate::Taken
            }
            OutcomeRecord::Known(Outcome::Superseded(_)) => Fate::Beaten,
            OutcomeRecord::Known(Outcome::Refused(_)) | OutcomeRecord::Unknown(_) => Fate::Refused,
        };
        let own = &mut self.own[at];
        own.shows &= own.fate == Fate::Taken;
        if let (Fate::Refused, Edit::Enrol { .. }, Some(member)) = (own.fate, &own.operation.edit, member) {
            self.forgets(&member);
        }
    }

    /// An answered edit that somebody has replaced shows no more.
    fn lose_to_others(&mut self, id: &MemberId, state: &MemberState) {
        let ids: BTreeSet<OperationId> = self.own.iter().map(|own| own.operation.id).collect();
        let lost: Vec<bool> = self.own.iter().map(|own| self.loses(own, id, state, &ids)).collect();
        for (own, _) in self.own.iter_mut().zip(lost).filter(|(_, lost)| *lost) {
            (own.fate, own.shows) = (Fate::Beaten, false);
        }
    }

    fn loses(&self, own: &Own, id: &MemberId, state: &MemberState, ids: &BTreeSet<OperationId>) -> bool {
        let about = own.operation.member.as_ref().map(|member| self.today(member));
        if own.fate != Fate::Taken || about.as_ref() != Some(id) {
            return false;
        }
        let Ok(resolved) = resolve(&own.operation, |_| None, &self.catalogue) else { return false };
        state.winner_over(&resolved.operation).is_some_and(|winner| !ids.contains(&winner.op))
    }

    fn today(&self, id: &MemberId) -> MemberId {
        let mut id = id;
        for _ in 0..self.aliases.len() {
            let Some(winner) = self.aliases.get(id) else { break };
            id = winner;
        }
        id.clone()
    }

    /// The members and their states, as they must be shown.
    pub fn view(&self) -> BTreeMap<MemberId, MemberState> {
        let today = day(self.time_ms);
        let mut view = self.members.clone();
        view.retain(|id, _| self.last_days.get(id).is_none_or(|last| *last >= today));
        for own in self.own.iter().filter(|own| own.shows) {
            let alias = |id: &MemberId| Some(self.today(id)).filter(|t| t != id);
            let Ok(resolved) = resolve(&own.operation, alias, &self.catalogue) else { continue };
            let Some(state) = resolved.operation.member.as_ref().and_then(|m| view.get_mut(m)) else { continue };
            state.apply(&resolved.operation);
        }
        view
    }

    /// A snapshot is offered, or no more.
    fn is_offered(&mut self, answer: &RoundAnswerRecord) {
        let held = self.coming.as_ref().map(|coming| &coming.record);
        match &answer.snapshot {
            Some(record) if held == Some(record) => {}
            Some(record) => {
                self.coming = Some(Coming { record: record.clone(), came: BTreeSet::new() });
                self.late.clear();
            }
            // What did not come whole sweeps nobody out.
            None if held.is_some() => self.coming = None,
            None => {}
        }
    }

    /// A chunk of the snapshot was taken in; `is_last`: all of it is there.
    pub fn took_chunk(&mut self, members: &[SnapshotMember], is_last: bool) {
        trace::say(|| {
            let came: Vec<&str> = members.iter().map(|member| member.record.id.as_str()).collect();
            format!("  took a chunk of {came:?}, the last: {is_last}")
        });
        members.iter().for_each(|member| self.holds(&member.record));
        if let Some(position) = self.coming.as_ref().filter(|_| is_last).map(|coming| coming.record.position) {
            // Those on whom an edit was taken behind the snapshot come with a page after it.
            let behind = |own: &&Own| own.fate == Fate::Taken && own.answer.is_some_and(|(at, _)| at > position);
            let mut stay = self.unsent_walk_ins();
            stay.extend(self.own.iter().filter(behind).filter_map(|own| own.operation.member.clone()));
            self.cursor.feed = position;
            self.sweeps(&stay);
        }
        self.hides_contained();
    }

    /// Who did not come again is gone.
    fn sweeps(&mut self, stay: &BTreeSet<MemberId>) {
        let Some(Coming { came, .. }) = self.coming.take() else { return };
        let missing: Vec<MemberId> = self.members.keys().filter(|id| !came.contains(id)).cloned().collect();
        let (late, gone): (Vec<MemberId>, Vec<MemberId>) = missing.into_iter().partition(|id| stay.contains(id));
        self.late = late.into_iter().collect();
        gone.iter().for_each(|id| self.forgets(id));
    }

    /// The guide's own tags that were named on this phone.
    pub fn personal_tags(&self) -> BTreeSet<TagId> {
        self.personal.clone()
    }

    /// Walk-ins whose enrolment waits for its answer, by the ids that they have today.
    pub fn unsent_walk_ins(&self) -> BTreeSet<MemberId> {
        let unsent = self.own.iter().filter(|own| own.fate == Fate::Waiting && matches!(own.operation.edit, Edit::Enrol { .. }));
        unsent.filter_map(|own| own.operation.member.clone()).collect()
    }
}
