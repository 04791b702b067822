//! Rows of members, the dictionary and aliases: SQL beside its function.

use guidebook_domain::coupon::Campaign;
use guidebook_domain::{MemberId, Tag, TagGroup};
use guidebook_wire::{DirectoryRecord, MemberRecord};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::StoreError;
use crate::side_by_side::side_by_side;
use crate::vault::Vault;

/// A member's row.
pub(crate) struct MemberRow {
    pub record: MemberRecord,
    pub touched_ms: i64,
    pub position: u64,
}

/// Where a member's row comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    /// Counts the times that the feed was taken from the beginning.
    pub generation: i64,
    /// Her position in the feed, 0 for one whom no server has told of.
    pub position: u64,
}

/// A member's row as it lies in the file.
pub(crate) struct SealedRow {
    sealed: Vec<u8>,
    touched_ms: i64,
    position: u64,
}

impl SealedRow {
    pub fn open(self, vault: &Vault, id: &MemberId) -> Result<MemberRow, StoreError> {
        let SealedRow { sealed, touched_ms, position } = self;
        Ok(MemberRow { record: vault.open("member", id.as_str(), &sealed)?, touched_ms, position })
    }
}

pub(crate) fn sealed_member(conn: &Connection, id: &MemberId) -> Result<Option<SealedRow>, StoreError> {
    let mut query = conn.prepare_cached("SELECT sealed, touched_ms, position FROM member WHERE id = ?1")?;
    let row = |row: &rusqlite::Row<'_>| Ok(SealedRow { sealed: row.get(0)?, touched_ms: row.get(1)?, position: row.get(2)? });
    Ok(query.query_row([id.as_str()], row).optional()?)
}

pub(crate) fn member(conn: &Connection, vault: &Vault, id: &MemberId) -> Result<Option<MemberRow>, StoreError> {
    sealed_member(conn, id)?.map(|row| row.open(vault, id)).transpose()
}

/// Calls `each` with every member, in ascending order of id.
pub(crate) fn each_member(
    conn: &Connection,
    vault: &Vault,
    mut each: impl FnMut(MemberRow) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut query = conn.prepare_cached("SELECT id, sealed, touched_ms, position FROM member ORDER BY id")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let id = row.get_ref(0)?.as_str().map_err(|_| StoreError::Damaged("member"))?;
        let sealed = row.get_ref(1)?.as_blob().map_err(|_| StoreError::Damaged("member"))?;
        each(MemberRow { record: vault.open("member", id, sealed)?, touched_ms: row.get(2)?, position: row.get(3)? })?;
    }
    Ok(())
}

/// A member's record, ready to be written down.
pub(crate) struct SealedMember<'r> {
    id: &'r str,
    sealed: Vec<u8>,
    phone_hash: Option<[u8; 16]>,
}

impl<'r> SealedMember<'r> {
    pub fn of(vault: &Vault, record: &'r MemberRecord) -> Result<Self, StoreError> {
        let id = record.id.as_str();
        let phone_hash = record.profile.phone.as_ref().map(|phone| vault.phone_hash(phone));
        Ok(SealedMember { id, sealed: vault.seal("member", id, record)?, phone_hash })
    }

    /// Many at once, in their order.
    pub fn all(vault: &Vault, records: impl Iterator<Item = &'r MemberRecord>) -> Result<Vec<Self>, StoreError> {
        side_by_side(records.collect(), |record| SealedMember::of(vault, record)).into_iter().collect()
    }
}

/// Adds a member or replaces her record; when she was last touched by the guide stays.
pub(crate) fn put_member(tx: &Transaction<'_>, member: &SealedMember<'_>, origin: Origin, touched_ms: i64) -> Result<(), StoreError> {
    let SealedMember { id, sealed, phone_hash } = member;
    tx.prepare_cached(
        "INSERT INTO member (id, generation, touched_ms, sealed, position) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET generation = excluded.generation, sealed = excluded.sealed, position = excluded.position",
    )?
    .execute(params![id, origin.generation, touched_ms, sealed, origin.position])?;
    tx.prepare_cached("DELETE FROM member_phone WHERE member = ?1")?.execute([id])?;
    put_phone(tx, id, phone_hash)
}

/// Replaces the record of a member whom the book has and whose phone is what it was.
pub(crate) fn replace_record(tx: &Transaction<'_>, member: &SealedMember<'_>, origin: Origin) -> Result<(), StoreError> {
    let SealedMember { id, sealed, .. } = member;
    tx.prepare_cached("UPDATE member SET generation = ?2, sealed = ?3, position = ?4 WHERE id = ?1")?.execute(params![
        id,
        origin.generation,
        sealed,
        origin.position
    ])?;
    Ok(())
}

/// Adds a member of whom the book has nothing, which is quicker.
pub(crate) fn add_member(tx: &Transaction<'_>, member: &SealedMember<'_>, origin: Origin) -> Result<(), StoreError> {
    let SealedMember { id, sealed, phone_hash } = member;
    tx.prepare_cached("INSERT INTO member (id, generation, touched_ms, sealed, position) VALUES (?1, ?2, 0, ?3, ?4)")?.execute(params![
        id,
        origin.generation,
        sealed,
        origin.position
    ])?;
    put_phone(tx, id, phone_hash)
}

fn put_phone(tx: &Transaction<'_>, id: &str, hash: &Option<[u8; 16]>) -> Result<(), StoreError> {
    let Some(hash) = hash else { return Ok(()) };
    tx.prepare_cached("INSERT INTO member_phone (hash, member) VALUES (?1, ?2)")?.execute(params![hash, id])?;
    Ok(())
}

pub(crate) fn delete_member(tx: &Transaction<'_>, id: &MemberId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM member_phone WHERE member = ?1")?.execute([id.as_str()])?;
    tx.prepare_cached("DELETE FROM member WHERE id = ?1")?.execute([id.as_str()])?;
    Ok(())
}

/// Members left over from before the feed was taken from the beginning.
pub(crate) fn members_before(conn: &Connection, generation: i64) -> Result<Vec<MemberId>, StoreError> {
    let mut query = conn.prepare_cached("SELECT id FROM member WHERE generation < ?1 ORDER BY id")?;
    let rows = query.query_map([generation], |row| row.get::<_, String>(0))?;
    rows.map(|id| MemberId::new(id?).map_err(|_| StoreError::Damaged("member"))).collect()
}

pub(crate) fn touch_member(tx: &Transaction<'_>, id: &MemberId, now_ms: u64) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE member SET touched_ms = ?2 WHERE id = ?1")?.execute(params![id.as_str(), now_ms as i64])?;
    Ok(())
}

/// The members with this phone number.
pub(crate) fn members_by_phone(conn: &Connection, hash: [u8; 16]) -> Result<Vec<MemberId>, StoreError> {
    let mut query = conn.prepare_cached("SELECT member FROM member_phone WHERE hash = ?1 ORDER BY member")?;
    let rows = query.query_map([hash.as_slice()], |row| row.get::<_, String>(0))?;
    rows.map(|id| MemberId::new(id?).map_err(|_| StoreError::Damaged("member"))).collect()
}

pub(crate) fn put_alias(tx: &Transaction<'_>, loser: &MemberId, winner: &MemberId) -> Result<(), StoreError> {
    tx.execute("INSERT OR REPLACE INTO alias (loser, winner) VALUES (?1, ?2)", [loser.as_str(), winner.as_str()])?;
    tx.execute("DELETE FROM alias WHERE loser = ?1", [winner.as_str()])?;
    Ok(())
}

/// The member is herself again: an undone merge.
pub(crate) fn delete_alias(tx: &Transaction<'_>, id: &MemberId) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM alias WHERE loser = ?1")?.execute([id.as_str()])?;
    Ok(())
}

pub(crate) fn aliases(conn: &Connection) -> Result<Vec<(MemberId, MemberId)>, StoreError> {
    let mut query = conn.prepare_cached("SELECT loser, winner FROM alias")?;
    let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let id = |text| MemberId::new(text).map_err(|_| StoreError::Damaged("alias"));
    rows.map(|row| row.map_err(StoreError::from).and_then(|(l, w)| Ok((id(l)?, id(w)?)))).collect()
}

/// An entry of the dictionary.
pub(crate) enum Entry {
    Group(TagGroup),
    Tag(Tag),
    Campaign(Box<Campaign>),
    Directory(DirectoryRecord),
}

pub(crate) fn put_entry(tx: &Transaction<'_>, vault: &Vault, entry: &Entry) -> Result<(), StoreError> {
    let (kind, id, sealed) = match entry {
        Entry::Group(group) => ("group", group.id.as_str(), vault.seal("group", group.id.as_str(), group)?),
        Entry::Tag(tag) => ("tag", tag.id.as_str(), vault.seal("tag", tag.id.as_str(), tag)?),
        Entry::Campaign(campaign) => ("campaign", campaign.id.as_str(), vault.seal("campaign", campaign.id.as_str(), campaign)?),
        Entry::Directory(directory) => ("directory", "", vault.seal("directory", "", directory)?),
    };
    tx.prepare_cached("INSERT OR REPLACE INTO dictionary (kind, id, sealed) VALUES (?1, ?2, ?3)")?.execute(params![kind, id, sealed])?;
    Ok(())
}

pub(crate) fn entries(conn: &Connection, vault: &Vault) -> Result<Vec<Entry>, StoreError> {
    let mut query = conn.prepare_cached("SELECT kind, id, sealed FROM dictionary")?;
    let mut rows = query.query([])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let (kind, id, sealed): (String, String, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        entries.push(match kind.as_str() {
            "group" => Entry::Group(vault.open("group", &id, &sealed)?),
            "tag" => Entry::Tag(vault.open("tag", &id, &sealed)?),
            "campaign" => Entry::Campaign(vault.open("campaign", &id, &sealed)?),
            "directory" => Entry::Directory(vault.open("directory", &id, &sealed)?),
            _ => return Err(StoreError::Damaged("dictionary")),
        });
    }
    Ok(entries)
}
