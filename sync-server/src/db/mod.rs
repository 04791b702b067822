//! What the server remembers.
//!
//! [`Database`] gives transactions, [`Tx`] reads and writes rows inside one. The rows are typed and know no rules:
//! what an edit means is left to `service` and `hq`. There are two storages, SQLite in a file and PostgreSQL for many servers, and
//! `conformance` is the suite that both pass. Every method carries the tenant, except the look-ups by a secret or a device's random
//! id, which find it, and what the server does by itself for all.
//!
//! In reading order: [`directory`], [`catalogue`], [`members`], [`feeds`], [`snapshots`], [`operations`], [`devices`],
//! [`secrets`], [`orders`], [`imports`], [`restores`], [`handovers`], [`terms`], [`sent`], [`live`], [`standing`], [`campaigns`],
//! [`coupons`], [`grants`], [`tills`], [`signing`], [`coupon_report`], [`needs`], then [`sqlite`], [`postgres`] and [`open`], which chooses.

pub mod campaigns;
pub mod catalogue;
mod catalogue_cache;
pub mod coupon_report;
pub mod coupons;
pub mod devices;
pub mod directory;
pub mod feeds;
pub mod grants;
pub mod handovers;
pub mod imports;
pub mod live;
pub mod members;
pub mod needs;
mod open;
pub mod operations;
pub mod orders;
pub mod postgres;
pub mod restores;
pub mod secrets;
pub mod sent;
pub mod signing;
pub mod snapshots;
pub mod sqlite;
pub mod standing;
pub mod terms;
pub mod tills;

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod conformance_coupons;
#[cfg(test)]
mod conformance_ownership;
#[cfg(test)]
mod conformance_purchases;
#[cfg(test)]
mod conformance_rails;
#[cfg(test)]
mod conformance_standing;
#[cfg(test)]
mod side_by_side;

pub use catalogue_cache::CatalogueCache;
pub use open::open;
pub use postgres::PostgresDatabase;
pub use sqlite::SqliteDatabase;

use campaigns::CampaignRow;
use coupons::{Coupon, CouponState};
use guidebook_domain::TenantId;
use secrets::Hash;
use tills::{Answered, Redemption, Terminal};

use crate::error::ServerError;

/// What a method of [`Tx`] gives.
pub type Result<T> = std::result::Result<T, ServerError>;

/// What runs inside a transaction.
pub type Work<'w> = &'w mut dyn FnMut(&mut dyn Tx) -> Result<()>;

/// A storage.
pub trait Database: Send + Sync {
    /// Runs `work` on one consistent snapshot.
    fn read(&self, work: Work<'_>) -> Result<()>;

    /// Runs `work` as if alone among writers and commits what it did, durably, unless it fails. It may be run more than
    /// once, each time from the beginning; only the last time counts.
    fn write(&self, what: Write, work: Work<'_>) -> Result<()>;

    /// Dictionaries that were read lately.
    fn catalogues(&self) -> &CatalogueCache;

    /// Whether a read of a few rows may be made where nothing should wait: it asks nobody over a network and waits for no writer.
    fn reads_at_once(&self) -> bool {
        false
    }

    /// An import has added much. A storage that plans by what its tables hold is told so; one that can't hear it does without.
    fn grew(&self) {}

    /// Whether every server of this database has the same secret; the first to ask leaves its fingerprint.
    fn shares_secret(&self, _fingerprint: &secrets::Hash) -> Result<bool> {
        Ok(true)
    }
}

/// The same with a value for an answer, and any error that a [`ServerError`] can become.
pub trait DatabaseExt: Database {
    /// See [`Database::read`].
    fn reading<T, E: From<ServerError>>(
        &self,
        mut work: impl FnMut(&mut dyn Tx) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let mut answer = None;
        let ended = self.read(&mut |tx| keep(&mut answer, work(tx)));
        settle(ended, answer)
    }

    /// See [`Database::write`]. An error rolls everything back.
    fn writing<T, E: From<ServerError>>(
        &self,
        what: Write,
        mut work: impl FnMut(&mut dyn Tx) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let mut answer = None;
        let ended = self.write(what, &mut |tx| keep(&mut answer, work(tx)));
        settle(ended, answer)
    }
}

impl<D: Database + ?Sized> DatabaseExt for D {}

impl<D: Database + ?Sized> Database for std::sync::Arc<D> {
    fn read(&self, work: Work<'_>) -> Result<()> {
        (**self).read(work)
    }

    fn write(&self, what: Write, work: Work<'_>) -> Result<()> {
        (**self).write(what, work)
    }

    fn catalogues(&self) -> &CatalogueCache {
        (**self).catalogues()
    }

    fn reads_at_once(&self) -> bool {
        (**self).reads_at_once()
    }

    fn grew(&self) {
        (**self).grew();
    }

    fn shares_secret(&self, fingerprint: &secrets::Hash) -> Result<bool> {
        (**self).shares_secret(fingerprint)
    }
}

fn keep<T, E>(answer: &mut Option<std::result::Result<T, E>>, given: std::result::Result<T, E>) -> Result<()> {
    let ended = if given.is_ok() { Ok(()) } else { Err(ServerError::RolledBack) };
    *answer = Some(given);
    ended
}

fn settle<T, E: From<ServerError>>(ended: Result<()>, answer: Option<std::result::Result<T, E>>) -> std::result::Result<T, E> {
    match (ended, answer) {
        (Ok(()), Some(answer)) | (Err(ServerError::RolledBack), Some(answer)) => answer,
        (Err(error), _) => Err(error.into()),
        (Ok(()), None) => Err(ServerError::RolledBack.into()),
    }
}

/// Everything that one transaction can do.
pub trait Tx:
    directory::DirectoryTx
    + catalogue::CatalogueTx
    + members::MemberTx
    + feeds::FeedTx
    + snapshots::SnapshotTx
    + operations::OperationTx
    + devices::DeviceTx
    + secrets::SecretTx
    + orders::OrderTx
    + imports::ImportTx
    + restores::RestoreTx
    + handovers::HandoverTx
    + terms::TermTx
    + sent::SentTx
    + live::LiveTx
    + standing::StandingTx
    + campaigns::CampaignTx
    + coupons::CouponTx
    + grants::GrantTx
    + tills::TillTx
    + signing::SigningTx
    + coupon_report::CouponReportTx
    + needs::NeedsTx
{
    /// The till that shows this secret, alone with it, and what it was answered under this key.
    fn call_of(&mut self, till: &Hash, key: &str) -> Result<Option<(Terminal, Option<Answered>)>> {
        let Some(terminal) = self.terminal_of(till)? else { return Ok(None) };
        let said = self.answered(terminal.id, key)?;
        Ok(Some((terminal, said)))
    }

    /// A code, alone with it, and its campaign as it is at this moment.
    fn coupon_and_campaign(&mut self, tenant: &TenantId, hash: &Hash) -> Result<Option<(Coupon, CampaignRow)>> {
        let Some(coupon) = self.coupon_of_hash(tenant, hash)? else { return Ok(None) };
        let row = self.look_at_campaign(tenant, &coupon.campaign)?.ok_or(ServerError::Corrupt("a code's campaign"))?;
        Ok(Some((coupon, row)))
    }

    /// A code is used, if it is still as `coupon` says, and the ledger gets its row; whether it was.
    ///
    /// Errors: [`ServerError::Corrupt`] where the ledger has a row that stands for a code that was not used.
    fn redeem(&mut self, tenant: &TenantId, coupon: &Coupon, row: &Redemption) -> Result<bool> {
        let used = Coupon { state: CouponState::Redeemed, hold: None, ..coupon.clone() };
        if !self.move_coupon(tenant, &used, coupon.state)? {
            return Ok(false);
        }
        // Either alone would do; both must agree.
        if self.put_redemption(tenant, row)? { Ok(true) } else { Err(ServerError::Corrupt("a ledger without a second row")) }
    }

    /// What a till was answered, and how it has behaved; not to be read again in this transaction.
    fn keep_call(&mut self, terminal: &Terminal, key: &str, answered: Answered) -> Result<()> {
        self.put_terminal(terminal)?;
        self.put_answered(terminal.id, key, &answered)
    }
}

/// The write transactions, by what they are for. Each has a failpoint before and after its commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// Tenants and HQ keys.
    Setup,
    /// A sync round.
    Round,
    /// What a page or a snapshot shows a device for the first time.
    Page,
    /// Enrolment codes and devices.
    Enrol,
    /// Challenges, sessions, refreshing.
    Session,
    /// A snapshot of a feed.
    Snapshot,
    /// A new epoch, after a restore.
    Restore,
    /// A batch of an import.
    Import,
    /// Renaming, merging and deleting tags.
    Tags,
    /// Who serves whom.
    Ownership,
    /// Undoing a merge.
    Unmerge,
    /// Campaigns, their codes and the keys that sign them.
    Campaign,
    /// Codes for a phone.
    Grant,
    /// A till.
    Till,
}

impl Write {
    /// All of them.
    pub const ALL: [Write; 14] = [
        Write::Setup,
        Write::Round,
        Write::Page,
        Write::Enrol,
        Write::Session,
        Write::Snapshot,
        Write::Restore,
        Write::Import,
        Write::Tags,
        Write::Ownership,
        Write::Unmerge,
        Write::Campaign,
        Write::Grant,
        Write::Till,
    ];

    /// The failpoint at which nothing is committed.
    pub const fn before_commit(self) -> &'static str {
        match self {
            Write::Setup => "server.setup.before_commit",
            Write::Round => "server.round.before_commit",
            Write::Page => "server.page.before_commit",
            Write::Enrol => "server.enrol.before_commit",
            Write::Session => "server.session.before_commit",
            Write::Snapshot => "server.snapshot.before_commit",
            Write::Restore => "server.restore.before_commit",
            Write::Import => "server.import.before_commit",
            Write::Tags => "server.tags.before_commit",
            Write::Ownership => "server.ownership.before_commit",
            Write::Unmerge => "server.unmerge.before_commit",
            Write::Campaign => "server.campaign.before_commit",
            Write::Grant => "server.grant.before_commit",
            Write::Till => "server.till.before_commit",
        }
    }

    /// The failpoint at which all is committed and nobody told.
    pub const fn after_commit(self) -> &'static str {
        match self {
            Write::Setup => "server.setup.after_commit",
            Write::Round => "server.round.after_commit",
            Write::Page => "server.page.after_commit",
            Write::Enrol => "server.enrol.after_commit",
            Write::Session => "server.session.after_commit",
            Write::Snapshot => "server.snapshot.after_commit",
            Write::Restore => "server.restore.after_commit",
            Write::Import => "server.import.after_commit",
            Write::Tags => "server.tags.after_commit",
            Write::Ownership => "server.ownership.after_commit",
            Write::Unmerge => "server.unmerge.after_commit",
            Write::Campaign => "server.campaign.after_commit",
            Write::Grant => "server.grant.after_commit",
            Write::Till => "server.till.after_commit",
        }
    }
}
