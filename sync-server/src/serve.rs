//! The running server.

use std::future::Future;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tokio::net::TcpListener;

use crate::config::Config;
use crate::db::{self, Database};
use crate::error::ServerError;
use crate::http::app::App;
use crate::http::{router, upkeep};
use crate::live::turns::turns;
use crate::live::{Hub, Stirring};
use crate::metrics::Metrics;
use crate::rails::{Rails, uploader};
use crate::secret_file;
use crate::service::coupons::CouponSecret;
use crate::service::session::ServerSecret;

/// Serves on `listener` until `shutdown` ends; answers what has begun before it returns.
pub async fn run(config: Config, listener: TcpListener, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), ServerError> {
    let opened = config.clone();
    // Opening waits, for the disk or for another server's upgrade.
    let (db, secret, coupons, rails) = tokio::task::spawn_blocking(move || open(&opened)).await.map_err(|_| ServerError::Task)??;
    let hub = Arc::new(Hub::new(config.live_phones));
    let app = App {
        db: Arc::new(Stirring::new(db, Arc::clone(&hub))),
        secret,
        coupons,
        rails,
        limits: config.limits,
        metrics: Metrics::default(),
        data_dir: config.data_dir,
        import_limit: config.import_limit,
        rounds: Arc::new(tokio::sync::Semaphore::new(config.rounds)),
        most_rounds: config.rounds,
        hub: Arc::clone(&hub),
        longest_wait: config.live_longest,
        importing: tokio::sync::Mutex::new(()),
    };
    let address = listener.local_addr()?;
    tracing::info!(%address, "serving");
    let app = Arc::new(app);
    let upkeep = tokio::spawn(upkeep::every(Arc::clone(&app), config.upkeep));
    let turns = tokio::spawn(turns(Arc::clone(&app)));
    let uploads = tokio::spawn(uploader::every(Arc::clone(&app), config.upkeep));
    let stopping = async move {
        shutdown.await;
        hub.stop();
    };
    let served = axum::serve(listener, router(app)).with_graceful_shutdown(stopping).await;
    upkeep.abort();
    turns.abort();
    uploads.abort();
    served?;
    tracing::info!("stopped");
    Ok(())
}

/// What a server serves from: the database, its own secret, the one behind coupons, where it has any, and rails.
type Opened = (Arc<dyn Database>, ServerSecret, Option<CouponSecret>, Rails);

fn open(config: &Config) -> Result<Opened, ServerError> {
    let db = db::open(config)?;
    let secret = secret_file::read_or_make(&config.secret_file)?;
    let fingerprint = Sha256::new().chain_update("guidebook.server-secret").chain_update(secret).finalize();
    if !db.shares_secret(&fingerprint.into())? {
        return Err(ServerError::Config(
            "secret_file: another server of this database has another secret; give all the same file".to_owned(),
        ));
    }
    Ok((db, secret, coupon_secret(config)?, Rails::open(&config.rails)?))
}

/// The secret behind coupons, where this server has any.
pub fn coupon_secret(config: &Config) -> Result<Option<CouponSecret>, ServerError> {
    let secret = match config.coupon_secret {
        Some(secret) => Some(secret),
        None => secret_file::read_private(&config.coupon_secret_file)?,
    };
    Ok(secret.map(CouponSecret::new))
}
