//! What happens how often in a schedule.

use super::chance::Chance;

/// Something that may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A guide edits a member or enrols a walk-in.
    Edit,
    /// A guide takes an edit back.
    Undo,
    /// A guide names a tag of her own, or puts it on a member.
    PersonalTag,
    /// A phone syncs.
    Sync,
    /// An old request arrives once more.
    Late,
    /// A phone's clock jumps.
    Clock,
    /// HQ renames, merges or deletes a tag.
    Dictionary,
    /// HQ lets a guide serve a member, or passes members on.
    Ownership,
    /// A guide leaves and another takes her members.
    Resign,
    /// A guide, or a guide's serving a member, gets a last day or loses it.
    LastDay,
    /// A customer refuses to pass to another guide.
    Refuse,
    /// Up to thirty hours pass, and the server does what has become due.
    Upkeep,
    /// HQ's export is imported, with changes.
    Import,
    /// HQ revokes a device.
    Revoke,
    /// A phone is killed and started.
    Restart,
    /// A phone's disk fills up, or is cleared.
    PhoneDisk,
    /// A phone's file is copied.
    PhoneBackup,
    /// A phone's file is put back.
    PhoneRestore,
    /// A phone's file, and its key, come to lie on a second phone.
    PhoneClone,
    /// The server's database is copied.
    ServerBackup,
    /// The server's database is put back.
    ServerRestore,
    /// A theme's: see [`super::straits`].
    Midnight,
    /// A theme's.
    FillsUp,
    /// A theme's.
    RestoresInARow,
    /// A theme's.
    GivesUp,
    /// A theme's.
    OneMoment,
}

/// What takes several rare things in a row comes again and again in seeds whose theme it is, and in no others.
const THEMES: [Event; 5] = [Event::Midnight, Event::FillsUp, Event::RestoresInARow, Event::GivesUp, Event::OneMoment];
/// So many seeds have one theme: a quarter has any.
const SEEDS_A_THEME: usize = 20;
/// How often it comes there: about once or twice in a schedule.
const THEME_WEIGHT: u32 = 8;

const USUAL: [(Event, u32); 21] = [
    (Event::Edit, 36),
    (Event::Undo, 4),
    (Event::PersonalTag, 3),
    (Event::Sync, 30),
    (Event::Late, 4),
    (Event::Clock, 2),
    (Event::Dictionary, 3),
    (Event::Ownership, 4),
    (Event::Resign, 1),
    (Event::LastDay, 2),
    (Event::Refuse, 1),
    (Event::Upkeep, 3),
    (Event::Import, 3),
    (Event::Revoke, 1),
    (Event::Restart, 1),
    (Event::PhoneDisk, 2),
    (Event::PhoneBackup, 2),
    (Event::PhoneRestore, 2),
    (Event::PhoneClone, 1),
    (Event::ServerBackup, 2),
    (Event::ServerRestore, 2),
];

/// What happens how often.
#[derive(Clone, Debug)]
pub struct Mix {
    weights: Vec<(Event, u32)>,
    /// What the seed has for a theme.
    pub theme: Option<Event>,
}

impl Mix {
    /// What a schedule is made of.
    pub fn usual() -> Self {
        Mix { weights: USUAL.to_vec(), theme: None }
    }

    /// Each seed leaves some events out and has more of others, so that rare things meet often in some schedule.
    pub fn shaken(mut self, chance: &mut Chance) -> Self {
        for (event, weight) in &mut self.weights {
            let times = if matches!(event, Event::Edit | Event::Sync) { 1 } else { *chance.pick(&[0, 1, 1, 3]) };
            *weight *= times;
        }
        self.theme = THEMES.get(chance.below(SEEDS_A_THEME)).copied();
        self.weights.extend(self.theme.map(|theme| (theme, THEME_WEIGHT)));
        self
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
