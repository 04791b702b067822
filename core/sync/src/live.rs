//! Live: while the app is open the phone waits at the server, and news brings a round.
//!
//! [`Wait`] is one such request; it is whole in itself, so that neither the book nor the session is held while it lasts.
//! [`Pace`] decides what comes next. It absorbs nothing: what there is, a round brings. Running the two in turns, and when
//! to begin and end, is left to the facade.

use std::time::Duration;

use guidebook_wire::protocol::LIVE_PATH;
use guidebook_wire::{CursorRecord, ErrorCode, LiveAnswerRecord, LiveRecord};

use crate::round::{RoundReport, Syncer};
use crate::server::{Proof, Server};
use crate::{SharedBook, SyncError, backoff};

/// How long one request waits, in seconds. Proxies that hang up after a minute of silence are common.
const WAIT_S: u32 = 50;
/// An answer is waited for so much longer than that.
const ANSWER_WITHIN: Duration = Duration::from_secs(WAIT_S as u64 + 15);
/// An answer without news that comes sooner than this was no waiting.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
/// At the latest so long after a round comes another: contact counts from rounds, and so does what the server sees of us.
const ROUND_EVERY: Duration = Duration::from_secs(10 * 60);
/// Where a server does not know how to wait, a round comes this often, in milliseconds, give or take a quarter.
const POLL_EVERY_MS: u64 = 60_000;
/// After so many rounds it is asked again whether it knows by now.
const POLLS: u32 = 10;
/// Pauses after failures grow for so many failures only: the app is open, and somebody looks at it.
const MOST_FAILURES: u32 = 5;

/// One request that waits for news.
pub struct Wait {
    server: Server,
    body: Vec<u8>,
    proof: Proof,
    /// Where the phone is that waits.
    pub cursor: CursorRecord,
}

impl Wait {
    /// Makes the request; renews the session if need be. Errors: as a round's.
    pub async fn prepare(book: &SharedBook, syncer: &mut Syncer) -> Result<Wait, SyncError> {
        let (identity, record) = book.with(|store| {
            let standing = store.standing();
            let record = LiveRecord { epoch: standing.epoch, cursor: standing.cursor, wait_s: WAIT_S };
            Ok((store.identity().cloned().ok_or(SyncError::SignedOut)?, record))
        })?;
        let server = syncer.line(&identity.server)?;
        let body = serde_json::to_vec(&record).map_err(|_| SyncError::NotUnderstood)?;
        let proof = syncer.proof(&server, &identity, LIVE_PATH, &body).await?;
        Ok(Wait { server, body, proof, cursor: record.cursor })
    }

    /// Waits at the server.
    pub async fn send(self) -> Result<LiveAnswerRecord, SyncError> {
        self.server.live(self.body, &self.proof, ANSWER_WITHIN).await
    }
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// A round.
    Round,
    /// A [`Wait`].
    Wait,
    /// Nothing for so many milliseconds, or until something is edited on this phone.
    Pause {
        /// How long.
        ms: u64,
    },
    /// Nothing any more: the guide has to do something first.
    Stop,
}

/// Decides what comes next, from what has come.
#[derive(Debug, Default)]
pub struct Pace {
    /// Requests that failed since a wait went well.
    failures: u32,
    /// News that brought nothing, one after the other.
    barren: u32,
    /// Rounds to come before the server is asked again whether it knows how to wait.
    polls: u32,
    /// A round comes after the pause, and not a wait.
    round_due: bool,
    /// The last wait told of news.
    news: bool,
}

impl Pace {
    /// What comes after a pause.
    pub fn after_pause(&self) -> Next {
        if self.round_due || self.polls > 0 { Next::Round } else { Next::Wait }
    }

    /// Whether something went wrong that is tried again.
    pub fn is_failing(&self) -> bool {
        self.round_due
    }

    /// What comes after a round. `moved`: whether the phone stands elsewhere than before it.
    pub fn after_round(&mut self, result: &Result<RoundReport, SyncError>, moved: bool, random: u64) -> Next {
        let news = std::mem::take(&mut self.news);
        match result {
            Err(error) if ends(error) => return Next::Stop,
            Err(_) => return self.fail(random),
            Ok(_) => self.round_due = false,
        }
        if self.polls > 0 {
            self.polls -= 1;
            return Next::Pause { ms: POLL_EVERY_MS * 3 / 4 + random % (POLL_EVERY_MS / 2) };
        }
        self.barren = if news && !moved { self.barren + 1 } else { 0 };
        match self.barren.checked_sub(1) {
            Some(attempt) => Next::Pause { ms: backoff::wait_ms(attempt, random) },
            None => Next::Wait,
        }
    }

    /// What comes after a wait that took `lasted`. `moved`: whether another round has taken the phone elsewhere meanwhile;
    /// `since_round`: when the last one was.
    pub fn after_wait(
        &mut self,
        result: &Result<LiveAnswerRecord, SyncError>,
        lasted: Duration,
        moved: bool,
        since_round: Duration,
        random: u64,
    ) -> Next {
        match result {
            Ok(answer) if answer.news && !moved => {
                self.failures = 0;
                self.news = true;
                Next::Round
            }
            Ok(answer) if answer.come_back_s.is_some() => {
                Next::Pause { ms: backoff::come_back_ms(answer.come_back_s.unwrap_or(0), random) }
            }
            Ok(answer) if !answer.news && lasted < SHORTEST_WAIT => self.fail(random),
            Ok(_) => {
                self.failures = 0;
                if since_round >= ROUND_EVERY { Next::Round } else { Next::Wait }
            }
            Err(SyncError::Locked) => Next::Stop,
            // A server, or something in between, that does not know how to wait.
            Err(SyncError::Refused { code: ErrorCode::NotFound, .. } | SyncError::NotUnderstood) => {
                self.polls = POLLS;
                Next::Pause { ms: random % POLL_EVERY_MS }
            }
            // What else is the matter the round will tell, and act on it.
            Err(SyncError::Revoked) if self.failures == 0 => {
                self.failures = 1;
                Next::Round
            }
            Err(_) => self.fail(random),
        }
    }

    fn fail(&mut self, random: u64) -> Next {
        self.round_due = true;
        let ms = backoff::wait_ms(self.failures, random);
        self.failures = (self.failures + 1).min(MOST_FAILURES);
        Next::Pause { ms }
    }
}

/// Whether trying again by itself is of no use.
fn ends(error: &SyncError) -> bool {
    match error {
        SyncError::SignedOut
        | SyncError::Locked
        | SyncError::Wipe
        | SyncError::Revoked
        | SyncError::UpgradeNeeded
        | SyncError::BadAddress
        | SyncError::Refused { code: ErrorCode::SignedOut, .. } => true,
        SyncError::Offline
        | SyncError::Busy { .. }
        | SyncError::Refused { .. }
        | SyncError::NotUnderstood
        | SyncError::NoRandomness
        | SyncError::Store(_) => false,
    }
}

#[cfg(test)]
mod tests;
