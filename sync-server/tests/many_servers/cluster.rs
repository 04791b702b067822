//! Four servers on one database, with a retailer of ten guides whose members are each served by two.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use guidebook_domain::TenantId;
use guidebook_server::db::PostgresDatabase;
use guidebook_server::db::postgres::Reach;
use guidebook_server::service::setup::{Scope, create_hq_key, create_tenant};
use guidebook_server::{Config, run};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio_postgres::NoTls;

pub const GUIDES: usize = 10;
pub const MEMBERS_EACH: usize = 8;
const SERVERS: usize = 4;

/// The running servers.
pub struct Cluster {
    admin: tokio_postgres::Client,
    schema: String,
    bases: Vec<String>,
    key: String,
    client: reqwest::Client,
    turn: AtomicUsize,
    /// Times that a server said "come back".
    pub busy: AtomicUsize,
    pub reach: Reach,
    _dir: tempfile::TempDir,
}

impl Cluster {
    /// The servers at `url`, in a schema of their own.
    pub async fn start(url: &str) -> Self {
        let schema = format!("test_many_{}", std::process::id());
        let (admin, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        tokio::spawn(connection);
        admin.batch_execute(&format!("CREATE SCHEMA {schema}; SET search_path = {schema}")).await.unwrap();
        let options = format!("-csearch_path%3D{schema}%20-cdeadlock_timeout%3D50ms");
        let url = format!("{url}?application_name={schema}&options={options}");
        let reach = Reach { url, ca: None, connections: 12, wait: Duration::from_secs(2) };
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("secret"), [9; 32]).unwrap();
        let key = tokio::task::spawn_blocking({
            let reach = reach.clone();
            move || tenant(&reach)
        });
        let (key, mut bases) = (key.await.unwrap(), Vec::new());
        for n in 0..SERVERS {
            let config = Config {
                postgres: Some(reach.clone()),
                secret_file: dir.path().join("secret"),
                ..Config::in_dir(dir.path().join(n.to_string()))
            };
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            bases.push(format!("http://{}", listener.local_addr().unwrap()));
            tokio::spawn(async { run(config, listener, std::future::pending()).await.unwrap() });
        }
        let (turn, busy) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let cluster = Cluster { admin, schema, bases, key, client: reqwest::Client::new(), turn, busy, reach, _dir: dir };
        cluster.furnish().await;
        cluster
    }

    async fn furnish(&self) {
        self.import("stores", "门店号,门店,城市,时区\nS1,海岸城店,深圳,Asia/Shanghai\n".to_owned()).await;
        let guides: String = (0..GUIDES).map(|n| format!("G{n},李,S1,,,\n")).collect();
        self.import("guides", format!("工号,姓名,门店号,品牌号,入职日期,离职日期\n{guides}")).await;
        self.import("members", members(1)).await;
        for member in 0..GUIDES * MEMBERS_EACH {
            let beside = (member / MEMBERS_EACH + 1) % GUIDES;
            self.hq(Method::POST, "/hq/v1/assignments", json!({ "member": format!("M{member}"), "guide": format!("G{beside}") })).await;
        }
    }

    /// The server whose turn it is, as a load balancer chooses it.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        self.client.request(method, format!("{}{path}", self.bases[turn % self.bases.len()]))
    }

    /// Sends until there is an answer other than "come back". Any other trouble of the servers is a lost request.
    pub async fn send(&self, request: impl Fn() -> RequestBuilder) -> (StatusCode, Value) {
        loop {
            let response = request().send().await.unwrap();
            let (status, text) = (response.status(), response.text().await.unwrap());
            assert!(!status.is_server_error() || status == StatusCode::SERVICE_UNAVAILABLE, "lost: {status} {text}");
            let body: Value = serde_json::from_str(&text).unwrap();
            if status != StatusCode::SERVICE_UNAVAILABLE {
                return (status, body);
            }
            assert!(body["come_back_s"].as_u64().unwrap() > 0);
            self.busy.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub async fn hq(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        self.send(|| self.request(method.clone(), path).bearer_auth(&self.key).json(&body)).await
    }

    pub async fn import(&self, table: &str, file: String) -> Value {
        let path = format!("/hq/v1/import/{table}");
        let request = || self.request(Method::POST, &path).bearer_auth(&self.key).header("content-type", "text/csv").body(file.clone());
        let (status, report) = self.send(request).await;
        assert_eq!((status, report["refused_count"].as_u64()), (StatusCode::OK, Some(0)), "{report}");
        report
    }

    /// Kills one connection of the servers, the one that has worked longest; whether there was one.
    pub async fn kill_one(&self) -> bool {
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = $1 AND state <> 'idle' ORDER BY xact_start LIMIT 1";
        !self.admin.query(sql, &[&self.schema]).await.unwrap().is_empty()
    }

    /// The first column of a query, as text.
    pub async fn ask(&self, sql: &str) -> Vec<String> {
        self.admin.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
    }

    /// Takes the schema away.
    pub async fn end(self) {
        self.admin.batch_execute(&format!("DROP SCHEMA {} CASCADE", self.schema)).await.unwrap();
    }
}

fn tenant(reach: &Reach) -> String {
    let db = PostgresDatabase::open(reach).unwrap();
    let tenant = TenantId::new("T").unwrap();
    create_tenant(&db, &tenant, [1; 16]).unwrap();
    create_hq_key(&db, &tenant, &BTreeSet::from(Scope::ALL), [7; 32]).unwrap()
}

/// HQ's export of the members, each with so many points.
pub fn members(points: u32) -> String {
    let line = |n: usize| format!("M{n},张三丰,138{n:08},女,,,金卡,{points},G{},S1,,,否\n", n / MEMBERS_EACH);
    let lines: String = (0..GUIDES * MEMBERS_EACH).map(line).collect();
    format!("会员号,姓名,手机号,性别,生日,入会日期,会员等级,积分,专属导购,门店号,品牌会员,标签,营销授权\n{lines}")
}
