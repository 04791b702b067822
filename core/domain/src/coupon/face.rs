//! What a coupon is worth. Money is in fen (1/100 yuan).

use serde::{Deserialize, Serialize};

/// The greatest amount of one coupon, in fen: what 20 bits of a voucher hold, rounded down to ¥10,000.
pub const GREATEST_FEN: u32 = 1_000_000;

/// The steps of a percentage in a voucher, in basis points: half a per cent.
pub const PERCENT_STEP: u16 = 50;

/// The greatest cap of a percentage, in fen: what 12 bits of a voucher hold in whole yuan.
pub const GREATEST_CAP_FEN: u32 = 409_500;

/// The greatest number of a gift: 20 bits of a voucher.
pub const GREATEST_GIFT: u32 = 0xf_ffff;

/// The most values that a range may offer.
pub const MOST_VALUES: u32 = 200;

/// The face of a campaign's coupons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Face {
    /// One amount.
    Amount {
        /// How much, in fen.
        fen: u32,
    },
    /// The guide chooses an amount. Codes are minted for each of the values.
    Range {
        /// The least, in fen.
        least_fen: u32,
        /// The most, in fen.
        most_fen: u32,
        /// From one value to the next, in fen.
        step_fen: u32,
    },
    /// So much off, up to a cap.
    Percent {
        /// How much off, in basis points (1/100 of a per cent), a multiple of [`PERCENT_STEP`].
        basis_points: u16,
        /// The most that it takes off, in fen, a multiple of ¥1.
        cap_fen: u32,
    },
    /// A thing.
    Gift {
        /// Its number at the retailer, 1 or more.
        number: u32,
        /// What it is.
        name: String,
        /// What it costs the retailer, in fen.
        cost_fen: u32,
    },
}

/// A face that no voucher could say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the face does not fit a voucher")]
pub struct FaceError;

impl Face {
    /// Whether a voucher can say it.
    pub fn check(&self) -> Result<(), FaceError> {
        let amount = |fen: u32| (1..=GREATEST_FEN).contains(&fen);
        let fits = match self {
            Face::Amount { fen } => amount(*fen),
            Face::Range { least_fen, most_fen, step_fen } => {
                let fits = amount(*least_fen) && amount(*most_fen) && least_fen <= most_fen && *step_fen > 0;
                fits && (most_fen - least_fen).is_multiple_of(*step_fen) && (most_fen - least_fen) / step_fen < MOST_VALUES
            }
            Face::Percent { basis_points, cap_fen } => {
                let step = (PERCENT_STEP..=10_000).contains(basis_points) && basis_points.is_multiple_of(PERCENT_STEP);
                step && (100..=GREATEST_CAP_FEN).contains(cap_fen) && cap_fen.is_multiple_of(100)
            }
            Face::Gift { number, .. } => (1..=GREATEST_GIFT).contains(number),
        };
        if fits { Ok(()) } else { Err(FaceError) }
    }

    /// The values of which codes are minted, ascending: amounts in fen, basis points, or the gift's number.
    pub fn values(&self) -> Vec<u32> {
        match self {
            Face::Amount { fen } => vec![*fen],
            Face::Range { least_fen, most_fen, step_fen } => {
                let step = usize::try_from((*step_fen).max(1)).unwrap_or(usize::MAX);
                (*least_fen..=*most_fen).step_by(step).collect()
            }
            Face::Percent { basis_points, .. } => vec![u32::from(*basis_points)],
            Face::Gift { number, .. } => vec![*number],
        }
    }

    /// The most money that one coupon of `value` can cost, in fen. What budgets and leases are counted in.
    pub fn money_at_most(&self, value: u32) -> u32 {
        match self {
            Face::Amount { .. } | Face::Range { .. } => value,
            Face::Percent { cap_fen, .. } => *cap_fen,
            Face::Gift { cost_fen, .. } => *cost_fen,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_offers_each_step_with_both_ends() {
        let range = |least_fen, most_fen, step_fen| Face::Range { least_fen, most_fen, step_fen };
        assert_eq!(range(1_000, 3_000, 500).values(), [1_000, 1_500, 2_000, 2_500, 3_000]);
        assert_eq!(range(1_000, 3_000, 500).check(), Ok(()));
        for bad in [range(0, 3_000, 500), range(1_000, 3_000, 600), range(3_000, 1_000, 500), range(1_000, 2_000, 0), range(1, 1_000, 1)] {
            assert_eq!(bad.check(), Err(FaceError), "{bad:?}");
        }
    }

    #[test]
    fn money_is_counted_at_its_most() {
        assert_eq!(Face::Amount { fen: 5_000 }.money_at_most(5_000), 5_000);
        assert_eq!(Face::Percent { basis_points: 1_500, cap_fen: 3_000 }.money_at_most(1_500), 3_000);
        assert_eq!(Face::Gift { number: 7, name: "伞".into(), cost_fen: 900 }.money_at_most(7), 900);
        assert_eq!(Face::Percent { basis_points: 1_510, cap_fen: 3_000 }.check(), Err(FaceError));
    }
}
