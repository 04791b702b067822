//! Rails: payment platforms that show a coupon in the customer's own wallet, and must know a code before a customer can have it.
//!
//! A campaign may run on a rail. Its codes then go to the platform first; a phone is granted only those that the platform has
//! said that it knows. What is uploaded under one number is always the same codes, because the number is a hash of them
//! ([`batch`]): a batch whose answer was lost, or whose server was killed before it wrote the answer down, goes again as it was, from
//! whichever server. Nothing is kept about a batch but what came of it.
//!
//! In reading order: [`batch`]; [`Rail`], what an adapter does; [`wechat_pay`], the adapter for merchant coupons of WeChat Pay,
//! and [`rsa`], its signatures; [`settings`], which retailer has which; [`uploader`], what runs by itself.
//!
//! What is left to the platform's own console: making the stock there, and telling it that a code was used or is over.

pub mod batch;
pub mod rsa;
pub mod settings;
pub mod uploader;
pub mod wechat_pay;

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use guidebook_domain::TenantId;
use tokio::sync::Notify;

use crate::error::ServerError;
use batch::{Batch, Uploaded};
use settings::RailSettings;

/// When a call is made, and chance for it.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Unix milliseconds.
    pub now_ms: u64,
    /// Never the same twice.
    pub nonce: [u8; 16],
}

/// Why a batch did not go. It goes again, as it was, unless somebody mends what is wrong first.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RailError {
    /// No answer: it may have arrived or not.
    #[error("no answer")]
    Unanswered,
    /// The platform has no time.
    #[error("the platform answers {0}: later")]
    Later(u16),
    /// The platform does not take it.
    #[error("the platform answers {status} {code}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The platform's word for why.
        code: String,
    },
    /// An answer that the platform has not signed.
    #[error("an answer without the platform's signature")]
    Forged,
    /// An answer that cannot be read, or to something else.
    #[error("an answer that cannot be read")]
    Answer,
}

/// An adapter to one payment platform, for one retailer.
pub trait Rail: Send + Sync {
    /// The most codes of a batch.
    fn most(&self) -> usize;
    /// Makes codes known to the platform, in the stock of this name there. To be called again with the same batch until
    /// it is answered.
    fn upload<'r>(&'r self, stock: &'r str, batch: &'r Batch, moment: Moment) -> BoxFuture<'r, Result<Uploaded, RailError>>;
}

/// Where a campaign's codes go: `wechat_pay/98065001`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The adapter.
    pub rail: String,
    /// The stock at the platform.
    pub stock: String,
}

impl Stop {
    /// From its text. The stock is what an adapter puts into a path: letters and digits alone.
    pub fn parse(text: &str) -> Option<Self> {
        let (rail, stock) = text.split_once('/')?;
        let plain = (1..=20).contains(&stock.len()) && stock.bytes().all(|byte| byte.is_ascii_alphanumeric());
        plain.then(|| Stop { rail: rail.to_owned(), stock: stock.to_owned() })
    }
}

/// All rails of this server.
#[derive(Default)]
pub struct Rails {
    by_name: BTreeMap<(TenantId, String), Arc<dyn Rail>>,
    fresh: Notify,
}

impl Rails {
    /// The rails of these settings. Reads their keys.
    pub fn open(settings: &BTreeMap<TenantId, RailSettings>) -> Result<Self, ServerError> {
        let mut rails = Rails::default();
        for (tenant, settings) in settings {
            if let Some(settings) = &settings.wechat_pay {
                let rail = Arc::new(wechat_pay::WechatPay::open(settings)?);
                rails.by_name.insert((tenant.clone(), wechat_pay::NAME.to_owned()), rail);
            }
        }
        Ok(rails)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// A retailer's rail by where a campaign's codes go, and the stock there.
    pub fn at(&self, tenant: &TenantId, text: &str) -> Option<(Arc<dyn Rail>, String)> {
        let Stop { rail, stock } = Stop::parse(text)?;
        Some((Arc::clone(self.by_name.get(&(tenant.clone(), rail))?), stock))
    }

    /// There may be codes that no platform knows yet.
    pub fn wake(&self) {
        self.fresh.notify_one();
    }

    /// Waits for [`Rails::wake`].
    pub async fn woken(&self) {
        self.fresh.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_names_an_adapter_and_a_stock_that_fits_a_path() {
        let stop = Stop::parse("wechat_pay/98065001").unwrap();
        assert_eq!((stop.rail.as_str(), stop.stock.as_str()), ("wechat_pay", "98065001"));
        for text in ["wechat_pay", "wechat_pay/", "wechat_pay/1/2", "wechat_pay/../x", "wechat_pay/123456789012345678901"] {
            assert_eq!(Stop::parse(text), None, "{text}");
        }
    }
}
