//! The reference model's second half: what tills were told and HQ has set. It goes back with the server's database.

use std::collections::BTreeMap;

use guidebook_domain::CampaignId;
use guidebook_server::hq::campaigns::BudgetRequest;
use guidebook_wire::pos::Booked as Answer;
use uuid::Uuid;

/// A redemption that stands.
#[derive(Clone, Debug)]
pub struct Used {
    /// The campaign.
    pub campaign: CampaignId,
    /// What it took off, fen.
    pub fen: u64,
    /// The till's key of the call, or its id of what it took without a network.
    pub by: String,
}

/// What was taken without a network, as it was answered.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The answer.
    pub answer: Answer,
    /// Which till.
    pub till: usize,
}

/// What tills know, and what HQ has set.
#[derive(Clone, Debug, Default)]
pub struct Booked {
    /// Codes in use, each with what used it.
    pub used: BTreeMap<String, Used>,
    /// What was taken without a network and is answered.
    pub answered: BTreeMap<Uuid, Answered>,
    /// What may be spent.
    pub budgets: BTreeMap<CampaignId, BudgetRequest>,
}

impl Booked {
    /// A till is told that a code is redeemed.
    pub fn redeems(&mut self, code: &str, used: Used) -> Result<(), String> {
        match self.used.insert(code.to_owned(), used.clone()) {
            Some(before) if before.by != used.by => Err("invariant 4: a code is redeemed twice".to_owned()),
            Some(_) | None => Ok(()),
        }
    }

    /// A till is told that it is redeemed no more.
    pub fn reverses(&mut self, code: &str) {
        self.used.remove(code);
    }

    /// How many are in use of a campaign, and their money in fen.
    pub fn redeemed(&self, campaign: &CampaignId) -> (u64, u64) {
        let of = self.used.values().filter(|used| used.campaign == *campaign);
        of.fold((0, 0), |(count, fen), used| (count + 1, fen + used.fen))
    }
}
