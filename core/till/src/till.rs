//! A lane of a store: verifies, takes, remembers.

use guidebook_domain::coupon::signed::PublicKey;
use guidebook_domain::coupon::voucher::Asked;
use guidebook_domain::coupon::{CouponCode, SignedTrustList, SignedVoucher, TrustError, TrustList, Voucher};
use guidebook_wire::pos::Booked;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::caps::{Allowed, Caps, Outage, Refused, may_take};
use crate::entry::{Entry, Taken};
use crate::ledger::{Ledger, LedgerError, Open};
use crate::online::{self, Standing};

/// A lane.
#[derive(Debug)]
pub struct Till {
    /// The root key that signs trust lists.
    pub root: PublicKey,
    /// The number of the store at the retailer, 1 or more.
    pub store: u16,
    /// The lane's name, unique at the retailer.
    pub lane: String,
    /// How much it may take.
    pub caps: Caps,
    /// The store's ledger.
    pub ledger: Ledger,
}

/// Why a till does not do what it is asked for.
#[derive(Debug, thiserror::Error)]
pub enum TillError {
    /// The coupon is not taken.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The trust list is not taken.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// A sale.
#[derive(Clone, Copy, Debug)]
pub struct Sale<'a> {
    /// The receipt's number.
    pub order: &'a str,
    /// The basket, in fen.
    pub spend_fen: u32,
}

impl Till {
    /// Takes a newer trust list.
    pub fn trust(&self, list: SignedTrustList) -> Result<TrustList, TillError> {
        let mut open = self.ledger.open()?;
        let accepted = list.accept(self.trusted(&open).number, &self.root)?;
        open.append(Entry::Trust { list })?;
        Ok(accepted)
    }

    /// Notes a contact with the server at `now_ms`, by the server's time: an outage is over, the caps begin anew.
    pub fn contact(&self, now_ms: u64) -> Result<(), TillError> {
        Ok(self.ledger.open()?.append(Entry::Contact { lane: self.lane.clone(), at_ms: now_ms })?)
    }

    /// What a voucher says, if it is good in this store. Says nothing about whether it was used.
    pub fn verify(&self, text: &str, now_ms: u64) -> Result<Voucher, TillError> {
        let open = self.ledger.open()?;
        Ok(self.good(&open, text, now_ms)?)
    }

    /// Takes a voucher without a network. It is in the ledger before this returns, and then it is taken, whatever happens:
    /// the till gives the discount. A voucher taken before for the very same sale is answered as it was then.
    pub fn take(&self, text: &str, sale: Sale<'_>, now_ms: u64) -> Result<Taken, TillError> {
        let mut open = self.ledger.open()?;
        let voucher = self.good(&open, text, now_ms)?;
        let print = online::print_of(&voucher.code);
        let redeemed = |(attempt, standing): &(&online::Attempt, Standing)| *standing == Standing::Redeemed && attempt.coupon == print;
        if online::attempts(open.entries()).iter().any(redeemed) {
            return Err(Refused::TakenBefore.into());
        }
        if let Some(before) = taken_before(&open, &voucher.code) {
            let again = before.lane == self.lane && before.order == sale.order && before.spend_fen == sale.spend_fen;
            return if again { Ok(before.clone()) } else { Err(Refused::TakenBefore.into()) };
        }
        let Allowed { discount_fen, counts_fen } = may_take(&voucher, sale.spend_fen, &self.outage(open.entries()), &self.caps, now_ms)?;
        let voucher = text.trim_end().to_owned();
        let id = upload_id(&self.lane, &voucher);
        let order = sale.order.to_owned();
        let taken =
            Taken { id, lane: self.lane.clone(), voucher, order, spend_fen: sale.spend_fen, discount_fen, counts_fen, at_ms: now_ms };
        open.append(Entry::Taken(taken.clone()))?;
        Ok(taken)
    }

    /// What was taken and not answered yet, by all lanes of this ledger, oldest first.
    pub fn to_upload(&self) -> Result<Vec<Taken>, TillError> {
        let open = self.ledger.open()?;
        let answered = |id: Uuid| open.entries().iter().any(|entry| matches!(entry, Entry::Answered { id: of, .. } if *of == id));
        let taken = open.entries().iter().filter_map(|entry| if let Entry::Taken(taken) = entry { Some(taken) } else { None });
        Ok(taken.filter(|taken| !answered(taken.id)).cloned().collect())
    }

    /// Notes what the server made of one.
    pub fn answered(&self, id: Uuid, answer: Booked) -> Result<(), TillError> {
        Ok(self.ledger.open()?.append(Entry::Answered { id, answer })?)
    }

    /// This lane's outage.
    pub fn standing(&self) -> Result<Outage, TillError> {
        Ok(self.outage(self.ledger.open()?.entries()))
    }

    /// Each lane has its own contact and its own caps; what another lane has taken of one ledger does not count here.
    fn outage(&self, entries: &[Entry]) -> Outage {
        let mut outage = Outage::default();
        for entry in entries {
            match entry {
                Entry::Contact { lane, at_ms } if *lane == self.lane => {
                    outage = Outage { contact_ms: Some(*at_ms), latest_ms: *at_ms, count: 0, total_fen: 0 };
                }
                Entry::Taken(taken) if taken.lane == self.lane => {
                    outage.count += 1;
                    outage.total_fen = outage.total_fen.saturating_add(taken.counts_fen);
                    outage.latest_ms = outage.latest_ms.max(taken.at_ms);
                }
                Entry::Contact { .. } | Entry::Taken(_) => {}
                Entry::Trust { .. } | Entry::Answered { .. } | Entry::Online(_) | Entry::Settled { .. } => {}
            }
        }
        outage
    }

    /// The newest list in the ledger. It was looked at when it was taken, and is looked at again: the file may be anybody's.
    fn trusted(&self, open: &Open) -> TrustList {
        let lists = open.entries().iter().rev().filter_map(|entry| if let Entry::Trust { list } = entry { Some(list) } else { None });
        lists.filter_map(|list| list.accept(0, &self.root).ok()).max_by_key(|list| list.number).unwrap_or_default()
    }

    fn good(&self, open: &Open, text: &str, now_ms: u64) -> Result<Voucher, Refused> {
        let asked = Asked { now_ms, store: self.store, class: None };
        Ok(SignedVoucher::decode(text)?.verify(&self.trusted(open), asked)?.clone())
    }
}

/// What was taken of a code without a network, whether or not it was uploaded.
pub(crate) fn taken_before<'l>(open: &'l Open, code: &CouponCode) -> Option<&'l Taken> {
    open.entries().iter().find_map(|entry| match entry {
        Entry::Taken(taken) => {
            let voucher = SignedVoucher::decode(&taken.voucher).ok()?;
            (voucher.unverified().code == *code).then_some(taken)
        }
        Entry::Trust { .. } | Entry::Contact { .. } | Entry::Answered { .. } | Entry::Online(_) | Entry::Settled { .. } => None,
    })
}

fn upload_id(lane: &str, voucher: &str) -> Uuid {
    let hash = Sha256::new().chain_update(lane).chain_update(b"\0").chain_update(voucher).finalize();
    let mut first = [0; 16];
    first.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(first).into_uuid()
}

#[cfg(test)]
mod tests;
