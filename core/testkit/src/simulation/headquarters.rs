//! What headquarters does meanwhile: the dictionary, an import, a device revoked.
//! Each may meet a server that dies at a write.

use std::collections::BTreeSet;
use std::io::Cursor;

use guidebook_domain::{Tag, TagFate, TagGroupId, TagId};
use guidebook_server::db::{DatabaseExt, Write};
use guidebook_server::error::{ServerError, ServiceError};
use guidebook_server::failpoint;
use guidebook_server::hq::devices;
use guidebook_server::import::import_file;
use guidebook_server::import::read::{Format, Table};

use super::network::is_asked_for;
use super::truth::ExportRow;
use super::world::{GUIDES, MEMBERS, MOST_MEMBERS, TAGS, World, guide_id, member_id, phone_number, tag_id, text};

/// The header of HQ's members.
const HEADER: &str = "member_no,name,phone,gender,birthday,joined,level,points,guide,store,brands,tags,marketing_consent";

/// HQ renames, merges or deletes a tag, or brings it back.
pub fn dictionary(world: &mut World) -> Result<(), String> {
    let tag = TAGS[world.chance.below(TAGS.len())];
    let fate = match world.chance.below(3) {
        1 if tag != TAGS[0] => TagFate::MergedInto(tag_id(TAGS[0])),
        2 if tag != TAGS[0] => TagFate::Deleted,
        _ => TagFate::Live,
    };
    let name = format!("{tag} renamed {}", world.chance.below(10));
    let row = Tag { id: tag_id(tag), group: TagGroupId::new("likes").expect("an id"), name, fate: fate.clone() };
    let tenant = world.tenant.clone();
    let done = risking_death(world, |world| {
        let put = world.db.writing(Write::Tags, |tx| {
            let position = tx.next_catalogue_position(&tenant)?;
            tx.put_tag(&tenant, &row, position)
        });
        put.map_err(|error: ServerError| error.into())
    })?;
    if done.is_some() {
        world.truth.tag_becomes(tag_id(tag), fate);
    }
    Ok(())
}

/// HQ's export with some rows changed; one of its numbers may be a walk-in's.
pub fn import(world: &mut World) -> Result<(), String> {
    let rows: Vec<ExportRow> =
        (0..MOST_MEMBERS).filter(|_| world.chance.percent(40)).collect::<Vec<_>>().into_iter().map(|n| row(world, n)).collect();
    let lines: Vec<String> = rows.iter().map(line).collect();
    let file = format!("{HEADER}\n{}\n", lines.join("\n"));
    let (tenant, now_ms, random) = (world.tenant.clone(), world.now_ms, world.chance.bytes());
    // Its transactions: the run, one batch, the end. It dies before or after the commit of one of them, or not at all.
    let dies = world.chance.percent(25).then(|| world.chance.below(6) as u32);
    failpoint::arm(dies);
    let made = import_file(&world.db, &tenant, Table::Members, Format::Csv, Cursor::new(file.into_bytes()), random, now_ms);
    failpoint::arm(None);
    world.server_changed = true;
    let taken = match made {
        Ok(report) if report.refused_count > 0 => return Err(format!("the importer refuses a good row: {:?}", report.refused)),
        Ok(_) => true,
        Err(ServiceError::Server(ServerError::OnRequest(_))) => dies >= Some(3),
        Err(error) => return Err(text(error)),
    };
    if taken {
        rows.iter().for_each(|row| world.truth.imports(row, now_ms));
    }
    Ok(())
}

fn row(world: &mut World, n: usize) -> ExportRow {
    let guide = world.chance.percent(60).then(|| guide_id(world.chance.below(GUIDES)));
    let number = if world.chance.percent(70) { n } else { world.chance.below(MEMBERS + 3) };
    let tags: BTreeSet<TagId> = TAGS.iter().filter(|_| world.chance.percent(35)).map(|tag| tag_id(tag)).collect();
    ExportRow { member: member_id(n), phone: phone_number(number), guide, tags }
}

fn line(row: &ExportRow) -> String {
    let tags: Vec<String> = row.tags.iter().map(|tag| format!("likes/{tag}")).collect();
    let guide = row.guide.as_ref().map_or("", |guide| guide.as_str());
    format!("{},x,{},,,,,0,{guide},S1,,{},", row.member, row.phone.expose(), tags.join(";"))
}

/// HQ revokes the device of a phone.
pub fn revoke(world: &mut World, phone: usize) -> Result<(), String> {
    let (tenant, device, now_ms) = (world.tenant.clone(), world.phones[phone].who.device, world.now_ms);
    let done = risking_death(world, |world| devices::revoke(&world.db, &tenant, device, now_ms))?;
    if done.is_some() {
        world.truth.revokes(device, now_ms);
    }
    Ok(())
}

/// Runs one transaction of HQ's at a server that may die at it. `None`: nothing was committed; `Some(None)`: it was, and
/// the answer is lost.
pub fn risking_death<T>(world: &mut World, work: impl FnOnce(&World) -> Result<T, ServiceError>) -> Result<Option<Option<T>>, String> {
    let dies = (!world.calm && world.chance.percent(10)).then(|| world.chance.below(2) as u32);
    failpoint::arm(dies);
    let made = work(world);
    failpoint::arm(None);
    world.server_changed = true;
    match made {
        Ok(value) => Ok(Some(Some(value))),
        Err(ServiceError::Server(ServerError::OnRequest(at))) => Ok(at.ends_with("after_commit").then_some(None)),
        Err(ServiceError::Server(error)) if is_asked_for(&error) => Ok(None),
        Err(ServiceError::Refused(_)) => Ok(None),
        Err(error) => Err(text(error)),
    }
}
