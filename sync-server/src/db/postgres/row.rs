//! How one transaction talks to PostgreSQL, and how columns become typed values.

use std::borrow::Cow;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::str::FromStr;
use std::task::Poll;

use deadpool_postgres::Client;
use futures_util::FutureExt;
use futures_util::future::{MaybeDone, join, maybe_done};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::runtime::Handle;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, ToSql};

use super::failure::{Meaning, meaning, without_data};
use super::held::Held;
use super::locks::Locks;
use crate::db::{Result, Write};
use crate::error::ServerError;

/// The values of a statement.
pub(super) type Values<'v> = &'v [&'v (dyn ToSql + Sync)];

/// One transaction. Services are synchronous and run on the blocking pool, so each statement blocks its thread.
pub struct PgTx<'c> {
    pub(super) client: &'c Client,
    pub(super) runtime: &'c Handle,
    /// What it writes; nothing for one that reads.
    pub(super) what: Option<Write>,
    /// The first failure. Nothing is committed after one, whatever the service made of it.
    pub(super) failed: Option<Meaning>,
    pub(super) locks: Locks,
    pub(super) held: Held,
}

/// A statement that is sent with others.
pub(super) struct Statement {
    pub(super) sql: &'static str,
    pub(super) values: Vec<Box<dyn ToSql + Sync>>,
    /// What is damaged where it changes no row.
    pub(super) what: &'static str,
}

/// A query for the rows of each `key` of the texts in `$2`, in their order: `from` is what follows FROM for one of them, with a lock
/// or an `OFFSET 0` at its end, either of which keeps the planner from looking at it as a join. Asked for `= ANY($2)` it may walk
/// through all of a retailer's rows instead, if it plans while there are next to none, and that plan stays.
pub(super) fn each_of(columns: &str, from: &str) -> String {
    format!("SELECT found.* FROM unnest($2::text[]) AS wanted (key), LATERAL (SELECT {columns} FROM {from}) AS found")
}

/// The values of a [`Statement`].
macro_rules! values {
    ($($value:expr),+ $(,)?) => {{
        let values: Vec<Box<dyn tokio_postgres::types::ToSql + Sync>> = vec![$(Box::new($value)),+];
        values
    }};
}
pub(super) use values;

/// Runs statements, sent one after the other without waiting in between, and the commit right behind them. Where a statement fails there is no commit, whatever the answer to that.
pub(super) async fn send_and_commit(client: &Client, statements: &[Statement]) -> std::result::Result<(), tokio_postgres::Error> {
    let prepared = prepare_all(client, statements).await?;
    let mut sent = pin!(in_turn(prepared.iter().map(|(statement, values)| client.execute(statement, values))));
    // Sent by the first look at it. What can't even be sent is known then, and nothing is to be committed without it.
    if let Some(sent) = sent.as_mut().now_or_never() {
        sent?;
        return client.batch_execute("COMMIT").await;
    }
    let (sent, committed) = join(sent, client.batch_execute("COMMIT")).await;
    sent.and(committed)
}

type Prepared<'s> = (tokio_postgres::Statement, Vec<&'s (dyn ToSql + Sync)>);

async fn prepare_all<'s>(client: &Client, statements: &'s [Statement]) -> std::result::Result<Vec<Prepared<'s>>, tokio_postgres::Error> {
    let mut prepared = Vec::with_capacity(statements.len());
    for statement in statements {
        let values = statement.values.iter().map(AsRef::as_ref).collect();
        prepared.push((client.prepare_cached(statement.sql).await?, values));
    }
    Ok(prepared)
}

/// The outputs of some futures, each of which begins after the one before it; the first failure as soon as there is one.
async fn in_turn<T, E>(futures: impl Iterator<Item = impl Future<Output = std::result::Result<T, E>>>) -> std::result::Result<Vec<T>, E> {
    let mut begun: Vec<_> = futures.map(|future| Box::pin(maybe_done(future))).collect();
    poll_fn(|context| {
        let waits = begun.iter_mut().map(|future| future.as_mut().poll(context)).filter(Poll::is_pending).count();
        let failed = begun.iter().any(|future| matches!(**future, MaybeDone::Done(Err(_))));
        if waits == 0 || failed { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    // Those that are not done are missing only where one has failed.
    begun.iter_mut().filter_map(|future| future.as_mut().take_output()).collect()
}

impl PgTx<'_> {
    /// Whether it writes, so that what it reads must stay as it is until the commit.
    pub(super) fn writes(&self) -> bool {
        self.what.is_some()
    }

    /// Whether the members it reads must stay as they are. What a page shows is read under the lock on its feed: whoever
    /// changes a member waits there before the change is seen.
    pub(super) fn locks_members(&self) -> bool {
        self.what.is_some_and(|what| what != Write::Page)
    }

    /// The rows of a query.
    pub(super) fn rows(&mut self, sql: &str, values: Values<'_>) -> Result<Vec<Row>> {
        self.write_added()?;
        self.rows_beside_added(sql, values)
    }

    /// The rows of a query that what is added, and not yet written, can't meet.
    pub(super) fn rows_beside_added(&mut self, sql: &str, values: Values<'_>) -> Result<Vec<Row>> {
        let client = self.client;
        let answer = self.runtime.block_on(async { client.query(&client.prepare_cached(sql).await?, values).await });
        answer.map_err(|error| self.fail(&error))
    }

    /// The first row of a query.
    pub(super) fn one<T>(&mut self, sql: &str, values: Values<'_>, read: impl Fn(&Row) -> Result<T>) -> Result<Option<T>> {
        self.rows(sql, values)?.first().map(read).transpose()
    }

    /// All rows of a query.
    pub(super) fn many<T>(&mut self, sql: &str, values: Values<'_>, read: impl Fn(&Row) -> Result<T>) -> Result<Vec<T>> {
        self.rows(sql, values)?.iter().map(read).collect()
    }

    /// Runs a statement; the number of rows that it changed.
    pub(super) fn run(&mut self, sql: &str, values: Values<'_>) -> Result<u64> {
        self.write_added()?;
        let client = self.client;
        let answer = self.runtime.block_on(async { client.execute(&client.prepare_cached(sql).await?, values).await });
        answer.map_err(|error| self.fail(&error))
    }

    /// The rows of some queries, sent one after the other without waiting in between.
    pub(super) fn together<const N: usize>(&mut self, asked: [(&str, Values<'_>); N]) -> Result<[Vec<Row>; N]> {
        self.write_added()?;
        let client = self.client;
        let answers = self.runtime.block_on(async {
            let mut prepared = Vec::with_capacity(N);
            for (sql, _) in asked {
                prepared.push(client.prepare_cached(sql).await?);
            }
            in_turn(prepared.iter().zip(asked).map(|(statement, (_, values))| client.query(statement, values))).await
        });
        let answers = answers.map_err(|error| self.fail(&error))?;
        Ok(answers.try_into().unwrap_or_else(|_| unreachable!("as many answers as queries")))
    }

    /// Runs statements, sent one after the other without waiting in between. Each must change one row.
    ///
    /// Errors: [`ServerError::Corrupt`] with the statement's `what` where it changes none.
    pub(super) fn each_changes_one(&mut self, statements: &[Statement]) -> Result<()> {
        let changed = self.run_all(statements)?;
        let wrong = statements.iter().zip(changed).find(|(_, changed)| *changed != 1);
        wrong.map_or(Ok(()), |(statement, _)| Err(ServerError::Corrupt(statement.what)))
    }

    /// Runs statements, sent one after the other without waiting in between; how many rows each changed.
    pub(super) fn run_all(&mut self, statements: &[Statement]) -> Result<Vec<u64>> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        self.write_added()?;
        let client = self.client;
        let changed = self.runtime.block_on(async {
            let prepared = prepare_all(client, statements).await?;
            in_turn(prepared.iter().map(|(statement, values)| client.execute(statement, values))).await
        });
        changed.map_err(|error| self.fail(&error))
    }

    fn fail(&mut self, error: &tokio_postgres::Error) -> ServerError {
        self.failed.get_or_insert(meaning(error));
        without_data(error)
    }
}

/// PostgreSQL's text holds no NUL; a character that Unicode promises never to assign stands for it.
const NUL: char = '\u{10FFFF}';

/// Somebody's words as a value.
pub(super) fn words(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', &NUL.to_string())) } else { Cow::Borrowed(text) }
}

/// A column as somebody's words.
pub(super) fn said(row: &Row, column: usize) -> Result<String> {
    let text: String = get(row, column)?;
    Ok(if text.contains(NUL) { text.replace(NUL, "\0") } else { text })
}

/// A column as it is.
pub(super) fn get<'r, T: FromSql<'r>>(row: &'r Row, column: usize) -> Result<T> {
    row.try_get(column).map_err(|_| ServerError::Corrupt("the type of a column"))
}

/// A column as an id or another text that is checked.
pub(super) fn parsed<T: FromStr>(row: &Row, column: usize) -> Result<T> {
    get::<&str>(row, column)?.parse().map_err(|_| ServerError::Corrupt("an id or a day"))
}

/// The same where there may be none.
pub(super) fn parsed_or_none<T: FromStr>(row: &Row, column: usize) -> Result<Option<T>> {
    let text: Option<&str> = get(row, column)?;
    text.map(|text| text.parse().map_err(|_| ServerError::Corrupt("an id or a day"))).transpose()
}

/// A column as a structured value.
pub(super) fn json<T: DeserializeOwned>(row: &Row, column: usize) -> Result<T> {
    serde_json::from_str(get(row, column)?).map_err(|_| ServerError::Corrupt("the JSON expected"))
}

/// A structured value as text. JSON escapes NUL itself.
pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|_| ServerError::Corrupt("JSON"))
}

/// An id or a day as text, where there is one.
pub(super) fn text<T: ToString>(value: &Option<T>) -> Option<String> {
    value.as_ref().map(ToString::to_string)
}

/// A number kept with its sign, bit by bit: an HLC from a phone may be any 64 bits.
pub(super) fn bits(row: &Row, column: usize) -> Result<u64> {
    Ok(get::<i64>(row, column)? as u64)
}

/// A column as a count, a time or a position.
pub(super) fn number<T: TryFrom<i64>>(row: &Row, column: usize) -> Result<T> {
    get::<i64>(row, column)?.try_into().map_err(|_| ServerError::Corrupt("a number in its range"))
}

/// A count, a time or a position as a value; whatever is beyond the largest is the largest.
pub(super) fn int(value: impl TryInto<i64>) -> i64 {
    value.try_into().unwrap_or(i64::MAX)
}

/// 32 bytes.
pub(super) fn hash(row: &Row, column: usize) -> Result<[u8; 32]> {
    get::<&[u8]>(row, column)?.try_into().map_err(|_| ServerError::Corrupt("32 bytes"))
}
