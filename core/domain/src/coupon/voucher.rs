//! What a coupon's QR code says: 17 bytes and HQ's signature over them, 81 bytes, 122 characters of base45. That is a QR
//! code of version 5, level M, filled to the last character.
//!
//! The body, in bits, the most significant first:
//! `version 4 | kid 4 | class 5 | random 65 | kind 2 | value 20 | least spend 10 | last day 12 | store 14`.
//! Kind 0 is an amount (value: fen), 1 a percentage (value: half per cents 8, cap in whole yuan 12), 2 a gift (value: its
//! number). The least spend is in ¥10, rounded up; the last day is counted from [`FIRST_DAY`] and is valid to its end in
//! Asia/Shanghai; the store is its number at the retailer, 0 for any. The signature is Ed25519 over [`CONTEXT`] and body.

use chrono::{Days, NaiveDate};
use ed25519_dalek::SigningKey;

use super::campaign::GREATEST_LEAST_SPEND_FEN;
use super::face::{GREATEST_CAP_FEN, GREATEST_GIFT, PERCENT_STEP};
use super::signed::{Signature, holds, sign};
use super::{CouponCode, Face, TrustList, base45};
use crate::store_day;

/// The version that this code writes and reads.
pub const VERSION: u8 = 1;
/// Bytes of a body.
pub const BODY: usize = 17;
/// Bytes of a voucher.
pub const LENGTH: usize = BODY + 64;
/// Characters of a voucher in base45.
pub const TEXT_LENGTH: usize = 122;
/// What is signed before the body.
pub const CONTEXT: &[u8] = b"guidebook.coupon.v1\0";
/// The first day that a voucher can say.
pub const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
/// The greatest number of a store.
pub const GREATEST_STORE: u16 = 0x3fff;

const YUAN_10: u32 = 1_000;
/// The greatest amount that 20 bits hold, in fen.
const GREATEST_VALUE: u32 = 0xf_ffff;

/// What a voucher is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worth {
    /// So much money, in fen.
    Amount {
        /// How much.
        fen: u32,
    },
    /// So much off, up to a cap.
    Percent {
        /// How much, in basis points.
        basis_points: u16,
        /// The most that it takes off, in fen.
        cap_fen: u32,
    },
    /// A thing.
    Gift {
        /// Its number at the retailer.
        number: u32,
    },
}

impl Worth {
    /// What a coupon of `value` ([`Face::values`]) is worth.
    pub fn of(face: &Face, value: u32) -> Self {
        match face {
            Face::Amount { .. } | Face::Range { .. } => Worth::Amount { fen: value },
            Face::Percent { basis_points, cap_fen } => Worth::Percent { basis_points: *basis_points, cap_fen: *cap_fen },
            Face::Gift { number, .. } => Worth::Gift { number: *number },
        }
    }

    /// What it takes off a basket of `spend_fen`, in fen; nothing where it is a gift, whose cost a voucher does not say.
    pub fn discount_fen(&self, spend_fen: u32) -> u32 {
        match self {
            Worth::Amount { fen } => (*fen).min(spend_fen),
            Worth::Percent { basis_points, cap_fen } => {
                let off = u64::from(spend_fen) * u64::from(*basis_points) / 10_000;
                u32::try_from(off).unwrap_or(u32::MAX).min(*cap_fen)
            }
            Worth::Gift { .. } => 0,
        }
    }
}

/// What a voucher says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voucher {
    /// Which of HQ's keys signs it: 0 to 15.
    pub kid: u8,
    /// The code, class letter and all.
    pub code: CouponCode,
    /// What it is worth.
    pub worth: Worth,
    /// What must be spent, in fen. Written rounded up to ¥10.
    pub least_spend_fen: u32,
    /// The last day on which it is valid.
    pub last_day: NaiveDate,
    /// The number of the store where it is valid; 0 for any.
    pub store: u16,
}

/// A field that has no room in a voucher.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("does not fit a voucher")]
pub struct VoucherFieldError;

/// Why a voucher is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VoucherError {
    /// No voucher at all.
    #[error("no voucher")]
    Malformed,
    /// Of a version that this reader does not know.
    #[error("a voucher of a newer version")]
    FutureVersion,
    /// Signed by a key that is not on the trust list, or not at this time.
    #[error("signed by an unknown key")]
    UnknownKey,
    /// Not what the key has signed: altered or made up.
    #[error("the signature does not hold")]
    BadSignature,
    /// Its last day is over.
    #[error("expired")]
    Expired,
    /// For another store.
    #[error("for another store")]
    WrongStore,
    /// Of another class than the one asked for.
    #[error("of another class")]
    WrongClass,
}

/// What a till asks of a voucher.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The time, Unix milliseconds.
    pub now_ms: u64,
    /// The number of the till's store, 1 or more.
    pub store: u16,
    /// The class that is wanted, if one is.
    pub class: Option<char>,
}

impl Voucher {
    /// The bytes that are signed. Refused is what has no room.
    pub fn body(&self) -> Result<[u8; BODY], VoucherFieldError> {
        let fits = |holds: bool| if holds { Ok(()) } else { Err(VoucherFieldError) };
        fits(self.kid < 16 && self.store <= GREATEST_STORE && self.least_spend_fen <= GREATEST_LEAST_SPEND_FEN)?;
        let (kind, value) = match self.worth {
            Worth::Amount { fen } => {
                fits((1..=GREATEST_VALUE).contains(&fen))?;
                (0, fen)
            }
            Worth::Percent { basis_points, cap_fen } => {
                fits((1..=10_000).contains(&basis_points) && basis_points.is_multiple_of(PERCENT_STEP))?;
                fits((1..=GREATEST_CAP_FEN).contains(&cap_fen) && cap_fen.is_multiple_of(100))?;
                (1, (u32::from(basis_points / PERCENT_STEP) << 12) | (cap_fen / 100))
            }
            Worth::Gift { number } => {
                fits((1..=GREATEST_GIFT).contains(&number))?;
                (2, number)
            }
        };
        let mut bits = Bits::default();
        bits.push(VERSION.into(), 4);
        bits.push(self.kid.into(), 4);
        bits.push(self.code.class_bits().into(), 5);
        bits.push(self.code.random(), 65);
        bits.push(kind, 2);
        bits.push(value.into(), 20);
        bits.push(self.least_spend_fen.div_ceil(YUAN_10).into(), 10);
        bits.push(day_number(self.last_day).ok_or(VoucherFieldError)?.into(), 12);
        bits.push(self.store.into(), 14);
        Ok(bits.bytes)
    }

    /// Signs it.
    pub fn sign(&self, key: &SigningKey) -> Result<SignedVoucher, VoucherFieldError> {
        let body = self.body()?;
        let signature = sign(key, CONTEXT, &body);
        Ok(SignedVoucher { body, signature, voucher: read(&body).map_err(|_| VoucherFieldError)? })
    }
}

/// A voucher with a signature, which nobody has looked at yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedVoucher {
    body: [u8; BODY],
    signature: Signature,
    voucher: Voucher,
}

impl SignedVoucher {
    /// The 122 characters of its QR code.
    pub fn encode(&self) -> String {
        base45::encode(&self.bytes())
    }

    /// Its 81 bytes.
    pub fn bytes(&self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        bytes[..BODY].copy_from_slice(&self.body);
        bytes[BODY..].copy_from_slice(&self.signature.0);
        bytes
    }

    /// Reads what a scanner gives: also with a line's end behind it, and with a space lost in front, which base45 has and
    /// some scanners drop. Nothing is said yet about its signature.
    pub fn decode(text: &str) -> Result<Self, VoucherError> {
        let text = text.trim_end();
        let text = if text.len() == TEXT_LENGTH - 1 { format!(" {text}") } else { text.to_owned() };
        let bytes = base45::decode(&text).map_err(|_| VoucherError::Malformed)?;
        SignedVoucher::from_bytes(&bytes)
    }

    /// Reads its bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, VoucherError> {
        // A later version may be longer. What is shorter is something else, for instance a payment code.
        if bytes.len() >= LENGTH && bytes[0] >> 4 > VERSION {
            return Err(VoucherError::FutureVersion);
        }
        let bytes: &[u8; LENGTH] = bytes.try_into().map_err(|_| VoucherError::Malformed)?;
        let (mut body, mut signature) = ([0; BODY], [0; 64]);
        body.copy_from_slice(&bytes[..BODY]);
        signature.copy_from_slice(&bytes[BODY..]);
        Ok(SignedVoucher { body, signature: Signature(signature), voucher: read(&body)? })
    }

    /// What it says, whether that is true or not: for what must be shown or filed. A till asks [`Self::verify`].
    pub fn unverified(&self) -> &Voucher {
        &self.voucher
    }

    /// What it says, if HQ has signed it and it is what is asked for.
    pub fn verify(&self, trust: &TrustList, asked: Asked) -> Result<&Voucher, VoucherError> {
        let voucher = &self.voucher;
        let key = trust.key(voucher.kid, asked.now_ms).ok_or(VoucherError::UnknownKey)?;
        if !holds(&key.public, CONTEXT, &self.body, &self.signature) {
            return Err(VoucherError::BadSignature);
        }
        if asked.class.is_some_and(|class| class != voucher.code.class()) {
            return Err(VoucherError::WrongClass);
        }
        if voucher.store != 0 && voucher.store != asked.store {
            return Err(VoucherError::WrongStore);
        }
        if store_day(asked.now_ms) > voucher.last_day { Err(VoucherError::Expired) } else { Ok(voucher) }
    }
}

fn read(body: &[u8; BODY]) -> Result<Voucher, VoucherError> {
    let mut bits = Bits { bytes: *body, at: 0 };
    if bits.take(4) != u128::from(VERSION) {
        return Err(VoucherError::Malformed);
    }
    let kid = bits.take(4) as u8;
    let class = bits.take(5) as u8;
    let random = bits.take(65);
    let code = CouponCode::from_bits(class, random).map_err(|_| VoucherError::Malformed)?;
    let kind = bits.take(2);
    let worth = read_worth(kind, bits.take(20) as u32)?;
    let least_spend_fen = bits.take(10) as u32 * YUAN_10;
    let last_day = FIRST_DAY.checked_add_days(Days::new(bits.take(12) as u64)).ok_or(VoucherError::Malformed)?;
    Ok(Voucher { kid, code, worth, least_spend_fen, last_day, store: bits.take(14) as u16 })
}

fn read_worth(kind: u128, value: u32) -> Result<Worth, VoucherError> {
    let (half_percents, cap_yuan) = (value >> 12, value & 0xfff);
    match kind {
        0 if value > 0 => Ok(Worth::Amount { fen: value }),
        1 if (1..=200).contains(&half_percents) && cap_yuan > 0 => {
            Ok(Worth::Percent { basis_points: half_percents as u16 * PERCENT_STEP, cap_fen: cap_yuan * 100 })
        }
        2 if value > 0 => Ok(Worth::Gift { number: value }),
        _ => Err(VoucherError::Malformed),
    }
}

/// The number of a day in a voucher, if it has one.
pub(super) fn day_number(day: NaiveDate) -> Option<u16> {
    u16::try_from((day - FIRST_DAY).num_days()).ok().filter(|number| *number < 1 << 12)
}

/// Numbers of a few bits, one after another, the most significant first.
#[derive(Default)]
struct Bits {
    bytes: [u8; BODY],
    at: usize,
}

impl Bits {
    fn push(&mut self, number: u128, width: usize) {
        for bit in (0..width).rev() {
            self.bytes[self.at / 8] |= ((number >> bit & 1) as u8) << (7 - self.at % 8);
            self.at += 1;
        }
    }

    fn take(&mut self, width: usize) -> u128 {
        let mut number = 0;
        for _ in 0..width {
            number = number << 1 | u128::from(self.bytes[self.at / 8] >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        number
    }
}

#[cfg(test)]
mod tests;
