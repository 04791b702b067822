//! `guidebook-till`: a lane on the command line.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Parser, Subcommand};
use guidebook_domain::coupon::signed::PublicKey;
use guidebook_domain::coupon::{CouponCode, SignedTrustList, SignedVoucher, Voucher, Worth};
use guidebook_till::till::Sale;
use guidebook_till::upload::{Server, UploadError, Uploaded};
use guidebook_till::{Caps, Ledger, Refused, Till, TillError};
use guidebook_wire::pos::CouponCallRecord;
use serde::{Deserialize, Serialize};

/// Redeems coupons at a lane that has no network, within caps: bound to the store, at most ¥50 each, 20 coupons and ¥500
/// a lane and outage, 24 hours. Two lanes that are both offline, each with a ledger of its own, can take the same coupon:
/// that is detected at the upload and booked to the store, not prevented.
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
    /// Set the lane up, once
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
    /// Redeem at the server: a voucher, or a typed code
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
    /// Upload what was taken
    Upload {
        #[command(flatten)]
        server: ServerArgs,
    },
    /// Say what was taken since the last contact
    Standing,
}

#[derive(clap::Args)]
struct ServerArgs {
    /// Its address
    #[arg(long, env = "GUIDEBOOK_TILL_SERVER", default_value = "http://127.0.0.1:8080")]
    server: String,
    /// The terminal's key
    #[arg(long, env = "GUIDEBOOK_TILL_KEY", default_value = "", hide_env_values = true)]
    key: String,
}

/// What `init` writes down.
#[derive(Serialize, Deserialize)]
struct Settings {
    root: PublicKey,
    store: u16,
    lane: String,
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
            ExitCode::FAILURE
        }
    }
}

fn run(dir: &Path, command: Command) -> Result<String, CommandError> {
    match command {
        Command::Init { root, store, lane } => init(dir, root, store, lane),
        Command::Trust { file, server } => trust(&till(dir)?, file.as_deref(), &server),
        Command::Verify { voucher } => Ok(worth(&till(dir)?.verify(&voucher, now_ms())?)),
        Command::Redeem { voucher, spend, order } => {
            let taken = till(dir)?.take(&voucher, Sale { order: &order, spend_fen: spend }, now_ms())?;
            Ok(format!("taken: {} fen off ({})", taken.discount_fen, taken.id))
        }
        Command::Online { coupon, spend, order, server } => online(&till(dir)?, &coupon, spend, order, &server),
        Command::Upload { server } => {
            let till = till(dir)?;
            let server = Server::at(&server.server, &server.key)?;
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

fn init(dir: &Path, root: String, store: u16, lane: String) -> Result<String, CommandError> {
    let root = PublicKey::parse(&root).map_err(|_| CommandError::Root)?;
    let path = dir.join("till.json");
    if path.exists() {
        return Err(CommandError::SetUp);
    }
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| CommandError::File { path, source }
    };
    std::fs::create_dir_all(dir).map_err(failed(dir))?;
    let text = serde_json::to_vec_pretty(&Settings { root, store, lane }).map_err(|_| CommandError::Content(path.clone()))?;
    std::fs::write(&path, text).map_err(failed(&path))?;
    Ok("set up; a trust list comes next".to_owned())
}

fn till(dir: &Path) -> Result<Till, CommandError> {
    let path = dir.join("till.json");
    let text = std::fs::read(&path).map_err(|source| CommandError::File { path: path.clone(), source })?;
    let Settings { root, store, lane } = serde_json::from_slice(&text).map_err(|_| CommandError::Content(path))?;
    Ok(Till { root, store, lane, caps: Caps::default(), ledger: Ledger::at(dir.join("ledger")) })
}

/// A list from the server is a contact; one from a file says nothing about when the server was last heard.
fn trust(till: &Till, file: Option<&Path>, server: &ServerArgs) -> Result<String, CommandError> {
    let Some(path) = file else {
        let list = wait_for(Server::at(&server.server, &server.key)?.trust())?;
        let accepted = till.trust(list)?;
        till.contact(now_ms())?;
        return Ok(format!("trust list {}", accepted.number));
    };
    let text = std::fs::read(path).map_err(|source| CommandError::File { path: path.to_owned(), source })?;
    let list: SignedTrustList = serde_json::from_slice(&text).map_err(|_| CommandError::Content(path.to_owned()))?;
    Ok(format!("trust list {}", till.trust(list)?.number))
}

fn online(till: &Till, coupon: &str, spend: u32, receipt: String, server: &ServerArgs) -> Result<String, CommandError> {
    let (code, voucher) = match CouponCode::parse(coupon) {
        Ok(code) => (code, None),
        Err(_) => {
            let read = SignedVoucher::decode(coupon).map_err(|error| TillError::from(Refused::from(error)))?;
            (read.unverified().code.clone(), Some(coupon.trim_end().to_owned()))
        }
    };
    let call = CouponCallRecord { receipt, spend_fen: Some(spend), voucher };
    wait_for(Server::at(&server.server, &server.key)?.redeem(&till.lane, &code, &call))?;
    till.contact(now_ms())?;
    Ok("redeemed".to_owned())
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
