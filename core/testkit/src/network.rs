//! A network that fails on request: a proxy between one phone and the server.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

/// What marks a sync round.
const ROUND: &str = "POST /v1/round";

/// A proxy to a server on loopback.
pub struct Network {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    server_port: AtomicU16,
    cut: AtomicBool,
    lose: AtomicU32,
    /// What marks the requests whose answers are lost.
    marks: Mutex<&'static str>,
    lost: AtomicU32,
    open: Mutex<Vec<TcpStream>>,
}

impl Network {
    /// Starts a proxy to `port` on loopback.
    pub fn to(port: u16) -> std::io::Result<Network> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let state = Arc::new(State { server_port: AtomicU16::new(port), ..State::default() });
        let shared = state.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                shared.serve(client);
            }
        });
        Ok(Network { address, state })
    }

    /// The address for the phone.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Cuts the network, open connections too, or mends it.
    pub fn set_cut(&self, cut: bool) {
        self.state.cut.store(cut, Ordering::SeqCst);
        if cut {
            for stream in self.state.open.lock().expect("no panic while held").drain(..) {
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
    }

    /// Loses the answers to the next `n` sync rounds: the server has worked, the phone hears nothing.
    pub fn lose_answers(&self, n: u32) {
        self.lose_answers_to(ROUND, n);
    }

    /// Loses the answers to the next `n` requests in whose head or body this stands.
    pub fn lose_answers_to(&self, marks: &'static str, n: u32) {
        *self.state.marks.lock().expect("no panic while held") = marks;
        self.state.lose.store(n, Ordering::SeqCst);
    }

    /// How many answers have been lost.
    pub fn lost(&self) -> u32 {
        self.state.lost.load(Ordering::SeqCst)
    }

    /// Follows the server to another port.
    pub fn move_to(&self, port: u16) {
        self.state.server_port.store(port, Ordering::SeqCst);
    }
}

impl State {
    fn serve(self: &Arc<Self>, client: TcpStream) {
        if self.cut.load(Ordering::SeqCst) {
            return;
        }
        let Ok(server) = TcpStream::connect(("127.0.0.1", self.server_port.load(Ordering::SeqCst))) else { return };
        let pair = (client.try_clone(), server.try_clone());
        let (Ok(client_too), Ok(server_too)) = pair else { return };
        self.open.lock().expect("no panic while held").extend([client.try_clone(), server.try_clone()].into_iter().flatten());
        let losing = Arc::new(AtomicBool::new(false));
        let (up, down) = (self.clone(), self.clone());
        let marked = losing.clone();
        std::thread::spawn(move || up.pump_up(client, server, &marked));
        std::thread::spawn(move || down.pump_down(server_too, client_too, &losing));
    }

    /// Phone to server; marks the connection when its answer is to be lost.
    fn pump_up(&self, mut from: TcpStream, mut to: TcpStream, losing: &AtomicBool) {
        let mut chunk = [0; 16 * 1024];
        while let Ok(n @ 1..) = from.read(&mut chunk) {
            let marks = self.marks.lock().expect("no panic while held").as_bytes();
            let is_marked = !marks.is_empty() && chunk[..n].windows(marks.len()).any(|w| w == marks);
            if is_marked && self.lose.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
                losing.store(true, Ordering::SeqCst);
            }
            if to.write_all(&chunk[..n]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    }

    /// Server to phone; hangs up instead of passing on an answer that is to be lost.
    fn pump_down(&self, mut from: TcpStream, mut to: TcpStream, losing: &AtomicBool) {
        let mut chunk = [0; 16 * 1024];
        while let Ok(n @ 1..) = from.read(&mut chunk) {
            if losing.load(Ordering::SeqCst) {
                self.lost.fetch_add(1, Ordering::SeqCst);
                break;
            }
            if to.write_all(&chunk[..n]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
        let _ = from.shutdown(Shutdown::Both);
    }
}
