//! Last days of guides and of bindings, and what the server does by itself when they are over.

use chrono::Days;
use guidebook_server::hq::{assign, terms};

use super::beginning::enrolled;
use super::handovers::settle_due;
use super::headquarters::risking_death;
use super::phone_model::PhoneModel;
use super::truth::day;
use super::world::{GUIDES, MEMBERS, SimPhone, World, guide_id, member_id};

/// HQ says how long a guide stays, or how long she serves a member; or that there is no end.
pub fn last_day(world: &mut World) -> Result<(), String> {
    let guide = guide_id(world.chance.below(GUIDES));
    let tomorrow = Days::new(world.chance.number() % 3);
    let until = world.chance.percent(75).then(|| day(world.now_ms) + tomorrow);
    let (tenant, now_ms) = (world.tenant.clone(), world.now_ms);
    if world.chance.percent(60) {
        let member = member_id(world.chance.below(MEMBERS));
        let done = risking_death(world, |world| assign::assign_until(&world.db, &tenant, &member, &guide, until, now_ms))?;
        if done.is_some() {
            world.truth.assigns(&member, &guide, until);
        }
        return Ok(());
    }
    let done = risking_death(world, |world| terms::set_guide_until(&world.db, &tenant, &guide, until, now_ms))?;
    if done.is_some() {
        world.truth.guide_stays_until(&guide, until, now_ms);
        // Who comes back enrols anew.
        if !world.phones.iter().any(|phone| phone.who.guide == guide) {
            let (book, who) = enrolled(&world.db, &mut world.chance, &guide, now_ms);
            world.truth.enrols(&who);
            world.phones.push(SimPhone::new(&book, who, PhoneModel::default()));
        }
    }
    Ok(())
}

/// The server does what has become due.
pub fn upkeep(world: &mut World) -> Result<(), String> {
    settle_due(world)?;
    let now_ms = world.now_ms;
    let done = risking_death(world, |world| terms::end_all(&world.db, now_ms))?;
    if done.is_some() {
        world.truth.ends_terms(now_ms);
    }
    Ok(())
}
