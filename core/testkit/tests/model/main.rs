//! Cursor, handover and restore as a small protocol, every state of it visited: 2 phones, 3 members, bounded faults.
//!
//! It is the design that is checked here, not the code: the simulation does that. `protocol.rs` is the design and what
//! may go wrong, this file says what must hold, and that each wrong variant of the design is found out.

#![allow(clippy::unwrap_used)]

mod protocol;

use protocol::{Left, Protocol, State, Wrong};
use stateright::{Checker, Model, Property};

impl Model for Protocol {
    type State = State;
    type Action = protocol::Action;

    fn init_states(&self) -> Vec<State> {
        vec![State::first(self.bounds)]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Self::Action>) {
        actions.extend(self.possible(state));
    }

    fn next_state(&self, state: &State, action: Self::Action) -> Option<State> {
        let mut next = state.clone();
        self.happen(&mut next, action);
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("1. no edit is lost", |_, s: &State| {
                (0..s.edits.len()).all(|op| s.on_a_phone(op) || s.server.receipts & (1 << op) != 0)
            }),
            Property::always("1. of a phone that is up to date, the server knows all answered edits", |_, s: &State| {
                (0..2).filter(|p| s.is_up_to_date(*p)).all(|p| s.answered(p) & !s.server.receipts == 0)
            }),
            Property::always("2. no edit is applied twice", |_, s: &State| s.server.applied.iter().all(|times| *times <= 1)),
            Property::always("3. a phone that is up to date holds what the server has for it", |_, s: &State| {
                (0..2).filter(|p| s.is_up_to_date(*p)).all(|p| s.holds(p) == s.has_for(p))
            }),
            Property::sometimes("a restore forgets an answer, and it comes back", |_, s: &State| {
                s.forgotten != 0 && s.server.receipts & s.forgotten == s.forgotten
            }),
            Property::sometimes("both are up to date after a handover and a restore", |_, s: &State| {
                s.left.handovers == 0 && s.left.restores == 0 && s.is_up_to_date(0) && s.is_up_to_date(1)
            }),
            Property::sometimes("an edit is refused because its member has gone", |_, s: &State| {
                s.server.receipts != 0 && s.server.applied.iter().sum::<u8>() == 0
            }),
        ]
    }
}

const BOUNDS: Left = Left { edits: 1, faults: 1, handovers: 1, restores: 1 };

#[test]
fn the_design_holds_in_every_state() {
    let begun = std::time::Instant::now();
    let checker = Protocol { wrong: None, bounds: BOUNDS }.checker().threads(2).spawn_bfs().join();
    println!("{} states, {} of them different, {:?}", checker.state_count(), checker.unique_state_count(), begun.elapsed());
    checker.assert_properties();
    assert!(checker.unique_state_count() > 100_000, "the faults must not have been bounded away");
}

#[test]
fn every_wrong_variant_is_found_out() {
    let wrong = [
        (Wrong::CursorBeforePage, "3."),
        (Wrong::GiverNotTold, "3."),
        (Wrong::TakerNotTold, "3."),
        (Wrong::NoSweep, "3."),
        (Wrong::EpochKept, "3."),
        (Wrong::NothingResent, "1."),
        (Wrong::NoReceipts, "2."),
    ];
    for (wrong, number) in wrong {
        let checker = Protocol { wrong: Some(wrong), bounds: BOUNDS }.checker().threads(2).finish_when(stop_at_once()).spawn_bfs().join();
        let found = checker.discoveries();
        let name = found.keys().find(|name| name.starts_with(number));
        let name = name.unwrap_or_else(|| panic!("{wrong:?} goes unnoticed"));
        println!("{wrong:?}: {name}, after {} steps", found[name].clone().into_actions().len());
    }
}

/// A counterexample is enough.
fn stop_at_once() -> stateright::HasDiscoveries {
    stateright::HasDiscoveries::AnyFailures
}
