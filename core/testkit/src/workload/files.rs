//! The files of the whole retailer: shops, brands, products and tags are the export's own, the rest is made.

use std::fs::File;
use std::io::{BufWriter, Result, Write};
use std::path::Path;

use super::{Workload, guide, member, order};
use crate::export;

/// The export's own files, which are the same for a retailer of any size.
pub const SHARED: [&str; 4] = ["stores.csv", "brands.csv", "products.csv", "tags.csv"];

impl Workload {
    /// Writes the seven files of the export into `to`.
    pub fn write(&self, to: &Path) -> Result<()> {
        std::fs::create_dir_all(to)?;
        for file in SHARED {
            // Read and written, not copied: the permissions of the repository's file are no part of it.
            std::fs::write(to.join(file), std::fs::read(export::in_repository().join(file))?)?;
        }
        std::fs::write(to.join("guides.csv"), self.guides_csv())?;
        lines(&to.join("members.csv"), member::HEADER, (0..self.members).map(|n| self.member(n).to_string()))?;
        lines(&to.join("orders.csv"), order::HEADER, (0..self.orders).map(|n| self.order(n)))
    }

    /// `guides.csv`: guides of the mall, who belong to no brand, in turn over the four shops.
    pub fn guides_csv(&self) -> String {
        let mut text = String::from("工号,姓名,门店号,品牌号,入职日期,离职日期\n");
        for n in 0..self.guides {
            text += &format!("{},导购{n},S0{},,2024-03-01,\n", guide(n), 1 + n % 4);
        }
        text
    }

    /// `members.csv` with these members, each as `change` leaves her.
    pub fn members_csv(&self, members: impl Iterator<Item = u32>, change: impl Fn(&mut member::MemberLine)) -> String {
        let mut text = format!("{}\n", member::HEADER);
        for n in members {
            let mut line = self.member(n);
            change(&mut line);
            text += &format!("{line}\n");
        }
        text
    }
}

fn lines(path: &Path, header: &str, rows: impl Iterator<Item = String>) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "{header}")?;
    for row in rows {
        writeln!(file, "{row}")?;
    }
    file.flush()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use guidebook_domain::TenantId;
    use guidebook_server::db::{DatabaseExt, SqliteDatabase};
    use guidebook_server::error::ServerError;
    use guidebook_server::import::import_dir;
    use guidebook_server::service::setup::create_tenant;
    use guidebook_wire::MemberRecord;

    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_retailer_and_another_seed_another() {
        let text = |seed| Workload::of(300, seed).members_csv(0..300, |_| ());
        assert_eq!(text(42), text(42));
        assert_ne!(text(42), text(43));
    }

    #[test]
    fn no_two_members_share_a_number() {
        let workload = Workload::of(20_000, 42);
        let phones: BTreeSet<String> = (0..20_000).map(|n| workload.member(n).phone).collect();
        assert_eq!(phones.len(), 20_000);
    }

    #[test]
    fn the_importer_takes_every_row_and_a_record_is_as_large_as_a_retailers() {
        let folder = tempfile::tempdir().unwrap();
        let workload = Workload::of(1_000, 42);
        workload.write(folder.path()).unwrap();
        let db = SqliteDatabase::in_memory().unwrap();
        let tenant = TenantId::new("T").unwrap();
        create_tenant(&db, &tenant, [1; 16]).unwrap();
        let runs = std::cell::Cell::new(0);
        let random = || Ok([runs.replace(runs.get() + 1); 16]);
        let reports = import_dir(&db, &tenant, folder.path(), random, 1_800_000_000_000).unwrap();
        assert_eq!(reports.iter().map(|r| r.refused_count).sum::<u64>(), 0, "{reports:?}");
        let bytes: usize = (0..1_000)
            .map(|n| {
                let id = guidebook_domain::MemberId::new(member::id(n)).unwrap();
                let found = db.reading(|tx| tx.member(&tenant, &id)).map_err(|e: ServerError| e.to_string()).unwrap().unwrap();
                let record = MemberRecord::new(id, found.full_profile(), found.state);
                serde_json::to_vec(&record).unwrap().len()
            })
            .sum();
        assert!((660..=720).contains(&(bytes / 1_000)), "{} bytes a member", bytes / 1_000);
    }
}
