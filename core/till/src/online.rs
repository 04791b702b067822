//! Redeeming at the server: a sale is an attempt, written down before the first call and again when it is settled.
//!
//! The calls of one attempt carry keys made of its id. So a sale that is asked for again after an answer was lost gets the
//! answer that was given, and one that was refused may be tried anew, under other keys.

use guidebook_domain::coupon::CouponCode;
use guidebook_wire::pos::{COUPONS_PATH, CouponCallRecord, CouponTermsRecord, IDEMPOTENCY_KEY};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::caps::Refused;
use crate::entry::Entry;
use crate::till::{Sale, Till, TillError, taken_before};
use crate::upload::{Server, UploadError, read};

/// A sale that is redeemed at the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Of SHA-256 over lane, code, receipt and how often it was tried before (UUIDv8).
    pub id: Uuid,
    /// Which lane.
    pub lane: String,
    /// Which coupon: the first half of SHA-256 over its code, in hexadecimal digits. The code itself is not kept.
    pub coupon: String,
    /// The receipt's number at the till.
    pub order: String,
    /// The basket, in fen.
    pub spend_fen: u32,
    /// Whether it was scanned. What is asked again is asked as it was.
    pub scanned: bool,
}

/// How an attempt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// No last word: it may be redeemed or not.
    Open,
    /// It is redeemed.
    Redeemed,
    /// It was refused, or taken back.
    Over,
}

/// A coupon as it came: typed or scanned.
#[derive(Clone)]
pub struct Coupon {
    /// Its code.
    pub code: CouponCode,
    /// The voucher, where it was scanned.
    pub voucher: Option<String>,
}

impl Coupon {
    /// Reads the 16 characters of a code, or the 122 of a voucher, which is verified by the server.
    pub fn read(text: &str) -> Result<Self, Refused> {
        if let Ok(code) = CouponCode::parse(text) {
            return Ok(Coupon { code, voucher: None });
        }
        let signed = guidebook_domain::coupon::SignedVoucher::decode(text)?;
        Ok(Coupon { code: signed.unverified().code.clone(), voucher: Some(text.trim_end().to_owned()) })
    }
}

/// Which coupon it is, without saying its code.
pub(crate) fn print_of(code: &CouponCode) -> String {
    let hash = Sha256::digest(code.plain());
    hash[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How the attempts of a ledger stand, oldest first.
pub(crate) fn attempts(entries: &[Entry]) -> Vec<(&Attempt, Standing)> {
    let mut all: Vec<(&Attempt, Standing)> = Vec::new();
    for entry in entries {
        match entry {
            Entry::Online(attempt) => all.push((attempt, Standing::Open)),
            Entry::Settled { id, redeemed } => {
                let standing = if *redeemed { Standing::Redeemed } else { Standing::Over };
                all.iter_mut().filter(|(attempt, _)| attempt.id == *id).for_each(|(_, is)| *is = standing);
            }
            Entry::Trust { .. } | Entry::Contact { .. } | Entry::Taken(_) | Entry::Answered { .. } => {}
        }
    }
    all
}

impl Till {
    /// The attempt to redeem a coupon for a sale: the same while it stands, another after it was refused or taken back.
    ///
    /// Errors: taken before without a network or for this sale with another basket; under way with another basket.
    fn attempt(&self, coupon: &Coupon, sale: Sale<'_>) -> Result<Attempt, TillError> {
        let (code, scanned) = (&coupon.code, coupon.voucher.is_some());
        let mut open = self.ledger.open()?;
        // Once it is uploaded the server knows, also whether it was taken back since.
        let answered = |id: Uuid| open.entries().iter().any(|entry| matches!(entry, Entry::Answered { id: of, .. } if *of == id));
        if taken_before(&open, code).is_some_and(|taken| !answered(taken.id)) {
            return Err(Refused::TakenBefore.into());
        }
        let coupon = print_of(code);
        let same: Vec<_> = attempts(open.entries())
            .into_iter()
            .filter(|(attempt, _)| attempt.lane == self.lane && attempt.coupon == coupon && attempt.order == sale.order)
            .collect();
        if let Some((before, standing)) = same.last().filter(|(_, standing)| *standing != Standing::Over) {
            return match standing {
                _ if before.scanned && !scanned => Err(Refused::ScanAgain.into()),
                _ if before.spend_fen == sale.spend_fen => Ok((*before).clone()),
                Standing::Redeemed => Err(Refused::TakenBefore.into()),
                Standing::Open | Standing::Over => Err(Refused::UnderWay { spend_fen: before.spend_fen }.into()),
            };
        }
        let id = id_of(&[&self.lane, &code.plain(), sale.order, &same.len().to_string()]);
        let attempt = Attempt { id, lane: self.lane.clone(), coupon, order: sale.order.to_owned(), spend_fen: sale.spend_fen, scanned };
        open.append(Entry::Online(attempt.clone()))?;
        Ok(attempt)
    }

    fn settled(&self, id: Uuid, redeemed: bool) -> Result<(), TillError> {
        let mut open = self.ledger.open()?;
        let wanted = if redeemed { Standing::Redeemed } else { Standing::Over };
        if attempts(open.entries()).iter().any(|(attempt, standing)| attempt.id == id && *standing != wanted) {
            open.append(Entry::Settled { id, redeemed })?;
        }
        Ok(())
    }

    /// This lane's attempt that a coupon was redeemed by, or may have been.
    fn standing_attempt(&self, code: &CouponCode, order: &str) -> Result<Option<Attempt>, TillError> {
        let open = self.ledger.open()?;
        let coupon = print_of(code);
        let found = attempts(open.entries()).into_iter().rev().find(|(attempt, standing)| {
            *standing != Standing::Over && attempt.lane == self.lane && attempt.coupon == coupon && attempt.order == order
        });
        Ok(found.map(|(attempt, _)| attempt.clone()))
    }
}

impl Server {
    /// Says what a coupon is worth in this basket, if it can be used. Changes nothing.
    pub async fn check(&self, till: &Till, coupon: &Coupon, spend_fen: Option<u32>, now_ms: u64) -> Result<CouponTermsRecord, UploadError> {
        let key = id_of(&[&till.lane, &coupon.code.plain(), "verify", &now_ms.to_string()]);
        self.coupon_call(coupon, "verify", key, String::new(), spend_fen).await
    }

    /// Redeems a coupon for a sale: reserves it and commits. Where no answer came it is to be called again for the same sale,
    /// which then gets the answers that were given.
    pub async fn redeem(&self, till: &Till, coupon: &Coupon, sale: Sale<'_>) -> Result<CouponTermsRecord, UploadError> {
        let attempt = till.attempt(coupon, sale)?;
        let coupon = &Coupon { voucher: coupon.voucher.clone().filter(|_| attempt.scanned), ..coupon.clone() };
        let mut told = Err(UploadError::Answer);
        for verb in ["reserve", "commit"] {
            let key = id_of(&[&attempt.id.to_string(), verb]);
            told = self.coupon_call(coupon, verb, key, attempt.order.clone(), Some(attempt.spend_fen)).await;
            match &told {
                Ok(_) => {}
                Err(UploadError::NotGood { .. }) => {
                    till.settled(attempt.id, false)?;
                    break;
                }
                Err(_) => break,
            }
        }
        if told.is_ok() {
            till.settled(attempt.id, true)?;
        }
        told
    }

    /// Takes a redemption back: of this lane's sale, or of whichever lane of the store; the customer has the coupon again.
    pub async fn reverse(&self, till: &Till, coupon: &Coupon, order: &str, now_ms: u64) -> Result<(), UploadError> {
        let attempt = till.standing_attempt(&coupon.code, order)?;
        let key = match &attempt {
            Some(attempt) => id_of(&[&attempt.id.to_string(), "reverse"]),
            None => id_of(&[&till.lane, &coupon.code.plain(), order, "reverse", &now_ms.to_string()]),
        };
        let told = self.coupon_call::<Reversed>(coupon, "reverse", key, order.to_owned(), None).await;
        if let (Some(attempt), Ok(_) | Err(UploadError::NotGood { .. })) = (attempt, &told) {
            till.settled(attempt.id, false)?;
        }
        told.map(|_| ())
    }

    async fn coupon_call<T: serde::de::DeserializeOwned>(
        &self,
        coupon: &Coupon,
        verb: &str,
        key: Uuid,
        receipt: String,
        spend_fen: Option<u32>,
    ) -> Result<T, UploadError> {
        let call = CouponCallRecord { receipt, spend_fen, voucher: coupon.voucher.clone() };
        let body = serde_json::to_vec(&call).map_err(|_| UploadError::Answer)?;
        let request = self.post(&format!("{COUPONS_PATH}{}:{verb}", coupon.code.plain()), body)?;
        read(self.send(request.header(IDEMPOTENCY_KEY, key.to_string())).await?).await
    }
}

/// What a reversal is answered; that it is one is enough.
#[derive(Deserialize)]
struct Reversed {}

fn id_of(parts: &[&str]) -> Uuid {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update([part.as_bytes(), b"\0"].concat()));
    let mut first = [0; 16];
    first.copy_from_slice(&hash.finalize()[..16]);
    uuid::Builder::from_custom_bytes(first).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Caps, Ledger};
    use guidebook_domain::coupon::signed::PublicKey;

    fn a_till(folder: &tempfile::TempDir, lane: &str) -> Till {
        let ledger = Ledger::at(folder.path().join("ledger"));
        Till { root: PublicKey([0; 32]), store: 1, lane: lane.into(), caps: Caps::default(), ledger }
    }

    fn typed(serial: u128) -> Coupon {
        Coupon { code: CouponCode::from_parts('K', serial).unwrap(), voucher: None }
    }

    fn sale(order: &str) -> Sale<'_> {
        Sale { order, spend_fen: 900 }
    }

    #[test]
    fn a_sale_without_a_last_word_is_the_same_attempt_and_a_refused_one_another() {
        let folder = tempfile::tempdir().unwrap();
        let till = a_till(&folder, "1");
        let first = till.attempt(&typed(7), sale("A1")).unwrap();
        assert_eq!(till.attempt(&typed(7), sale("A1")).unwrap(), first);
        assert_ne!(till.attempt(&typed(7), sale("A2")).unwrap().id, first.id, "another receipt");
        assert_ne!(till.attempt(&typed(8), sale("A1")).unwrap().id, first.id, "two coupons on one receipt");
        assert_ne!(a_till(&folder, "2").attempt(&typed(7), sale("A1")).unwrap().id, first.id, "another lane");
        till.settled(first.id, false).unwrap();
        let second = till.attempt(&typed(7), sale("A1")).unwrap();
        assert_ne!(second.id, first.id);
        till.settled(second.id, true).unwrap();
        assert_eq!(till.attempt(&typed(7), sale("A1")).unwrap(), second, "redeemed for this very sale");
    }

    #[test]
    fn another_basket_is_no_silent_second_attempt() {
        let folder = tempfile::tempdir().unwrap();
        let till = a_till(&folder, "1");
        let first = till.attempt(&typed(7), sale("A1")).unwrap();
        let dearer = Sale { spend_fen: 901, ..sale("A1") };
        let refused = |result: Result<Attempt, TillError>| match result {
            Err(TillError::Refused(refused)) => refused,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(till.attempt(&typed(7), dearer)), Refused::UnderWay { spend_fen: 900 });
        till.settled(first.id, true).unwrap();
        assert_eq!(refused(till.attempt(&typed(7), dearer)), Refused::TakenBefore);
    }

    #[test]
    fn what_was_typed_goes_again_as_typed_and_what_was_scanned_is_scanned_again() {
        let folder = tempfile::tempdir().unwrap();
        let till = a_till(&folder, "1");
        let scanned = |serial| Coupon { voucher: Some("V".into()), ..typed(serial) };
        let first = till.attempt(&typed(7), sale("A1")).unwrap();
        assert_eq!(till.attempt(&scanned(7), sale("A1")).unwrap(), first);
        till.attempt(&scanned(8), sale("A1")).unwrap();
        assert!(matches!(till.attempt(&typed(8), sale("A1")), Err(TillError::Refused(Refused::ScanAgain))));
    }

    #[test]
    fn the_ledger_tells_no_code_that_was_redeemed_at_the_server() {
        let folder = tempfile::tempdir().unwrap();
        a_till(&folder, "1").attempt(&typed(7), sale("A1")).unwrap();
        let text = std::fs::read_to_string(folder.path().join("ledger")).unwrap();
        assert!(text.contains("A1") && !text.contains(&typed(7).code.plain()));
    }
}
