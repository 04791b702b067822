//! One phone at work: edits and rounds, without a pause, whatever befalls its process, its disk and its network.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::Value;

use super::store::Shared;
use crate::phone::Phone;
use crate::phone_command::Command;
use crate::simulation::chance::Chance;

/// A guide's phone and what it has acknowledged.
pub struct Book {
    /// Which guide.
    pub n: usize,
    /// Her phone.
    pub phone: Phone,
    chance: Chance,
    members: Vec<String>,
    tags: Vec<String>,
    /// Edits that the phone has acknowledged.
    pub acknowledged: Vec<String>,
    /// How often the phone said what, rounds and edits apart.
    pub said: BTreeMap<String, u32>,
}

impl Book {
    /// A phone that is enrolled.
    pub fn new(n: usize, phone: Phone, chance: Chance) -> Book {
        Book { n, phone, chance, members: Vec::new(), tags: Vec::new(), acknowledged: Vec::new(), said: BTreeMap::new() }
    }

    /// Gives a command; a phone that is gone is started and unlocked again.
    pub fn tell(&mut self, command: &Command, shared: &Shared) -> Result<Value, String> {
        let answer = self.phone.tell(command);
        let gone = answer.as_ref().is_err_and(|error| error == "gone" || error == "Locked");
        if gone && self.phone.kill_and_restart().is_ok() {
            shared.pids[self.n].store(self.phone.pid(), Ordering::SeqCst);
            let unlocked = self.phone.tell(&Command::Unlock);
            self.count("unlock", &unlocked);
        }
        answer
    }

    fn count(&mut self, what: &str, answer: &Result<Value, String>) {
        let word = answer.as_ref().map_or_else(|error| error.split([' ', '{']).next().unwrap_or_default(), |_| "ok");
        *self.said.entry(format!("{what} {word}")).or_default() += 1;
    }

    fn edit(&mut self, shared: &Shared) {
        if self.members.is_empty() || self.chance.percent(5) {
            self.look_around(shared);
        }
        if self.members.is_empty() {
            return;
        }
        let member = self.chance.pick(&self.members).clone();
        let text = format!("{:x}", self.chance.number());
        let command = match self.chance.below(10) {
            0..=3 => Command::Note { member, text },
            4..=6 if !self.tags.is_empty() => {
                Command::SetTag { member, tag: self.chance.pick(&self.tags).clone(), on: self.chance.percent(60) }
            }
            7 => Command::WalkIn { name: "赵敏".to_owned(), phone: format!("139{:08}", self.chance.below(40)) },
            _ => Command::Preferences { member, text },
        };
        let answer = self.tell(&command, shared);
        self.count("edit", &answer);
        if let Ok(answer) = answer {
            let id = if answer.is_object() { &answer["edit"] } else { &answer };
            self.acknowledged.extend(id.as_str().map(str::to_owned));
        }
    }

    fn look_around(&mut self, shared: &Shared) {
        let ids = |rows: &Value| rows.as_array().into_iter().flatten().filter_map(|row| Some(row["id"].as_str()?.to_owned())).collect();
        if let Ok(page) = self.tell(&Command::List { text: String::new(), tags: String::new(), offset: 0 }, shared) {
            self.members = ids(&page["rows"]);
        }
        if let Ok(groups) = self.tell(&Command::TagGroups, shared) {
            let editable = groups.as_array().into_iter().flatten().filter(|group| group["editable"] == true);
            self.tags = editable.flat_map(|group| -> Vec<String> { ids(&group["tags"]) }).collect();
        }
    }

    /// A round.
    pub fn sync(&mut self, shared: &Shared) -> Result<Value, String> {
        let answer = self.tell(&Command::Sync, shared);
        self.count("round", &answer);
        answer
    }
}

/// Works until it is over.
pub fn works(mut book: Book, shared: &Shared, over: &AtomicBool) -> Book {
    while !over.load(Ordering::SeqCst) {
        let edits = book.chance.below(6);
        (0..edits).for_each(|_| book.edit(shared));
        let _ = book.sync(shared);
        std::thread::sleep(Duration::from_millis(20 + book.chance.number() % 200));
    }
    book
}
