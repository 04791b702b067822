//! A phone that sends everything twice, to two servers.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use guidebook_domain::{Consents, DeviceId, Edit, GuideId, Hlc, MemberId, Operation, OperationId, Phone as Number, StoreId, Walkin};
use guidebook_server::clock;
use guidebook_server::random::random;
use guidebook_wire::enrol::enrol_proof;
use guidebook_wire::session::{MAC_HEADER, TIME_HEADER, request_mac, session_proof};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::cluster::Cluster;

/// A phone with its session.
pub struct Phone {
    device: DeviceId,
    guide: GuideId,
    token: String,
    mac_key: [u8; 32],
    count: u16,
}

impl Phone {
    /// Enrols a phone of `guide` and opens a session.
    pub async fn enrol(cluster: &Cluster, guide: &str) -> Self {
        let (_, made) = cluster.hq(Method::POST, "/hq/v1/enrolments", json!({ "guide": guide })).await;
        let code = made["code"].as_str().unwrap();
        let key = SigningKey::from_bytes(&random().unwrap());
        let public = key.verifying_key().to_bytes();
        let sign = |proof: Vec<u8>| URL_SAFE_NO_PAD.encode(key.sign(&proof).to_bytes());
        let signature = sign(enrol_proof(code, &public));
        let enrol = json!({ "code": code, "public_key": URL_SAFE_NO_PAD.encode(public), "device_name": "phone", "signature": signature });
        let (_, enrolled) = cluster.send(|| cluster.request(Method::POST, "/v1/enrol").json(&enrol)).await;
        let device: DeviceId = enrolled["device"].as_str().unwrap_or_else(|| panic!("{enrolled}")).parse().unwrap();
        // A challenge that was used up by an answer that never came is asked for again, as phones do.
        loop {
            let ask = json!({ "device": device });
            let (_, challenge) = cluster.send(|| cluster.request(Method::POST, "/v1/challenge").json(&ask)).await;
            let challenge = challenge["challenge"].as_str().unwrap();
            let proof = json!({ "device": device, "challenge": challenge, "signature": sign(session_proof(device, challenge)) });
            let (status, session) = cluster.send(|| cluster.request(Method::POST, "/v1/session").json(&proof)).await;
            if status == StatusCode::OK {
                let token = session["token"].as_str().unwrap().to_owned();
                let mac_key = URL_SAFE_NO_PAD.decode(session["mac_key"].as_str().unwrap()).unwrap().try_into().unwrap();
                return Phone { device, guide: guide.parse().unwrap(), token, mac_key, count: 0 };
            }
        }
    }

    /// A note on a member.
    pub fn note(&mut self, member: &str) -> Operation {
        self.operation(Some(member.parse().unwrap()), Edit::Note { text: "size 38".into() })
    }

    /// A customer at the counter.
    pub fn walk_in(&mut self, number: &str) -> Operation {
        let consents = Consents { membership: true, ..Consents::default() };
        let phone = Number::parse(number).unwrap();
        let walkin = Walkin { name: "钱七".into(), phone, gender: None, birthday: None, store: StoreId::new("S1").unwrap(), consents };
        let operation = self.operation(None, Edit::Enrol { walkin: Box::new(walkin) });
        Operation { member: Some(MemberId::walk_in(operation.id)), ..operation }
    }

    fn operation(&mut self, member: Option<MemberId>, edit: Edit) -> Operation {
        self.count += 1;
        let now = clock::now_ms();
        let id = OperationId::from_time(now, random().unwrap());
        Operation { id, device: self.device, guide: self.guide.clone(), hlc: Hlc::new(now, self.count), member, edit }
    }

    /// Sends the edits to two servers at once. Gives the receipts, which must be the same; none if the phone was
    /// revoked, because its guide left.
    pub async fn push(&self, cluster: &Cluster, operations: &[Operation]) -> Vec<(OperationId, Value)> {
        let (one, other) = tokio::join!(self.round(cluster, operations), self.round(cluster, operations));
        if !one.is_empty() && !other.is_empty() {
            assert_eq!(one, other);
        }
        if one.is_empty() { other } else { one }
    }

    async fn round(&self, cluster: &Cluster, operations: &[Operation]) -> Vec<(OperationId, Value)> {
        let body = json!({ "protocol": 1, "epoch": null, "cursor": { "feed": 0, "catalogue": 0 }, "operations": operations });
        let body = serde_json::to_vec(&body).unwrap();
        let request = || {
            let now = clock::now_ms();
            let mac = URL_SAFE_NO_PAD.encode(request_mac(&self.mac_key, "POST", "/v1/round", &body, now));
            let request = cluster.request(Method::POST, "/v1/round").header("authorization", format!("Guidebook {}", self.token));
            request.header(TIME_HEADER, now.to_string()).header(MAC_HEADER, mac).body(body.clone())
        };
        let (status, answer) = cluster.send(request).await;
        if status == StatusCode::FORBIDDEN && answer["error"] == "revoked" {
            return Vec::new();
        }
        assert_eq!(status, StatusCode::OK, "{answer}");
        let receipts = answer["receipts"].as_array().unwrap();
        assert_eq!(receipts.len(), operations.len());
        receipts.iter().map(|receipt| (receipt["op"].as_str().unwrap().parse().unwrap(), receipt["outcome"].clone())).collect()
    }
}
