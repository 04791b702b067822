//! The end: everything is whole, everyone syncs, and nothing is lost, doubled or unequal.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use guidebook_domain::TagId;
use reqwest::Method;
use serde_json::Value;

use super::Failure;
use super::guide::Book;
use super::store::GUIDES;
use crate::headquarters::Headquarters;
use crate::phone_command::Command;

/// A phone has so long to get rid of what waits.
const WITHIN: Duration = Duration::from_secs(300);

/// Holds or fails; prints what was seen.
pub fn holds(mut books: Vec<Book>, hq: &Headquarters) -> Result<(), Failure> {
    for _ in 0..2 {
        for book in &mut books {
            syncs_to_the_end(book)?;
        }
    }
    let mut told: BTreeMap<String, u32> = BTreeMap::new();
    for change in hq.changes()? {
        if let Some(op) = change["op"].as_str() {
            *told.entry(op.to_owned()).or_default() += 1;
        }
    }
    if let Some((op, times)) = told.iter().find(|(_, times)| **times > 1) {
        return Err(format!("edit {op} stands {times} times in the change feed").into());
    }
    for book in &mut books {
        let lost = book.acknowledged.iter().filter(|op| !told.contains_key(*op)).count();
        let said: Vec<String> = book.said.iter().map(|(what, count)| format!("{what} {count}")).collect();
        println!("{}: {} edits acknowledged, {lost} lost; {}", GUIDES[book.n], book.acknowledged.len(), said.join(", "));
        if lost > 0 {
            return Err(format!("{lost} acknowledged edits of {} are lost", GUIDES[book.n]).into());
        }
        digests_agree(book, hq)?;
    }
    println!("{} edits at headquarters, each once; all digests agree", told.len());
    Ok(())
}

fn syncs_to_the_end(book: &mut Book) -> Result<(), Failure> {
    let ends = Instant::now() + WITHIN;
    let (mut last, mut unlocked) = (Ok(Value::Null), Ok(Value::Null));
    while Instant::now() < ends {
        last = book.phone.tell(&Command::Sync);
        if last.is_ok() && book.phone.tell(&Command::SyncState)?["waiting"] == 0 {
            return Ok(());
        }
        // Killed in the last moment.
        if book.phone.tell(&Command::State).is_err() {
            book.phone.kill_and_restart()?;
        }
        unlocked = book.phone.tell(&Command::Unlock);
        std::thread::sleep(Duration::from_millis(500));
    }
    Err(format!("{} does not come to an end: {last:?}, unlocked {unlocked:?}", GUIDES[book.n]).into())
}

fn digests_agree(book: &mut Book, hq: &Headquarters) -> Result<(), Failure> {
    let guide = GUIDES[book.n];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let groups = book.phone.tell(&Command::TagGroups)?;
    let tags = groups.as_array().into_iter().flatten().flat_map(|group| group["tags"].as_array().cloned().unwrap_or_default());
    let seen: BTreeSet<TagId> = tags.filter_map(|tag| text(&tag["id"]).parse().ok()).collect();
    let on_phone = text(&book.phone.tell(&Command::Digest)?);
    let on_server = text(&hq.send(Method::GET, &format!("/hq/v1/guides/{guide}/digest"), None)?["digest"]);
    let at_hq = hq.digest_of(guide, &seen)?;
    if on_phone.is_empty() || on_phone != on_server || on_phone != at_hq {
        return Err(format!("{guide}: the digests differ: phone {on_phone}, server {on_server}, headquarters {at_hq}").into());
    }
    Ok(())
}
