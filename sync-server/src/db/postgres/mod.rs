//! PostgreSQL: many servers on one database.
//!
//! Services are written for a writer who is alone, as SQLite's is. Here writers run side by side, and what they look at
//! is locked while they do, row by row (see the README beside this file). A transaction that was in another's way, or
//! whose connection died, is run again; one that can't be run is answered with "come back", never half done.

mod added;
mod calls;
mod campaigns;
mod catalogue;
mod coupon_report;
mod coupons;
mod devices;
mod directory;
mod failure;
mod feeds;
mod grants;
mod handovers;
mod held;
mod imports;
mod live;
mod locks;
mod members;
mod needs;
mod operations;
mod orders;
mod pool;
mod restores;
mod row;
pub mod schema;
mod secrets;
mod sent;
mod settle;
mod signing;
mod snapshots;
mod standing;
mod terms;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod tills;

use deadpool_postgres::{Client, Pool};
use futures_util::FutureExt;
use futures_util::future::maybe_done;
use tokio::runtime::{Handle, Runtime};

use super::secrets::Hash;
use super::{CatalogueCache, Database, Result, Work, Write};
use crate::error::ServerError;
use crate::failpoint;
use failure::{Meaning, Patience, busy, meaning, without_data};
use held::Held;
use locks::Locks;
pub use pool::Reach;
use row::{PgTx, Statement};

/// Threads that carry messages from and to the database.
const CARRIERS: usize = 2;

/// Where so many members are known the tables need no counting for the sake of an import: the database's own suffices.
const WELL_KNOWN: f32 = 100_000.0;

/// A database in PostgreSQL. To be called from threads that may block.
pub struct PostgresDatabase {
    pool: Pool,
    /// The database's own name for its locks.
    site: String,
    catalogues: CatalogueCache,
    /// Its own, so that it can be used where there is none.
    runtime: Option<Runtime>,
}

/// What became of one attempt.
enum Attempt {
    /// It is over, for better or worse.
    Over(Result<()>),
    /// It may be tried again; this is what went wrong.
    Again(ServerError),
}

impl PostgresDatabase {
    /// Opens the database, and makes or upgrades its tables.
    pub fn open(reach: &Reach) -> Result<Self> {
        PostgresDatabase::open_with(reach, schema::STEPS)
    }

    fn open_with(reach: &Reach, steps: &[&str]) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(CARRIERS).thread_name("postgres").enable_all().build()?;
        let pool = pool::pool(reach)?;
        let mut site = String::new();
        patiently(|| upgrade(&pool, runtime.handle(), steps, &mut site))?;
        Ok(PostgresDatabase { pool, site, catalogues: CatalogueCache::default(), runtime: Some(runtime) })
    }

    fn handle(&self) -> &Handle {
        self.runtime.as_ref().expect("it goes only with the database").handle()
    }

    /// Runs `work` once, in a transaction of its own.
    fn attempt(&self, what: Option<Write>, work: &mut dyn FnMut(&mut PgTx<'_>) -> Result<()>) -> Attempt {
        let client = match self.handle().block_on(pool::connection(&self.pool)) {
            Ok(client) => Lent(Some(client)),
            Err((Meaning::Fatal, error)) => return Attempt::Over(Err(error)),
            Err((_, error)) => return Attempt::Again(error),
        };
        if let Err(error) = begin(&client, what.is_some()) {
            return Attempt::Again(error);
        }
        // Asked right behind it, and read when the work is done.
        let mut name = what.map(|_| Box::pin(maybe_done(name_of(&client))));
        let _ = name.as_mut().map(|name| name.as_mut().now_or_never());
        let (runtime, locks) = (self.handle(), Locks::new(&self.site));
        let mut tx = PgTx { client: &client, runtime, what, failed: None, locks, held: Held::default() };
        let done = work(&mut tx).and_then(|()| if tx.writes() { tx.settle() } else { Ok(Vec::new()) });
        let failed = tx.failed;
        let name = name.map(|mut name| {
            self.handle().block_on(name.as_mut());
            name.as_mut().take_output().expect("it is done")
        });
        match (failed, done, what.zip(name)) {
            (Some(Meaning::Lost), done, _) => Attempt::Again(done.err().unwrap_or(ServerError::Task)),
            (Some(Meaning::InTheWay), done, _) => {
                client.end(self.handle(), "ROLLBACK");
                Attempt::Again(done.err().unwrap_or(ServerError::Task))
            }
            (Some(Meaning::Fatal), done, _) => {
                client.end(self.handle(), "ROLLBACK");
                Attempt::Over(done.and_then(|_| Err(ServerError::Task)))
            }
            (None, Err(error), _) => {
                client.end(self.handle(), "ROLLBACK");
                Attempt::Over(Err(error))
            }
            (None, Ok(_), None) => {
                client.end(self.handle(), "COMMIT");
                Attempt::Over(Ok(()))
            }
            (None, Ok(last), Some((what, Ok(name)))) => self.commit(client, what, &name, &last),
            (None, Ok(_), Some((_, Err(error)))) => Attempt::Again(without_data(&error)),
        }
    }

    /// Sends what is written last, and the commit right behind it: if anything of it fails, the database makes a rollback of that.
    fn commit(&self, client: Lent, what: Write, transaction: &str, last: &[Statement]) -> Attempt {
        if let Err(asked) = failpoint::hit(what.before_commit()) {
            return Attempt::Over(Err(asked));
        }
        let committed = self.handle().block_on(row::send_and_commit(&client, last));
        let attempt = match committed {
            Ok(()) => {
                client.give_back();
                Attempt::Over(Ok(()))
            }
            Err(error) => match meaning(&error) {
                Meaning::Lost => self.what_became_of(transaction),
                Meaning::InTheWay => Attempt::Again(without_data(&error)),
                Meaning::Fatal => Attempt::Over(Err(without_data(&error))),
            },
        };
        match attempt {
            Attempt::Over(Ok(())) => Attempt::Over(failpoint::hit(what.after_commit())),
            other => other,
        }
    }

    /// The connection died while it committed. The database knows whether it did; if even that can't be learnt, the
    /// caller comes back, and the receipts tell her.
    fn what_became_of(&self, transaction: &str) -> Attempt {
        let ask = "SELECT pg_xact_status($1::text::xid8)";
        let mut patience = Patience::new();
        loop {
            let answer = self.handle().block_on(async {
                let client = pool::connection(&self.pool).await.ok()?;
                let row = client.query_one(ask, &[&transaction]).await.ok()?;
                row.try_get::<_, Option<String>>(0).ok().flatten()
            });
            match answer.as_deref() {
                Some("committed") => return Attempt::Over(Ok(())),
                Some("aborted") => return Attempt::Again(busy()),
                Some(_) | None => {}
            }
            if !patience.wait() {
                return Attempt::Over(Err(busy()));
            }
        }
    }
}

impl Database for PostgresDatabase {
    fn read(&self, work: Work<'_>) -> Result<()> {
        patiently(|| self.attempt(None, &mut |tx| work(tx)))
    }

    fn write(&self, what: Write, work: Work<'_>) -> Result<()> {
        patiently(|| self.attempt(Some(what), &mut |tx| work(tx)))
    }

    fn catalogues(&self) -> &CatalogueCache {
        &self.catalogues
    }

    /// Has the tables counted, unless the planner knows of so many members already that it looks each up by her key: an export of
    /// every day need not read samples of all tables.
    fn grew(&self) {
        let counted = self.handle().block_on(async {
            let client = pool::connection(&self.pool).await.map_err(|(_, error)| error)?;
            let known = client.query_one("SELECT reltuples FROM pg_class WHERE oid = 'member'::regclass", &[]).await;
            let known: f32 = known.and_then(|row| row.try_get(0)).map_err(|error| without_data(&error))?;
            if known >= WELL_KNOWN {
                return Ok(());
            }
            client.batch_execute("ANALYZE").await.map_err(|error| without_data(&error))
        });
        if let Err(error) = counted {
            tracing::debug!(%error, "tables were not counted");
        }
    }

    fn shares_secret(&self, fingerprint: &Hash) -> Result<bool> {
        let mut shared = false;
        let mut work = |tx: &mut PgTx<'_>| {
            let sql = "UPDATE site SET secret = COALESCE(secret, $1) RETURNING secret = $1";
            shared = tx.one(sql, &[&fingerprint.as_slice()], |row| row::get(row, 0))?.unwrap_or(false);
            Ok(())
        };
        patiently(|| self.attempt(Some(Write::Setup), &mut work))?;
        Ok(shared)
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        self.pool.close();
        // Waits for nothing, so that it may be dropped where waiting is not allowed.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Tries until it is over or patience is.
fn patiently(mut attempt: impl FnMut() -> Attempt) -> Result<()> {
    let mut patience = Patience::new();
    loop {
        match attempt() {
            Attempt::Over(ended) => return ended,
            Attempt::Again(error) => {
                tracing::debug!(%error, "tried again");
                if !patience.wait() {
                    tracing::warn!(%error, "given up");
                    return Err(busy());
                }
            }
        }
    }
}

fn upgrade(pool: &Pool, runtime: &Handle, steps: &[&str], site: &mut String) -> Attempt {
    runtime.block_on(async {
        let client = match pool::connection(pool).await {
            Ok(client) => client,
            Err((Meaning::Fatal, error)) => return Attempt::Over(Err(error)),
            Err((_, error)) => return Attempt::Again(error),
        };
        match schema::upgrade(&client, steps).await {
            Ok(name) => {
                *site = name;
                Attempt::Over(Ok(()))
            }
            Err(schema::Stopped::Newer(error)) => Attempt::Over(Err(error)),
            Err(schema::Stopped::Postgres(error)) => match meaning(&error) {
                Meaning::Fatal => Attempt::Over(Err(without_data(&error))),
                Meaning::InTheWay | Meaning::Lost => Attempt::Again(without_data(&error)),
            },
        }
    })
}

/// Begins a transaction without waiting for the answer: what is asked next comes after it.
fn begin(client: &Client, writes: bool) -> Result<()> {
    let how = if writes { "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE" } else { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" };
    Ok(client.batch_execute(how).now_or_never().transpose().map(|_| ())?)
}

/// By what the database will know a transaction when its connection has died.
async fn name_of(client: &Client) -> std::result::Result<String, tokio_postgres::Error> {
    let name = client.prepare_cached("SELECT pg_current_xact_id()::text").await?;
    client.query_one(&name, &[]).await?.try_get(0)
}

/// A connection inside a transaction. It goes back to the pool only after the transaction has ended; if a panic or a
/// failure is in between, it is closed, and that ends the transaction too.
struct Lent(Option<Client>);

impl Lent {
    /// Ends the transaction without waiting for the answer, which nothing depends on.
    fn end(self, runtime: &Handle, how: &str) {
        let _inside = runtime.enter();
        if !matches!(self.batch_execute(how).now_or_never(), Some(Err(_))) {
            self.give_back();
        }
    }

    fn give_back(mut self) {
        drop(self.0.take());
    }
}

impl std::ops::Deref for Lent {
    type Target = Client;

    fn deref(&self) -> &Client {
        self.0.as_ref().expect("it is taken only when it goes")
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(client) = self.0.take() {
            drop(deadpool_postgres::Object::take(client));
        }
    }
}
