//! One server with the sample store in it, headquarters, and phones behind a network that finds the server again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use guidebook_domain::TagId;
use guidebook_testkit::export;
use guidebook_testkit::headquarters::Headquarters;
use guidebook_testkit::network::Network;
use guidebook_testkit::phone::Phone;
use guidebook_testkit::phone_command::Command;
use guidebook_testkit::server_process::ServerProcess;
use reqwest::Method;
use serde_json::{Value, json};

pub const LI: &str = "G0002";
pub const GUO: &str = "G0014";
pub const FENG: &str = "G0006";
/// Whom Li serves by the export, and Guo by headquarters' word.
pub const SHARED: &str = "M00000111";

/// Everything that takes part.
pub struct Shop {
    folder: PathBuf,
    server: Option<ServerProcess>,
    pub hq: Headquarters,
    network: Network,
    phones: BTreeMap<&'static str, Phone>,
    /// The device of each guide.
    pub devices: BTreeMap<&'static str, String>,
    /// Every edit that a phone has acknowledged.
    acknowledged: Vec<String>,
}

/// The text in a JSON value, or nothing.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Shop {
    /// A server with its data in `folder/server`.
    pub fn open(folder: &Path) -> Shop {
        let data = folder.join("server");
        let key = ServerProcess::init(&data).unwrap();
        let files = folder.join("files");
        std::fs::create_dir_all(&files).unwrap();
        for file in export::FILES.iter().filter(|file| **file != "orders.csv") {
            std::fs::copy(export::in_repository().join(file), files.join(file)).unwrap();
        }
        ServerProcess::import(&data, &files).unwrap();
        let server = ServerProcess::start(&data, None).unwrap();
        let hq = Headquarters::at(&server.address(), &key);
        hq.send(Method::POST, "/hq/v1/assignments", Some(json!({"member": SHARED, "guide": GUO}))).unwrap();
        let network = Network::to(server.port()).unwrap();
        let (phones, devices) = (BTreeMap::new(), BTreeMap::new());
        Shop { folder: folder.to_owned(), server: Some(server), hq, network, phones, devices, acknowledged: Vec::new() }
    }

    /// Kills the server, does `work` to its database and starts it anew, in another epoch.
    pub fn restart(&mut self, work: impl FnOnce()) {
        drop(self.server.take());
        work();
        let data = self.folder.join("server");
        ServerProcess::restored(&data).unwrap();
        let server = ServerProcess::start(&data, None).unwrap();
        self.network.set_cut(true);
        self.network.move_to(server.port());
        self.network.set_cut(false);
        self.hq.move_to(&server.address());
        self.server = Some(server);
    }

    /// A guide gets a phone, which syncs.
    pub fn enrol(&mut self, guide: &'static str) {
        self.phones.insert(guide, Phone::start(&self.folder.join(guide), None).unwrap());
        let device = self.answer_to_code(guide, guide).unwrap();
        self.devices.insert(guide, device);
        self.sync(guide);
    }

    /// The phone of `guide` answers to a code for `whom`. Gives the device.
    pub fn answer_to_code(&mut self, guide: &str, whom: &str) -> Result<String, String> {
        let code = self.hq.code_for(whom).unwrap();
        let enrol = Command::Enrol { server: self.network.address(), code, device_name: "restore".into() };
        self.try_to(guide, enrol).map(|answer| text(&answer["device"]))
    }

    pub fn try_to(&mut self, guide: &str, command: Command) -> Result<Value, String> {
        self.phones.get_mut(guide).unwrap().tell(&command)
    }

    pub fn tell(&mut self, guide: &str, command: Command) -> Value {
        self.try_to(guide, command).unwrap()
    }

    /// A guide's edit, which headquarters must come to see.
    pub fn edit(&mut self, guide: &str, command: Command) -> Value {
        let answer = self.tell(guide, command);
        self.acknowledged.push(text(if answer.is_object() { &answer["edit"] } else { &answer }));
        answer
    }

    pub fn sync(&mut self, guide: &str) {
        self.tell(guide, Command::Sync);
        assert_eq!(self.waiting(guide), 0);
    }

    pub fn everyone_syncs(&mut self) {
        for guide in self.phones.keys().copied().collect::<Vec<_>>() {
            self.sync(guide);
        }
    }

    /// How many edits of a guide's phone wait.
    pub fn waiting(&mut self, guide: &str) -> u64 {
        self.tell(guide, Command::SyncState)["waiting"].as_u64().unwrap()
    }

    /// The first members that a guide's phone lists, without the one whom two serve.
    pub fn members_of(&mut self, guide: &str) -> Vec<String> {
        let page = self.tell(guide, Command::List { text: String::new(), tags: String::new(), offset: 0 });
        page["rows"].as_array().unwrap().iter().map(|row| text(&row["id"])).filter(|id| id != SHARED).collect()
    }

    /// Headquarters gives the first tag that it finds another name.
    pub fn rename_a_tag(&mut self, name: &str) {
        let groups = self.tell(LI, Command::TagGroups);
        let tag = groups[0]["tags"][0]["id"].clone();
        self.hq.send(Method::PATCH, &format!("/hq/v1/tags/{}", text(&tag)), Some(json!({"name": name}))).unwrap();
    }

    /// Every edit that a phone acknowledged stands once in the change feed, and holds.
    pub fn headquarters_has_each_edit_once(&self) {
        let changes = self.hq.changes().unwrap();
        for edit in &self.acknowledged {
            let told: Vec<_> = changes.iter().filter(|change| text(&change["op"]) == *edit).collect();
            let outcomes: Vec<String> = told.iter().map(|change| text(&change["outcome"])).collect();
            assert_eq!(outcomes, ["applied"], "{edit}");
        }
    }

    /// The digests of phone, server and headquarters are equal for each guide.
    pub fn all_agree(&mut self) {
        for guide in self.phones.keys().copied().collect::<Vec<_>>() {
            let groups = self.tell(guide, Command::TagGroups);
            let tags = groups.as_array().unwrap().iter().flat_map(|group| group["tags"].as_array().unwrap().clone());
            let seen: BTreeSet<TagId> = tags.map(|tag| text(&tag["id"]).parse().unwrap()).collect();
            let on_phone = text(&self.tell(guide, Command::Digest));
            let on_server = self.hq.send(Method::GET, &format!("/hq/v1/guides/{guide}/digest"), None).unwrap();
            let at_hq = self.hq.digest_of(guide, &seen).unwrap();
            assert!(!on_phone.is_empty());
            assert_eq!((text(&on_server["digest"]), at_hq), (on_phone.clone(), on_phone), "{guide}");
        }
    }
}
