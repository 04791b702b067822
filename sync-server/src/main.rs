//! The program: `guidebook-server serve` and what an operator does beside it.

mod keys_command;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use guidebook_domain::TenantId;
use guidebook_server::config::Settings;
use guidebook_server::db::{self, Database};
use guidebook_server::random::random;
use guidebook_server::service::restore::begin_epoch;
use guidebook_server::service::setup::{Scope, create_hq_key, create_tenant};
use guidebook_server::{Config, ServerError, ServiceError, clock, import, run};

/// Reconciles the phones of shopping guides with headquarters (HQ).
///
/// First `init` a tenant and keep the HQ key that it prints. Then `import` HQ's export, or send it over HTTP, and
/// `serve`. All state lies in the data directory, or in PostgreSQL and the server's secret; back that up.
#[derive(Parser)]
#[command(version, arg_required_else_help = false)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve phones and HQ until SIGINT or SIGTERM (the default)
    Serve,
    /// Create a tenant and print one HQ key with all scopes; it is shown this once
    Init {
        /// The retailer's id: letters, digits, `.`, `_`, `-`
        #[arg(long, default_value = "main")]
        tenant: TenantId,
    },
    /// Say, before the server starts again, that the data directory was restored from a backup: begins another epoch, in
    /// which phones compare what they have, take what differs and send again what the backup does not know. Prints it
    Restored {
        /// The retailer
        #[arg(long, default_value = "main")]
        tenant: TenantId,
    },
    /// Manage HQ keys
    HqKey {
        #[command(subcommand)]
        command: KeyCommand,
    },
    /// Manage the keys that sign coupons
    Keys {
        #[command(subcommand)]
        command: keys_command::KeysCommand,
    },
    /// Import the files of an export that are in DIR: stores, brands, guides, products, tags, members, orders, each .csv or .ndjson
    Import {
        /// The directory
        dir: PathBuf,
        /// The retailer
        #[arg(long, default_value = "main")]
        tenant: TenantId,
    },
}

#[derive(Subcommand)]
enum KeyCommand {
    /// Print a key; it is shown this once
    Create {
        /// The retailer
        #[arg(long, default_value = "main")]
        tenant: TenantId,
        /// What it allows: import, enrol, ownership, catalogue, read, devices, coupons
        #[arg(long, value_delimiter = ',', required = true)]
        scopes: Vec<Scope>,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match start(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("guidebook-server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn start(cli: Cli) -> Result<ExitCode, ServiceError> {
    let config = cli.settings.resolve()?;
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve(config)?,
        Command::Init { tenant } => init(&db::open(&config)?, &tenant)?,
        Command::Restored { tenant } => println!("{}", begin_epoch(&db::open(&config)?, &tenant, random()?, clock::now_ms())?),
        Command::HqKey { command: KeyCommand::Create { tenant, scopes } } => {
            println!("{}", create_hq_key(&db::open(&config)?, &tenant, &scopes.into_iter().collect(), random()?)?);
        }
        Command::Keys { command } => keys_command::carry_out(&config, command)?,
        Command::Import { dir, tenant } => return import_dir(&db::open(&config)?, &tenant, &dir),
    }
    Ok(ExitCode::SUCCESS)
}

fn init(db: &dyn Database, tenant: &TenantId) -> Result<(), ServiceError> {
    if !create_tenant(db, tenant, random()?)? {
        return Err(ServiceError::about(guidebook_wire::ErrorCode::Conflict, "tenant", "is there already; see hq-key create"));
    }
    println!("{}", create_hq_key(db, tenant, &BTreeSet::from(Scope::ALL), random()?)?);
    Ok(())
}

/// Prints one report a file, as JSON lines. Fails if a file as a whole could not be read.
fn import_dir(db: &dyn Database, tenant: &TenantId, dir: &std::path::Path) -> Result<ExitCode, ServiceError> {
    let reports = import::import_dir(db, tenant, dir, random::<16>, clock::now_ms())?;
    for report in reports {
        println!("{}", serde_json::to_string(&report).map_err(|_| ServerError::Corrupt("JSON"))?);
    }
    Ok(ExitCode::SUCCESS)
}

fn serve(config: Config) -> Result<(), ServerError> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log).map_err(|error| ServerError::Config(format!("log: {error}")))?;
    tracing_subscriber::fmt().log_internal_errors(false).json().with_env_filter(filter).with_writer(std::io::stderr).init();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind(config.listen).await?;
        // A full disk under the logs is no reason to stop serving.
        let _ = writeln!(std::io::stdout(), "listening on http://{}", listener.local_addr()?);
        run(config, listener, asked_to_stop()).await
    })
}

/// Ends at SIGINT or SIGTERM.
async fn asked_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! { _ = interrupted => {}, _ = terminated.recv() => {} }
            return;
        }
    }
    let _ = interrupted.await;
}
