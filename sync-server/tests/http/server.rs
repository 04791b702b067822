//! A running server with a small retailer, and a phone that speaks to it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use guidebook_domain::{Hlc, Limits, MemberId, Operation, OperationId, TenantId};
use guidebook_server::db::SqliteDatabase;
use guidebook_server::rails::settings::RailSettings;
use guidebook_server::service::setup::{Scope, create_hq_key, create_tenant};
use guidebook_server::{Config, clock, run};
use guidebook_wire::enrol::enrol_proof;
use guidebook_wire::session::{MAC_HEADER, TIME_HEADER, request_mac, session_proof};
use guidebook_wire::{
    ChallengeRecord, CursorRecord, EnrolRecord, EnrolledRecord, LiveRecord, OperationRecord, ProofRecord, RoundAnswerRecord, RoundRecord,
    SessionRecord,
};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub const STORES: &str = "门店号,门店,城市,时区\nS1,海岸城店,深圳,Asia/Shanghai\n";
pub const BRANDS: &str = "品牌号,品牌\nB1,兰若雅\n";
pub const GUIDES: &str = "工号,姓名,门店号,品牌号,入职日期,离职日期\nLI,李,S1,,,\nCHEN,陈,S1,,,\n";
pub const TAGS: &str = "标签组,单选多选,谁可改,品牌号,标签\n偏好,多选,导购可改,,真皮\n偏好,多选,导购可改,,通勤\n";
pub const MEMBERS: &str = "会员号,姓名,手机号,性别,生日,入会日期,会员等级,积分,专属导购,门店号,品牌会员,标签,营销授权\nM1,张三丰,13800000001,女,,,金卡,5,LI,S1,B1,偏好/真皮,否\nM2,贺娜,13800000002,女,,,金卡,5,CHEN,S1,,,否\nM3,坏电话,12,女,,,金卡,5,CHEN,S1,,,否\n";

/// A running server. It stops when it is dropped or told to.
pub struct Server {
    pub base: String,
    pub key: String,
    pub dir: tempfile::TempDir,
    /// After how long a handover takes effect, from the next start on.
    pub wait_ms: u64,
    /// The most rounds at once, from the next start on.
    pub rounds: usize,
    /// The most phones that wait at once, and the longest that one waits, from the next start on.
    pub live_phones: usize,
    pub longest_wait: Duration,
    /// Payment platforms, from the next start on.
    pub rails: BTreeMap<TenantId, RailSettings>,
    client: reqwest::Client,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<()>>,
}

impl Server {
    /// A server with the tenant `A` and nothing in it.
    pub async fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let key = Server::tenant(&dir, "A", &Scope::ALL);
        let wait_ms = Limits::default().handover_wait_ms;
        let mut server = Server {
            base: String::new(),
            key,
            dir,
            wait_ms,
            rounds: 256,
            live_phones: 100,
            longest_wait: Duration::from_secs(50),
            rails: BTreeMap::new(),
            client: reqwest::Client::new(),
            stop: None,
            task: None,
        };
        server.start().await;
        server
    }

    /// The same with a store, two guides, two tags and two members.
    pub async fn furnished() -> Self {
        let server = Server::empty().await;
        for (table, file) in [("stores", STORES), ("brands", BRANDS), ("guides", GUIDES), ("tags", TAGS), ("members", MEMBERS)] {
            let answer = server.import(table, file).await;
            assert!(answer["accepted"].as_u64().unwrap() > 0, "{answer}");
        }
        server
    }

    /// Adds a tenant and gives a key of it.
    pub fn tenant(dir: &tempfile::TempDir, id: &str, scopes: &[Scope]) -> String {
        let db = SqliteDatabase::open(Config::in_dir(dir.path()).database()).unwrap();
        let tenant = TenantId::new(id).unwrap();
        create_tenant(&db, &tenant, [1; 16]).unwrap();
        let random = guidebook_server::random::random().unwrap();
        create_hq_key(&db, &tenant, &scopes.iter().copied().collect::<BTreeSet<_>>(), random).unwrap()
    }

    pub async fn start(&mut self) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.base = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel::<()>();
        let limits = Limits { handover_wait_ms: self.wait_ms, ..Limits::default() };
        let upkeep = Duration::from_millis(20);
        let config = Config {
            import_limit: 64 << 10,
            rounds: self.rounds,
            live_phones: self.live_phones,
            live_longest: self.longest_wait,
            rails: self.rails.clone(),
            limits,
            upkeep,
            ..Config::in_dir(self.dir.path())
        };
        let serving = run(config, listener, async { drop(stopped.await) });
        self.task = Some(tokio::spawn(async { serving.await.unwrap() }));
        self.stop = Some(stop);
    }

    pub async fn stop(&mut self) {
        drop(self.stop.take());
        self.task.take().unwrap().await.unwrap();
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    /// A request with the HQ key.
    pub fn hq(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).bearer_auth(&self.key)
    }

    /// A request with the HQ key that must go well.
    pub async fn hq_json(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let request = self.hq(method, path);
        let request = if let Some(body) = body { request.json(&body) } else { request };
        let response = request.send().await.unwrap();
        let (status, text) = (response.status(), response.text().await.unwrap());
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    pub async fn import(&self, table: &str, file: &str) -> Value {
        let request = self.hq(Method::POST, &format!("/hq/v1/import/{table}")).header("content-type", "text/csv");
        let response = request.body(file.to_owned()).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        response.json().await.unwrap()
    }

    pub async fn code(&self, guide: &str) -> String {
        let answer = self.hq_json(Method::POST, "/hq/v1/enrolments", Some(json!({ "guide": guide }))).await;
        answer["code"].as_str().unwrap().to_owned()
    }

    /// A phone of `guide` with a session.
    pub async fn phone(&self, guide: &str) -> Phone {
        let code = self.code(guide).await;
        let key = SigningKey::from_bytes(&guidebook_server::random::random().unwrap());
        let response = self.request(Method::POST, "/v1/enrol").json(&enrolment(&key, &code)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let enrolled: EnrolledRecord = response.json().await.unwrap();
        let session = self.session(&key, &enrolled).await;
        Phone { enrolled, session, epoch: None, cursor: CursorRecord::default(), count: 0 }
    }

    pub async fn session(&self, key: &SigningKey, enrolled: &EnrolledRecord) -> SessionRecord {
        let asked = json!({ "device": enrolled.device });
        let challenge: ChallengeRecord =
            self.request(Method::POST, "/v1/challenge").json(&asked).send().await.unwrap().json().await.unwrap();
        let signature = key.sign(&session_proof(enrolled.device, &challenge.challenge));
        let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
        let proof = ProofRecord { device: enrolled.device, challenge: challenge.challenge, signature };
        self.request(Method::POST, "/v1/session").json(&proof).send().await.unwrap().json().await.unwrap()
    }
}

/// What a phone with `key` answers to `code`.
pub fn enrolment(key: &SigningKey, code: &str) -> EnrolRecord {
    let public = key.verifying_key().to_bytes();
    let signature = URL_SAFE_NO_PAD.encode(key.sign(&enrol_proof(code, &public)).to_bytes());
    EnrolRecord {
        code: code.to_owned(),
        public_key: URL_SAFE_NO_PAD.encode(public),
        device_name: "phone".to_owned(),
        signature,
        returning: None,
    }
}

/// A phone with its session.
pub struct Phone {
    pub enrolled: EnrolledRecord,
    pub session: SessionRecord,
    pub epoch: Option<uuid::Uuid>,
    pub cursor: CursorRecord,
    count: u8,
}

impl Phone {
    pub fn note(&mut self, member: &str, text: &str) -> Operation {
        self.count += 1;
        let now = clock::now_ms();
        Operation {
            id: OperationId::from_time(now, guidebook_server::random::random().unwrap()),
            device: self.enrolled.device,
            guide: self.enrolled.guide.id.clone(),
            hlc: Hlc::new(now, self.count.into()),
            member: Some(MemberId::new(member).unwrap()),
            edit: guidebook_domain::Edit::Note { text: text.into() },
        }
    }

    pub fn body(&self, operations: Vec<Operation>) -> Vec<u8> {
        let operations = operations.into_iter().map(|o| OperationRecord::Known(Box::new(o))).collect();
        serde_json::to_vec(&RoundRecord { protocol: 1, epoch: self.epoch, cursor: self.cursor, operations, ..RoundRecord::default() })
            .unwrap()
    }

    /// A signed request with this body at this time.
    pub fn signed(&self, server: &Server, body: Vec<u8>, time_ms: u64) -> RequestBuilder {
        self.signed_for(server, "/v1/round", body, time_ms)
    }

    /// The same to another path.
    pub fn signed_for(&self, server: &Server, path: &str, body: Vec<u8>, time_ms: u64) -> RequestBuilder {
        let key: [u8; 32] = URL_SAFE_NO_PAD.decode(&self.session.mac_key).unwrap().try_into().unwrap();
        let mac = URL_SAFE_NO_PAD.encode(request_mac(&key, "POST", path, &body, time_ms));
        let request = server.request(Method::POST, path).header("authorization", format!("Guidebook {}", self.session.token));
        request.header(TIME_HEADER, time_ms.to_string()).header(MAC_HEADER, mac).body(body)
    }

    pub fn waiting_body(&self, wait_s: u32) -> Vec<u8> {
        serde_json::to_vec(&LiveRecord { epoch: self.epoch, cursor: self.cursor, wait_s }).unwrap()
    }

    /// A request that waits for news.
    pub fn wait(&self, server: &Server, wait_s: u32) -> RequestBuilder {
        self.signed_for(server, "/v1/live", self.waiting_body(wait_s), clock::now_ms())
    }

    pub async fn round(&mut self, server: &Server, operations: Vec<Operation>) -> RoundAnswerRecord {
        let response = self.signed(server, self.body(operations), clock::now_ms()).send().await.unwrap();
        let (status, text) = (response.status(), response.text().await.unwrap());
        assert_eq!(status, StatusCode::OK, "{text}");
        let answer: RoundAnswerRecord = serde_json::from_str(&text).unwrap();
        self.epoch = answer.epoch.or(self.epoch);
        self.cursor = answer.cursor.unwrap_or(self.cursor);
        answer
    }
}

/// Status and error word of an answer.
pub async fn refusal(request: RequestBuilder) -> (u16, String, Option<String>) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let body: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("no error record: {status} {text}"));
    (status, body["error"].as_str().unwrap_or("none").to_owned(), body["field"].as_str().map(str::to_owned))
}
