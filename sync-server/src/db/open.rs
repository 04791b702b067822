//! The storage that the configuration names.

use std::sync::Arc;

use super::{Database, PostgresDatabase, Result, SqliteDatabase};
use crate::config::Config;

/// Opens it, and makes or upgrades its tables. To be called where waiting is allowed.
pub fn open(config: &Config) -> Result<Arc<dyn Database>> {
    std::fs::create_dir_all(&config.data_dir)?;
    match &config.postgres {
        Some(reach) => Ok(Arc::new(PostgresDatabase::open(reach)?)),
        None => Ok(Arc::new(SqliteDatabase::open(config.database())?)),
    }
}
