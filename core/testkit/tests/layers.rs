//! The layers of the house: an arrow down means "may import", and nothing points up. And what a phone must not carry.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Each crate with the crates of this workspace that it may import outside of tests.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("guidebook-domain", &[]),
    ("guidebook-wire", &["guidebook-domain"]),
    ("guidebook-store", &["guidebook-domain", "guidebook-wire"]),
    ("guidebook-sync", &["guidebook-domain", "guidebook-wire", "guidebook-store"]),
    ("guidebook-core", &["guidebook-domain", "guidebook-wire", "guidebook-store", "guidebook-sync"]),
    ("guidebook-till", &["guidebook-domain", "guidebook-wire"]),
    ("guidebook-server", &["guidebook-domain", "guidebook-wire"]),
    ("guidebook-till-c", &["guidebook-domain"]),
    ("guidebook-uniffi-bindgen", &[]),
];

fn metadata() -> Value {
    let output = Command::new(env!("CARGO")).args(["metadata", "--format-version", "1", "--locked"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn crates_import_only_downward() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    for (name, allowed) in MAY_IMPORT {
        let package = packages.iter().find(|p| text(&p["name"]) == *name).unwrap_or_else(|| panic!("no crate {name}"));
        for dependency in package["dependencies"].as_array().unwrap() {
            let imported = text(&dependency["name"]);
            if imported.starts_with("guidebook-") && dependency["kind"] != "dev" {
                assert!(allowed.contains(&imported), "{name} imports {imported}");
            }
        }
    }
}

/// The packages that a crate brings along, without those only for tests or builds.
fn tree_of(metadata: &Value, name: &str) -> BTreeSet<String> {
    let packages = metadata["packages"].as_array().unwrap();
    let name_of: BTreeMap<&str, &str> = packages.iter().map(|p| (text(&p["id"]), text(&p["name"]))).collect();
    let nodes: BTreeMap<&str, &Value> = metadata["resolve"]["nodes"].as_array().unwrap().iter().map(|n| (text(&n["id"]), n)).collect();
    let root = name_of.iter().find(|(_, n)| **n == name).map(|(id, _)| *id).unwrap();
    let mut seen = BTreeSet::from([root]);
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        for dependency in nodes[id]["deps"].as_array().unwrap() {
            // Build-time tools count too: cmake would be one.
            let only_for_tests = dependency["dep_kinds"].as_array().unwrap().iter().all(|k| k["kind"] == "dev");
            let id = text(&dependency["pkg"]);
            if !only_for_tests && seen.insert(id) {
                open.push(id);
            }
        }
    }
    seen.into_iter().map(|id| name_of[id].to_owned()).collect()
}

#[test]
fn the_phone_carries_no_openssl_no_aws_lc_and_no_cmake() {
    let tree = tree_of(&metadata(), "guidebook-core");
    assert!(tree.contains("ring") && tree.contains("libsqlite3-sys"), "the walk finds what is there");
    let banned = |name: &&String| ["openssl", "aws-lc", "cmake", "native-tls"].iter().any(|b| name.contains(b));
    assert_eq!(tree.iter().filter(banned).collect::<Vec<_>>(), Vec::<&String>::new());
}
