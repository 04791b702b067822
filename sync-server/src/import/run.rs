//! A file in batches: each batch is one transaction.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use guidebook_domain::{MemberId, TenantId};
use uuid::Uuid;

use super::read::{Format, ReadError, ReadRow, Row, RowProblem, RowReader, Table};
use super::report::{ImportReport, MOST_LISTED};
use super::{directory, member, order, tags};
use crate::db::imports::RefusedRow;
use crate::db::needs::Needs;
use crate::db::{Database, DatabaseExt, Tx, Write};
use crate::error::{ServerError, ServiceError};

/// Rows of one transaction.
const BATCH: usize = 500;

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
pub fn import_file<R: Read + Seek>(
    db: &dyn Database,
    tenant: &TenantId,
    table: Table,
    format: Format,
    input: R,
    random: [u8; 16],
    now_ms: u64,
) -> Result<ImportReport, ServiceError> {
    let run = Run { tenant: tenant.clone(), id: uuid::Builder::from_random_bytes(random).into_uuid(), at_ms: now_ms };
    let mut rows = RowReader::new(input, table, format).map_err(|error| unreadable(table, error))?;
    db.writing(Write::Import, |tx| {
        tx.tenant(tenant)?.ok_or_else(|| ServiceError::not_found("tenant"))?;
        Ok::<_, ServiceError>(tx.start_run(tenant, run.id, table.stem(), now_ms)?)
    })?;
    let mut report = ImportReport::new(run.id, table.stem());
    loop {
        let batch: Vec<ReadRow> = rows.by_ref().take(BATCH).collect::<Result<_, _>>().map_err(|error| unreadable(table, error))?;
        if batch.is_empty() {
            break;
        }
        report = db.writing(Write::Import, |tx| apply_batch(tx, &run, table, &batch, report.clone()))?;
    }
    order::count_purchases(db)?;
    db.writing(Write::Import, |tx| tx.forget_seen(tenant, run.id, now_ms.saturating_sub(STALE_MS)))?;
    Ok(report)
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

fn unreadable(table: Table, error: ReadError) -> ServiceError {
    match error {
        ReadError::Io(error) => ServiceError::Server(error.into()),
        ReadError::NoHeader | ReadError::MissingColumn { .. } | ReadError::ColumnTwice { .. } => ServiceError::invalid(table.stem(), error),
    }
}

fn apply_batch(tx: &mut dyn Tx, run: &Run, table: Table, batch: &[ReadRow], mut report: ImportReport) -> Result<ImportReport, ServerError> {
    let mut buyers = BTreeSet::new();
    let catalogue = crate::service::catalogue(tx, &run.tenant)?;
    tx.gather(&run.tenant, &needs(batch))?;
    for ReadRow { line, parsed } in batch {
        let applied = match parsed {
            Ok(row) => apply_row(tx, run, &catalogue, *line, row, &mut report, &mut buyers)?,
            Err(problem) => Err(problem.clone()),
        };
        match applied {
            Ok(effect) => {
                report.accepted += 1;
                report.unchanged += u64::from(effect == Effect::Unchanged);
            }
            Err(problem) => refuse(tx, run, table, *line, problem, &mut report)?,
        }
    }
    tx.note_buyers(&run.tenant, &buyers)?;
    Ok(report)
}

/// What a batch will look at, as far as its rows say.
fn needs(batch: &[ReadRow]) -> Needs {
    let mut needs = Needs::default();
    for row in batch.iter().filter_map(|row| row.parsed.as_ref().ok()) {
        match row {
            Row::Store(_) | Row::Brand(_) | Row::Product(_) | Row::Tag(_) => {}
            Row::Guide(row) => needs.guides.extend([row.id.clone()]),
            Row::Member(row) => {
                needs.members.insert(row.id.clone());
                needs.phones.extend(row.phone.clone());
                needs.guides.extend(row.guide.clone());
                needs.feeds.extend(row.guide.clone());
            }
            Row::Order(row) => needs.members.extend([row.member.clone()]),
        }
    }
    needs
}

fn apply_row(
    tx: &mut dyn Tx,
    run: &Run,
    catalogue: &guidebook_domain::Catalogue,
    line: u64,
    row: &Row,
    report: &mut ImportReport,
    buyers: &mut BTreeSet<MemberId>,
) -> Applied {
    match row {
        Row::Store(row) => directory::store(tx, run, row),
        Row::Brand(row) => directory::brand(tx, run, row),
        Row::Guide(row) => directory::guide(tx, run, row),
        Row::Product(row) => directory::product(tx, run, row),
        Row::Tag(row) => tags::tag(tx, run, row, line),
        Row::Member(row) => member::member(tx, run, catalogue, row, line, report),
        Row::Order(row) => order::order(tx, run, row, buyers),
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
