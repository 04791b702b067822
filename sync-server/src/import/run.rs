//! A file in batches: each batch is one transaction.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;
use std::sync::mpsc::sync_channel;

use guidebook_domain::TenantId;
use uuid::Uuid;

use super::batch::Batch;
use super::learned::Learned;
use super::read::{Format, ReadError, ReadRow, Row, RowProblem, RowReader, Table};
use super::report::{ImportReport, MOST_LISTED};
use super::{directory, member, order, tags};
use crate::db::imports::RefusedRow;
use crate::db::needs::Needs;
use crate::db::{Database, DatabaseExt, Tx, Write};
use crate::error::{ServerError, ServiceError};

/// Rows of one transaction, during which no phone's edits are taken: a tenth of a second or two. More of them together write
/// fewer pages, for orders and phones lie all over their indexes.
const fn batch_of(table: Table) -> usize {
    match table {
        Table::Orders => 4_000,
        Table::Stores | Table::Brands | Table::Guides | Table::Products | Table::Tags | Table::Members => 2_000,
    }
}

/// What an abandoned run saw is forgotten after a day.
const STALE_MS: u64 = 24 * 3600 * 1000;

/// One run over one file.
#[derive(Clone, Debug)]
pub struct Run {
    /// The retailer.
    pub tenant: TenantId,
    /// The run.
    pub id: Uuid,
    /// When it began, Unix milliseconds. HQ's edits carry this time.
    pub at_ms: u64,
}

/// Whether a row changed anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It did.
    Changed,
    /// It was there just so.
    Unchanged,
}

/// What a row comes to: an effect, a refusal, or trouble of the server's own.
pub type Applied = std::result::Result<std::result::Result<Effect, RowProblem>, ServerError>;

/// Imports one file. `random` makes the id of the run.
pub fn import_file<R: Read + Seek + Send>(
    db: &dyn Database,
    tenant: &TenantId,
    table: Table,
    format: Format,
    input: R,
    random: [u8; 16],
    now_ms: u64,
) -> Result<ImportReport, ServiceError> {
    let run = Run { tenant: tenant.clone(), id: uuid::Builder::from_random_bytes(random).into_uuid(), at_ms: now_ms };
    let rows = RowReader::new(input, table, format).map_err(|error| unreadable(table, error))?;
    db.writing(Write::Import, |tx| {
        tx.tenant(tenant)?.ok_or_else(|| ServiceError::not_found("tenant"))?;
        Ok::<_, ServiceError>(tx.start_run(tenant, run.id, table.stem(), now_ms)?)
    })?;
    let mut report = ImportReport::new(run.id, table.stem());
    let mut learned = Learned::default();
    let mut batches = 0_u32;
    read_ahead(rows, batch_of(table), |batch| {
        let batch = batch.map_err(|error| unreadable(table, error))?;
        report = db.writing(Write::Import, |tx| apply_batch(tx, &run, &mut learned, table, &batch, report.clone()))?;
        learned.seen.keep_batch();
        batches += 1;
        if grew_much(batches) {
            db.grew();
        }
        Ok::<_, ServiceError>(())
    })?;
    order::count_purchases(db)?;
    db.writing(Write::Import, |tx| tx.forget_seen(tenant, run.id, now_ms.saturating_sub(STALE_MS)))?;
    Ok(report)
}

/// Whether it is time to say how large tables have become: after 1, 4, 16, 64… batches.
fn grew_much(batches: u32) -> bool {
    batches.is_power_of_two() && batches.trailing_zeros().is_multiple_of(2)
}

/// Imports the files of an export that `dir` has, in their order.
pub fn import_dir(
    db: &dyn Database,
    tenant: &TenantId,
    dir: &Path,
    random: impl Fn() -> Result<[u8; 16], ServerError>,
    now_ms: u64,
) -> Result<Vec<ImportReport>, ServiceError> {
    let mut reports = Vec::new();
    for table in Table::IN_ORDER {
        for format in Format::ALL {
            let path = dir.join(table.file_name(format));
            if path.is_file() {
                let file = File::open(path).map_err(ServerError::from)?;
                reports.push(import_file(db, tenant, table, format, file, random()?, now_ms)?);
            }
        }
    }
    if reports.is_empty() {
        return Err(ServiceError::invalid("dir", "no file of an export in it"));
    }
    Ok(reports)
}

/// Gives the rows to `apply`, so many at a time, while a thread of its own reads the next ones. An error is the last thing given.
fn read_ahead<R: Read + Seek + Send, E>(
    mut rows: RowReader<R>,
    batch: usize,
    mut apply: impl FnMut(Result<Vec<ReadRow>, ReadError>) -> Result<(), E>,
) -> Result<(), E> {
    std::thread::scope(|scope| {
        let (give, take) = sync_channel(1);
        scope.spawn(move || {
            loop {
                let batch: Result<Vec<ReadRow>, ReadError> = rows.by_ref().take(batch).collect();
                let (is_end, is_last) = (batch.as_ref().is_ok_and(Vec::is_empty), batch.is_err());
                // Nobody takes it when an earlier one could not be applied.
                if is_end || give.send(batch).is_err() || is_last {
                    return;
                }
            }
        });
        take.into_iter().try_for_each(&mut apply)
    })
}

fn unreadable(table: Table, error: ReadError) -> ServiceError {
    match error {
        ReadError::Io(error) => ServiceError::Server(error.into()),
        ReadError::NoHeader | ReadError::MissingColumn { .. } | ReadError::ColumnTwice { .. } => ServiceError::invalid(table.stem(), error),
    }
}

fn apply_batch(
    tx: &mut dyn Tx,
    run: &Run,
    learned: &mut Learned,
    table: Table,
    rows: &[ReadRow],
    report: ImportReport,
) -> Result<ImportReport, ServerError> {
    let catalogue = crate::service::catalogue(tx, &run.tenant)?;
    tx.gather(&run.tenant, &needs(rows))?;
    let mut batch = Batch::begin(run, learned, catalogue, report);
    batch.orders.read(tx, &run.tenant, rows)?;
    for ReadRow { line, parsed } in rows {
        let applied = match parsed {
            Ok(row) => apply_row(tx, &mut batch, *line, row)?,
            Err(problem) => Err(problem.clone()),
        };
        match applied {
            Ok(effect) => {
                batch.report.accepted += 1;
                batch.report.unchanged += u64::from(effect == Effect::Unchanged);
            }
            Err(problem) => refuse(tx, run, table, *line, problem, &mut batch.report)?,
        }
    }
    batch.orders.write(tx, &run.tenant)?;
    Ok(batch.report)
}

/// What a batch will look at, as far as its rows say. An order looks at no member: that is left to the counting.
fn needs(rows: &[ReadRow]) -> Needs {
    let mut needs = Needs::default();
    for row in rows.iter().filter_map(|row| row.parsed.as_ref().ok()) {
        match row {
            Row::Store(_) | Row::Brand(_) | Row::Product(_) | Row::Tag(_) | Row::Order(_) => {}
            Row::Guide(row) => needs.guides.extend([row.id.clone()]),
            Row::Member(row) => {
                needs.members.insert(row.id.clone());
                needs.phones.extend(row.phone.clone());
                needs.guides.extend(row.guide.clone());
                needs.tells.extend(row.guide.clone().map(|guide| (guide, row.id.clone())));
            }
        }
    }
    needs
}

fn apply_row(tx: &mut dyn Tx, batch: &mut Batch<'_>, line: u64, row: &Row) -> Applied {
    match row {
        Row::Store(row) => directory::store(tx, batch.run, row),
        Row::Brand(row) => directory::brand(tx, batch.run, row),
        Row::Guide(row) => directory::guide(tx, batch, row),
        Row::Product(row) => directory::product(tx, batch, row),
        Row::Tag(row) => tags::tag(tx, batch, row, line),
        Row::Member(row) => member::member(tx, batch, row, line),
        Row::Order(row) => order::order(tx, batch, row),
    }
}

fn refuse(tx: &mut dyn Tx, run: &Run, table: Table, line: u64, problem: RowProblem, report: &mut ImportReport) -> Result<(), ServerError> {
    report.refused_count += 1;
    let (seq, file) = (report.refused_count, table.stem().to_owned());
    let row = RefusedRow { seq, file, line, field: problem.field, reason: problem.reason.to_string() };
    tx.refuse(&run.tenant, run.id, &row)?;
    if report.refused.len() < MOST_LISTED {
        report.refused.push(row);
    }
    Ok(())
}
