//! Headquarters as a client of the server's HQ interface.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use guidebook_domain::{MemberId, OperationId, TagId};
use guidebook_wire::digest::BookDigest;
use reqwest::Method;
use reqwest::blocking::Client;
use serde_json::{Value, json};

/// Headquarters with its key.
pub struct Headquarters {
    client: Client,
    server: String,
    key: String,
}

/// A member as HQ's export tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportedMember {
    /// Guides who serve her.
    pub guides: BTreeSet<String>,
    /// Tags that she carries.
    pub tags: BTreeSet<TagId>,
    /// Notes that stand.
    pub notes: BTreeSet<OperationId>,
}

impl Headquarters {
    /// HQ at `server` with its key.
    pub fn at(server: &str, key: &str) -> Headquarters {
        Headquarters { client: Client::new(), server: server.to_owned(), key: key.to_owned() }
    }

    /// Follows the server to another address.
    pub fn move_to(&mut self, server: &str) {
        self.server = server.to_owned();
    }

    /// The server's port.
    pub fn port(&self) -> u16 {
        self.server.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or(0)
    }

    /// Imports one file; returns the report.
    pub fn import(&self, table: &str, file: &Path) -> Result<Value, String> {
        let bytes = std::fs::read(file).map_err(|e| e.to_string())?;
        self.import_bytes(table, bytes)
    }

    /// Imports one file's content.
    pub fn import_bytes(&self, table: &str, bytes: Vec<u8>) -> Result<Value, String> {
        let url = format!("{}/hq/v1/import/{table}", self.server);
        read(self.client.post(url).bearer_auth(&self.key).header("content-type", "text/csv").body(bytes))
    }

    /// What a till of HQ's asks of a coupon: `verify`, `reserve`, `commit` or `reverse`, each under one idempotency key.
    pub fn at_till(&self, secret: &str, code: &str, verb: &str) -> Result<Value, String> {
        let url = format!("{}/pos/v1/coupons/{code}:{verb}", self.server);
        read(self.client.post(url).bearer_auth(secret).header("idempotency-key", verb))
    }

    /// Makes an enrolment code.
    pub fn code_for(&self, guide: &str) -> Result<String, String> {
        let answer = self.send(Method::POST, "/hq/v1/enrolments", Some(json!({"guide": guide})))?;
        answer["code"].as_str().map(str::to_owned).ok_or_else(|| "no code".to_owned())
    }

    /// Any request of the HQ interface.
    pub fn send(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, String> {
        let mut request = self.client.request(method, format!("{}{path}", self.server)).bearer_auth(&self.key);
        if let Some(body) = body {
            request = request.json(&body);
        }
        read(request)
    }

    /// All members as HQ's streamed export tells.
    pub fn members(&self) -> Result<BTreeMap<MemberId, ExportedMember>, String> {
        let url = format!("{}/hq/v1/members", self.server);
        let request = self.client.get(url).bearer_auth(&self.key).header("accept", "application/x-ndjson");
        let text = request.send().and_then(|r| r.error_for_status()).and_then(|r| r.text()).map_err(|e| e.to_string())?;
        text.lines().map(exported_member).collect()
    }

    /// The digest of the members whom `guide` serves, as HQ's export tells; of their tags those that she sees.
    pub fn digest_of(&self, guide: &str, seen: &BTreeSet<TagId>) -> Result<String, String> {
        let mut digest = BookDigest::default();
        for (id, member) in self.members()? {
            if member.guides.contains(guide) {
                digest.add(&id, &member.tags.intersection(seen).cloned().collect(), &member.notes);
            }
        }
        Ok(digest.finish())
    }

    /// The change feed from its beginning, page by page.
    pub fn changes(&self) -> Result<Vec<Value>, String> {
        let mut all = Vec::new();
        let mut after = 0;
        loop {
            let page = self.send(Method::GET, &format!("/hq/v1/changes?after={after}&limit=500"), None)?;
            let changes = page["changes"].as_array().cloned().unwrap_or_default();
            if changes.is_empty() {
                return Ok(all);
            }
            after = page["after"].as_u64().ok_or("no cursor")?;
            all.extend(changes);
        }
    }
}

fn exported_member(line: &str) -> Result<(MemberId, ExportedMember), String> {
    let value: Value = serde_json::from_str(line).map_err(|e| e.to_string())?;
    let list = |name: &str| value[name].as_array().cloned().unwrap_or_default();
    let id_of = |v: &Value| v["id"].as_str().unwrap_or_default().to_owned();
    let parse = |text: String| text.parse().map_err(|_| "not an id".to_owned());
    let id = MemberId::new(value["member"].as_str().unwrap_or_default()).map_err(|e| e.to_string())?;
    let tags = list("tags").iter().map(id_of).map(|t| TagId::new(t).map_err(|e| e.to_string())).collect::<Result<_, _>>()?;
    let notes = list("notes").iter().map(id_of).map(parse).collect::<Result<_, _>>()?;
    let guides = list("guides").iter().filter_map(|g| g.as_str().map(str::to_owned)).collect();
    Ok((id, ExportedMember { guides, tags, notes }))
}

fn read(request: reqwest::blocking::RequestBuilder) -> Result<Value, String> {
    let response = request.send().map_err(|e| e.to_string())?;
    let status = response.status();
    let text = response.text().map_err(|e| e.to_string())?;
    if !status.is_success() {
        return Err(format!("{status}: {text}"));
    }
    if text.is_empty() { Ok(Value::Null) } else { serde_json::from_str(&text).map_err(|e| e.to_string()) }
}
