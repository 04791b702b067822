//! The protocol between phones and server, cut down to what cursor, handover and restore are about. Phone `p` is guide
//! `p`'s; each member is served by one guide; a page is one row long, so that every pull can break off in the middle.

/// Members.
pub const MEMBERS: usize = 3;
/// Edits at most.
const EDITS: usize = 2;

/// How the design could have been got wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The cursor is kept before its page, so that a kill in between loses the page.
    CursorBeforePage,
    /// A handover does not tell the feed of who gives.
    GiverNotTold,
    /// A handover does not tell the feed of who takes.
    TakerNotTold,
    /// Members that do not come again in a new epoch stay.
    NoSweep,
    /// A restored server goes on in its old epoch.
    EpochKept,
    /// Answered edits are not sent again in a new epoch.
    NothingResent,
    /// The server does not look for a receipt.
    NoReceipts,
}

/// The protocol.
#[derive(Clone, Debug)]
pub struct Protocol {
    /// In which way it is wrong, if in any.
    pub wrong: Option<Wrong>,
    /// How much happens.
    pub bounds: Left,
}

/// What a feed has of a member: her newest position (0: never there), and whether she is served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Row {
    position: u8,
    present: bool,
}

/// The server. Operations are bits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Server {
    epoch: u8,
    guide_of: [usize; MEMBERS],
    /// The edits that each member holds.
    holds: [u8; MEMBERS],
    heads: [u8; 2],
    feeds: [[Row; MEMBERS]; 2],
    /// Edits that were answered.
    pub receipts: u8,
    /// How often each edit was applied.
    pub applied: [u8; EDITS],
}

/// What a phone sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    epoch: Option<u8>,
    cursor: u8,
    operations: u8,
}

/// What a server answers: receipts for all that was sent, at most one row, and the cursor after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Answer {
    epoch: u8,
    receipts: u8,
    row: Option<(usize, Option<u8>)>,
    cursor: u8,
    more: bool,
}

/// What is between a phone and its server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Line {
    Idle,
    Asked(Request),
    Answered(Answer),
}

/// A phone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Phone {
    epoch: Option<u8>,
    cursor: u8,
    members: [Option<u8>; MEMBERS],
    /// In a new epoch: the members that have come so far.
    sweeping: Option<u8>,
    waiting: u8,
    answered: u8,
    line: Line,
    /// A request that the network may deliver once more.
    late: Option<Request>,
}

/// What may still happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Left {
    /// Edits, at most two.
    pub edits: u8,
    /// Losses, kills, late copies.
    pub faults: u8,
    /// Handovers.
    pub handovers: u8,
    /// Restores.
    pub restores: u8,
}

/// All of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    /// The server.
    pub server: Server,
    backup: Option<Box<Server>>,
    phones: [Phone; 2],
    /// Who made each edit, and on whom.
    pub edits: Vec<(usize, usize)>,
    /// Answered edits that a restore has made the server forget.
    pub forgotten: u8,
    /// What may still happen.
    pub left: Left,
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A guide edits a member whom her phone holds.
    Edit(usize, usize),
    /// A phone sends a request.
    Send(usize),
    /// The server takes it.
    Serve(usize),
    /// The phone takes the answer in.
    TakeIn(usize),
    /// The phone is killed while it takes the answer in.
    Kill(usize),
    /// The request or the answer is lost.
    Lose(usize),
    /// The network keeps a copy of the request.
    Keep(usize),
    /// The copy arrives.
    Late(usize),
    /// A member passes to the other guide.
    HandOver(usize),
    /// The server's database is copied.
    BackUp,
    /// It is put back.
    Restore,
}

impl State {
    /// Guide 0 serves two members, guide 1 the third; the phones hold nothing.
    pub fn first(bounds: Left) -> Self {
        let at = |position| Row { position, present: true };
        let phone = Phone {
            epoch: None,
            cursor: 0,
            members: [None; MEMBERS],
            sweeping: None,
            waiting: 0,
            answered: 0,
            line: Line::Idle,
            late: None,
        };
        State {
            server: Server {
                epoch: 0,
                guide_of: [0, 0, 1],
                holds: [0; MEMBERS],
                heads: [2, 1],
                feeds: [[at(1), at(2), Row::default()], [Row::default(), Row::default(), at(1)]],
                receipts: 0,
                applied: [0; EDITS],
            },
            backup: None,
            phones: [phone.clone(), phone],
            edits: Vec::new(),
            forgotten: 0,
            left: bounds,
        }
    }

    /// Whether a phone keeps an edit, answered or not.
    pub fn on_a_phone(&self, op: usize) -> bool {
        self.phones.iter().any(|phone| (phone.waiting | phone.answered) & (1 << op) != 0)
    }

    /// Whether a phone has read its feed to the end.
    pub fn is_up_to_date(&self, p: usize) -> bool {
        let phone = &self.phones[p];
        phone.epoch == Some(self.server.epoch) && phone.cursor == self.server.heads[p] && phone.sweeping.is_none()
    }

    /// A phone's edits that were answered.
    pub fn answered(&self, p: usize) -> u8 {
        self.phones[p].answered
    }

    /// What a phone holds.
    pub fn holds(&self, p: usize) -> [Option<u8>; MEMBERS] {
        self.phones[p].members
    }

    /// What the server has for a phone.
    pub fn has_for(&self, p: usize) -> [Option<u8>; MEMBERS] {
        std::array::from_fn(|m| (self.server.guide_of[m] == p).then_some(self.server.holds[m]))
    }
}

impl Protocol {
    /// What may happen in this state.
    pub fn possible(&self, state: &State) -> Vec<Action> {
        let mut possible = Vec::new();
        for (p, phone) in state.phones.iter().enumerate() {
            if state.left.edits > 0 {
                possible.extend((0..MEMBERS).filter(|m| phone.members[*m].is_some()).map(|m| Action::Edit(p, m)));
            }
            match phone.line {
                Line::Idle => possible.push(Action::Send(p)),
                Line::Asked(_) => possible.push(Action::Serve(p)),
                Line::Answered(_) => possible.push(Action::TakeIn(p)),
            }
            if state.left.faults > 0 {
                if phone.line != Line::Idle {
                    possible.push(Action::Lose(p));
                }
                if matches!(phone.line, Line::Answered(_)) {
                    possible.push(Action::Kill(p));
                }
                if matches!(phone.line, Line::Asked(_)) && phone.late.is_none() {
                    possible.push(Action::Keep(p));
                }
            }
            if phone.late.is_some() {
                possible.push(Action::Late(p));
            }
        }
        if state.left.handovers > 0 {
            possible.extend((0..MEMBERS).map(Action::HandOver));
        }
        if state.left.restores > 0 {
            possible.push(if state.backup.is_some() { Action::Restore } else { Action::BackUp });
        }
        possible
    }

    /// It happens.
    pub fn happen(&self, state: &mut State, action: Action) {
        match action {
            Action::Edit(p, m) => {
                state.left.edits -= 1;
                state.phones[p].waiting |= 1 << state.edits.len();
                state.edits.push((p, m));
            }
            Action::Send(p) => {
                let phone = &mut state.phones[p];
                phone.line = Line::Asked(Request { epoch: phone.epoch, cursor: phone.cursor, operations: phone.waiting });
            }
            Action::Serve(p) => {
                if let Line::Asked(request) = state.phones[p].line {
                    state.phones[p].line = Line::Answered(self.serve(state, p, request));
                }
            }
            Action::TakeIn(p) => {
                if let Line::Answered(answer) = std::mem::replace(&mut state.phones[p].line, Line::Idle) {
                    self.take_in(&mut state.phones[p], answer);
                }
            }
            Action::Kill(p) => {
                state.left.faults -= 1;
                let phone = &mut state.phones[p];
                if let Line::Answered(answer) = std::mem::replace(&mut phone.line, Line::Idle)
                    && self.wrong == Some(Wrong::CursorBeforePage)
                {
                    (phone.epoch, phone.cursor) = (Some(answer.epoch), answer.cursor);
                }
            }
            Action::Lose(p) => {
                state.left.faults -= 1;
                state.phones[p].line = Line::Idle;
            }
            Action::Keep(p) => {
                state.left.faults -= 1;
                if let Line::Asked(request) = state.phones[p].line {
                    state.phones[p].late = Some(request);
                }
            }
            Action::Late(p) => {
                if let Some(request) = state.phones[p].late.take() {
                    self.serve(state, p, request);
                }
            }
            Action::HandOver(m) => {
                state.left.handovers -= 1;
                self.hand_over(&mut state.server, m);
            }
            Action::BackUp => state.backup = Some(Box::new(state.server.clone())),
            Action::Restore => self.restore(state),
        }
    }

    /// Judges what is sent once, and gives the row after the cursor.
    fn serve(&self, state: &mut State, p: usize, request: Request) -> Answer {
        let server = &mut state.server;
        for (op, (_, member)) in state.edits.iter().enumerate() {
            let known = server.receipts & (1 << op) != 0 && self.wrong != Some(Wrong::NoReceipts);
            if request.operations & (1 << op) == 0 || known {
                continue;
            }
            server.receipts |= 1 << op;
            // An edit on a member who has gone is refused; that is its answer.
            if server.guide_of[*member] == p {
                server.holds[*member] |= 1 << op;
                server.applied[op] += 1;
                server.put(p, *member, true);
            }
        }
        let after = if request.epoch == Some(server.epoch) { request.cursor } else { 0 };
        let mut rows: Vec<(u8, usize)> = (0..MEMBERS).map(|m| (server.feeds[p][m].position, m)).filter(|(at, _)| *at > after).collect();
        rows.sort_unstable();
        let row = rows.first().map(|(_, m)| (*m, server.feeds[p][*m].present.then_some(server.holds[*m])));
        let cursor = rows.first().map_or(after, |(at, _)| *at);
        Answer { epoch: server.epoch, receipts: request.operations, row, cursor, more: rows.len() > 1 }
    }

    /// One transaction.
    fn take_in(&self, phone: &mut Phone, answer: Answer) {
        if phone.epoch.is_some_and(|epoch| epoch != answer.epoch) {
            phone.sweeping = Some(0);
            if self.wrong != Some(Wrong::NothingResent) {
                phone.waiting |= phone.answered;
                phone.answered = 0;
            }
        }
        phone.answered |= answer.receipts & phone.waiting;
        phone.waiting &= !answer.receipts;
        if let Some((m, held)) = answer.row {
            phone.members[m] = held;
            phone.sweeping = phone.sweeping.map(|came| came | (1 << m));
        }
        (phone.epoch, phone.cursor) = (Some(answer.epoch), answer.cursor);
        if let (Some(came), false) = (phone.sweeping, answer.more) {
            phone.sweeping = None;
            if self.wrong != Some(Wrong::NoSweep) {
                (0..MEMBERS).filter(|m| came & (1 << m) == 0).for_each(|m| phone.members[m] = None);
            }
        }
    }

    fn hand_over(&self, server: &mut Server, m: usize) {
        let giver = server.guide_of[m];
        server.guide_of[m] = 1 - giver;
        if self.wrong != Some(Wrong::GiverNotTold) {
            server.put(giver, m, false);
        }
        if self.wrong != Some(Wrong::TakerNotTold) {
            server.put(1 - giver, m, true);
        }
    }

    fn restore(&self, state: &mut State) {
        let Some(backup) = state.backup.take() else { return };
        state.left.restores -= 1;
        let epoch = state.server.epoch + u8::from(self.wrong != Some(Wrong::EpochKept));
        let heard = state.phones.iter().fold(0, |heard, phone| heard | phone.answered);
        state.server = Server { epoch, ..*backup };
        state.forgotten = heard & !state.server.receipts;
    }
}

impl Server {
    fn put(&mut self, p: usize, m: usize, present: bool) {
        self.heads[p] += 1;
        self.feeds[p][m] = Row { position: self.heads[p], present };
    }
}
