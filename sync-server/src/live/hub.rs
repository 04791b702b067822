//! Who waits, and who is woken.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use guidebook_domain::DeviceId;
use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;

use crate::db::live::FeedPosition;
use crate::service::live::{Waiting, has_news};

/// Why a phone waits no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// There is something to pull.
    News,
    /// The device may sync no more, or its guide has left.
    Ended,
    /// The same device waits in another request.
    Elsewhere,
    /// The server stops.
    Stopping,
}

/// As many wait as may.
#[derive(Debug, PartialEq, Eq)]
pub struct Full;

/// All phones that wait at this server.
pub struct Hub {
    state: Mutex<State>,
    stirred: Notify,
    most: usize,
}

#[derive(Default)]
struct State {
    waiting: HashMap<DeviceId, Waiter>,
    entered: u64,
    stopping: bool,
}

struct Waiter {
    number: u64,
    since: Waiting,
    wake: oneshot::Sender<Woken>,
}

impl Hub {
    /// A hub at which so many may wait at once.
    pub fn new(most: usize) -> Self {
        Hub { state: Mutex::default(), stirred: Notify::new(), most }
    }

    /// A place among those who wait. A device that has one leaves it.
    pub fn enter(self: &Arc<Self>, since: Waiting) -> Result<Place, Full> {
        let (wake, woken) = oneshot::channel();
        let mut state = self.lock();
        if state.waiting.len() >= self.most && !state.waiting.contains_key(&since.device) {
            return Err(Full);
        }
        state.entered += 1;
        let (device, number) = (since.device, state.entered);
        if state.stopping {
            let _ = wake.send(Woken::Stopping);
        } else if let Some(older) = state.waiting.insert(device, Waiter { number, since, wake }) {
            let _ = older.wake.send(Woken::Elsewhere);
        }
        Ok(Place { hub: Arc::clone(self), device, number, woken })
    }

    /// How many wait.
    pub fn count(&self) -> usize {
        self.lock().waiting.len()
    }

    /// Who waits.
    pub fn devices(&self) -> Vec<DeviceId> {
        self.lock().waiting.keys().copied().collect()
    }

    /// Something was written: the next look at the database is due.
    pub fn stir(&self) {
        self.stirred.notify_one();
    }

    /// Waits until something was written.
    pub async fn stirred(&self) {
        self.stirred.notified().await;
    }

    /// Wakes those for whom there is something at these positions, but no more than `most`: whose own feed has moved before
    /// those for whom only names have, and of each who came first. Returns how many are left over.
    pub fn wake(&self, positions: &[FeedPosition], most: usize) -> usize {
        let mut state = self.lock();
        let mut due: Vec<(bool, u64, DeviceId, Woken)> = Vec::new();
        for at in positions {
            let Some(waiter) = state.waiting.get(&at.device).filter(|waiter| has_news(&waiter.since, at)) else { continue };
            let names_only = at.active && waiter.since.cursor.feed == at.newest.feed;
            due.push((names_only, waiter.number, at.device, if at.active { Woken::News } else { Woken::Ended }));
        }
        due.sort_unstable_by_key(|(names_only, number, ..)| (*names_only, *number));
        for (_, _, device, woken) in due.iter().take(most) {
            if let Some(waiter) = state.waiting.remove(device) {
                let _ = waiter.wake.send(*woken);
            }
        }
        due.len().saturating_sub(most)
    }

    /// Sends everybody away, and whoever comes from here on.
    pub fn stop(&self) {
        let mut state = self.lock();
        state.stopping = true;
        for (_, waiter) in state.waiting.drain() {
            let _ = waiter.wake.send(Woken::Stopping);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No change is left half made by a panic: each is one insertion or removal.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place among those who wait; given back when it is dropped, as it is when the phone hangs up.
pub struct Place {
    hub: Arc<Hub>,
    device: DeviceId,
    number: u64,
    woken: oneshot::Receiver<Woken>,
}

impl Place {
    /// Waits, but no longer than this; `None` when that is over.
    pub async fn wait(mut self, longest: Duration) -> Option<Woken> {
        timeout(longest, &mut self.woken).await.ok()?.ok()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.hub.lock();
        if state.waiting.get(&self.device).is_some_and(|waiter| waiter.number == self.number) {
            state.waiting.remove(&self.device);
        }
    }
}

#[cfg(test)]
mod tests {
    use guidebook_wire::CursorRecord;
    use uuid::Uuid;

    use super::*;

    const EPOCH: Uuid = Uuid::from_u128(1);

    fn device(n: u128) -> DeviceId {
        DeviceId::from_uuid(Uuid::from_u128(n))
    }

    fn since(n: u128) -> Waiting {
        Waiting { device: device(n), epoch: Some(EPOCH), cursor: CursorRecord { feed: 5, catalogue: 2 } }
    }

    fn at(n: u128, feed: u64, catalogue: u64) -> FeedPosition {
        FeedPosition { device: device(n), active: true, epoch: EPOCH, newest: CursorRecord { feed, catalogue } }
    }

    fn woken(place: Place) -> Option<Woken> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(place.wait(Duration::ZERO))
    }

    #[test]
    fn only_whose_position_moved_is_woken() {
        let hub = Arc::new(Hub::new(9));
        let places = [1, 2, 3, 4, 5].map(|n| hub.enter(since(n)).unwrap());
        let revoked = FeedPosition { active: false, ..at(3, 5, 2) };
        let restored = FeedPosition { epoch: Uuid::nil(), ..at(4, 5, 2) };
        assert_eq!(hub.wake(&[at(1, 5, 2), at(2, 6, 2), revoked, restored, at(5, 5, 3), at(6, 9, 9)], 9), 0);
        let expected = [None, Some(Woken::News), Some(Woken::Ended), Some(Woken::News), Some(Woken::News)];
        assert_eq!(hub.count(), 1);
        assert_eq!(places.map(woken), expected);
        assert_eq!(hub.count(), 0, "a place that is dropped is free");
    }

    #[test]
    fn a_turn_wakes_no_more_than_it_may_and_own_feeds_before_names() {
        let hub = Arc::new(Hub::new(9));
        let places = [1, 2, 3].map(|n| hub.enter(since(n)).unwrap());
        assert_eq!(hub.wake(&[at(1, 5, 3), at(2, 5, 3), at(3, 6, 3)], 2), 1);
        assert_eq!(places.map(woken), [Some(Woken::News), None, Some(Woken::News)]);
    }

    #[test]
    fn a_device_waits_once_and_leaves_the_newer_place_alone() {
        let hub = Arc::new(Hub::new(1));
        let older = hub.enter(since(1)).unwrap();
        let newer = hub.enter(since(1)).unwrap();
        assert_eq!((woken(older), hub.count()), (Some(Woken::Elsewhere), 1));
        assert_eq!(hub.enter(since(2)).err(), Some(Full));
        drop(newer);
        assert!(hub.enter(since(2)).is_ok());
    }

    #[test]
    fn a_server_that_stops_holds_nobody() {
        let hub = Arc::new(Hub::new(9));
        let place = hub.enter(since(1)).unwrap();
        hub.stop();
        assert_eq!([woken(place), woken(hub.enter(since(2)).unwrap())], [Some(Woken::Stopping); 2]);
    }
}
