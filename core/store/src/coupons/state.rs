//! What the book remembers of coupons beside the codes: whose signatures count, and the end of its chain of events.

use ed25519_dalek::SigningKey;
use guidebook_domain::coupon::TrustList;
use guidebook_domain::coupon::signed::{Hash, PublicKey};
use serde::{Deserialize, Serialize};

use crate::store::Memory;
use crate::{Store, StoreError, settings};

pub(crate) const COUPONS: &str = "coupons";

/// What the book remembers of coupons.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CouponStanding {
    /// The key that signs trust lists, told at the enrolment, or with the first codes where the retailer had none then.
    pub root: Option<PublicKey>,
    /// The newest trust list.
    pub trust: TrustList,
    /// The place of the last issue event in this phone's chain; 0 before the first.
    pub sequence: u64,
    /// Its hash.
    pub last: Hash,
}

impl Default for CouponStanding {
    fn default() -> Self {
        CouponStanding { root: None, trust: TrustList::default(), sequence: 0, last: Hash([0; 32]) }
    }
}

impl Store {
    /// Writes down the key that signs trust lists. Without one no code is taken in, and so no coupon given out.
    pub fn set_trust_root(&mut self, root: PublicKey) -> Result<(), StoreError> {
        let standing = CouponStanding { root: Some(root), ..self.memory.coupons.clone() };
        let tx = self.conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        settings::save(&tx, &self.vault, COUPONS, &standing)?;
        tx.commit()?;
        self.memory.coupons = standing;
        Ok(())
    }

    /// The key that signs what this phone does with coupons. Deriving it takes as long as a signature, so that is done once.
    pub(crate) fn device_key(&mut self) -> Result<&SigningKey, StoreError> {
        let Memory { identity, device_key, .. } = &mut self.memory;
        let secret = &identity.as_ref().ok_or(StoreError::NotEnrolled)?.secret_key;
        Ok(match device_key.take() {
            Some(key) if key.as_bytes() == secret => device_key.insert(key),
            Some(_) | None => device_key.insert(SigningKey::from_bytes(secret)),
        })
    }

    /// Looks at the wall clock for what is given out. That it was set back is written down at once: setting it right does
    /// not help, nor does a start.
    pub(crate) fn look_for_issuing(&mut self, wall_ms: u64) {
        let before = self.memory.standing.issue_clock;
        let now = before.look(&self.memory.standing.time, self.corrected_ms(wall_ms));
        self.memory.standing.issue_clock = now;
        if before.now_ms().is_ok() && now.now_ms().is_err() {
            // On a full disk it holds until the process ends; nothing is given out on a full disk either.
            let _ = self.write_standing();
        }
    }
}
