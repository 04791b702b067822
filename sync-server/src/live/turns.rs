//! The look at the database for all who wait.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};

use crate::db::DatabaseExt;
use crate::http::app::App;

/// Other servers' writes are seen this often.
const PERIOD: Duration = Duration::from_secs(1);
/// Two looks are at least so far apart, however much is written.
const LEAST_PAUSE: Duration = Duration::from_millis(50);
/// And at least so many times as far as a look takes, so that looking costs a tenth of one processor at most.
const REST: u32 = 9;

/// Looks after every write of this server and every [`PERIOD`], until it is dropped. A look that fails is logged; the next
/// one follows. While nobody waits nothing is asked.
pub async fn turns(app: Arc<App>) {
    loop {
        let _ = timeout(PERIOD, app.hub.stirred()).await;
        let devices = app.hub.devices();
        if devices.is_empty() {
            continue;
        }
        let begun = Instant::now();
        match app.run(move |app, _| Ok(app.db.reading(|tx| tx.feed_positions(&devices))?)).await {
            // Those who are left over come next: all at once they would be turned away.
            Ok(positions) if app.hub.wake(&positions, app.most_rounds.div_ceil(2)) > 0 => app.hub.stir(),
            Ok(_) => {}
            Err(problem) => tracing::error!(error = %problem.0, "looking for news failed"),
        }
        sleep(LEAST_PAUSE.max(begun.elapsed() * REST)).await;
    }
}
