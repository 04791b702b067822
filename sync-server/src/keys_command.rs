//! `guidebook-server keys …`: the keys that sign grants and vouchers, and the root that signs the list of them.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use ed25519_dalek::SigningKey;
use guidebook_domain::TenantId;
use guidebook_domain::coupon::signed::PublicKey;
use guidebook_server::config::Config;
use guidebook_server::db;
use guidebook_server::random::random;
use guidebook_server::secret_file::{read_private, read_private_or_make};
use guidebook_server::service::coupons::CouponSecret;
use guidebook_server::service::coupons::keys::{self, KeyChance};
use guidebook_server::{ServerError, ServiceError, clock, coupon_secret};

/// What may be done with keys.
#[derive(Subcommand)]
pub enum KeysCommand {
    /// Make a retailer's root key, its first signing key and its first list of trust. The root's private key lies in ROOT, from
    /// then on needed only to rotate: take it off this machine in between. Prints the root's public key, which tills trust
    Init {
        #[command(flatten)]
        whose: Whose,
    },
    /// Make another signing key, which signs from now on, and the next list of trust. To be done every 90 days
    Rotate {
        #[command(flatten)]
        whose: Whose,
    },
    /// Print the signing keys, one JSON a line
    List {
        /// The retailer
        #[arg(long, default_value = "main")]
        tenant: TenantId,
    },
}

/// Whose keys, and where the root is.
#[derive(clap::Args)]
pub struct Whose {
    /// The retailer
    #[arg(long, default_value = "main")]
    tenant: TenantId,
    /// The file of the root's private key: 32 bytes that only their owner may read [default: coupon-root.TENANT in the data directory]
    #[arg(long, value_name = "FILE")]
    root: Option<PathBuf>,
}

/// Does it.
pub fn carry_out(config: &Config, command: KeysCommand) -> Result<(), ServiceError> {
    let db = db::open(config)?;
    match command {
        KeysCommand::Init { whose } => {
            let root = SigningKey::from_bytes(&read_private_or_make(&root_file(config, &whose))?);
            let secret = match coupon_secret(config)? {
                Some(secret) => secret,
                None => CouponSecret::new(read_private_or_make(&config.coupon_secret_file)?),
            };
            keys::init(&db, &secret, &whose.tenant, &root, &chance()?, clock::now_ms())?;
            println!("{}", PublicKey::of(&root).text());
            Ok(())
        }
        KeysCommand::Rotate { whose } => {
            let file = root_file(config, &whose);
            let root = read_private(&file)?.ok_or_else(|| missing(&file))?;
            let secret = coupon_secret(config)?.ok_or_else(|| missing(&config.coupon_secret_file))?;
            let kid = keys::rotate(&db, &secret, &whose.tenant, &SigningKey::from_bytes(&root), &chance()?, clock::now_ms())?;
            println!("{kid}");
            Ok(())
        }
        KeysCommand::List { tenant } => {
            for line in keys::list(&db, &tenant, clock::now_ms())? {
                println!("{}", serde_json::to_string(&line).map_err(|_| ServerError::Corrupt("JSON"))?);
            }
            Ok(())
        }
    }
}

fn root_file(config: &Config, whose: &Whose) -> PathBuf {
    whose.root.clone().unwrap_or_else(|| config.data_dir.join(format!("coupon-root.{}", whose.tenant)))
}

fn chance() -> Result<KeyChance, ServerError> {
    Ok(KeyChance { key: random()?, nonce: random()? })
}

fn missing(file: &Path) -> ServerError {
    ServerError::Config(format!("{} is not there", file.display()))
}
