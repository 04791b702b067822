//! One step of a schedule.

use super::mix::Event;
use super::world::World;
use super::{files, headquarters, lanes, phones, rewound, rounds, tills};

/// Something happens.
pub fn play(world: &mut World, event: Event) -> Result<(), String> {
    world.now_ms += world.chance.number() % 120_000;
    let phone = world.chance.below(world.phones.len());
    match event {
        Event::Issue => phones::issue(world, phone)?,
        Event::HandOver => phones::hand_over_one(world, phone)?,
        Event::Void => phones::void(world, phone)?,
        Event::Sync => rounds::sync(world, phone)?,
        Event::Late => rounds::deliver_late(world)?,
        Event::Redeem => tills::redeem(world)?,
        Event::Replay => tills::replay(world)?,
        Event::Stale => tills::stale(world)?,
        Event::Offline => lanes::take(world)?,
        Event::Upload => {
            let till = world.chance.below(world.tills.len());
            lanes::upload(world, till)?;
        }
        Event::Clock => phones::jump_clock(world, phone),
        Event::Restart => world.phones[phone].restart(|_, _| ()),
        Event::VaultDown => phones::vault_down(world, phone),
        Event::VaultLost => files::lose_vault(world, phone),
        Event::PhoneBackup => files::back_up(world, phone),
        Event::PhoneRestore => files::restore(world, phone)?,
        Event::Rewound => rewound::play(world, phone)?,
        Event::PhoneClone => files::clone(world, phone),
        Event::Budget => headquarters::budget(world)?,
        Event::State => headquarters::state(world)?,
        Event::MemberLimit => headquarters::member_limit(world)?,
        Event::HandMember => headquarters::hand_member(world)?,
        Event::Revoke => headquarters::revoke(world, phone)?,
        Event::Upkeep => headquarters::upkeep(world)?,
        Event::ServerBackup => headquarters::back_up(world)?,
        Event::ServerRestore => headquarters::restore(world)?,
    }
    Ok(())
}
