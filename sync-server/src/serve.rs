//! The running server.

use std::future::Future;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::config::Config;
use crate::db::SqliteDatabase;
use crate::error::ServerError;
use crate::http::app::App;
use crate::http::router;
use crate::metrics::Metrics;
use crate::secret_file;

/// Serves on `listener` until `shutdown` ends; answers what has begun before it returns.
pub async fn run(config: Config, listener: TcpListener, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), ServerError> {
    std::fs::create_dir_all(&config.data_dir)?;
    let app = App {
        db: SqliteDatabase::open(config.database())?,
        secret: secret_file::read_or_make(&config.secret_file)?,
        metrics: Metrics::default(),
        data_dir: config.data_dir,
        import_limit: config.import_limit,
        importing: tokio::sync::Mutex::new(()),
    };
    let address = listener.local_addr()?;
    tracing::info!(%address, "serving");
    axum::serve(listener, router(Arc::new(app))).with_graceful_shutdown(shutdown).await?;
    tracing::info!("stopped");
    Ok(())
}
