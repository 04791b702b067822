//! The schema, its version and the steps from each version to the next.
//!
//! A step only adds: a server of the version before goes on answering while it runs and afterwards, until it is
//! replaced. It is refused only when it starts anew, for then somebody meant to run it on purpose.

use tokio_postgres::Client;

use crate::error::ServerError;

/// The steps: the first makes version 1, each further one the next version.
///
/// 1. Everything the first release keeps.
/// 2. Coupons: campaigns, codes, tills, keys that sign.
/// 3. Whose purchases are to be counted again.
/// 4. The guides of a store.
pub const STEPS: &[&str] =
    &[include_str!("schema.sql"), include_str!("schema_2.sql"), include_str!("schema_3.sql"), include_str!("schema_4.sql")];

/// What every Guidebook's upgrade locks; the schema in which it lies is the other half of the key.
const UPGRADE_LOCK: i32 = 0x6762_6b31;

/// A step waits so long for a table that is in use, while everybody who comes later waits behind it; then the upgrade
/// gives up and is tried again.
const LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = '2s'";

/// Why there was no upgrade.
pub(super) enum Stopped {
    /// The database is ahead of this server.
    Newer(ServerError),
    /// The database said no.
    Postgres(tokio_postgres::Error),
}

impl From<tokio_postgres::Error> for Stopped {
    fn from(error: tokio_postgres::Error) -> Self {
        Stopped::Postgres(error)
    }
}

/// Brings the database to the version that `steps` make, once, however many servers start together; gives the
/// database's own name for its locks. One of a newer version is refused and not touched.
pub(super) async fn upgrade(client: &Client, steps: &[&str]) -> Result<String, Stopped> {
    client.batch_execute("BEGIN").await?;
    let upgraded = upgrade_alone(client, steps).await;
    client.batch_execute(if upgraded.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
    upgraded
}

async fn upgrade_alone(client: &Client, steps: &[&str]) -> Result<String, Stopped> {
    let lock = "SELECT pg_advisory_xact_lock($1, hashtext(current_schema()))";
    client.query(lock, &[&UPGRADE_LOCK]).await?;
    client.batch_execute(LOCK_TIMEOUT).await?;
    client.batch_execute("CREATE TABLE IF NOT EXISTS site (version bigint NOT NULL, name text NOT NULL, secret bytea)").await?;
    let rows = client.query("SELECT version, name FROM site", &[]).await?;
    let (found, name) = match rows.first() {
        Some(row) => (row.try_get::<_, i64>(0)?, row.try_get(1)?),
        None => (0, make_site(client).await?),
    };
    let known = steps.len() as i64;
    if found > known {
        return Err(Stopped::Newer(ServerError::NewerDatabase { found, known }));
    }
    for step in steps.iter().skip(found.max(0) as usize) {
        client.batch_execute(step).await?;
    }
    if found < known {
        client.execute("UPDATE site SET version = $1", &[&known]).await?;
    }
    Ok(name)
}

async fn make_site(client: &Client) -> Result<String, tokio_postgres::Error> {
    let row = client.query_one("INSERT INTO site (version, name) VALUES (0, gen_random_uuid()::text) RETURNING name", &[]).await?;
    row.try_get(0)
}
