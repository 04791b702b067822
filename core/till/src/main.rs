//! `guidebook-till`: a lane on the command line.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Parser, Subcommand};
use guidebook_domain::coupon::signed::PublicKey;
use guidebook_domain::coupon::{SignedTrustList, Voucher, Worth};
use guidebook_till::till::Sale;
use guidebook_till::upload::{Server, UploadError, Uploaded};
use guidebook_till::{Caps, Coupon, Ledger, Till, TillError};
use serde::{Deserialize, Serialize};

/// Redeems coupons at a lane that has no network, within caps: bound to the store, at most ¥50 each, 20 coupons and ¥500
/// a lane and outage, 24 hours. Two lanes that are both offline, each with a ledger of its own, can take the same coupon:
/// that is detected at the upload and booked to the store, not prevented.
///
/// Ends with 0; with 1 if a coupon is refused or something is wrong; with 3 if the server gives no answer.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// Where the lane keeps its settings and the store's ledger
    #[arg(long, env = "GUIDEBOOK_TILL_DIR")]
    dir: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Set the lane up, once. Server and key, if they are given, are kept for the other commands, in a file that only its owner may read
    Init {
        /// The root key that signs trust lists: 43 characters of base64url
        #[arg(long)]
        root: String,
        /// The store's number at the retailer
        #[arg(long, value_parser = clap::value_parser!(u16).range(1..=16_383))]
        store: u16,
        /// The lane's name, unique at the retailer
        #[arg(long)]
        lane: String,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Use another server, or another key, from now on
    Connect {
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Take a newer trust list, from a file or from the server
    Trust {
        /// The file; from the server if none
        file: Option<PathBuf>,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Say what a voucher is worth and whether it is good in this store
    Verify {
        /// The 122 characters of its QR code
        voucher: String,
    },
    /// Take a voucher without a network
    Redeem {
        /// The 122 characters of its QR code
        voucher: String,
        /// The basket, in fen
        #[arg(long)]
        spend: u32,
        /// The receipt's number
        #[arg(long)]
        order: String,
    },
    /// Ask the server what a coupon is worth. Changes nothing
    Check {
        /// The 122 characters of its QR code, or the 16 of the code
        coupon: String,
        /// The basket, in fen
        #[arg(long)]
        spend: Option<u32>,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Redeem at the server: a voucher, or a typed code. Without an answer, ask again for the same sale
    Online {
        /// The 122 characters of its QR code, or the 16 of the code
        coupon: String,
        /// The basket, in fen
        #[arg(long)]
        spend: u32,
        /// The receipt's number
        #[arg(long)]
        order: String,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Take a redemption at the server back: the customer has the coupon again
    Reverse {
        /// The 122 characters of its QR code, or the 16 of the code
        coupon: String,
        /// The receipt's number under which it was redeemed
        #[arg(long)]
        order: String,
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Upload what was taken
    Upload {
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Say what was taken since the last contact
    Standing,
}

/// For one command; what `init` or `connect` kept, if nothing is said.
#[derive(clap::Args)]
struct ServerArgs {
    /// The server's address
    #[arg(long, env = "GUIDEBOOK_TILL_SERVER")]
    server: Option<String>,
    /// The terminal's key
    #[arg(long, env = "GUIDEBOOK_TILL_KEY", hide_env_values = true)]
    key: Option<String>,
}

/// The file of the settings.
const SETTINGS: &str = "till.json";

/// What `init` writes down.
#[derive(Serialize, Deserialize)]
struct Settings {
    root: PublicKey,
    store: u16,
    lane: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    server: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

/// Why a command fails.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error(transparent)]
    Till(#[from] TillError),
    #[error(transparent)]
    Upload(#[from] UploadError),
    #[error("{path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("{0} cannot be read as what it should be")]
    Content(PathBuf),
    #[error("the root key is no key")]
    Root,
    #[error("the lane is set up already")]
    SetUp,
    #[error("no server: give --server and --key, or keep them by `connect`")]
    NoServer,
}

fn main() -> ExitCode {
    let Cli { dir, command } = Cli::parse();
    match run(&dir, command) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("guidebook-till: {error}");
            if matches!(error, CommandError::Upload(UploadError::Offline)) { ExitCode::from(3) } else { ExitCode::FAILURE }
        }
    }
}

fn run(dir: &Path, command: Command) -> Result<String, CommandError> {
    match command {
        Command::Init { root, store, lane, server } => init(dir, root, store, lane, server),
        Command::Connect { server: ServerArgs { server, key } } => {
            let kept = settings(dir)?;
            keep(dir, &Settings { server: server.or(kept.server.clone()), key: key.or(kept.key.clone()), ..kept })?;
            Ok("kept".to_owned())
        }
        Command::Trust { file: Some(file), .. } => trust_file(&till(dir)?, &file),
        Command::Trust { file: None, server } => trust(dir, server),
        Command::Verify { voucher } => Ok(worth(&till(dir)?.verify(&voucher, now_ms())?)),
        Command::Redeem { voucher, spend, order } => {
            let taken = till(dir)?.take(&voucher, Sale { order: &order, spend_fen: spend }, now_ms())?;
            Ok(format!("taken: {} fen off ({})", taken.discount_fen, taken.id))
        }
        Command::Check { coupon, spend, server } => check(dir, &coupon, spend, server),
        Command::Online { coupon, spend, order, server } => online(dir, &coupon, Sale { order: &order, spend_fen: spend }, server),
        Command::Reverse { coupon, order, server } => reverse(dir, &coupon, &order, server),
        Command::Upload { server } => {
            let (till, server) = connected(dir, server)?;
            let Uploaded { redeemed, conflicts, later } = wait_for(server.upload(&till, now_ms()))?;
            Ok(format!("redeemed {redeemed}, conflicts booked to the store {conflicts}, to be sent again {later}"))
        }
        Command::Standing => {
            let till = till(dir)?;
            let (standing, waiting) = (till.standing()?, till.to_upload()?.len());
            Ok(format!("{} taken, {} fen since the last contact; {waiting} to upload", standing.count, standing.total_fen))
        }
    }
}

fn init(dir: &Path, root: String, store: u16, lane: String, server: ServerArgs) -> Result<String, CommandError> {
    let root = PublicKey::parse(&root).map_err(|_| CommandError::Root)?;
    if dir.join(SETTINGS).exists() {
        return Err(CommandError::SetUp);
    }
    std::fs::create_dir_all(dir).map_err(|source| CommandError::File { path: dir.to_owned(), source })?;
    let ServerArgs { server, key } = server;
    keep(dir, &Settings { root, store, lane, server, key })?;
    Ok("set up; a trust list comes next".to_owned())
}

/// Written aside and renamed, so that a loss of power leaves no half of it.
fn keep(dir: &Path, settings: &Settings) -> Result<(), CommandError> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let (path, aside) = (dir.join(SETTINGS), dir.join("till.json.making"));
    let text = serde_json::to_vec_pretty(settings).map_err(|_| CommandError::Content(path.clone()))?;
    let write = || {
        let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
        file.write_all(&text)?;
        file.sync_all()?;
        std::fs::rename(&aside, &path)
    };
    write().map_err(|source| CommandError::File { path: path.clone(), source })
}

fn settings(dir: &Path) -> Result<Settings, CommandError> {
    let path = dir.join(SETTINGS);
    let text = std::fs::read(&path).map_err(|source| CommandError::File { path: path.clone(), source })?;
    serde_json::from_slice(&text).map_err(|_| CommandError::Content(path))
}

fn till(dir: &Path) -> Result<Till, CommandError> {
    let Settings { root, store, lane, .. } = settings(dir)?;
    Ok(Till { root, store, lane, caps: Caps::default(), ledger: Ledger::at(dir.join("ledger")) })
}

fn connected(dir: &Path, given: ServerArgs) -> Result<(Till, Server), CommandError> {
    let kept = settings(dir)?;
    let (Some(server), Some(key)) = (given.server.or(kept.server), given.key.or(kept.key)) else { return Err(CommandError::NoServer) };
    Ok((till(dir)?, Server::at(&server, &key)?))
}

/// From the server, which is a contact.
fn trust(dir: &Path, server: ServerArgs) -> Result<String, CommandError> {
    let (till, server) = connected(dir, server)?;
    let accepted = till.trust(wait_for(server.trust())?)?;
    till.contact(now_ms())?;
    Ok(format!("trust list {}", accepted.number))
}

/// From a file, which says nothing about when the server was last heard.
fn trust_file(till: &Till, path: &Path) -> Result<String, CommandError> {
    let text = std::fs::read(path).map_err(|source| CommandError::File { path: path.to_owned(), source })?;
    let list: SignedTrustList = serde_json::from_slice(&text).map_err(|_| CommandError::Content(path.to_owned()))?;
    Ok(format!("trust list {}", till.trust(list)?.number))
}

fn check(dir: &Path, coupon: &str, spend: Option<u32>, server: ServerArgs) -> Result<String, CommandError> {
    let (coupon, (till, server)) = (read(coupon)?, connected(dir, server)?);
    let told = wait_for(server.check(&till, &coupon, spend, now_ms()))?;
    till.contact(now_ms())?;
    Ok(format!("good: {} fen off ({})", told.money_fen, told.name))
}

fn online(dir: &Path, coupon: &str, sale: Sale<'_>, server: ServerArgs) -> Result<String, CommandError> {
    let (coupon, (till, server)) = (read(coupon)?, connected(dir, server)?);
    let told = wait_for(server.redeem(&till, &coupon, sale))?;
    till.contact(now_ms())?;
    Ok(format!("redeemed: {} fen off ({})", told.money_fen, told.name))
}

fn reverse(dir: &Path, coupon: &str, order: &str, server: ServerArgs) -> Result<String, CommandError> {
    let (coupon, (till, server)) = (read(coupon)?, connected(dir, server)?);
    wait_for(server.reverse(&till, &coupon, order, now_ms()))?;
    till.contact(now_ms())?;
    Ok("reversed: the customer has the coupon again".to_owned())
}

fn read(coupon: &str) -> Result<Coupon, TillError> {
    Coupon::read(coupon).map_err(TillError::from)
}

fn worth(voucher: &Voucher) -> String {
    let worth = match voucher.worth {
        Worth::Amount { fen } => format!("{fen} fen off"),
        Worth::Percent { basis_points, cap_fen } => format!("{basis_points} basis points off, at most {cap_fen} fen"),
        Worth::Gift { number } => format!("gift {number}"),
    };
    format!("{worth}, from {} fen on, through {}", voucher.least_spend_fen, voucher.last_day)
}

fn wait_for<T>(work: impl Future<Output = Result<T, UploadError>>) -> Result<T, UploadError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|_| UploadError::Offline)?.block_on(work)
}

fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
