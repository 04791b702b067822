//! A proxy between a phone and the server that counts what passes, and cuts connections by the count.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of TCP payload since the last [`CountingProxy::reset`]: heads, bodies, everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Phone to server.
    pub up: u64,
    /// Server to phone.
    pub down: u64,
    /// Connections made.
    pub connections: u64,
}

/// A proxy to a server on loopback.
pub struct CountingProxy {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    port: u16,
    up: AtomicU64,
    down: AtomicU64,
    connections: AtomicU64,
    /// Cut once, when so many bytes have come down in all.
    cut_at: AtomicU64,
    /// Every connection dies after so many bytes down.
    lives_for: AtomicU64,
    /// What went up, if asked for.
    recorded: Mutex<Option<Vec<u8>>>,
}

impl CountingProxy {
    /// Starts a proxy to `port` on loopback.
    pub fn to(port: u16) -> std::io::Result<CountingProxy> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let state = Arc::new(State {
            port,
            up: AtomicU64::new(0),
            down: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            cut_at: AtomicU64::new(u64::MAX),
            lives_for: AtomicU64::new(u64::MAX),
            recorded: Mutex::default(),
        });
        let shared = state.clone();
        std::thread::spawn(move || {
            for phone in listener.incoming().flatten() {
                shared.serve(phone);
            }
        });
        Ok(CountingProxy { address, state })
    }

    /// The address for the phone.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What has passed.
    pub fn passed(&self) -> Passed {
        let count = |of: &AtomicU64| of.load(Ordering::SeqCst);
        Passed { up: count(&self.state.up), down: count(&self.state.down), connections: count(&self.state.connections) }
    }

    /// Counts from nought and cuts nothing.
    pub fn reset(&self) {
        for of in [&self.state.up, &self.state.down, &self.state.connections] {
            of.store(0, Ordering::SeqCst);
        }
        self.cut_once_at(u64::MAX);
        self.let_each_live_for(u64::MAX);
    }

    /// Cuts the connection once, as soon as `down` bytes have come down in all.
    pub fn cut_once_at(&self, down: u64) {
        self.state.cut_at.store(down, Ordering::SeqCst);
    }

    /// Cuts each connection made from now on after `down` bytes of its own.
    pub fn let_each_live_for(&self, down: u64) {
        self.state.lives_for.store(down, Ordering::SeqCst);
    }

    /// What phones send during `work`, byte by byte.
    pub fn recording<T>(&self, work: impl FnOnce() -> T) -> (T, Vec<u8>) {
        *self.state.recorded() = Some(Vec::new());
        let done = work();
        let bytes = self.state.recorded().take().unwrap_or_default();
        (done, bytes)
    }
}

impl State {
    fn recorded(&self) -> std::sync::MutexGuard<'_, Option<Vec<u8>>> {
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(self: &Arc<Self>, phone: TcpStream) {
        let Ok(server) = TcpStream::connect(("127.0.0.1", self.port)) else { return };
        let _ = (phone.set_nodelay(true), server.set_nodelay(true));
        let (Ok(phone_too), Ok(server_too)) = (phone.try_clone(), server.try_clone()) else { return };
        self.connections.fetch_add(1, Ordering::SeqCst);
        let (up, down) = (self.clone(), self.clone());
        std::thread::spawn(move || up.pump_up(phone, server));
        std::thread::spawn(move || down.pump_down(server_too, phone_too));
    }

    fn pump_up(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut chunk = [0; 16 * 1024];
        while let Ok(n @ 1..) = from.read(&mut chunk) {
            self.up.fetch_add(n as u64, Ordering::SeqCst);
            if let Some(recorded) = self.recorded().as_mut() {
                recorded.extend_from_slice(&chunk[..n]);
            }
            if to.write_all(&chunk[..n]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    }

    /// Passes on what is left until a cut, then hangs up on both sides.
    fn pump_down(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut chunk = [0; 16 * 1024];
        let mut left = self.lives_for.load(Ordering::SeqCst);
        while let Ok(n @ 1..) = from.read(&mut chunk) {
            let until_cut = self.cut_at.load(Ordering::SeqCst).saturating_sub(self.down.load(Ordering::SeqCst));
            let passes = (n as u64).min(left).min(until_cut) as usize;
            left -= passes as u64;
            self.down.fetch_add(passes as u64, Ordering::SeqCst);
            let cut = passes < n;
            if until_cut == passes as u64 {
                self.cut_at.store(u64::MAX, Ordering::SeqCst);
            }
            if to.write_all(&chunk[..passes]).is_err() || cut {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
        let _ = from.shutdown(Shutdown::Both);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that answers each connection with a thousand bytes.
    fn a_server() -> u16 {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for mut phone in listener.incoming().flatten() {
                let mut asked = [0; 4];
                let _ = phone.read_exact(&mut asked);
                let _ = phone.write_all(&[7; 1_000]);
            }
        });
        port
    }

    fn ask(proxy: &CountingProxy) -> usize {
        let mut stream = TcpStream::connect(proxy.address).unwrap();
        stream.write_all(b"give").unwrap();
        let mut got = Vec::new();
        let _ = stream.read_to_end(&mut got);
        got.len()
    }

    #[test]
    fn what_passes_is_counted_and_a_cut_comes_where_it_was_asked_for() {
        let proxy = CountingProxy::to(a_server()).unwrap();
        let (got, sent) = proxy.recording(|| ask(&proxy));
        assert_eq!((got, sent.as_slice()), (1_000, b"give".as_slice()));
        assert_eq!(proxy.passed(), Passed { up: 4, down: 1_000, connections: 1 });
        proxy.reset();
        proxy.cut_once_at(600);
        assert_eq!((ask(&proxy), ask(&proxy)), (600, 1_000));
        assert_eq!(proxy.passed().down, 1_600);
        proxy.let_each_live_for(10);
        assert_eq!((ask(&proxy), ask(&proxy)), (10, 10));
    }
}
