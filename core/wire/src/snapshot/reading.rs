//! Members out of columns; [`members`](super::members) says what lies in them.

use chrono::NaiveDate;
use guidebook_domain::merge::{Cell, Stamp};
use guidebook_domain::{
    Birthday, BrandId, DeviceId, Gender, GuideId, Hlc, MemberId, MemberProfile, MemberState, OperationId, Phone, Private, Purchase,
    PurchaseStats, StoreId, TagGroupId, TagId,
};
use serde_json::Value;
use uuid::Uuid;

use super::SnapshotError;
use super::columns::{ColumnReader, Kind, Reader};
use super::members::{CHOICE_STAMP, SnapshotMember, StampColumns, TAG_STAMP};
use crate::MemberRecord;

/// Reads a chunk.
pub fn read_chunk(chunk: &[u8]) -> Result<Vec<SnapshotMember>, SnapshotError> {
    let mut from = Reader::open(chunk)?;
    let rows = from.rows;
    let mut columns = MemberColumns::take(&mut from)?;
    let mut members = Vec::with_capacity(rows);
    for _ in 0..rows {
        members.push(columns.member()?);
    }
    for (name, column) in from.rest() {
        keep_unknown(&mut members, &name, column)?;
    }
    Ok(members)
}

/// A column of a newer version becomes a field of [`MemberRecord::extra`]. One that lies below a field (`a.b`) has rows
/// of its own and cannot be told apart here.
fn keep_unknown(members: &mut [SnapshotMember], name: &str, mut column: ColumnReader) -> Result<(), SnapshotError> {
    if name.contains('.') {
        return Err(SnapshotError::Newer);
    }
    for member in members {
        let value = match column.kind() {
            Kind::Text => Some(column.text()?).filter(|text| !text.is_empty()).map(Value::from),
            Kind::Int => Some(Value::from(column.int()?)),
            Kind::Dict => column.dict()?.map(Value::from),
            Kind::Id => Some(Value::from(Uuid::from_bytes(column.id()?).to_string())),
            Kind::Json => {
                let text = column.text()?;
                let bad = |_| SnapshotError::Malformed("JSON");
                if text.is_empty() { None } else { Some(serde_json::from_str(text).map_err(bad)?) }
            }
        };
        member.record.extra.0.extend(value.map(|value| (name.to_owned(), value)));
    }
    Ok(())
}

/// A column that may be missing: then every row has the value of a member of whom nothing is known.
struct Maybe(Option<ColumnReader>);

impl Maybe {
    fn int(&mut self) -> Result<i64, SnapshotError> {
        self.0.as_mut().map_or(Ok(0), ColumnReader::int)
    }

    fn number<T: TryFrom<i64>>(&mut self) -> Result<T, SnapshotError> {
        T::try_from(self.int()?).map_err(|_| SnapshotError::Malformed("number"))
    }

    fn day(&mut self) -> Result<Option<NaiveDate>, SnapshotError> {
        let number: i32 = self.number()?;
        let day = || NaiveDate::from_num_days_from_ce_opt(number).ok_or(SnapshotError::Malformed("day"));
        if number == 0 { Ok(None) } else { day().map(Some) }
    }

    fn text(&mut self) -> Result<&str, SnapshotError> {
        self.0.as_mut().map_or(Ok(""), ColumnReader::text)
    }

    fn json<T: serde::de::DeserializeOwned + Default>(&mut self) -> Result<T, SnapshotError> {
        match self.text()? {
            "" => Ok(T::default()),
            text => serde_json::from_str(text).map_err(|_| SnapshotError::Malformed("JSON")),
        }
    }

    fn dict(&mut self) -> Result<Option<&str>, SnapshotError> {
        self.0.as_mut().map_or(Ok(None), ColumnReader::dict)
    }

    fn id(&mut self) -> Result<[u8; 16], SnapshotError> {
        self.0.as_mut().map_or(Err(SnapshotError::Malformed("id")), ColumnReader::id)
    }
}

/// A short list of checked values: each is parsed once, not once a row.
struct Listed<T> {
    column: Option<ColumnReader>,
    values: Vec<T>,
}

impl<T: Clone + std::str::FromStr> Listed<T> {
    fn take(from: &mut Reader, name: &str) -> Result<Self, SnapshotError> {
        let column = from.take(name, Kind::Dict)?;
        let parse = |text: &str| text.parse().map_err(|_| SnapshotError::Malformed("id"));
        let values = column.iter().flat_map(ColumnReader::entries).map(parse).collect::<Result<_, _>>()?;
        Ok(Listed { column, values })
    }

    fn next(&mut self) -> Result<Option<T>, SnapshotError> {
        let Some(column) = &mut self.column else { return Ok(None) };
        Ok(column.index()?.map(|index| self.values[index].clone()))
    }

    fn must(&mut self) -> Result<T, SnapshotError> {
        self.next()?.ok_or(SnapshotError::Malformed("id"))
    }
}

struct StampReader {
    hlc: Maybe,
    device: Listed<DeviceId>,
    op: Maybe,
    guide: Listed<GuideId>,
}

impl StampReader {
    fn take(from: &mut Reader, [hlc, device, op, guide]: &StampColumns) -> Result<Self, SnapshotError> {
        Ok(StampReader {
            hlc: Maybe(from.take(hlc, Kind::Int)?),
            device: Listed::take(from, device)?,
            op: Maybe(from.take(op, Kind::Id)?),
            guide: Listed::take(from, guide)?,
        })
    }

    fn next(&mut self) -> Result<Stamp, SnapshotError> {
        Ok(Stamp {
            hlc: Hlc::from_bits(self.hlc.int()? as u64),
            device: self.device.must()?,
            op: OperationId::from_uuid(Uuid::from_bytes(self.op.id()?)),
            guide: self.guide.must()?,
        })
    }
}

/// The columns that this version knows.
struct MemberColumns {
    position: Maybe,
    id: Maybe,
    name: Maybe,
    phone: Maybe,
    gender: Maybe,
    birthday: Maybe,
    joined: Maybe,
    level: Maybe,
    points: Maybe,
    store: Listed<StoreId>,
    brands: Maybe,
    brand: Listed<BrandId>,
    consent: Maybe,
    stats: StatsColumns,
    tags: Maybe,
    tag: Listed<TagId>,
    on: Maybe,
    tag_stamp: StampReader,
    choices: Maybe,
    group: Listed<TagGroupId>,
    chosen: Listed<TagId>,
    choice_stamp: StampReader,
    state: Maybe,
    months: Maybe,
    due_again: Maybe,
    extra: Maybe,
}

struct StatsColumns {
    orders: Maybe,
    spend: Maybe,
    first: Maybe,
    last: Maybe,
    recent: Maybe,
    day: Maybe,
    product: Maybe,
    quantity: Maybe,
    paid: Maybe,
}

impl MemberColumns {
    fn take(from: &mut Reader) -> Result<Self, SnapshotError> {
        let mut int = |name: &str| from.take(name, Kind::Int).map(Maybe);
        let (position, gender, birthday, joined) = (int("position")?, int("gender")?, int("birthday")?, int("joined")?);
        let (points, brands, consent, tags) = (int("points")?, int("brands")?, int("consent")?, int("tags")?);
        let (on, choices) = (int("tags.on")?, int("choices")?);
        let stats = StatsColumns {
            orders: int("orders")?,
            spend: int("spend")?,
            first: int("first")?,
            last: int("last")?,
            recent: int("recent")?,
            day: int("recent.day")?,
            quantity: int("recent.quantity")?,
            paid: int("recent.paid")?,
            product: Maybe(from.take("recent.product", Kind::Dict)?),
        };
        let mut text = |name: &str, kind: Kind| from.take(name, kind).map(Maybe);
        Ok(MemberColumns {
            id: text("id", Kind::Text)?,
            name: text("name", Kind::Text)?,
            phone: text("phone", Kind::Text)?,
            level: text("level", Kind::Dict)?,
            state: text("state", Kind::Json)?,
            months: text("months", Kind::Json)?,
            due_again: text("due_again", Kind::Json)?,
            extra: text("extra", Kind::Json)?,
            store: Listed::take(from, "store")?,
            brand: Listed::take(from, "brands.id")?,
            tag: Listed::take(from, "tags.id")?,
            tag_stamp: StampReader::take(from, &TAG_STAMP)?,
            group: Listed::take(from, "choices.group")?,
            chosen: Listed::take(from, "choices.tag")?,
            choice_stamp: StampReader::take(from, &CHOICE_STAMP)?,
            position,
            gender,
            birthday,
            joined,
            points,
            brands,
            consent,
            stats,
            tags,
            on,
            choices,
        })
    }

    fn member(&mut self) -> Result<SnapshotMember, SnapshotError> {
        let position = self.position.number()?;
        let id = MemberId::new(self.id.text()?).map_err(|_| SnapshotError::Malformed("id"))?;
        let profile = self.profile()?;
        let state = self.state()?;
        let mut record = MemberRecord::new(id, profile, state);
        record.months = self.months.json()?;
        record.due_again = self.due_again.json()?;
        record.extra = self.extra.json()?;
        Ok(SnapshotMember { position, record })
    }

    fn profile(&mut self) -> Result<MemberProfile, SnapshotError> {
        let name = Private::new(self.name.text()?);
        let phone = match self.phone.text()? {
            "" => None,
            text => Some(Phone::parse(text).map_err(|_| SnapshotError::Malformed("phone"))?),
        };
        let gender = match self.gender.int()? {
            1 => Some(Gender::Female),
            2 => Some(Gender::Male),
            _ => None,
        };
        let birthday = match self.birthday.int()? {
            0 => None,
            number => Some(birthday(number)?),
        };
        let joined = self.joined.day()?;
        let level = self.level.dict()?.unwrap_or_default().to_owned();
        let (points, store) = (self.points.int()?, self.store.next()?);
        let brands = (0..self.brands.number::<u32>()?).map(|_| self.brand.must()).collect::<Result<_, _>>()?;
        let marketing_consent = self.consent.int()? != 0;
        let stats = self.stats.next()?;
        Ok(MemberProfile { name, phone, gender, birthday, joined, level, points, store, brands, marketing_consent, stats })
    }

    fn state(&mut self) -> Result<MemberState, SnapshotError> {
        let mut state: MemberState = self.state.json()?;
        for _ in 0..self.tags.number::<u32>()? {
            let (tag, value) = (self.tag.must()?, self.on.int()? != 0);
            state.tags.insert(tag, Cell { value, stamp: self.tag_stamp.next()? });
        }
        for _ in 0..self.choices.number::<u32>()? {
            let (group, value) = (self.group.must()?, self.chosen.next()?);
            state.choices.insert(group, Cell { value, stamp: self.choice_stamp.next()? });
        }
        Ok(state)
    }
}

impl StatsColumns {
    fn next(&mut self) -> Result<PurchaseStats, SnapshotError> {
        let (orders, spend_fen) = (self.orders.number()?, self.spend.int()?);
        let (first, last) = (self.first.day()?, self.last.day()?);
        let mut recent = Vec::new();
        for _ in 0..self.recent.number::<u32>()? {
            recent.push(Purchase {
                day: self.day.day()?.ok_or(SnapshotError::Malformed("day"))?,
                product: self.product.dict()?.unwrap_or_default().to_owned(),
                quantity: self.quantity.number()?,
                paid_fen: self.paid.int()?,
            });
        }
        Ok(PurchaseStats { orders, spend_fen, first, last, recent })
    }
}

fn birthday(number: i64) -> Result<Birthday, SnapshotError> {
    let (year, month, day) = (number / 512, number / 32 % 16, number % 32);
    let text = if year == 0 { format!("--{month:02}-{day:02}") } else { format!("{year:04}-{month:02}-{day:02}") };
    Birthday::parse(&text).map_err(|_| SnapshotError::Malformed("birthday"))
}
