//! The kept corpus of each decoder and a few thousand mutations of it, under the stable toolchain: no panic, and each
//! decoder accepts something of its corpus, so that what is mutated is near what matters.

#![allow(clippy::unwrap_used)]

use guidebook_domain::coupon::{CouponCode, Grant, SignedGrant, SignedTrustList, SignedVoucher, base45};
use guidebook_domain::tag_expression::TagExpression;
use guidebook_domain::{Operation, Phone};
use guidebook_store::{Key, vault::open_sealed};
use guidebook_testkit::fuzzing::{TARGETS, Target, corpus, mutate::mutated};
use guidebook_testkit::simulation::chance::Chance;
use guidebook_wire::{ChangeRecord, EnrolRecord, ErrorRecord, OutcomeRecord, RoundAnswerRecord, RoundRecord};

/// Mutations of each input of the corpus.
const MUTATIONS: usize = 300;

fn target(name: &str) -> &'static Target {
    TARGETS.iter().find(|target| target.name == name).unwrap()
}

fn input(name: &str, file: &str) -> Vec<u8> {
    std::fs::read(corpus::folder(target(name)).join(file)).unwrap()
}

#[test]
fn no_decoder_panics_on_its_corpus_or_its_mutations() {
    for target in &TARGETS {
        let mut chance = Chance::new(42);
        let inputs = corpus::inputs(target).unwrap();
        assert!(inputs.len() >= 3, "{} has a corpus", target.name);
        for input in &inputs {
            (target.run)(input);
            for _ in 0..MUTATIONS {
                (target.run)(&mutated(input, &mut chance));
            }
        }
    }
}

#[test]
fn each_decoder_accepts_something_of_its_corpus() {
    let round: RoundRecord = serde_json::from_slice(&input("round_record", "full")).unwrap();
    assert!(round.operations.iter().all(|o| matches!(o, guidebook_wire::OperationRecord::Known(_))), "{round:?}");
    let answer: RoundAnswerRecord = serde_json::from_slice(&input("round_answer", "full")).unwrap();
    let known = answer.receipts.iter().filter(|r| matches!(r.outcome, OutcomeRecord::Known(_))).count();
    assert_eq!((known, answer.receipts.len()), (4, 5));
    let understood = |change: &&ChangeRecord| !matches!(change, ChangeRecord::Unknown(_));
    assert_eq!(answer.changes.iter().filter(understood).count(), 8);
    assert_eq!(serde_json::from_slice::<Vec<Operation>>(&input("merge", "each-kind")).unwrap().len(), 11);
    assert_eq!(guidebook_wire::snapshot::read_chunk(&input("snapshot_chunk", "one-member")).unwrap().len(), 1);
    assert!(serde_json::from_slice::<EnrolRecord>(&input("session", "enrol")).is_ok());
    assert!(serde_json::from_slice::<ErrorRecord>(&input("error_record", "00")).is_ok());
    assert!(TagExpression::parse(std::str::from_utf8(&input("tag_expression", "01")).unwrap()).is_ok());
    assert!(Phone::parse(std::str::from_utf8(&input("short_texts", "02")).unwrap()).is_ok());
    let text = |name, file| String::from_utf8(input(name, file)).unwrap();
    assert!(CouponCode::parse(&text("coupon_code", "typed")).is_ok() && SignedVoucher::decode(&text("voucher", "01")).is_ok());
    assert!(base45::decode(&text("base45", "ietf")).is_ok());
    assert_eq!(serde_json::from_str::<Grant>(&text("grant", "plain")).unwrap().codes.len(), 3);
    assert!(serde_json::from_str::<SignedGrant>(&text("grant", "signed")).is_ok());
    assert!(serde_json::from_str::<SignedTrustList>(&text("trust_list", "good")).is_ok());
    let sealed = input("sealed_record", "good");
    let record = open_sealed(&Key::from_bytes(&sealed[..32]).unwrap(), "member", "M1", &sealed[32..]).unwrap();
    assert_eq!(record["id"], "M00000001");
    assert!(open_sealed(&Key::from_bytes(&sealed[..32]).unwrap(), "member", "M2", &sealed[32..]).is_err());
}

#[test]
fn there_is_a_fuzzer_for_each_decoder() {
    let folder = corpus::folder(&TARGETS[0]).join("../../fuzz_targets");
    let manifest = std::fs::read_to_string(folder.join("../Cargo.toml")).unwrap();
    for target in &TARGETS {
        let source = std::fs::read_to_string(folder.join(format!("{}.rs", target.name))).unwrap();
        assert!(source.contains(&format!("targets::{}(data)", target.name)), "{}", target.name);
        assert!(manifest.contains(&format!("name = \"{}\"", target.name)), "{}", target.name);
    }
}
