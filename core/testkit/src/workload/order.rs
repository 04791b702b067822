//! One order, by its number.

use super::{Workload, member};

/// The columns, as the importer knows them.
pub const HEADER: &str = "订单号,会员号,门店号,品牌号,商品号,数量,实付金额,下单时间,渠道";

/// Products of each brand in the export.
const PRODUCTS_OF_A_BRAND: usize = 4;

impl Workload {
    /// Order `n` as a line without its end.
    pub fn order(&self, n: u32) -> String {
        let mut chance = self.chance(2, n);
        let buyer = member::id(chance.below(self.members.max(1) as usize) as u32);
        let (store, brand, product) = (1 + chance.below(4), 1 + chance.below(12), 1 + chance.below(PRODUCTS_OF_A_BRAND));
        let (quantity, yuan, fen) = (1 + chance.below(3), 30 + chance.below(2_000), chance.below(100));
        let (year, month, day) = (2025 + chance.below(2), 1 + chance.below(10), 1 + chance.below(28));
        let (hour, minute, second) = (10 + chance.below(12), chance.below(60), chance.below(60));
        let channel = if chance.percent(70) { "门店" } else { "小程序" };
        format!(
            "O{n:09},{buyer},S0{store},B{brand:02},B{brand:02}-P{product:02},{quantity},{yuan}.{fen:02},{year}-{month:02}-{day:02} {hour}:{minute:02}:{second:02},{channel}"
        )
    }
}
