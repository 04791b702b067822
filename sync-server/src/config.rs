//! Configuration: flags before environment before file before default.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use clap::Args;
use guidebook_domain::{Limits, TenantId};
use serde::Deserialize;

use crate::db::postgres::Reach;
use crate::error::ServerError;
use crate::rails::settings::RailSettings;

/// What the server runs with.
#[derive(Clone)]
pub struct Config {
    /// Where the database, the secret and spooled uploads lie.
    pub data_dir: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The PostgreSQL database; without one, SQLite in [`Config::data_dir`].
    pub postgres: Option<Reach>,
    /// The file with the server's secret.
    pub secret_file: PathBuf,
    /// The secret behind coupons, where it came by the environment.
    pub coupon_secret: Option<[u8; 32]>,
    /// Otherwise the file with it, made by `keys init`.
    pub coupon_secret_file: PathBuf,
    /// The largest upload to the importer, in bytes.
    pub import_limit: u64,
    /// The most sync rounds at once. One more is asked to come back.
    pub rounds: usize,
    /// The most phones that wait for news at once.
    pub live_phones: usize,
    /// The longest that one waits.
    pub live_longest: Duration,
    /// Limits of handovers.
    pub limits: Limits,
    /// How often the server looks for handovers whose time has come, jobs that were left and last days that are over.
    pub upkeep: Duration,
    /// Payment platforms, by retailer.
    pub rails: BTreeMap<TenantId, RailSettings>,
    /// What to log, as `tracing` reads it.
    pub log: String,
}

impl Config {
    /// The defaults with everything in `data_dir`.
    pub fn in_dir(data_dir: impl AsRef<Path>) -> Self {
        let data_dir = data_dir.as_ref().to_owned();
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 8640)),
            secret_file: data_dir.join("server-secret"),
            postgres: None,
            coupon_secret: None,
            coupon_secret_file: data_dir.join("coupon-secret"),
            import_limit: 1 << 30,
            rounds: 256,
            live_phones: 20_000,
            live_longest: Duration::from_secs(50),
            limits: Limits::default(),
            upkeep: Duration::from_secs(60),
            rails: BTreeMap::new(),
            log: "info".to_owned(),
            data_dir,
        }
    }

    /// The file of the database, where it is SQLite.
    pub fn database(&self) -> PathBuf {
        self.data_dir.join("guidebook.db")
    }
}

/// 32 bytes in hexadecimal digits. `Debug` hides them.
#[derive(Clone)]
pub struct CouponSecretHex([u8; 32]);

impl fmt::Debug for CouponSecretHex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CouponSecretHex(…)")
    }
}

impl FromStr for CouponSecretHex {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "not 64 hexadecimal digits";
        let text = text.trim();
        if text.len() != 64 || !text.is_ascii() {
            return Err(wrong);
        }
        let mut bytes = [0; 32];
        for (n, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * n..2 * n + 2], 16).map_err(|_| wrong)?;
        }
        Ok(CouponSecretHex(bytes))
    }
}

/// The most connections to PostgreSQL where nothing is said.
const CONNECTIONS: usize = 16;

/// How long a request waits for one of them.
const WAIT: Duration = Duration::from_secs(2);

/// A URL that holds a password, so it is not shown.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(String);

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl(…)")
    }
}

impl FromStr for DatabaseUrl {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(DatabaseUrl(text.to_owned()))
    }
}

/// The settings as flags and environment give them.
#[derive(Args, Clone, Debug, Default)]
pub struct Settings {
    /// A TOML file with any of the settings below, under their names with underscores
    #[arg(long, global = true, env = "GUIDEBOOK_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where the database, the server's secret and spooled uploads lie [default: guidebook-data]
    #[arg(long, global = true, env = "GUIDEBOOK_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// The PostgreSQL database that many servers share, `postgres://user:password@host:port/name` [default: SQLite in the data directory]
    #[arg(long, global = true, env = "GUIDEBOOK_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<DatabaseUrl>,
    /// Certificates (PEM), one of which signed PostgreSQL's: the connection is then under TLS [default: no TLS]
    #[arg(long, global = true, env = "GUIDEBOOK_DATABASE_CA", value_name = "FILE")]
    pub database_ca: Option<PathBuf>,
    /// The most connections to PostgreSQL [default: 16]
    #[arg(long, global = true, env = "GUIDEBOOK_DATABASE_CONNECTIONS", value_name = "COUNT")]
    pub database_connections: Option<usize>,
    /// Where to listen [default: 127.0.0.1:8640]
    #[arg(long, global = true, env = "GUIDEBOOK_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// The file with the server's secret, made at the first start [default: server-secret in the data directory]
    #[arg(long, global = true, env = "GUIDEBOOK_SECRET_FILE", value_name = "FILE")]
    pub secret_file: Option<PathBuf>,
    /// The secret behind coupons: 64 hexadecimal digits [default: the file]
    #[arg(long, global = true, env = "GUIDEBOOK_COUPON_SECRET", value_name = "HEX", hide_env_values = true)]
    pub coupon_secret: Option<CouponSecretHex>,
    /// The file with the secret behind coupons, made by `keys init` [default: coupon-secret in the data directory]
    #[arg(long, global = true, env = "GUIDEBOOK_COUPON_SECRET_FILE", value_name = "FILE")]
    pub coupon_secret_file: Option<PathBuf>,
    /// The largest upload to the importer, in MiB [default: 1024]
    #[arg(long, global = true, env = "GUIDEBOOK_IMPORT_LIMIT_MIB", value_name = "MIB")]
    pub import_limit_mib: Option<u64>,
    /// The most sync rounds at once; one more is answered 503 with a time to come back [default: 256]
    #[arg(long, global = true, env = "GUIDEBOOK_ROUNDS", value_name = "COUNT")]
    pub rounds: Option<usize>,
    /// The most phones that wait for news at once, each on an open connection; one more is answered 503 [default: 20000]
    #[arg(long, global = true, env = "GUIDEBOOK_LIVE_PHONES", value_name = "COUNT")]
    pub live_phones: Option<usize>,
    /// Seconds after which one that waits is answered that there is nothing; less than proxies in between wait [default: 50]
    #[arg(long, global = true, env = "GUIDEBOOK_LIVE_SECONDS", value_name = "SECONDS")]
    pub live_seconds: Option<u32>,
    /// Hours after which a handover takes effect, unless the customer refuses; 0 for at once [default: 24]
    #[arg(long, global = true, env = "GUIDEBOOK_HANDOVER_WAIT_HOURS", value_name = "HOURS")]
    pub handover_wait_hours: Option<u32>,
    /// Seconds between two looks for handovers whose time has come [default: 60]
    #[arg(long, global = true, env = "GUIDEBOOK_UPKEEP_SECONDS", value_name = "SECONDS")]
    pub upkeep_seconds: Option<u32>,
    /// What to log: error, warn, info, debug, or tracing directives [default: info]
    #[arg(long, global = true, env = "GUIDEBOOK_LOG", value_name = "LEVEL")]
    pub log: Option<String>,
}

/// The same in a TOML file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    data_dir: Option<PathBuf>,
    database: Option<DatabaseUrl>,
    database_ca: Option<PathBuf>,
    database_connections: Option<usize>,
    listen: Option<SocketAddr>,
    secret_file: Option<PathBuf>,
    coupon_secret_file: Option<PathBuf>,
    import_limit_mib: Option<u64>,
    rounds: Option<usize>,
    live_phones: Option<usize>,
    live_seconds: Option<u32>,
    handover_wait_hours: Option<u32>,
    upkeep_seconds: Option<u32>,
    #[serde(default)]
    rails: BTreeMap<TenantId, RailSettings>,
    log: Option<String>,
}

impl Settings {
    /// The configuration that these settings, the file that they name and the defaults make.
    pub fn resolve(self) -> Result<Config, ServerError> {
        let file = self.config.as_deref().map(read).transpose()?.unwrap_or_default();
        let data_dir = self.data_dir.or(file.data_dir).unwrap_or_else(|| PathBuf::from("guidebook-data"));
        let mut config = Config::in_dir(data_dir);
        let connections = self.database_connections.or(file.database_connections).unwrap_or(CONNECTIONS);
        let ca = self.database_ca.or(file.database_ca);
        config.postgres = self.database.or(file.database).map(|url| Reach { url: url.0, ca, connections: connections.max(1), wait: WAIT });
        config.listen = self.listen.or(file.listen).unwrap_or(config.listen);
        config.secret_file = self.secret_file.or(file.secret_file).unwrap_or(config.secret_file);
        config.coupon_secret = self.coupon_secret.map(|hex| hex.0);
        config.coupon_secret_file = self.coupon_secret_file.or(file.coupon_secret_file).unwrap_or(config.coupon_secret_file);
        config.log = self.log.or(file.log).unwrap_or(config.log);
        if let Some(mib) = self.import_limit_mib.or(file.import_limit_mib) {
            config.import_limit =
                mib.checked_mul(1 << 20).ok_or_else(|| ServerError::Config("import_limit_mib is too large".to_owned()))?;
        }
        config.rounds = self.rounds.or(file.rounds).unwrap_or(config.rounds).max(1);
        config.live_phones = self.live_phones.or(file.live_phones).unwrap_or(config.live_phones);
        if let Some(seconds) = self.live_seconds.or(file.live_seconds) {
            config.live_longest = Duration::from_secs(u64::from(seconds.max(1)));
        }
        if let Some(hours) = self.handover_wait_hours.or(file.handover_wait_hours) {
            config.limits.handover_wait_ms = u64::from(hours) * 3_600_000;
        }
        if let Some(seconds) = self.upkeep_seconds.or(file.upkeep_seconds) {
            config.upkeep = Duration::from_secs(u64::from(seconds.max(1)));
        }
        config.rails = file.rails;
        Ok(config)
    }
}

fn read(path: &Path) -> Result<File, ServerError> {
    let problem = |why: String| ServerError::Config(format!("{}: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| problem(error.to_string()))?;
    toml::from_str(&text).map_err(|error| problem(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_goes_before_the_file_and_the_file_before_the_default() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("server.toml");
        std::fs::write(&path, "data_dir = \"from-file\"\nlog = \"warn\"\nimport_limit_mib = 2\nhandover_wait_hours = 0").unwrap();
        let settings = Settings { config: Some(path.clone()), log: Some("debug".to_owned()), ..Settings::default() };
        let config = settings.resolve().unwrap();
        assert_eq!((config.data_dir, config.log, config.import_limit), ("from-file".into(), "debug".to_owned(), 2 << 20));
        assert_eq!(config.secret_file, PathBuf::from("from-file/server-secret"));
        assert_eq!((config.limits.handover_wait_ms, config.upkeep), (0, Duration::from_secs(60)));
        let rail = "merchant = '1900000001'\ncertificate_serial = 'A'\nkey_file = 'k'\nplatform_key = 'P'\nplatform_key_file = 'p'";
        std::fs::write(&path, format!("[rails.store.wechat_pay]\n{rail}")).unwrap();
        let config = Settings { config: Some(path.clone()), ..Settings::default() }.resolve().unwrap();
        let rail = config.rails[&TenantId::new("store").unwrap()].wechat_pay.clone().unwrap();
        assert_eq!((rail.merchant.as_str(), rail.address.as_str()), ("1900000001", "https://api.mch.weixin.qq.com"));
        std::fs::write(&path, "lisen = \"x\"").unwrap();
        let typo = Settings { config: Some(path), ..Settings::default() };
        assert!(matches!(typo.resolve(), Err(ServerError::Config(_))));
    }
}
