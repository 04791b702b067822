//! Figures for Prometheus. None of them names a member, a guide or a device.

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use crate::service::till::decide::Verb;
use guidebook_domain::Outcome;
use guidebook_domain::handover::HandoverState;
use guidebook_wire::{OutcomeRecord, RoundAnswerRecord};

/// One label and its value.
type Labels = [(&'static str, String); 1];

/// All figures.
pub struct Metrics {
    registry: Registry,
    rounds: Counter,
    operations: Family<Labels, Counter>,
    changes: Counter,
    repaired: Counter,
    snapshots: Counter,
    turned_away: Counter,
    waiting: Gauge,
    woken: Counter,
    waiters_turned_away: Counter,
    rows: Family<Labels, Counter>,
    handovers: Family<Labels, Counter>,
    ended: Family<Labels, Counter>,
    device_questions: Counter,
    coupons: Family<Labels, Counter>,
    tills: Family<[(&'static str, String); 2], Counter>,
    uploads: Family<Labels, Counter>,
    seconds: Family<Labels, Histogram, fn() -> Histogram>,
}

impl Default for Metrics {
    fn default() -> Self {
        let (rounds, changes) = (Counter::default(), Counter::default());
        let (repaired, snapshots, turned_away) = (Counter::default(), Counter::default(), Counter::default());
        let (waiting, woken, waiters_turned_away) = (Gauge::default(), Counter::default(), Counter::default());
        let (operations, rows) = (Family::<Labels, Counter>::default(), Family::<Labels, Counter>::default());
        let (handovers, ended, device_questions) = (Family::<Labels, Counter>::default(), Family::default(), Counter::default());
        let (coupons, tills, uploads) = (Family::<Labels, Counter>::default(), Family::default(), Family::<Labels, Counter>::default());
        let seconds = Family::new_with_constructor(buckets as fn() -> Histogram);
        let mut registry = Registry::with_prefix("guidebook");
        registry.register("rounds", "Sync rounds answered", rounds.clone());
        registry.register("operations", "Operations answered, by outcome", operations.clone());
        registry.register("changes_sent", "Changes sent to phones", changes.clone());
        registry.register("slices_repaired", "Slices sent again because sums differed", repaired.clone());
        registry.register("snapshots_offered", "Snapshots offered in place of pages", snapshots.clone());
        registry.register("rounds_turned_away", "Rounds that were asked to come back", turned_away.clone());
        registry.register("live_waiting", "Phones that wait for news", waiting.clone());
        registry.register("live_woken", "Phones that waited and were told of news", woken.clone());
        registry.register("live_turned_away", "Phones that could not wait, for too many do", waiters_turned_away.clone());
        registry.register("import_rows", "Rows imported, by result", rows.clone());
        registry.register("handovers", "Handovers that came into a state", handovers.clone());
        registry.register("upkeep_ended", "What the server ended by itself: jobs, and guides and bindings with a last day", ended.clone());
        registry.register("device_questions", "Times that HQ asked who was on a device", device_questions.clone());
        registry.register("coupons", "Codes granted, requests denied, codes reclaimed, holds released, redemptions told", coupons.clone());
        registry.register("till_calls", "Calls of tills, by verb and answer", tills.clone());
        registry.register("till_uploads", "Redemptions without a network, by what became of them", uploads.clone());
        registry.register("request_seconds", "Time to answer, by route", seconds.clone());
        Metrics {
            registry,
            rounds,
            operations,
            changes,
            repaired,
            snapshots,
            turned_away,
            waiting,
            woken,
            waiters_turned_away,
            rows,
            handovers,
            ended,
            device_questions,
            coupons,
            tills,
            uploads,
            seconds,
        }
    }
}

fn buckets() -> Histogram {
    Histogram::new(exponential_buckets(0.001, 2.0, 14))
}

impl Metrics {
    /// Counts an answered round of `sent` operations.
    pub fn round(&self, sent: usize, answer: &RoundAnswerRecord) {
        self.rounds.inc();
        self.repaired.inc_by(answer.slices.len() as u64);
        self.snapshots.inc_by(u64::from(answer.snapshot.is_some()));
        let silent = sent.saturating_sub(answer.receipts.len());
        self.operations.get_or_create(&[("outcome", "applied".to_owned())]).inc_by(silent as u64);
        self.changes.inc_by(answer.changes.len() as u64);
        if let Some(coupons) = &answer.coupons {
            self.coupons("grants", coupons.grants.len() as u64);
            self.coupons("denied", coupons.denied.len() as u64);
        }
        for receipt in &answer.receipts {
            let outcome = match &receipt.outcome {
                OutcomeRecord::Known(Outcome::Applied) => "applied",
                OutcomeRecord::Known(Outcome::Superseded(_)) => "superseded",
                OutcomeRecord::Known(Outcome::Redirected(_)) => "redirected",
                OutcomeRecord::Known(Outcome::Refused(_)) | OutcomeRecord::Unknown(_) => "refused",
            };
            self.operations.get_or_create(&[("outcome", outcome.to_owned())]).inc();
        }
    }

    /// Counts a round that could not begin.
    pub fn turned_away(&self) {
        self.turned_away.inc();
    }

    /// Notes how many phones wait for news.
    pub fn waiting(&self, count: usize) {
        self.waiting.set(count as i64);
    }

    /// Counts a phone that waited and is told of news.
    pub fn woken(&self) {
        self.woken.inc();
    }

    /// Counts a phone that could not wait.
    pub fn waiter_turned_away(&self) {
        self.waiters_turned_away.inc();
    }

    /// Counts imported rows.
    pub fn imported(&self, accepted: u64, unchanged: u64, refused: u64) {
        for (result, count) in [("accepted", accepted), ("unchanged", unchanged), ("refused", refused)] {
            self.rows.get_or_create(&[("result", result.to_owned())]).inc_by(count);
        }
    }

    /// Counts handovers that came into a state.
    pub fn handovers(&self, state: HandoverState, count: u64) {
        self.handovers.get_or_create(&[("state", state.word().to_owned())]).inc_by(count);
    }

    /// Counts what the server ended by itself.
    pub fn ended(&self, jobs: u64, terms: u64) {
        for (what, count) in [("job", jobs), ("term", terms)] {
            self.ended.get_or_create(&[("what", what.to_owned())]).inc_by(count);
        }
    }

    /// Counts what became of codes.
    pub fn coupons(&self, what: &str, count: u64) {
        self.coupons.get_or_create(&[("what", what.to_owned())]).inc_by(count);
    }

    /// Counts a call of a till.
    pub fn till(&self, verb: Verb, status: u16, again: bool) {
        let answer = if again { "again".to_owned() } else { status.to_string() };
        self.tills.get_or_create(&[("verb", format!("{verb:?}").to_lowercase()), ("answer", answer)]).inc();
    }

    /// Counts a redemption that a till uploaded.
    pub fn uploaded(&self, outcome: &str) {
        self.uploads.get_or_create(&[("outcome", outcome.to_owned())]).inc();
    }

    /// Counts a question who was on a device.
    pub fn device_asked(&self) {
        self.device_questions.inc();
    }

    /// Notes how long an answer took. `route` is the pattern, never the path.
    pub fn answered(&self, route: &str, seconds: f64) {
        self.seconds.get_or_create(&[("route", route.to_owned())]).observe(seconds);
    }

    /// All figures as Prometheus reads them.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string fails only when memory does.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
