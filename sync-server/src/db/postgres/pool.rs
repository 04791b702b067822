//! Connections: how many, how long each thing may take, and TLS.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Client, Hook, HookError, Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime, TimeoutType};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio_postgres::NoTls;
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::failure::{Meaning, busy, meaning, without_data};
use crate::db::Result;
use crate::error::ServerError;

/// A new connection takes no longer.
const CONNECT: Duration = Duration::from_secs(5);

/// So many wait for each connection; whoever comes then is told to come back at once, rather than to wait in vain.
const WAITING_FOR_EACH: usize = 16;

/// What every connection begins with. A server that stops in the middle of a transaction holds its locks no longer
/// than this, and nobody waits for a lock much longer than a phone waits for its answer. Every statement looks things up by
/// their keys, so one plan does for all values: planned for each array anew, a morning's rounds take a third longer, and as
/// long as the tables' statistics are from before an import, twice as long. Nor is that plan ever to read a whole table, which
/// seems cheapest as long as there is next to nothing in it.
const SETTINGS: &str = "SET idle_in_transaction_session_timeout = '20s'; SET lock_timeout = '10s'; SET client_min_messages = 'warning';
    SET plan_cache_mode = 'force_generic_plan'; SET enable_seqscan = off";

/// How a database is reached.
#[derive(Clone)]
pub struct Reach {
    /// `postgres://user:password@host:port/database`.
    pub url: String,
    /// A file of certificates (PEM), one of which must have signed the server's. Without it there is no TLS.
    pub ca: Option<PathBuf>,
    /// The most connections of this process.
    pub connections: usize,
    /// A transaction waits so long for a free one; then its caller is told to come back.
    pub wait: Duration,
}

impl fmt::Debug for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL holds a password.
        f.debug_struct("Reach").field("ca", &self.ca).field("connections", &self.connections).finish_non_exhaustive()
    }
}

/// A pool; no connection is made yet.
pub(super) fn pool(reach: &Reach) -> Result<Pool> {
    // The parser's words name the option, never its value.
    let mut config: tokio_postgres::Config =
        reach.url.parse().map_err(|error: tokio_postgres::Error| ServerError::Config(format!("database: {error}")))?;
    config.connect_timeout(CONNECT).keepalives_idle(Duration::from_secs(30)).tcp_user_timeout(Duration::from_secs(15));
    if config.get_application_name().is_none() {
        config.application_name("guidebook-server");
    }
    let settings = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = match &reach.ca {
        Some(ca) => {
            config.ssl_mode(SslMode::Require);
            Manager::from_config(config, MakeRustlsConnect::new(tls(ca)?), settings)
        }
        None if config.get_ssl_mode() == SslMode::Require => {
            return Err(ServerError::Config("database: sslmode=require needs a file of certificates, --database-ca".to_owned()));
        }
        None => Manager::from_config(config, NoTls, settings),
    };
    let begin = Hook::async_fn(|client: &mut deadpool_postgres::ClientWrapper, _| {
        Box::pin(async move { client.batch_execute(SETTINGS).await.map_err(HookError::Backend) })
    });
    let pool = Pool::builder(manager).max_size(reach.connections).runtime(Runtime::Tokio1).post_create(begin);
    let pool = pool.wait_timeout(Some(reach.wait)).create_timeout(Some(CONNECT)).recycle_timeout(Some(CONNECT));
    pool.build().map_err(|error| ServerError::Config(format!("database: {error}")))
}

/// A connection, or what is the matter.
pub(super) async fn connection(pool: &Pool) -> std::result::Result<Client, (Meaning, ServerError)> {
    let status = pool.status();
    if status.waiting >= status.max_size * WAITING_FOR_EACH {
        return Err((Meaning::Fatal, busy()));
    }
    pool.get().await.map_err(|error| match error {
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => (meaning(&error), without_data(&error)),
        PoolError::Timeout(TimeoutType::Wait) => (Meaning::Fatal, busy()),
        PoolError::Timeout(TimeoutType::Create | TimeoutType::Recycle) => (Meaning::Lost, busy()),
        PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => (Meaning::Fatal, ServerError::Task),
    })
}

fn tls(ca: &Path) -> Result<rustls::ClientConfig> {
    let problem = |why: String| ServerError::Config(format!("{}: {why}", ca.display()));
    let mut roots = rustls::RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(ca).map_err(|error| problem(error.to_string()))? {
        let certificate = certificate.map_err(|error| problem(error.to_string()))?;
        roots.add(certificate).map_err(|error| problem(error.to_string()))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| problem(error.to_string()))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}
