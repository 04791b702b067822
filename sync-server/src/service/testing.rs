//! A small retailer for tests: two stores, two brands, guides Li, Chen and Wu, a few tags and members.

use std::io::Cursor;
use std::sync::Arc;

use guidebook_domain::{
    Consents, DeviceId, Edit, GuideId, Hlc, Limits, MemberId, Operation, OperationId, Outcome, Phone, StoreId, TagId, TenantId, Walkin,
};
use guidebook_wire::round::{OperationRecord, OutcomeRecord};
use guidebook_wire::slices::SliceSums;
use guidebook_wire::{ChangeRecord, CursorRecord, MemberRecord, RoundAnswerRecord, RoundRecord};
use uuid::Uuid;

use super::coupons::CouponSecret;
use super::round::round_of;
use super::session::DeviceSession;
use super::setup::create_tenant;
use super::sizes::Sizes;
use crate::db::devices::{Device, DeviceState};
use crate::db::postgres::testing::TestSchema;
use crate::db::{Database, DatabaseExt, SqliteDatabase, Write};
use crate::error::ServiceError;
use crate::hq::handover::{HandoverReport, HandoverRequest, hand_over};
use crate::import::read::{Format, Table};
use crate::import::{ImportReport, import_file};

/// 2026-11-01 10:00 in Shanghai.
pub const NOW: u64 = 1_793_498_400_000;

const FILES: [(Table, &str); 5] = [
    (Table::Stores, "门店号,门店,城市,时区\nS1,海岸城店,深圳,Asia/Shanghai\nS2,红荔路店,深圳,Asia/Shanghai\n"),
    (Table::Brands, "品牌号,品牌\nB1,兰若雅\nB2,澜珂\n"),
    (Table::Guides, "工号,姓名,门店号,品牌号,入职日期,离职日期\nLI,李,S1,B1,,\nCHEN,陈,S1,,,\nWU,吴,S2,B2,,\n"),
    (Table::Products, "商品号,品牌号,商品,吊牌价,复购周期天\nP1,B1,面霜,100.00,90\n"),
    (
        Table::Tags,
        "标签组,单选多选,谁可改,品牌号,标签\n偏好,多选,导购可改,,真皮\n偏好,多选,导购可改,,通勤\n年龄段,单选,导购可改,,80后\n年龄段,单选,导购可改,,90后\n护肤,多选,导购可改,B1,美白\n",
    ),
];

/// The header of a file of members.
pub const MEMBERS: &str = "会员号,姓名,手机号,性别,生日,入会日期,会员等级,积分,专属导购,门店号,品牌会员,标签,营销授权\n";

/// `postgres` puts the retailers of these tests there, see `sync-server/tests/with-postgres.sh`.
const BACKEND: &str = "GUIDEBOOK_TEST_BACKEND";

/// A retailer, in memory unless [`BACKEND`] says otherwise.
pub struct World {
    /// Its database.
    pub db: Arc<dyn Database>,
    /// Its id.
    pub tenant: TenantId,
    /// Counts ids.
    count: u64,
    /// Goes after the database.
    _schema: Option<TestSchema>,
}

impl World {
    /// The retailer with members M1 (Li's), M2 (Chen's) and M3 (Wu's).
    pub fn new() -> Self {
        World::empty().furnished()
    }

    /// The same in a file.
    pub fn in_file(path: &std::path::Path) -> Self {
        World::on(Arc::new(SqliteDatabase::open(path).unwrap()), None).furnished()
    }

    fn furnished(mut self) -> Self {
        let world = &mut self;
        for (table, text) in FILES {
            assert_eq!(world.import(table, text).refused_count, 0);
        }
        world.import_members("M1,张三丰,13800000001,女,,2020-01-01,金卡,5,LI,S1,B1,偏好/真皮;年龄段/80后,否\nM2,贺娜,13800000002,女,,2020-01-01,普卡,5,CHEN,S1,,,否\nM3,赵敏,13800000003,女,,2020-01-01,普卡,5,WU,S2,B2,,否\n");
        self
    }

    /// A retailer without anything.
    pub fn empty() -> Self {
        let schema = if std::env::var(BACKEND).as_deref() == Ok("postgres") { TestSchema::new() } else { None };
        let db: Arc<dyn Database> = match &schema {
            Some(schema) => Arc::new(schema.open()),
            None => Arc::new(SqliteDatabase::in_memory().unwrap()),
        };
        World::on(db, schema)
    }

    fn on(db: Arc<dyn Database>, schema: Option<TestSchema>) -> Self {
        let tenant = TenantId::new("T").unwrap();
        create_tenant(&db, &tenant, [1; 16]).unwrap();
        World { db, tenant, count: 0, _schema: schema }
    }

    /// A number that was not given before.
    pub fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    /// Imports a file.
    pub fn import(&mut self, table: Table, text: &str) -> ImportReport {
        let at = NOW - 1_000_000 + self.next();
        let random = (self.next() as u128).to_be_bytes();
        import_file(&self.db, &self.tenant, table, Format::Csv, Cursor::new(text.as_bytes().to_vec()), random, at).unwrap()
    }

    /// Imports members, given as the lines below the header.
    pub fn import_members(&mut self, lines: &str) -> ImportReport {
        self.import(Table::Members, &format!("{MEMBERS}{lines}"))
    }

    /// A phone of `guide`, enrolled.
    pub fn phone(&mut self, guide: &str) -> TestPhone {
        self.phone_of_key(guide, [0; 32])
    }

    /// The same with this public key.
    pub fn phone_of_key(&mut self, guide: &str, public_key: [u8; 32]) -> TestPhone {
        let id = DeviceId::from_uuid(Uuid::from_u128(self.next().into()));
        let who = DeviceSession { tenant: self.tenant.clone(), guide: GuideId::new(guide).unwrap(), device: id };
        let device = Device {
            tenant: self.tenant.clone(),
            id,
            guide: who.guide.clone(),
            public_key,
            name: "phone".to_owned(),
            state: DeviceState::Active,
            enrolled_ms: NOW,
            last_seen_ms: NOW,
            last_hlc: Hlc::default(),
            cursor: CursorRecord::default(),
        };
        self.db.writing(Write::Enrol, |tx| tx.put_device(&device)).unwrap();
        TestPhone { who, protocol: 1, epoch: None, cursor: CursorRecord::default(), sums: None }
    }

    /// Hands over as `json` asks, at a time.
    pub fn hand_over(&self, json: &str, limits: &Limits, now_ms: u64) -> Result<HandoverReport, ServiceError> {
        let request: HandoverRequest = serde_json::from_str(json).unwrap();
        hand_over(&self.db, &self.tenant, &request, limits, now_ms)
    }

    /// `from` passes all her members to `to` at once, on the job.
    pub fn pass_all(&self, from: &str, to: &str, now_ms: u64) {
        let json = format!(r#"{{"from":"{from}","to":"{to}","kind":"on_job","effective":"at_once"}}"#);
        let limits = Limits { on_job_handovers: usize::MAX, ..Limits::default() };
        assert_eq!(self.hand_over(&json, &limits, now_ms).unwrap().refused, []);
    }

    /// The members whom a guide serves.
    pub fn served(&self, guide: &str) -> Vec<String> {
        let members = self.db.reading(|tx| tx.members_of(&self.tenant, &guide.parse().unwrap())).unwrap();
        members.iter().map(ToString::to_string).collect()
    }

    /// The id of the tag of this group and name.
    pub fn tag(&self, group: &str, name: &str) -> TagId {
        self.db.reading(|tx| tx.tag_named(&self.tenant, group, name)).unwrap().unwrap()
    }

    /// An edit by `phone` at `at_ms`.
    pub fn edit(&mut self, phone: &TestPhone, member: &str, at_ms: u64, edit: Edit) -> Operation {
        let n = self.next();
        let id = OperationId::from_time(n, [n as u8; 10]);
        let member = Some(MemberId::new(member).unwrap());
        Operation { id, device: phone.who.device, guide: phone.who.guide.clone(), hlc: Hlc::new(at_ms, 0), member, edit }
    }

    /// A walk-in enrolled by `phone`.
    pub fn walk_in(&mut self, phone: &TestPhone, number: &str) -> Operation {
        let (store, consents) = (StoreId::new("S1").unwrap(), Consents { membership: true, marketing: true, ..Consents::default() });
        let walkin = Walkin { name: "钱七".into(), phone: Phone::parse(number).unwrap(), gender: None, birthday: None, store, consents };
        let operation = self.edit(phone, "none", NOW, Edit::Enrol { walkin: Box::new(walkin) });
        Operation { member: Some(MemberId::walk_in(operation.id)), ..operation }
    }
}

/// A note.
pub fn note(text: &str) -> Edit {
    Edit::Note { text: text.into() }
}

/// A phone that remembers its cursor.
pub struct TestPhone {
    /// Who it is.
    pub who: DeviceSession,
    /// The protocol that it speaks.
    pub protocol: u16,
    /// The epoch that it knows.
    pub epoch: Option<Uuid>,
    /// Where it is.
    pub cursor: CursorRecord,
    /// The sums that it sends next.
    pub sums: Option<SliceSums>,
}

impl TestPhone {
    /// A round with these operations.
    pub fn round(&mut self, db: &dyn Database, operations: &[&Operation]) -> Result<RoundAnswerRecord, ServiceError> {
        self.round_at(db, operations, NOW)
    }

    /// A round with a server that gives out coupons.
    pub fn round_with(
        &mut self,
        db: &dyn Database,
        coupons: Option<&CouponSecret>,
        operations: &[&Operation],
    ) -> Result<RoundAnswerRecord, ServiceError> {
        self.round_of(db, coupons, operations, NOW)
    }

    /// A round at another time.
    pub fn round_at(&mut self, db: &dyn Database, operations: &[&Operation], now_ms: u64) -> Result<RoundAnswerRecord, ServiceError> {
        self.round_of(db, None, operations, now_ms)
    }

    fn round_of(
        &mut self,
        db: &dyn Database,
        coupons: Option<&CouponSecret>,
        operations: &[&Operation],
        now_ms: u64,
    ) -> Result<RoundAnswerRecord, ServiceError> {
        let operations = operations.iter().map(|o| OperationRecord::Known(Box::new((*o).clone()))).collect();
        let (protocol, epoch, cursor) = (self.protocol, self.epoch, self.cursor);
        let record = RoundRecord {
            protocol,
            epoch,
            cursor,
            whole: None,
            total: None,
            sums: self.sums.take(),
            guide: None,
            terse: false,
            coupons: None,
            operations,
        };
        let answer = round_of(Sizes::of(record.protocol), db, coupons, &self.who, &record, now_ms)?;
        self.epoch = answer.epoch.or(self.epoch);
        self.cursor = answer.cursor.unwrap_or(self.cursor);
        Ok(answer)
    }

    /// The outcomes of a push.
    pub fn push(&mut self, db: &dyn Database, operations: &[&Operation]) -> Vec<Outcome> {
        outcomes(&self.round(db, operations).unwrap())
    }
}

/// The outcomes in an answer.
pub fn outcomes(answer: &RoundAnswerRecord) -> Vec<Outcome> {
    let known = |outcome: &OutcomeRecord| match outcome {
        OutcomeRecord::Known(outcome) => outcome.clone(),
        OutcomeRecord::Unknown(_) => panic!("an outcome that is not known"),
    };
    answer.receipts.iter().map(|receipt| known(&receipt.outcome)).collect()
}

/// The members in an answer.
pub fn members(answer: &RoundAnswerRecord) -> Vec<&MemberRecord> {
    let member = |change: &'_ ChangeRecord| matches!(change, ChangeRecord::Member(_));
    answer
        .changes
        .iter()
        .filter(|change| member(change))
        .map(|change| match change {
            ChangeRecord::Member(member) => member.as_ref(),
            _ => unreachable!("filtered"),
        })
        .collect()
}

/// The ids of members who are gone, and what they became.
pub fn gone(answer: &RoundAnswerRecord) -> Vec<(String, Option<String>)> {
    let pair = |change: &ChangeRecord| match change {
        ChangeRecord::MemberGone { id, became } => Some((id.to_string(), became.as_ref().map(ToString::to_string))),
        _ => None,
    };
    answer.changes.iter().filter_map(pair).collect()
}
