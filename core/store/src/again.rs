//! Taking an edit back, and making it once more: each by an edit of its own, seen from the member as she is today.

use guidebook_domain::redirect::resolve;
use guidebook_domain::{Edit, EditProblem, EditReason, MemberState, Operation, OperationId};

use crate::edit::field_of;
use crate::{Moment, Store, StoreError};

impl Store {
    /// Undoes an operation by a second one, before or after the sync. What a later edit has replaced is not undone:
    /// that would undo the later one.
    pub fn undo(&mut self, op: OperationId, moment: Moment) -> Result<OperationId, StoreError> {
        let entry = self.operation(op)?;
        let (Some(inverse), Some(member)) = (entry.inverse, entry.operation.member.clone()) else {
            return Err(StoreError::NotUndoable);
        };
        let state = self.member(&member)?.record.state;
        let nothing_left = state.inverse(op, &inverse).as_ref() == Some(&inverse);
        if !nothing_left && self.is_replaced(&entry.operation, &state) {
            return Err(StoreError::NotUndoable);
        }
        self.edit(&member, inverse, moment)
    }

    /// Makes an edit once more, as of now, on the member and tag of today: one that lost, was refused or was undone.
    ///
    /// Errors: `NotFound`; `Rule` where it stands already (`NoChange`), the tag is gone, or a rule is broken;
    /// `AlreadyMember` for a walk-in.
    pub fn apply_again(&mut self, op: OperationId, moment: Moment) -> Result<OperationId, StoreError> {
        let entry = self.operation(op)?;
        let holds = entry.fate.holds();
        let Operation { edit, member, .. } = entry.operation;
        match (edit, member) {
            (Edit::Enrol { walkin }, _) => Ok(self.enrol_walk_in(*walkin, moment)?.1),
            (Edit::PersonalTag { tag, name }, _) => {
                let named = self.memory.catalogue.tag(&tag).is_some_and(|known| known.name == name.expose());
                if holds && named {
                    return Err(EditProblem::new("name", EditReason::NoChange).into());
                }
                self.put_personal_tag(tag, name, moment)
            }
            // What was seen is on record; a second look is a call of its own.
            (Edit::Reveal { .. }, _) if holds => Err(EditProblem::new("reveal", EditReason::NoChange).into()),
            // A code is given out once; another coupon is an edit of its own.
            (Edit::CouponIssued { .. } | Edit::CouponVoided { .. } | Edit::CodesSurrendered { .. }, _) => Err(StoreError::NotUndoable),
            (edit, Some(member)) => {
                let state = self.member(&member)?.record.state;
                let again = state.again(op, &edit).ok_or_else(|| EditProblem::new(field_of(&edit), EditReason::NoChange))?;
                self.edit(&member, again, moment)
            }
            (_, None) => Err(StoreError::NotFound),
        }
    }

    /// Whether another edit holds in the place where `operation` wrote.
    fn is_replaced(&self, operation: &Operation, state: &MemberState) -> bool {
        let resolved = resolve(operation, |_| None, &self.memory.catalogue);
        resolved.is_ok_and(|resolved| state.winner_over(&resolved.operation).is_some())
    }
}
