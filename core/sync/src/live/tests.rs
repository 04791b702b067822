use super::*;

const LONG: Duration = Duration::from_secs(50);
const RANDOM: u64 = 999;

fn answer(news: bool, come_back_s: Option<u32>) -> Result<LiveAnswerRecord, SyncError> {
    Ok(LiveAnswerRecord { server_ms: 1, news, come_back_s })
}

fn refused(code: ErrorCode) -> SyncError {
    SyncError::Refused { code, field: String::new() }
}

fn waited(pace: &mut Pace, result: Result<LiveAnswerRecord, SyncError>) -> Next {
    pace.after_wait(&result, LONG, false, LONG, RANDOM)
}

fn rounded(pace: &mut Pace, result: Result<RoundReport, SyncError>) -> Next {
    pace.after_round(&result, true, RANDOM)
}

fn good() -> Result<RoundReport, SyncError> {
    Ok(RoundReport::default())
}

fn pause(next: Next) -> u64 {
    let Next::Pause { ms } = next else { panic!("{next:?}") };
    ms
}

#[test]
fn news_brings_a_round_and_a_round_is_followed_by_a_wait() {
    let mut pace = Pace::default();
    assert_eq!(rounded(&mut pace, good()), Next::Wait);
    assert_eq!(waited(&mut pace, answer(false, None)), Next::Wait);
    assert_eq!(waited(&mut pace, answer(true, None)), Next::Round);
    // Another round has brought it already.
    assert_eq!(pace.after_wait(&answer(true, None), LONG, true, LONG, RANDOM), Next::Wait);
    assert_eq!(pace.after_wait(&answer(false, None), LONG, false, ROUND_EVERY, RANDOM), Next::Round);
    assert!(pause(waited(&mut pace, answer(false, Some(20)))) >= 20_000);
    assert_eq!(pace.after_pause(), Next::Wait);
}

#[test]
fn news_without_end_and_waits_without_waiting_are_slowed_down() {
    let mut pace = Pace::default();
    let mut longest = 0;
    for _ in 0..12 {
        assert_eq!(waited(&mut pace, answer(true, None)), Next::Round);
        longest = pause(pace.after_round(&good(), false, u64::MAX / 3));
        assert_eq!(pace.after_pause(), Next::Wait);
    }
    assert!(longest > 10_000, "{longest}");
    assert_eq!(waited(&mut pace, answer(true, None)), Next::Round);
    assert_eq!(rounded(&mut pace, good()), Next::Wait);
    assert!(pause(pace.after_wait(&answer(false, None), Duration::ZERO, false, LONG, RANDOM)) > 0);
}

#[test]
fn after_a_failure_comes_a_pause_and_then_a_round() {
    let mut pace = Pace::default();
    let mut pauses = Vec::new();
    for _ in 0..9 {
        pauses.push(pause(waited(&mut pace, Err(SyncError::Offline))));
        assert!(pace.is_failing());
        assert_eq!(pace.after_pause(), Next::Round);
        pauses.push(pause(pace.after_round(&Err(SyncError::Offline), false, u64::MAX)));
    }
    assert!(pauses.iter().all(|ms| *ms <= backoff::FIRST_MS << MOST_FAILURES), "{pauses:?}");
    assert_eq!(rounded(&mut pace, good()), Next::Wait);
    assert!(!pace.is_failing());
}

#[test]
fn a_server_that_does_not_know_how_to_wait_is_asked_each_minute() {
    for unknown in [refused(ErrorCode::NotFound), SyncError::NotUnderstood] {
        let mut pace = Pace::default();
        pause(waited(&mut pace, Err(unknown)));
        for _ in 0..POLLS {
            assert_eq!(pace.after_pause(), Next::Round);
            let ms = pause(pace.after_round(&good(), false, 0));
            assert!((POLL_EVERY_MS * 3 / 4..=POLL_EVERY_MS * 5 / 4).contains(&ms), "{ms}");
        }
        assert_eq!(pace.after_pause(), Next::Wait, "it may have learnt it");
    }
}

#[test]
fn what_only_the_guide_can_mend_ends_it() {
    let ending = [
        SyncError::SignedOut,
        SyncError::Locked,
        SyncError::Wipe,
        SyncError::Revoked,
        SyncError::UpgradeNeeded,
        SyncError::BadAddress,
        refused(ErrorCode::SignedOut),
    ];
    for error in ending {
        assert_eq!(rounded(&mut Pace::default(), Err(error)), Next::Stop);
    }
    assert_eq!(waited(&mut Pace::default(), Err(SyncError::Locked)), Next::Stop);
    // That the phone is revoked is for the round to act on, at once but not for ever.
    let mut pace = Pace::default();
    assert_eq!(waited(&mut pace, Err(SyncError::Revoked)), Next::Round);
    pause(waited(&mut pace, Err(SyncError::Revoked)));
}
