//! How much a lane may take without a network. Pure.

use guidebook_domain::coupon::{Voucher, VoucherError, Worth};

/// The caps of one lane in one outage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caps {
    /// One coupon, in fen (¥50).
    pub each_fen: u32,
    /// Coupons (20).
    pub count: u32,
    /// All of them, in fen (¥500).
    pub total_fen: u32,
    /// Time since the last contact, in milliseconds (24 hours).
    pub longest_ms: u64,
    /// How far the clock may fall back behind what the ledger has seen, in milliseconds (5 minutes).
    pub most_back_ms: u64,
}

impl Default for Caps {
    fn default() -> Self {
        Caps { each_fen: 5_000, count: 20, total_fen: 50_000, longest_ms: 24 * 3_600_000, most_back_ms: 5 * 60_000 }
    }
}

/// What a lane has taken since its last contact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outage {
    /// The last contact with the server, Unix milliseconds; none where there was none.
    pub contact_ms: Option<u64>,
    /// The latest time in the ledger, Unix milliseconds.
    pub latest_ms: u64,
    /// Coupons taken since.
    pub count: u32,
    /// Their money, in fen.
    pub total_fen: u32,
}

/// Why a coupon is not taken. It may still be taken online.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The voucher itself is not good.
    #[error(transparent)]
    Voucher(#[from] VoucherError),
    /// The store's ledger has it already.
    #[error("taken before")]
    TakenBefore,
    /// The same sale is being redeemed at the server with another basket, and no last word came of it.
    #[error("being redeemed for a basket of {spend_fen} fen: ask for that again, or reverse it")]
    UnderWay {
        /// That basket, in fen.
        spend_fen: u32,
    },
    /// The same sale was begun with a scan.
    #[error("begun with a scan: scan it again")]
    ScanAgain,
    /// It is not bound to this store.
    #[error("not bound to a store: needs the network")]
    NotStoreBound,
    /// A gift, whose cost no voucher says.
    #[error("a gift: needs the network")]
    Gift,
    /// The basket is below the least spend.
    #[error("needs a basket of {least_fen} fen")]
    LeastSpend {
        /// The least spend, in fen.
        least_fen: u32,
    },
    /// More money than one coupon may take.
    #[error("over {cap_fen} fen: needs the network")]
    TooMuch {
        /// The cap, in fen.
        cap_fen: u32,
    },
    /// The lane has taken as many as it may.
    #[error("{cap} taken in this outage")]
    TooMany {
        /// The cap.
        cap: u32,
    },
    /// The lane has taken as much money as it may.
    #[error("over {cap_fen} fen in this outage")]
    TotalTooMuch {
        /// The cap, in fen.
        cap_fen: u32,
    },
    /// The outage lasts too long, or there was never a contact.
    #[error("too long without contact")]
    TooLong,
    /// The clock is behind the ledger.
    #[error("the clock was set back")]
    ClockSetBack,
}

/// What a coupon that may be taken costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// What the customer pays less, in fen.
    pub discount_fen: u32,
    /// What it counts against the caps, in fen: an amount counts whole, however small the basket.
    pub counts_fen: u32,
}

/// What a verified voucher takes off a basket of `spend_fen`, if the lane may take it at `now_ms`.
pub fn may_take(voucher: &Voucher, spend_fen: u32, outage: &Outage, caps: &Caps, now_ms: u64) -> Result<Allowed, Refused> {
    if outage.latest_ms.saturating_sub(now_ms) > caps.most_back_ms {
        return Err(Refused::ClockSetBack);
    }
    let since_ms = outage.contact_ms.map(|contact_ms| now_ms.saturating_sub(contact_ms));
    if since_ms.is_none_or(|since_ms| since_ms > caps.longest_ms) {
        return Err(Refused::TooLong);
    }
    if voucher.store == 0 {
        return Err(Refused::NotStoreBound);
    }
    if matches!(voucher.worth, Worth::Gift { .. }) {
        return Err(Refused::Gift);
    }
    if spend_fen < voucher.least_spend_fen {
        return Err(Refused::LeastSpend { least_fen: voucher.least_spend_fen });
    }
    let discount_fen = voucher.worth.discount_fen(spend_fen);
    let counts_fen = if let Worth::Amount { fen } = voucher.worth { fen } else { discount_fen };
    if counts_fen > caps.each_fen {
        return Err(Refused::TooMuch { cap_fen: caps.each_fen });
    }
    if outage.count >= caps.count {
        return Err(Refused::TooMany { cap: caps.count });
    }
    if outage.total_fen.saturating_add(counts_fen) > caps.total_fen {
        return Err(Refused::TotalTooMuch { cap_fen: caps.total_fen });
    }
    Ok(Allowed { discount_fen, counts_fen })
}

#[cfg(test)]
mod tests {
    use super::*;
    use guidebook_domain::coupon::CouponCode;

    const NOW: u64 = 1_800_000_000_000;
    const HOUR: u64 = 3_600_000;

    fn a_voucher(worth: Worth) -> Voucher {
        let code = CouponCode::from_parts('K', 7).unwrap();
        Voucher { kid: 1, code, worth, least_spend_fen: 10_000, last_day: chrono::NaiveDate::MAX, store: 3 }
    }

    fn amount(fen: u32) -> Voucher {
        a_voucher(Worth::Amount { fen })
    }

    fn an_outage() -> Outage {
        Outage { contact_ms: Some(NOW - HOUR), latest_ms: NOW - HOUR, count: 0, total_fen: 0 }
    }

    fn verdict(voucher: &Voucher, outage: Outage) -> Result<u32, Refused> {
        may_take(voucher, 20_000, &outage, &Caps::default(), NOW).map(|allowed| allowed.discount_fen)
    }

    #[test]
    fn each_cap_holds_to_the_fen_and_to_the_millisecond() {
        assert_eq!(verdict(&amount(5_000), an_outage()), Ok(5_000));
        assert_eq!(verdict(&amount(5_001), an_outage()), Err(Refused::TooMuch { cap_fen: 5_000 }));
        let after = |count, total_fen| Outage { count, total_fen, ..an_outage() };
        assert_eq!(verdict(&amount(100), after(19, 1_900)), Ok(100));
        assert_eq!(verdict(&amount(100), after(20, 2_000)), Err(Refused::TooMany { cap: 20 }));
        assert_eq!(verdict(&amount(5_000), after(9, 45_000)), Ok(5_000));
        assert_eq!(verdict(&amount(5_000), after(10, 45_001)), Err(Refused::TotalTooMuch { cap_fen: 50_000 }));
        let since = |contact_ms| Outage { contact_ms, ..an_outage() };
        assert_eq!(verdict(&amount(100), since(Some(NOW - 24 * HOUR))), Ok(100));
        assert_eq!(verdict(&amount(100), since(Some(NOW - 24 * HOUR - 1))), Err(Refused::TooLong));
        assert_eq!(verdict(&amount(100), since(None)), Err(Refused::TooLong));
    }

    #[test]
    fn a_clock_set_back_takes_nothing() {
        let seen = |latest_ms| Outage { latest_ms, ..an_outage() };
        assert_eq!(verdict(&amount(100), seen(NOW + 5 * 60_000)), Ok(100));
        assert_eq!(verdict(&amount(100), seen(NOW + 5 * 60_000 + 1)), Err(Refused::ClockSetBack));
    }

    #[test]
    fn what_a_voucher_does_not_tell_needs_the_network() {
        assert_eq!(verdict(&Voucher { store: 0, ..amount(100) }, an_outage()), Err(Refused::NotStoreBound));
        assert_eq!(verdict(&a_voucher(Worth::Gift { number: 7 }), an_outage()), Err(Refused::Gift));
        let least = Voucher { least_spend_fen: 20_001, ..amount(100) };
        assert_eq!(verdict(&least, an_outage()), Err(Refused::LeastSpend { least_fen: 20_001 }));
    }

    #[test]
    fn a_percentage_counts_by_what_it_takes_off() {
        let percent = a_voucher(Worth::Percent { basis_points: 2_000, cap_fen: 9_000 });
        let takes = |spend_fen| may_take(&percent, spend_fen, &an_outage(), &Caps::default(), NOW);
        assert_eq!(takes(25_000), Ok(Allowed { discount_fen: 5_000, counts_fen: 5_000 }));
        assert_eq!(takes(30_000), Err(Refused::TooMuch { cap_fen: 5_000 }));
        let small = Voucher { least_spend_fen: 0, ..amount(5_000) };
        let allowed = may_take(&small, 700, &an_outage(), &Caps::default(), NOW);
        assert_eq!(allowed, Ok(Allowed { discount_fen: 700, counts_fen: 5_000 }));
    }
}
