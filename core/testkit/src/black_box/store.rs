//! A server with the sample store, headquarters, and a phone behind a network of its own for each of three guides.

use std::sync::Mutex;
use std::sync::atomic::AtomicU32;

use reqwest::Method;
use serde_json::json;

use super::guide::Book;
use super::{Failure, Run};
use crate::export;
use crate::headquarters::Headquarters;
use crate::network::Network;
use crate::phone::Phone;
use crate::phone_command::Command;
use crate::server_process::ServerProcess;
use crate::simulation::chance::Chance;

/// The guides, of whom the first has her book on the small disk.
pub const GUIDES: [&str; 3] = ["G0002", "G0006", "G0014"];

/// Everything that takes part but the phones.
pub struct BlackBox {
    /// The server.
    pub server: ServerProcess,
    /// Headquarters.
    pub hq: Mutex<Headquarters>,
    /// What chaos gets hold of.
    pub shared: Shared,
}

/// What guides and chaos share.
pub struct Shared {
    /// The networks, a guide's each.
    pub networks: Vec<Network>,
    /// The processes of the phones.
    pub pids: Vec<AtomicU32>,
}

/// Imports, starts, enrols. Every guide serves the first of the others' members as well, so that edits contend.
pub fn open(run: &Run) -> Result<(BlackBox, Vec<Book>), Failure> {
    let data = run.scarce().join("server");
    let key = ServerProcess::init(&data)?;
    let files = run.folder.join("files");
    std::fs::create_dir_all(&files)?;
    for file in export::FILES.iter().filter(|file| **file != "orders.csv") {
        std::fs::copy(export::in_repository().join(file), files.join(file))?;
    }
    ServerProcess::import(&data, &files)?;
    let server = ServerProcess::start(&data, None)?;
    let hq = Headquarters::at(&server.address(), &key);
    for guide in GUIDES {
        let members = export::members_of(&export::in_repository(), guide)?;
        for member in members.iter().take(4) {
            for other in GUIDES.iter().filter(|other| **other != guide) {
                hq.send(Method::POST, "/hq/v1/assignments", Some(json!({"member": member, "guide": other})))?;
            }
        }
    }
    let (mut books, mut networks, mut pids) = (Vec::new(), Vec::new(), Vec::new());
    for (n, guide) in GUIDES.into_iter().enumerate() {
        let folder = if n == 0 { run.scarce().join(guide) } else { run.folder.join(guide) };
        let network = Network::to(server.port())?;
        let mut phone = Phone::start(&folder, None)?;
        let code = hq.code_for(guide)?;
        phone.tell(&Command::Enrol { server: network.address(), code, device_name: "black box".to_owned() })?;
        phone.tell(&Command::Sync)?;
        pids.push(AtomicU32::new(phone.pid()));
        networks.push(network);
        books.push(Book::new(n, phone, Chance::new(run.seed + 1 + n as u64)));
    }
    Ok((BlackBox { server, hq: Mutex::new(hq), shared: Shared { networks, pids } }, books))
}
