//! What went wrong at the database, and whether trying again helps.

use std::time::{Duration, Instant};

use tokio_postgres::error::SqlState;

use crate::error::ServerError;
use crate::random::random;

/// How often a transaction is tried before its caller is told to come back.
const ATTEMPTS: u32 = 8;

/// So many are made however long they take: a machine that stood still for a while is not a database out of reach.
const AT_LEAST: u32 = 3;

/// Beyond these no attempt is begun later than this after the first: a request is answered while somebody waits for it.
const LATEST: Duration = Duration::from_secs(8);

/// The pause before the second attempt; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(10);

/// What a caller does who finds the database out of reach.
const COME_BACK_S: u32 = 2;

/// What a failure means for the transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Another transaction was in the way: this one is tried again.
    InTheWay,
    /// The connection, or the server behind it, is gone: tried again on another.
    Lost,
    /// Trying again changes nothing.
    Fatal,
}

/// What `error` means.
pub fn meaning(error: &tokio_postgres::Error) -> Meaning {
    let Some(code) = error.code() else {
        // Without a code it is the connection that failed, or a value that does not fit its column.
        let ours = std::error::Error::source(error).is_some_and(|source| !source.is::<std::io::Error>());
        return if ours && !error.is_closed() { Meaning::Fatal } else { Meaning::Lost };
    };
    // A unique key is taken only if somebody committed between our look and our insert: the next look finds it.
    const IN_THE_WAY: [SqlState; 5] = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::UNIQUE_VIOLATION,
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::OUT_OF_MEMORY,
    ];
    // A statement prepared before an upgrade, or behind another pool, is not there any more.
    const STALE: [SqlState; 3] =
        [SqlState::INVALID_SQL_STATEMENT_NAME, SqlState::READ_ONLY_SQL_TRANSACTION, SqlState::FEATURE_NOT_SUPPORTED];
    let class = &code.code()[..2];
    if IN_THE_WAY.contains(code) {
        Meaning::InTheWay
    } else if STALE.contains(code) || class == "08" || class == "57" || *code == SqlState::TOO_MANY_CONNECTIONS {
        Meaning::Lost
    } else {
        Meaning::Fatal
    }
}

/// The error as it may be logged: the message may quote a row, so only the code is kept.
pub fn without_data(error: &tokio_postgres::Error) -> ServerError {
    let code = error.code().map_or("connection", SqlState::code);
    let place = error.as_db_error().and_then(|error| error.constraint().or(error.table())).unwrap_or("-");
    ServerError::Postgres { code: code.to_owned(), place: place.to_owned() }
}

impl From<tokio_postgres::Error> for ServerError {
    fn from(error: tokio_postgres::Error) -> Self {
        without_data(&error)
    }
}

/// The database can't be had at present. The time to come back differs, so that not all come back at once.
pub fn busy() -> ServerError {
    let [jitter] = random::<1>().unwrap_or_default();
    ServerError::Busy { come_back_s: COME_BACK_S + u32::from(jitter % 4) }
}

/// Counts attempts.
pub struct Patience {
    begun: Instant,
    attempts: u32,
}

impl Patience {
    /// Before the first attempt.
    pub fn new() -> Self {
        Patience { begun: Instant::now(), attempts: 1 }
    }

    /// Waits before the next attempt; whether there is one. Between half the pause and the whole of it, so that two
    /// who were in each other's way are not so again.
    pub fn wait(&mut self) -> bool {
        let late = self.attempts >= AT_LEAST && self.begun.elapsed() > LATEST;
        if self.attempts >= ATTEMPTS || late {
            return false;
        }
        let pause = FIRST_PAUSE * (1 << (self.attempts - 1));
        let [jitter] = random::<1>().unwrap_or_default();
        std::thread::sleep(pause / 2 + pause * u32::from(jitter) / 512);
        self.attempts += 1;
        true
    }
}
