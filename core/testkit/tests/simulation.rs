//! Many schedules, as many as `SIMULATION_SEEDS` asks for, and the seeds that once failed.

#![allow(clippy::unwrap_used)]

use guidebook_testkit::simulation::many::{cores, play_many};
use guidebook_testkit::simulation::mix::Mix;
use guidebook_testkit::simulation::play;

/// Seeds that found a fault; each is played for good.
///
/// - 663: an answered edit on a walk-in who was merged vanished from the screen until the next page
/// - 19, 63: amid pages, changed fields were told against the cursor, and not against what the phone had
/// - 339, 798, 2815: the model of a phone did not sweep in a new epoch
/// - 2831, 5447, 9735, 12415: a phone of an epoch that a second restore had undone was asked for too little
/// - 14999: a feed that was empty in the backup gave out its positions once more
/// - 4172: a leaver's phone between two pushes was taken for one that has synced (the check was wrong)
///
/// All are of earlier mixes, and name other schedules today. Of the last one before seeds had themes:
/// - 1220, 1536, 1791, 2247, 2779: who had come with a snapshot that was given up was not listed until the next start
/// - 2221, 1047: who was gone while a snapshot came was listed again at its end
/// - 103: a walk-in who was answered behind the snapshot went with its end, and her answered edits (model and book)
/// - 3473: the server died at its last upkeep, and was compared (the check was wrong)
/// - 6887, 16991: an alias outlived the snapshot in which its member came under her own id
/// - 41399, 55855, 85071, 89391: who was handed away after her edit was taken, behind a snapshot, stayed for ever
/// - 215095: so did a walk-in who waited for her answer through a snapshot, and was not the guide's when it came
///
/// Of today's mix:
/// - 696687: so did one who was answered in the epoch of a restore, for a walk-in of whom no server has told was in no sum
/// - 738159: a leaver's phone between two pushes was told of a restore, and swept out its members when the next one undid that
/// - 848031: time that passed after a contact had set the time back was not written down until it was past what was written
const ONCE_FAILED: &[u64] = &[
    19, 63, 339, 663, 798, 2815, 2831, 5447, 9735, 12415, 14999, 4172, 1220, 1536, 1791, 2247, 2779, 2221, 1047, 103, 3473, 6887, 16991,
    41399, 55855, 85071, 89391, 215095, 696687, 738159, 848031,
];

/// `SIMULATION_SEEDS` in the environment plays another number; `.ci/run` sets it.
const SEEDS: u64 = 2_500;

#[test]
fn seeds_that_once_failed_hold() {
    for seed in ONCE_FAILED {
        play(*seed).unwrap();
    }
}

#[test]
fn every_invariant_holds_in_every_schedule() {
    let seeds = std::env::var("SIMULATION_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(SEEDS);
    let failed = play_many(0, seeds, cores(), &Mix::usual());
    println!("{seeds} schedules, {} failed", failed.len());
    let first: Vec<&str> = failed.iter().take(10).map(|(_, error)| error.as_str()).collect();
    assert!(failed.is_empty(), "{} of {seeds} schedules failed, first:\n{}", failed.len(), first.join("\n"));
}
