//! What a phone must show: the server's last word plus its own pending edits, kept in plain maps and lists.

use std::collections::BTreeMap;

use guidebook_domain::redirect::resolve;
use guidebook_domain::{Catalogue, Edit, MemberId, MemberProfile, MemberState, Operation, OperationId, Outcome, TagFate};
use guidebook_wire::{ChangeRecord, CursorRecord, MemberRecord, OutcomeRecord, RoundAnswerRecord};

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
    cursor: CursorRecord,
}

impl PhoneModel {
    /// An edit was written down.
    pub fn edited(&mut self, operation: Operation) {
        if let (Edit::Enrol { .. }, Some(member)) = (&operation.edit, &operation.member) {
            self.members.insert(member.clone(), MemberState::default());
        }
        self.shown.push(Shown { operation, position: None });
    }

    /// Edits that wait for an answer.
    pub fn waiting(&self) -> Vec<OperationId> {
        self.shown.iter().filter(|s| s.position.is_none()).map(|s| s.operation.id).collect()
    }

    /// An answer was taken in.
    pub fn answered(&mut self, answer: &RoundAnswerRecord) {
        for receipt in &answer.receipts {
            let Some(at) = self.shown.iter().position(|s| s.operation.id == receipt.op && s.position.is_none()) else { continue };
            self.take_outcome(at, &receipt.outcome, receipt.position);
        }
        for change in &answer.changes {
            match change {
                ChangeRecord::Member(record) => {
                    self.aliases.remove(&record.id);
                    self.members.insert(record.id.clone(), record.state.clone());
                    self.lose_to_others(&record.id, &record.state);
                }
                ChangeRecord::MemberChanged { id, patch } => {
                    let state = self.members.remove(id).unwrap_or_default();
                    let (profile, extra) = (MemberProfile::default(), Default::default());
                    let before = MemberRecord { id: id.clone(), profile, state, extra };
                    let after = patch.clone().apply(&before).unwrap_or(before);
                    self.lose_to_others(id, &after.state);
                    self.members.insert(id.clone(), after.state);
                }
                ChangeRecord::MemberGone { id, became } => {
                    self.members.remove(id);
                    // Answered edits go with their member.
                    let today = |m: &MemberId, model: &Self| model.today(m);
                    let gone: Vec<bool> = self
                        .shown
                        .iter()
                        .map(|s| s.position.is_some() && s.operation.member.as_ref().is_some_and(|m| m == id && today(m, self) == *id))
                        .collect();
                    let mut gone = gone.into_iter();
                    self.shown.retain(|_| !gone.next().unwrap_or(false));
                    if let Some(winner) = became {
                        self.aliases.insert(id.clone(), winner.clone());
                    }
                }
                ChangeRecord::Group(group) => self.catalogue.put_group(group.clone()),
                ChangeRecord::Tag(tag) => self.catalogue.put_tag(tag.clone()),
                ChangeRecord::Directory(_) | ChangeRecord::Unknown(_) => {}
            }
        }
        self.cursor = answer.cursor.unwrap_or(self.cursor);
        let contained = self.cursor.feed;
        self.shown.retain(|s| s.position.is_none_or(|p| p > contained));
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

    /// Tags that can be used, and whether each is alive.
    pub fn tags(&self) -> impl Iterator<Item = (&guidebook_domain::TagId, bool)> {
        let groups = self.catalogue.groups();
        groups.flat_map(|g| self.catalogue.live_tags(&g.id)).map(|t| (&t.id, t.fate == TagFate::Live))
    }
}
