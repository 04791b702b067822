//! Campaigns as HQ makes and changes them. A budget is changed by compare-and-set, so that two people at HQ cannot both spend
//! the same money; pausing, ending and renaming need no such care.

use std::collections::BTreeSet;

use guidebook_domain::coupon::{Buckets, Campaign, CampaignState, Face, Issuers, Validity};
use guidebook_domain::{BrandId, CampaignId, StoreId, TenantId, store_day};
use guidebook_wire::ErrorCode;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::tell::log_hq;
use crate::db::campaigns::CampaignRow;
use crate::db::{Database, DatabaseExt, Tx, Write};
use crate::error::ServiceError;
use crate::service::coupons::CouponSecret;
use crate::service::coupons::keys::LONGEST_DAYS;
use crate::service::coupons::minting::{MOST_CODES, mint};

/// The class letter where HQ says none.
const CLASS: char = 'K';

/// A campaign as HQ asks for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignRequest {
    /// Its id.
    pub id: CampaignId,
    /// What it is called.
    pub name: String,
    /// What its coupons are worth.
    pub face: Face,
    /// What must be spent, fen.
    #[serde(default)]
    pub least_spend_fen: u32,
    /// When its coupons are valid.
    pub validity: Validity,
    /// Where they are valid; everywhere if empty.
    #[serde(default)]
    pub stores: BTreeSet<StoreId>,
    /// For whose members; everybody's if empty.
    #[serde(default)]
    pub brands: BTreeSet<BrandId>,
    /// For which products, in HQ's words.
    #[serde(default)]
    pub products: Vec<String>,
    /// How many one member may have.
    #[serde(default)]
    pub per_member: Option<u32>,
    /// Who may give them out.
    #[serde(default)]
    pub issuers: Issuers,
    /// Whether it goes together with others.
    #[serde(default)]
    pub stackable: bool,
    /// Whether tills take it without a network: its vouchers are then bound to the store whose guide gives them out.
    #[serde(default)]
    pub offline: bool,
    /// The class letter of its codes.
    #[serde(default)]
    pub class: Option<char>,
    /// The payment platform's stock to which its codes go before phones get them: `wechat_pay/98065001`.
    #[serde(default)]
    pub rail: Option<String>,
    /// How many and how much.
    pub budget: BudgetRequest,
}

/// What may be spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetRequest {
    /// The most codes that may be out or redeemed.
    pub codes: u64,
    /// The most money, fen; no limit where none is given.
    #[serde(default)]
    pub fen: Option<u64>,
}

/// What HQ changes. What is left out stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CampaignChange {
    /// With a budget: the version of the one that it replaces.
    #[serde(default)]
    pub budget_version: Option<u32>,
    /// The budget.
    #[serde(default)]
    pub budget: Option<BudgetRequest>,
    /// Running, paused or ended. What has ended does not run again.
    #[serde(default)]
    pub state: Option<CampaignState>,
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
    /// The limit per member.
    #[serde(default)]
    pub per_member: Option<u32>,
}

/// A campaign as HQ reads it.
#[derive(Clone, Debug, Serialize)]
pub struct CampaignLine {
    /// As phones know it.
    #[serde(flatten)]
    pub campaign: Campaign,
    /// What may be spent.
    pub budget: BudgetLine,
    /// What has become of the codes.
    pub codes: Buckets,
    /// Where they go, if they go to a payment platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rail: Option<RailLine>,
}

/// A campaign's payment platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RailLine {
    /// The stock there.
    pub stock: String,
    /// Free codes that it does not know yet: no phone gets them.
    pub waiting: u64,
}

/// A budget and what of it is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BudgetLine {
    /// To be given with the next change.
    pub version: u32,
    /// Codes.
    pub codes: u64,
    /// Money, fen.
    pub fen: Option<u64>,
    /// The most that what is out and what was redeemed may cost, fen.
    pub out_fen: u64,
}

/// Makes a campaign and its codes. The same request again gets the same campaign, and goes on minting where it was.
///
/// Errors: `conflict` for another campaign of this id, or where there are no keys; `invalid`.
pub fn create(
    db: &dyn Database,
    secret: Option<&CouponSecret>,
    tenant: &TenantId,
    request: &CampaignRequest,
    now_ms: u64,
) -> Result<CampaignLine, ServiceError> {
    let secret = secret.ok_or_else(no_keys)?;
    let campaign = campaign_of(request, now_ms)?;
    db.writing(Write::Campaign, |tx| {
        tx.coupon_root(tenant)?.ok_or_else(no_keys)?;
        check_places(tx, tenant, &campaign)?;
        if let Some(held) = tx.campaign(tenant, &campaign.id)? {
            let budget = budget_of(&held);
            let same =
                Campaign { state: campaign.state, ..held.campaign } == campaign && budget == request.budget && held.rail == request.rail;
            return if same { Ok(()) } else { Err(ServiceError::about(ErrorCode::Conflict, "id", "is another campaign's")) };
        }
        let row = CampaignRow {
            campaign: campaign.clone(),
            position: tx.next_catalogue_position(tenant)?,
            budget_version: 1,
            budget_codes: request.budget.codes,
            budget_fen: request.budget.fen,
            out_fen: 0,
            serials: 0,
            turns: 0,
            rail: request.rail.clone(),
            made_ms: now_ms,
        };
        tx.put_campaign(tenant, &row)?;
        Ok(log_hq(tx, tenant, None, "campaign", json!({ "campaign": campaign, "budget": request.budget }), now_ms)?)
    })?;
    mint(db, secret, tenant, &campaign.id)?;
    db.reading(|tx| line(tx, tenant, &campaign.id))
}

/// Changes a campaign. Phones hear of it with their next round.
///
/// Errors: `not_found`; `conflict` (`budget_version`) where the budget is another by now, (`budget`) where more is out than it
/// allows, (`state`) for one that has ended; `invalid`.
pub fn change(
    db: &dyn Database,
    secret: Option<&CouponSecret>,
    tenant: &TenantId,
    id: &CampaignId,
    change: &CampaignChange,
    now_ms: u64,
) -> Result<CampaignLine, ServiceError> {
    let secret = secret.ok_or_else(no_keys)?;
    db.writing(Write::Campaign, |tx| {
        // The dictionary's lock goes before a campaign's, as where one is made.
        let position = tx.next_catalogue_position(tenant)?;
        let mut row = tx.campaign(tenant, id)?.ok_or_else(|| ServiceError::not_found("campaign"))?;
        if let Some(budget) = change.budget {
            set_budget(tx, tenant, &mut row, change.budget_version, budget)?;
        }
        let before = row.campaign.clone();
        set_rules(&mut row.campaign, change)?;
        if row.campaign != before {
            row.campaign.version += 1;
        }
        row.position = position;
        tx.put_campaign(tenant, &row)?;
        let detail = json!({ "campaign": id, "state": row.campaign.state, "name": row.campaign.name, "budget": budget_of(&row) });
        Ok::<_, ServiceError>(log_hq(tx, tenant, None, "campaign_change", detail, now_ms)?)
    })?;
    mint(db, secret, tenant, id)?;
    db.reading(|tx| line(tx, tenant, id))
}

fn set_budget(
    tx: &mut dyn Tx,
    tenant: &TenantId,
    row: &mut CampaignRow,
    version: Option<u32>,
    budget: BudgetRequest,
) -> Result<(), ServiceError> {
    let version = version.ok_or_else(|| ServiceError::invalid("budget_version", "missing"))?;
    if version != row.budget_version {
        return Err(ServiceError::about(ErrorCode::Conflict, "budget_version", format!("is {} by now", row.budget_version)));
    }
    check_budget(&budget)?;
    let buckets = tx.buckets(tenant, &row.campaign.id)?;
    let out = buckets.leased + buckets.issued + buckets.reserved + buckets.redeemed;
    if budget.codes < out || budget.fen.is_some_and(|fen| fen < row.out_fen) {
        return Err(ServiceError::about(ErrorCode::Conflict, "budget", format!("{out} codes and {} fen are out", row.out_fen)));
    }
    (row.budget_codes, row.budget_fen) = (budget.codes, budget.fen);
    row.budget_version += 1;
    Ok(())
}

fn set_rules(campaign: &mut Campaign, change: &CampaignChange) -> Result<(), ServiceError> {
    if let Some(state) = change.state {
        if campaign.state == CampaignState::Ended && state != CampaignState::Ended {
            return Err(ServiceError::about(ErrorCode::Conflict, "state", "has ended"));
        }
        campaign.state = state;
    }
    if let Some(name) = &change.name {
        campaign.name = name.trim().to_owned();
    }
    campaign.per_member = change.per_member.or(campaign.per_member);
    campaign.check().map_err(|problem| ServiceError::invalid("campaign", problem))
}

/// One campaign.
pub fn one(db: &dyn Database, tenant: &TenantId, id: &CampaignId) -> Result<CampaignLine, ServiceError> {
    db.reading(|tx| line(tx, tenant, id))
}

/// All campaigns, by id.
pub fn list(db: &dyn Database, tenant: &TenantId) -> Result<Vec<CampaignLine>, ServiceError> {
    db.reading(|tx| {
        let mut lines = Vec::new();
        for row in tx.campaigns_after(tenant, 0)? {
            lines.push(line(tx, tenant, &row.campaign.id)?);
        }
        lines.sort_by(|a: &CampaignLine, b| a.campaign.id.cmp(&b.campaign.id));
        Ok(lines)
    })
}

fn line(tx: &mut dyn Tx, tenant: &TenantId, id: &CampaignId) -> Result<CampaignLine, ServiceError> {
    let row = tx.look_at_campaign(tenant, id)?.ok_or_else(|| ServiceError::not_found("campaign"))?;
    let codes = tx.buckets(tenant, id)?;
    let CampaignRow { campaign, budget_version: version, budget_codes, budget_fen: fen, out_fen, rail, .. } = row;
    let rail = match rail {
        Some(stock) => Some(RailLine { stock, waiting: tx.waiting_for_rail(tenant, id)? }),
        None => None,
    };
    Ok(CampaignLine { campaign, budget: BudgetLine { version, codes: budget_codes, fen, out_fen }, codes, rail })
}

fn budget_of(row: &CampaignRow) -> BudgetRequest {
    BudgetRequest { codes: row.budget_codes, fen: row.budget_fen }
}

fn campaign_of(request: &CampaignRequest, now_ms: u64) -> Result<Campaign, ServiceError> {
    let CampaignRequest { id, name, face, least_spend_fen, validity, stores, brands, products, per_member, .. } = request.clone();
    let CampaignRequest { issuers, stackable, offline, class, .. } = request.clone();
    let (version, state, class, name) = (1, CampaignState::Running, class.unwrap_or(CLASS), name.trim().to_owned());
    let campaign = Campaign {
        id,
        version,
        name,
        face,
        least_spend_fen,
        validity,
        stores,
        brands,
        products,
        per_member,
        issuers,
        stackable,
        state,
        offline,
        class,
    };
    campaign.check().map_err(|problem| ServiceError::invalid("campaign", problem))?;
    check_budget(&request.budget)?;
    if let Validity::Fixed { to, .. } = campaign.validity {
        let today = store_day(now_ms);
        if to < today || to > today + chrono::Days::new(LONGEST_DAYS) {
            return Err(ServiceError::invalid("validity", format!("ends within {LONGEST_DAYS} days from today on")));
        }
    }
    Ok(campaign)
}

fn check_budget(budget: &BudgetRequest) -> Result<(), ServiceError> {
    if (1..=MOST_CODES).contains(&budget.codes) && budget.fen.is_none_or(|fen| i64::try_from(fen).is_ok()) {
        return Ok(());
    }
    Err(ServiceError::invalid("budget", format!("1 to {MOST_CODES} codes")))
}

/// Stores, brands and guides must be there: a campaign for a mistyped store would be nobody's.
fn check_places(tx: &mut dyn Tx, tenant: &TenantId, campaign: &Campaign) -> Result<(), ServiceError> {
    for store in campaign.stores.iter().chain(&campaign.issuers.stores) {
        tx.store(tenant, store)?.ok_or_else(|| ServiceError::not_found("stores"))?;
    }
    for brand in &campaign.brands {
        tx.brand(tenant, brand)?.ok_or_else(|| ServiceError::not_found("brands"))?;
    }
    for guide in &campaign.issuers.guides {
        tx.guide(tenant, guide)?.ok_or_else(|| ServiceError::not_found("guides"))?;
    }
    Ok(())
}

fn no_keys() -> ServiceError {
    ServiceError::about(ErrorCode::Conflict, "keys", "none yet: guidebook-server keys init")
}
