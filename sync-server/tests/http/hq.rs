//! HQ over HTTP: imports, exports, and what is another tenant's.

use guidebook_server::service::setup::Scope;
use reqwest::Method;
use serde_json::{Value, json};

use crate::server::{MEMBERS, Server, refusal};

#[tokio::test]
async fn an_import_reports_what_was_refused_and_a_second_one_changes_nothing() {
    let server = Server::furnished().await;
    let again = server.import("members", MEMBERS).await;
    assert_eq!((again["accepted"].clone(), again["unchanged"].clone(), again["refused_count"].clone()), (json!(2), json!(2), json!(1)));
    let row = &again["refused"][0];
    assert_eq!((row["file"].clone(), row["line"].clone(), row["field"].clone()), (json!("members"), json!(4), json!("手机号")));
    let run = again["run"].as_str().unwrap();
    let kept = server.hq_json(Method::GET, &format!("/hq/v1/imports/{run}/refusals?after=0"), None).await;
    assert_eq!(kept["refused"][0]["reason"], "not a mobile number");
}

#[tokio::test]
async fn ndjson_is_imported_too() {
    let server = Server::furnished().await;
    let request = server.hq(Method::POST, "/hq/v1/import/stores").header("content-type", "application/x-ndjson");
    let body = "{\"store\":\"S2\",\"name\":\"红荔路店\",\"city\":\"深圳\",\"time_zone\":\"Asia/Shanghai\"}\n";
    let answer: Value = request.body(body).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["accepted"], 1);
    let stores = server.hq_json(Method::GET, "/hq/v1/stores", None).await;
    assert_eq!(stores.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn members_are_exported_as_ndjson_and_csv_with_tags_and_notes() {
    let server = Server::furnished().await;
    let mut li = server.phone("LI").await;
    let note = li.note("M1", "size 38");
    li.round(&server, vec![note.clone()]).await;
    let text = server.hq(Method::GET, "/hq/v1/members").send().await.unwrap().text().await.unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.iter().map(|line| line["member"].as_str().unwrap()).collect::<Vec<_>>(), ["M1", "M2"]);
    assert_eq!((lines[0]["tags"][0]["name"].clone(), lines[0]["notes"][0]["id"].clone()), (json!("真皮"), json!(note.id)));
    let request = server.hq(Method::GET, "/hq/v1/members").header("accept", "text/csv");
    let text = request.send().await.unwrap().text().await.unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    assert_eq!((rows.len(), &rows[0][0], &rows[0][8]), (2, "M1", "偏好/真皮"));
}

#[tokio::test]
async fn tags_are_renamed_and_deleted_and_members_handed_over() {
    let server = Server::furnished().await;
    let tags = server.hq_json(Method::GET, "/hq/v1/tags", None).await;
    let id = tags[0]["id"].as_str().unwrap();
    let renamed = server.hq_json(Method::PATCH, &format!("/hq/v1/tags/{id}"), Some(json!({ "name": "皮革" }))).await;
    assert_eq!(renamed["name"], "皮革");
    let into = tags[1]["id"].as_str().unwrap();
    let merged = server.hq_json(Method::DELETE, &format!("/hq/v1/tags/{id}?merge_into={into}"), None).await;
    assert_eq!(merged["fate"]["merged_into"], into);
    let assigned = server.hq_json(Method::POST, "/hq/v1/assignments", Some(json!({ "member": "M1", "guide": "CHEN" }))).await;
    assert_eq!(assigned["changed"], true);
    let request = json!({ "from": "CHEN", "to": "LI", "kind": "resigned", "effective": "at_once", "dry_run": false });
    let report = server.hq_json(Method::POST, "/hq/v1/handovers", Some(request)).await;
    assert_eq!(report["done"], json!(["M1", "M2"]));
    let guides = server.hq_json(Method::GET, "/hq/v1/guides", None).await;
    assert!(guides[0]["left"].is_string() && guides[0]["members"] == 0 && guides[1]["members"] == 2, "{guides}");
}

#[tokio::test]
async fn what_is_another_tenant_s_is_not_found() {
    let mut server = Server::furnished().await;
    let li = server.phone("LI").await;
    let run = server.import("members", MEMBERS).await["run"].as_str().unwrap().to_owned();
    let tag = server.hq_json(Method::GET, "/hq/v1/tags", None).await[0]["id"].as_str().unwrap().to_owned();
    server.key = Server::tenant(&server.dir, "B", &Scope::ALL);
    let table = [
        (Method::POST, "/hq/v1/enrolments".to_owned(), json!({ "guide": "LI" })),
        (Method::POST, "/hq/v1/assignments".to_owned(), json!({ "member": "M1", "guide": "LI" })),
        (Method::POST, "/hq/v1/handovers".to_owned(), json!({ "from": "LI", "to": "CHEN", "kind": "on_job" })),
        (Method::PATCH, format!("/hq/v1/tags/{tag}"), json!({ "name": "x" })),
        (Method::DELETE, format!("/hq/v1/tags/{tag}"), json!({})),
        (Method::POST, "/hq/v1/members/M1/unmerge".to_owned(), json!({})),
        (Method::POST, format!("/hq/v1/devices/{}/revoke", li.enrolled.device), json!({})),
        (Method::GET, format!("/hq/v1/imports/{run}/refusals"), json!({})),
    ];
    for (method, path, body) in table {
        let (status, word, _) = refusal(server.hq(method, &path).json(&body)).await;
        assert_eq!((status, word.as_str()), (404, "not_found"), "{path}");
    }
    for path in ["/hq/v1/guides", "/hq/v1/stores", "/hq/v1/tags", "/hq/v1/devices"] {
        assert_eq!(server.hq_json(Method::GET, path, None).await, json!([]), "{path}");
    }
    assert_eq!(server.hq(Method::GET, "/hq/v1/members").send().await.unwrap().text().await.unwrap(), "");
    assert_eq!(server.hq_json(Method::GET, "/hq/v1/changes", None).await["changes"], json!([]));
}

#[tokio::test]
async fn the_server_tells_how_it_fares_without_naming_anybody() {
    let server = Server::furnished().await;
    let mut li = server.phone("LI").await;
    let note = li.note("M1", "x");
    li.round(&server, vec![note]).await;
    for (path, says) in [("/health", "ok"), ("/ready", "ready")] {
        assert_eq!(server.request(Method::GET, path).send().await.unwrap().text().await.unwrap(), says);
    }
    let text = server.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    for line in [
        "guidebook_rounds_total 1",
        "guidebook_operations_total{outcome=\"applied\"} 1",
        "guidebook_import_rows_total{result=\"refused\"} 1",
        "guidebook_request_seconds_bucket",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains("M1") && !text.contains("LI"));
}
