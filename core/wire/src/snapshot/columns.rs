//! Columns: how lists of one kind of value lie side by side in a chunk. Each names itself and its kind, so that a
//! reader finds the next one without knowing this one; each that is worth it is compressed on its own.
//!
//! Layout of a chunk, integers as LEB128: `GBS1`, rows, columns; for each column its name (length, bytes), kind (one
//! byte), compressed or not (one byte), raw length, stored length; then the bodies in the same order.

use std::collections::{BTreeMap, HashMap};

use super::SnapshotError;

const MAGIC: &[u8; 4] = b"GBS1";
/// Smaller bodies lie as they are.
const WORTH_PACKING: usize = 64;
const ZSTD_LEVEL: i32 = 3;
/// The longest column, in bytes, before compression.
const LONGEST_COLUMN: usize = 16 << 20;
/// The longest chunk, in bytes, before compression.
const LONGEST_CHUNK: usize = 64 << 20;
/// The most rows and columns of a chunk.
const MOST_ROWS: usize = 20_000;
const MOST_COLUMNS: usize = 256;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Texts: lengths, then bytes. Empty stands for none.
    Text = 1,
    /// Signed integers, each as its difference from the one before, zigzag.
    Int = 2,
    /// Texts from a short list: the list, then an index for each; 0 stands for none.
    Dict = 3,
    /// Sixteen bytes each, byte by byte: all first bytes, all second bytes…
    Id = 4,
    /// JSON texts, as `Text`.
    Json = 5,
}

impl Kind {
    fn of(byte: u8) -> Option<Kind> {
        [Kind::Text, Kind::Int, Kind::Dict, Kind::Id, Kind::Json].into_iter().find(|kind| *kind as u8 == byte)
    }
}

/// Columns being written.
#[derive(Default)]
pub struct Writer {
    columns: BTreeMap<&'static str, Column>,
}

enum Column {
    Text(Kind, Vec<u8>, Vec<u8>),
    Int(Vec<u8>, i64),
    Dict(HashMap<String, u64>, Vec<u8>, Vec<u8>),
    Id(Vec<[u8; 16]>),
}

impl Writer {
    /// Adds a text to a column.
    pub fn text(&mut self, name: &'static str, text: &str) {
        self.add_text(name, Kind::Text, text);
    }

    /// Adds a JSON text to a column.
    pub fn json(&mut self, name: &'static str, text: &str) {
        self.add_text(name, Kind::Json, text);
    }

    fn add_text(&mut self, name: &'static str, kind: Kind, text: &str) {
        let column = self.columns.entry(name).or_insert_with(|| Column::Text(kind, Vec::new(), Vec::new()));
        if let Column::Text(_, lengths, bytes) = column {
            put_varint(lengths, text.len() as u64);
            bytes.extend_from_slice(text.as_bytes());
        }
    }

    /// Adds an integer to a column.
    pub fn int(&mut self, name: &'static str, value: i64) {
        let column = self.columns.entry(name).or_insert_with(|| Column::Int(Vec::new(), 0));
        if let Column::Int(bytes, last) = column {
            let step = value.wrapping_sub(*last);
            put_varint(bytes, ((step << 1) ^ (step >> 63)) as u64);
            *last = value;
        }
    }

    /// Adds a text of a short list to a column; none is an index of its own.
    pub fn dict(&mut self, name: &'static str, text: Option<&str>) {
        let column = self.columns.entry(name).or_insert_with(|| Column::Dict(HashMap::new(), Vec::new(), Vec::new()));
        if let Column::Dict(known, list, indices) = column {
            let index = match text {
                None => 0,
                Some(text) => match known.get(text) {
                    Some(index) => *index,
                    None => {
                        let index = known.len() as u64 + 1;
                        known.insert(text.to_owned(), index);
                        put_varint(list, text.len() as u64);
                        list.extend_from_slice(text.as_bytes());
                        index
                    }
                },
            };
            put_varint(indices, index);
        }
    }

    /// Adds sixteen bytes to a column.
    pub fn id(&mut self, name: &'static str, id: [u8; 16]) {
        let column = self.columns.entry(name).or_insert_with(|| Column::Id(Vec::new()));
        if let Column::Id(ids) = column {
            ids.push(id);
        }
    }

    /// The chunk of `rows` rows.
    pub fn finish(self, rows: usize) -> Vec<u8> {
        let mut head = MAGIC.to_vec();
        put_varint(&mut head, rows as u64);
        put_varint(&mut head, self.columns.len() as u64);
        let mut bodies = Vec::new();
        for (name, column) in self.columns {
            let (kind, raw) = column.body();
            let packed = if raw.len() < WORTH_PACKING { None } else { zstd::bulk::compress(&raw, ZSTD_LEVEL).ok() };
            let packed = packed.filter(|packed| packed.len() < raw.len());
            put_varint(&mut head, name.len() as u64);
            head.extend_from_slice(name.as_bytes());
            head.extend([kind as u8, u8::from(packed.is_some())]);
            put_varint(&mut head, raw.len() as u64);
            let stored = packed.unwrap_or(raw);
            put_varint(&mut head, stored.len() as u64);
            bodies.extend(stored);
        }
        head.extend(bodies);
        head
    }
}

impl Column {
    fn body(self) -> (Kind, Vec<u8>) {
        match self {
            Column::Text(kind, lengths, bytes) => (kind, [lengths, bytes].concat()),
            Column::Int(bytes, _) => (Kind::Int, bytes),
            Column::Dict(known, list, indices) => {
                let mut body = Vec::with_capacity(list.len() + indices.len() + 2);
                put_varint(&mut body, known.len() as u64);
                body.extend(list);
                body.extend(indices);
                (Kind::Dict, body)
            }
            Column::Id(ids) => {
                let plane = |n: usize| ids.iter().map(move |id| id[n]);
                (Kind::Id, (0..16).flat_map(plane).collect())
            }
        }
    }
}

fn put_varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// A chunk being read: each column from its beginning.
pub struct Reader {
    /// How many rows there are.
    pub rows: usize,
    columns: BTreeMap<String, ColumnReader>,
}

/// One column being read.
pub struct ColumnReader {
    kind: Kind,
    raw: Vec<u8>,
    /// Where the next length, difference or index lies.
    at: usize,
    /// Where the next text's bytes lie; for ids, the next row.
    bytes_at: usize,
    last: i64,
    list: Vec<(usize, usize)>,
}

impl Reader {
    /// Takes a chunk apart. Nothing is trusted: every length is checked against what is there.
    pub fn open(chunk: &[u8]) -> Result<Reader, SnapshotError> {
        let mut at = MAGIC.len();
        if chunk.get(..at) != Some(MAGIC) {
            return Err(SnapshotError::Malformed("beginning"));
        }
        let rows = length(chunk, &mut at, MOST_ROWS, "rows")?;
        let count = length(chunk, &mut at, MOST_COLUMNS, "columns")?;
        let mut heads = Vec::with_capacity(count);
        for _ in 0..count {
            let name_length = length(chunk, &mut at, 64, "name")?;
            let name = slice(chunk, &mut at, name_length)?;
            let name = std::str::from_utf8(name).map_err(|_| SnapshotError::Malformed("name"))?.to_owned();
            let &[kind, packed] = slice(chunk, &mut at, 2)? else { return Err(SnapshotError::Malformed("kind")) };
            let raw = length(chunk, &mut at, LONGEST_COLUMN, "column")?;
            let stored = length(chunk, &mut at, LONGEST_COLUMN, "column")?;
            heads.push((name, kind, packed != 0, raw, stored));
        }
        if heads.iter().map(|(_, _, _, raw, _)| raw).sum::<usize>() > LONGEST_CHUNK {
            return Err(SnapshotError::Malformed("length"));
        }
        let mut columns = BTreeMap::new();
        for (name, kind, packed, raw_length, stored) in heads {
            let stored = slice(chunk, &mut at, stored)?;
            let raw = if packed {
                zstd::bulk::decompress(stored, raw_length).map_err(|_| SnapshotError::Malformed("compression"))?
            } else {
                stored.to_vec()
            };
            if raw.len() != raw_length {
                return Err(SnapshotError::Malformed("length"));
            }
            let kind = Kind::of(kind).ok_or(SnapshotError::Newer)?;
            columns.insert(name, ColumnReader::of(kind, raw, rows)?);
        }
        Ok(Reader { rows, columns })
    }

    /// Takes a column out, to be read row by row.
    pub fn take(&mut self, name: &str, kind: Kind) -> Result<Option<ColumnReader>, SnapshotError> {
        match self.columns.remove(name) {
            Some(column) if column.kind == kind => Ok(Some(column)),
            Some(_) => Err(SnapshotError::Malformed("kind")),
            None => Ok(None),
        }
    }

    /// The columns that nobody has taken.
    pub fn rest(self) -> Vec<(String, ColumnReader)> {
        self.columns.into_iter().collect()
    }
}

impl ColumnReader {
    /// `rows`: for columns of one value a row; those of several values a row find their lengths as they go.
    fn of(kind: Kind, raw: Vec<u8>, rows: usize) -> Result<Self, SnapshotError> {
        let mut column = ColumnReader { kind, raw, at: 0, bytes_at: 0, last: 0, list: Vec::new() };
        match kind {
            Kind::Text | Kind::Json => {
                // The bytes begin behind as many lengths as there are rows.
                let mut at = 0;
                for _ in 0..rows {
                    varint(&column.raw, &mut at)?;
                }
                column.bytes_at = at;
            }
            Kind::Dict => {
                let count = length(&column.raw, &mut column.at, LONGEST_COLUMN, "list")?;
                for _ in 0..count {
                    let size = length(&column.raw, &mut column.at, LONGEST_COLUMN, "text")?;
                    let begin = column.at;
                    std::str::from_utf8(slice(&column.raw, &mut column.at, size)?).map_err(|_| SnapshotError::Malformed("text"))?;
                    column.list.push((begin, size));
                }
            }
            Kind::Int => {}
            Kind::Id => {
                if !column.raw.len().is_multiple_of(16) {
                    return Err(SnapshotError::Malformed("id"));
                }
            }
        }
        Ok(column)
    }

    /// What the column holds.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The next text, of a text or JSON column.
    pub fn text(&mut self) -> Result<&str, SnapshotError> {
        let size = length(&self.raw, &mut self.at, LONGEST_COLUMN, "text")?;
        let bytes = slice(&self.raw, &mut self.bytes_at, size)?;
        std::str::from_utf8(bytes).map_err(|_| SnapshotError::Malformed("text"))
    }

    /// The next integer.
    pub fn int(&mut self) -> Result<i64, SnapshotError> {
        let zigzag = varint(&self.raw, &mut self.at)?;
        let step = (zigzag >> 1) as i64 ^ -((zigzag & 1) as i64);
        self.last = self.last.wrapping_add(step);
        Ok(self.last)
    }

    /// The next text of a short list, if there is one.
    pub fn dict(&mut self) -> Result<Option<&str>, SnapshotError> {
        let Some(index) = self.index()? else { return Ok(None) };
        let (begin, size) = self.list[index];
        // Checked when the list was read.
        Ok(std::str::from_utf8(&self.raw[begin..begin + size]).ok())
    }

    /// The place in [`Self::entries`] of the next text, if there is one.
    pub fn index(&mut self) -> Result<Option<usize>, SnapshotError> {
        let index = length(&self.raw, &mut self.at, self.list.len(), "index")?;
        Ok(index.checked_sub(1))
    }

    /// The short list.
    pub fn entries(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|(begin, size)| std::str::from_utf8(&self.raw[*begin..begin + size]).unwrap_or_default())
    }

    /// The next sixteen bytes.
    pub fn id(&mut self) -> Result<[u8; 16], SnapshotError> {
        let rows = self.raw.len() / 16;
        if self.bytes_at >= rows {
            return Err(SnapshotError::Malformed("id"));
        }
        let row = self.bytes_at;
        self.bytes_at += 1;
        Ok(std::array::from_fn(|plane| self.raw[plane * rows + row]))
    }
}

fn varint(bytes: &[u8], at: &mut usize) -> Result<u64, SnapshotError> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at).ok_or(SnapshotError::Malformed("end"))?;
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(SnapshotError::Malformed("integer"))
}

fn length(bytes: &[u8], at: &mut usize, most: usize, what: &'static str) -> Result<usize, SnapshotError> {
    let value = varint(bytes, at)?;
    usize::try_from(value).ok().filter(|value| *value <= most).ok_or(SnapshotError::Malformed(what))
}

fn slice<'b>(bytes: &'b [u8], at: &mut usize, size: usize) -> Result<&'b [u8], SnapshotError> {
    let end = at.checked_add(size).ok_or(SnapshotError::Malformed("end"))?;
    let slice = bytes.get(*at..end).ok_or(SnapshotError::Malformed("end"))?;
    *at = end;
    Ok(slice)
}
