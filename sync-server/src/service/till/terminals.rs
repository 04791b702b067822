//! Tills as HQ makes them: one secret each, shown once.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guidebook_domain::{StoreId, TenantId};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::db::tills::{Conduct, Terminal};
use crate::db::{Database, DatabaseExt, Write};
use crate::error::ServiceError;
use crate::hq::tell::log_hq;
use crate::service::hash;

/// How a till's secret begins.
pub const SECRET_PREFIX: &str = "gbpos_";

/// The longest name of a till, in characters.
const LONGEST_NAME: usize = 40;

/// A till as HQ reads it.
#[derive(Clone, Debug, Serialize)]
pub struct TerminalLine {
    /// Its id.
    pub id: Uuid,
    /// Its store.
    pub store: StoreId,
    /// The number that stands for the store in vouchers.
    pub store_number: u16,
    /// What it is called.
    pub name: String,
    /// Whether it is told why a code is not good.
    pub explains: bool,
    /// Whether it may do anything.
    pub active: bool,
    /// Until when it takes no typed codes, Unix milliseconds.
    pub locked_until_ms: u64,
}

/// Makes a till. Only the hash of its secret is kept, so this is the one time that it can be read. `random` makes id and secret.
///
/// Errors: `not_found` (`store`), `invalid` (`name`).
pub fn make(
    db: &dyn Database,
    tenant: &TenantId,
    store: &StoreId,
    name: &str,
    explains: bool,
    random: [u8; 48],
    now_ms: u64,
) -> Result<(TerminalLine, String), ServiceError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(ServiceError::invalid("name", format!("1 to {LONGEST_NAME} characters")));
    }
    let (id, rest) = random.split_at(16);
    let id = uuid::Builder::from_random_bytes(id.try_into().expect("16 bytes")).into_uuid();
    let secret = format!("{SECRET_PREFIX}{}", URL_SAFE_NO_PAD.encode(rest));
    db.writing(Write::Campaign, |tx| {
        tx.store(tenant, store)?.ok_or_else(|| ServiceError::not_found("store"))?;
        let terminal = Terminal {
            id,
            tenant: tenant.clone(),
            store: store.clone(),
            store_number: tx.store_number(tenant, store)?,
            name: name.to_owned(),
            secret: hash(&secret),
            explains,
            active: true,
            made_ms: now_ms,
            conduct: Conduct::default(),
        };
        tx.put_terminal(&terminal)?;
        log_hq(tx, tenant, None, "terminal", json!({ "terminal": id, "store": store }), now_ms)?;
        Ok((line(terminal), secret.clone()))
    })
}

/// All tills, by id.
pub fn list(db: &dyn Database, tenant: &TenantId) -> Result<Vec<TerminalLine>, ServiceError> {
    Ok(db.reading(|tx| tx.terminals(tenant))?.into_iter().map(line).collect())
}

/// Ends a till: its secret is worth nothing from now on.
///
/// Errors: `not_found`.
pub fn revoke(db: &dyn Database, tenant: &TenantId, id: Uuid, now_ms: u64) -> Result<TerminalLine, ServiceError> {
    db.writing(Write::Campaign, |tx| {
        let terminal = tx.terminal(tenant, id)?.ok_or_else(|| ServiceError::not_found("terminal"))?;
        let ended = Terminal { active: false, ..terminal };
        tx.put_terminal(&ended)?;
        log_hq(tx, tenant, None, "revoke_terminal", json!({ "terminal": id }), now_ms)?;
        Ok(line(ended))
    })
}

fn line(terminal: Terminal) -> TerminalLine {
    let Terminal { id, store, store_number, name, explains, active, conduct, .. } = terminal;
    TerminalLine { id, store, store_number, name, explains, active, locked_until_ms: conduct.locked_until_ms }
}
