//! Measures a first sync of 10,000 members over real HTTP against a real server, beside a floor of the same run: the
//! same number of records put into raw SQLite with three indexes.

use std::sync::Arc;
use std::time::Instant;

use guidebook_core::Guidebook;
use guidebook_core::request::OpenRequest;
use guidebook_testkit::export;
use guidebook_testkit::headquarters::Headquarters;
use guidebook_testkit::phone_command::{Command, obey};
use guidebook_testkit::server_process::ServerProcess;
use guidebook_testkit::vault::FileVault;

const MEMBERS: usize = 10_000;
const GUIDE: &str = "G0002";
const NAMES: [&str; 8] = ["张三丰", "单小曼", "欧阳娜", "尉迟敏瑶", "李平", "查美", "曾可", "王秀英"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("server");
    let key = ServerProcess::init(&data)?;
    let server = ServerProcess::start(&data, None)?;
    let hq = Headquarters::at(&server.address(), &key);
    for file in ["stores.csv", "brands.csv", "guides.csv", "products.csv", "tags.csv"] {
        hq.import(file.trim_end_matches(".csv"), &export::in_repository().join(file))?;
    }
    hq.import_bytes("members", members().into_bytes())?;
    let book = OpenRequest { directory: folder.path().join("book").to_string_lossy().into_owned(), book: None };
    let book = Guidebook::open(book, Arc::new(FileVault::at(folder.path().join("key"))), None)?;
    let code = hq.code_for(GUIDE)?;
    obey(&book, Command::Enrol { server: server.address(), code, device_name: "bench".to_owned() })?;
    let began = Instant::now();
    let report = obey(&book, Command::Sync)?;
    let took = began.elapsed();
    let list = obey(&book, Command::List { text: String::new(), tags: String::new(), offset: 0 })?;
    let floor = floor(&folder.path().join("floor.db"))?;
    println!("first sync of {} over HTTP, searchable: {:.2} s in {} requests", list["total"], took.as_secs_f64(), report["requests"]);
    println!("raw SQLite insert with three indexes:       {floor:.2} s, ratio {:.1}", took.as_secs_f64() / floor);
    Ok(())
}

fn members() -> String {
    let mut rows = String::from("会员号,姓名,手机号,性别,生日,入会日期,会员等级,积分,专属导购,门店号,品牌会员,标签,营销授权\n");
    for n in 0..MEMBERS {
        let name = NAMES[n % NAMES.len()];
        rows += &format!("X{n:08},{name}{},139{n:08},女,1990-01-02,2025-04-10,金卡,{n},{GUIDE},S02,B05,偏好/送礼;年龄段/90后,是\n", n % 97);
    }
    rows
}

fn floor(path: &std::path::Path) -> Result<f64, Box<dyn std::error::Error>> {
    let mut conn = rusqlite::Connection::open(path)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE m (id TEXT PRIMARY KEY, name TEXT, phone TEXT, spend INTEGER, body BLOB);
         CREATE INDEX m_name ON m (name); CREATE INDEX m_phone ON m (phone); CREATE INDEX m_spend ON m (spend);",
    )?;
    let began = Instant::now();
    let tx = conn.transaction()?;
    for n in 0..MEMBERS {
        let row = (format!("X{n:08}"), NAMES[n % NAMES.len()], format!("139{n:08}"), n as i64, [7u8; 690]);
        tx.prepare_cached("INSERT INTO m VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(row)?;
    }
    tx.commit()?;
    Ok(began.elapsed().as_secs_f64())
}
