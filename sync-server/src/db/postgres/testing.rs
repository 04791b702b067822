//! A PostgreSQL for one test: a schema of its own in the database that `GUIDEBOOK_TEST_POSTGRES` names.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio_postgres::NoTls;

use super::{PostgresDatabase, Reach};

/// Where the tests' PostgreSQL is. See `tests/with-postgres.sh`.
pub const URL: &str = "GUIDEBOOK_TEST_POSTGRES";

/// The certificate that it shows.
pub const CA: &str = "GUIDEBOOK_TEST_POSTGRES_CA";

/// A schema that goes with this value.
pub struct TestSchema {
    url: String,
    name: String,
}

impl TestSchema {
    /// A schema, unless there is no PostgreSQL to test with, which is said.
    pub fn new() -> Option<Self> {
        let Ok(url) = std::env::var(URL) else {
            eprintln!("skipped: {URL} is not set, see sync-server/tests/with-postgres.sh");
            return None;
        };
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let schema = TestSchema { url, name };
        schema.ask(&format!("CREATE SCHEMA {}", schema.name));
        Some(schema)
    }

    /// How its database is reached. Deadlocks are found quickly.
    pub fn reach(&self) -> Reach {
        let options = format!("-csearch_path%3D{}%20-cdeadlock_timeout%3D20ms", self.name);
        Reach { url: format!("{}?options={options}", self.url), ca: None, connections: 8, wait: Duration::from_secs(10) }
    }

    /// Its database.
    pub fn open(&self) -> PostgresDatabase {
        PostgresDatabase::open(&self.reach()).unwrap()
    }

    /// Runs a statement in its schema as somebody else; the first column of each row.
    pub fn ask(&self, sql: &str) -> Vec<String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&self.url, NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute(&format!("SET search_path = {}", self.name)).await.unwrap();
            let messages = client.simple_query(sql).await.unwrap();
            let first = |message| match message {
                tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            };
            messages.into_iter().filter_map(first).collect()
        })
    }

    /// The certificate that the server shows.
    pub fn ca(&self) -> PathBuf {
        std::env::var(CA).unwrap_or_else(|_| panic!("{CA} is not set")).into()
    }
}

impl Drop for TestSchema {
    fn drop(&mut self) {
        self.ask(&format!("DROP SCHEMA {} CASCADE", self.name));
    }
}
