//! What happens how often in a schedule of coupons.

use crate::simulation::chance::Chance;

/// Something that may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A guide gives a coupon out, and mostly hands it over.
    Issue,
    /// A guide hands over a coupon that she made before.
    HandOver,
    /// A guide takes one back.
    Void,
    /// A phone syncs.
    Sync,
    /// An old request arrives once more.
    Late,
    /// A till reserves, redeems or reverses.
    Redeem,
    /// A till says an old request once more.
    Replay,
    /// A server acts on what it read of a code before that was redeemed.
    Stale,
    /// A till without a network takes a coupon.
    Offline,
    /// A till tells what it took without a network.
    Upload,
    /// A phone's clock jumps.
    Clock,
    /// A phone is killed and started.
    Restart,
    /// A phone's marks cannot be reached, or again.
    VaultDown,
    /// A phone's marks are gone.
    VaultLost,
    /// A phone's file is copied.
    PhoneBackup,
    /// A phone's file is put back.
    PhoneRestore,
    /// A phone is copied while it waits for codes, and put back once it has given them out.
    Rewound,
    /// A phone's file and key come to lie on a second phone.
    PhoneClone,
    /// HQ changes a budget.
    Budget,
    /// HQ pauses, resumes or ends a campaign.
    State,
    /// HQ changes how many a member may have.
    MemberLimit,
    /// HQ passes a member on.
    HandMember,
    /// HQ revokes a device.
    Revoke,
    /// Hours or days pass, and the server does what has become due.
    Upkeep,
    /// The server's database is copied.
    ServerBackup,
    /// The server's database is put back.
    ServerRestore,
}

const USUAL: [(Event, u32); 26] = [
    (Event::Issue, 28),
    (Event::HandOver, 3),
    (Event::Void, 4),
    (Event::Sync, 24),
    (Event::Late, 3),
    (Event::Redeem, 14),
    (Event::Replay, 2),
    (Event::Stale, 2),
    (Event::Offline, 7),
    (Event::Upload, 4),
    (Event::Clock, 2),
    (Event::Restart, 1),
    (Event::VaultDown, 1),
    (Event::VaultLost, 2),
    (Event::PhoneBackup, 4),
    (Event::PhoneRestore, 4),
    (Event::Rewound, 3),
    (Event::PhoneClone, 3),
    (Event::Budget, 3),
    (Event::State, 3),
    (Event::MemberLimit, 1),
    (Event::HandMember, 2),
    (Event::Revoke, 1),
    (Event::Upkeep, 5),
    (Event::ServerBackup, 2),
    (Event::ServerRestore, 2),
];

/// What happens how often.
#[derive(Clone, Debug)]
pub struct Mix {
    weights: Vec<(Event, u32)>,
}

impl Mix {
    /// Each seed leaves some events out and has more of others, so that rare things meet often in some schedule.
    pub fn shaken(chance: &mut Chance) -> Self {
        let mut weights = USUAL.to_vec();
        for (event, weight) in &mut weights {
            let always = matches!(event, Event::Issue | Event::Sync | Event::Redeem);
            *weight *= if always { 1 } else { *chance.pick(&[0, 1, 1, 3]) };
        }
        Mix { weights }
    }

    /// One event.
    pub fn draw(&self, chance: &mut Chance) -> Event {
        let whole: u32 = self.weights.iter().map(|(_, weight)| weight).sum();
        let mut at = chance.below(whole as usize) as u32;
        for (event, weight) in &self.weights {
            if at < *weight {
                return *event;
            }
            at -= weight;
        }
        Event::Sync
    }
}
