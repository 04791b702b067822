//! The running server.

use std::future::Future;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tokio::net::TcpListener;

use crate::config::Config;
use crate::db::{self, Database};
use crate::error::ServerError;
use crate::http::app::App;
use crate::http::router;
use crate::metrics::Metrics;
use crate::secret_file;
use crate::service::session::ServerSecret;

/// Serves on `listener` until `shutdown` ends; answers what has begun before it returns.
pub async fn run(config: Config, listener: TcpListener, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), ServerError> {
    let opened = config.clone();
    // Opening waits, for the disk or for another server's upgrade.
    let (db, secret) = tokio::task::spawn_blocking(move || open(&opened)).await.map_err(|_| ServerError::Task)??;
    let app = App {
        db,
        secret,
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

fn open(config: &Config) -> Result<(Arc<dyn Database>, ServerSecret), ServerError> {
    let db = db::open(config)?;
    let secret = secret_file::read_or_make(&config.secret_file)?;
    let fingerprint = Sha256::new().chain_update("guidebook.server-secret").chain_update(secret).finalize();
    if !db.shares_secret(&fingerprint.into())? {
        return Err(ServerError::Config(
            "secret_file: another server of this database has another secret; give all the same file".to_owned(),
        ));
    }
    Ok((db, secret))
}
