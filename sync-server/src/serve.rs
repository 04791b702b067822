//! The running server.

use std::future::Future;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::config::Config;
use crate::db::SqliteDatabase;
use crate::error::ServerError;
use crate::http::app::App;
use crate::http::{router, upkeep};
use crate::metrics::Metrics;
use crate::secret_file;

/// Serves on `listener` until `shutdown` ends; answers what has begun before it returns.
pub async fn run(config: Config, listener: TcpListener, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), ServerError> {
    std::fs::create_dir_all(&config.data_dir)?;
    let app = App {
        db: SqliteDatabase::open(config.database())?,
        secret: secret_file::read_or_make(&config.secret_file)?,
        limits: config.limits,
        metrics: Metrics::default(),
        data_dir: config.data_dir,
        import_limit: config.import_limit,
        importing: tokio::sync::Mutex::new(()),
    };
    let address = listener.local_addr()?;
    tracing::info!(%address, "serving");
    let app = Arc::new(app);
    let upkeep = tokio::spawn(upkeep::every(Arc::clone(&app), config.upkeep));
    let served = axum::serve(listener, router(app)).with_graceful_shutdown(shutdown).await;
    upkeep.abort();
    served?;
    tracing::info!("stopped");
    Ok(())
}
