//! A server is killed between the platform's answer and writing it down: the next one sends the same batch under the same
//! number. Needs the feature `failpoints`.
#![allow(clippy::unwrap_used)]

#[path = "http/wechat_pay.rs"]
mod wechat_pay;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use wechat_pay::{Fault, STOCK, WechatPay};

fn program(dir: &Path, failpoint: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guidebook-server"));
    command.arg("--data-dir").arg(dir).arg("--config").arg(dir.join("server.toml")).env("GUIDEBOOK_FAILPOINT", failpoint);
    command
}

fn once(dir: &Path, words: &[&str]) -> String {
    let output = program(dir, "").args(words).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A serving process and its address.
fn serve(dir: &Path, failpoint: &str) -> (Child, String) {
    let mut command = program(dir, failpoint);
    command.args(["--listen", "127.0.0.1:0", "serve"]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().rsplit(' ').next().unwrap().to_owned();
    (child, address)
}

fn config(dir: &Path, wechat_pay: &WechatPay) {
    let rail = wechat_pay.settings(dir).wechat_pay.unwrap();
    let text = format!(
        "[rails.main.wechat_pay]\nmerchant = '{}'\ncertificate_serial = '{}'\nkey_file = '{}'\nplatform_key = '{}'\nplatform_key_file = '{}'\naddress = '{}'\n",
        rail.merchant,
        rail.certificate_serial,
        rail.key_file.display(),
        rail.platform_key,
        rail.platform_key_file.display(),
        rail.address
    );
    std::fs::write(dir.join("server.toml"), text).unwrap();
}

async fn waiting(client: &reqwest::Client, address: &str, key: &str) -> Option<u64> {
    let answer = client.get(format!("{address}/hq/v1/campaigns/C1")).bearer_auth(key).send().await.ok()?;
    answer.json::<Value>().await.ok()?["rail"]["waiting"].as_u64()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_before_or_after_it_wrote_the_answer_down_doubles_nothing() {
    for failpoint in ["server.campaign.before_commit@2", "server.campaign.after_commit@2"] {
        let (dir, wechat_pay) = (tempfile::tempdir().unwrap(), WechatPay::start().await);
        config(dir.path(), &wechat_pay);
        let printed = once(dir.path(), &["init"]);
        let key = printed.split_whitespace().find(|word| word.starts_with("gbhq_")).unwrap().to_owned();
        once(dir.path(), &["keys", "init"]);
        let client = reqwest::Client::new();

        // The platform has no time until the campaign is there.
        wechat_pay.will(vec![Fault::Status(503, "SYSTEM_ERROR"); 1_000]);
        let (mut child, address) = serve(dir.path(), "");
        let body = json!({"id": "C1", "name": "双11", "face": {"amount": {"fen": 500}}, "validity": {"from_issue": {"days": 30}},
            "budget": {"codes": 150}, "rail": format!("wechat_pay/{STOCK}")});
        let made = client.post(format!("{address}/hq/v1/campaigns")).bearer_auth(&key).json(&body).send().await.unwrap();
        assert_eq!(made.status(), 200, "{}", made.text().await.unwrap());
        child.kill().unwrap();
        child.wait().unwrap();
        wechat_pay.forget_faults();

        // The first such commit is that of looking for a batch, the second that of what came of it.
        let (mut child, _) = serve(dir.path(), failpoint);
        assert_eq!(child.wait().unwrap().code(), None, "{failpoint} was not met");
        assert_eq!(wechat_pay.stocked(), 150, "the platform has them");

        let (mut child, address) = serve(dir.path(), "");
        let mut left = None;
        for _ in 0..500 {
            left = waiting(&client, &address, &key).await;
            if left == Some(0) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!((left, wechat_pay.stocked()), (Some(0), 150), "{failpoint}");
        let numbers = wechat_pay.look(|seen| seen.numbers.len());
        assert_eq!(numbers, 1, "{failpoint}: one number for one set of codes");
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
