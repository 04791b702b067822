//! What a phone must show: the server's last word plus its own pending edits, kept in plain maps and lists.

use std::collections::{BTreeMap, BTreeSet};

use guidebook_domain::redirect::resolve;
use guidebook_domain::{Catalogue, Edit, MemberId, MemberState, Operation, OperationId, Outcome, TagId};
use guidebook_wire::{ChangeRecord, OutcomeRecord, RoundAnswerRecord};
use uuid::Uuid;

/// An edit that shows: until the server's word contains it.
#[derive(Clone)]
struct Shown {
    operation: Operation,
    /// Where the feed contains it; none while it waits.
    position: Option<u64>,
}

/// The model of one phone.
#[derive(Clone, Default)]
pub struct PhoneModel {
    members: BTreeMap<MemberId, MemberState>,
    aliases: BTreeMap<MemberId, MemberId>,
    catalogue: Catalogue,
    shown: Vec<Shown>,
    answered: BTreeSet<OperationId>,
    personal: BTreeSet<TagId>,
    epoch: Option<Uuid>,
    /// In a new epoch, until the feed has been read to its end: the members that have come.
    came: Option<BTreeSet<MemberId>>,
}

impl PhoneModel {
    /// An edit was written down.
    pub fn edited(&mut self, operation: Operation) {
        if let (Edit::Enrol { .. }, Some(member)) = (&operation.edit, &operation.member) {
            self.members.insert(member.clone(), MemberState::default());
        }
        if let Edit::PersonalTag { tag, .. } = &operation.edit {
            self.personal.insert(tag.clone());
        }
        self.shown.push(Shown { operation, position: None });
    }

    /// Edits that wait for an answer.
    pub fn waiting(&self) -> Vec<OperationId> {
        self.shown.iter().filter(|s| s.position.is_none()).map(|s| s.operation.id).collect()
    }

    /// An answer was taken in.
    pub fn answered(&mut self, answer: &RoundAnswerRecord) {
        if self.epoch.replace(answer.epoch).is_some_and(|epoch| epoch != answer.epoch) {
            self.came = Some(BTreeSet::new());
        }
        for receipt in &answer.receipts {
            let Some(at) = self.shown.iter().position(|s| s.operation.id == receipt.op && s.position.is_none()) else { continue };
            self.answered.insert(receipt.op);
            self.take_outcome(at, &receipt.outcome, receipt.position);
        }
        for change in &answer.changes {
            match change {
                ChangeRecord::Member(record) => {
                    self.aliases.remove(&record.id);
                    if let Some(came) = &mut self.came {
                        came.insert(record.id.clone());
                    }
                    self.members.insert(record.id.clone(), record.state.clone());
                    self.lose_to_others(&record.id, &record.state);
                }
                ChangeRecord::MemberGone { id, became: Some(winner) } => {
                    self.members.remove(id);
                    self.aliases.insert(id.clone(), winner.clone());
                }
                ChangeRecord::MemberGone { id, became: None } => self.forgets(id),
                ChangeRecord::Group(group) => self.catalogue.put_group(group.clone()),
                ChangeRecord::Tag(tag) => self.catalogue.put_tag(tag.clone()),
                ChangeRecord::Directory(_) | ChangeRecord::Unknown(_) => {}
            }
        }
        if let Some(came) = self.came.take_if(|_| !answer.more) {
            let unsent = self.unsent_walk_ins();
            let stale: Vec<MemberId> = self.members.keys().filter(|id| !came.contains(id) && !unsent.contains(id)).cloned().collect();
            stale.iter().for_each(|id| self.forgets(id));
        }
        let contained = answer.cursor.feed;
        self.shown.retain(|s| s.position.is_none_or(|p| p > contained));
    }

    /// A member goes, and answered edits with her.
    fn forgets(&mut self, id: &MemberId) {
        self.members.remove(id);
        let gone = |s: &Shown| s.position.is_some() && s.operation.member.as_ref().is_some_and(|m| self.today(m) == *id);
        let kept = self.shown.iter().filter(|s| !gone(s)).cloned().collect();
        self.shown = kept;
    }

    fn take_outcome(&mut self, at: usize, outcome: &OutcomeRecord, position: u64) {
        let member = self.shown[at].operation.member.clone();
        let holds = match outcome {
            OutcomeRecord::Known(Outcome::Applied) => true,
            OutcomeRecord::Known(Outcome::Redirected(to)) => {
                if let (Some(from), Some(to)) = (&member, &to.member)
                    && from != to
                {
                    self.members.remove(from);
                    self.aliases.insert(from.clone(), to.clone());
                }
                true
            }
            OutcomeRecord::Known(Outcome::Superseded(_) | Outcome::Refused(_)) | OutcomeRecord::Unknown(_) => false,
        };
        if holds {
            self.shown[at].position = Some(position);
            return;
        }
        let dropped = self.shown.remove(at).operation;
        if let (Edit::Enrol { .. }, Some(member)) = (dropped.edit, dropped.member) {
            self.members.remove(&member);
        }
    }

    /// An answered edit that somebody has replaced shows no more.
    fn lose_to_others(&mut self, id: &MemberId, state: &MemberState) {
        let own: Vec<OperationId> = self.shown.iter().map(|s| s.operation.id).collect();
        let lost: Vec<bool> = self
            .shown
            .iter()
            .map(|s| {
                let about = s.operation.member.as_ref().map(|m| self.today(m));
                let Ok(resolved) = resolve(&s.operation, |_| None, &self.catalogue) else { return false };
                let winner = state.winner_over(&resolved.operation);
                s.position.is_some() && about.as_ref() == Some(id) && winner.is_some_and(|w| !own.contains(&w.op))
            })
            .collect();
        let mut lost = lost.into_iter();
        self.shown.retain(|_| !lost.next().unwrap_or(false));
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
        let mut view = self.members.clone();
        for shown in &self.shown {
            let alias = |id: &MemberId| Some(self.today(id)).filter(|t| t != id);
            let Ok(resolved) = resolve(&shown.operation, alias, &self.catalogue) else { continue };
            let Some(state) = resolved.operation.member.as_ref().and_then(|m| view.get_mut(m)) else { continue };
            state.apply(&resolved.operation);
        }
        view
    }

    /// Edits of which this phone knows what became.
    pub fn answered_edits(&self) -> BTreeSet<OperationId> {
        self.answered.clone()
    }

    /// The guide's own tags that were named on this phone.
    pub fn personal_tags(&self) -> BTreeSet<TagId> {
        self.personal.clone()
    }

    /// Walk-ins whose enrolment waits for its answer.
    pub fn unsent_walk_ins(&self) -> BTreeSet<MemberId> {
        let unsent = self.shown.iter().filter(|s| s.position.is_none() && matches!(s.operation.edit, Edit::Enrol { .. }));
        unsent.filter_map(|s| s.operation.member.clone()).collect()
    }
}
