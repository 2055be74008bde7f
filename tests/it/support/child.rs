//! The program itself, as a process: started with settings from the environment, stopped or killed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use lvyue::kit::clock::Clock;
use lvyue::wechat::fake::{Fake, FakeHandle};
use rustix::process::{Pid, Signal, kill_process};

use super::engine::{APPID, Place, SECRET};
use super::servers::free_port;
use super::{Client, people};

/// Where a process finds its things.
#[derive(Clone, Debug)]
pub struct Home {
    pub folder: PathBuf,
    pub place: Place,
    pub wechat: String,
    pub port: u16,
}

/// A running `lvyue serve`; killed when dropped.
pub struct Serving {
    child: Child,
    pub home: Home,
}

/// A fake WeChat on the machine's clock, as the process uses it.
pub fn wechat() -> FakeHandle {
    let phones = people::phones();
    let phones: Vec<(&str, &str)> = phones.iter().map(|(name, phone)| (*name, phone.as_str())).collect();
    Fake::with_people(&phones)
        .start(super::world::listener(), APPID, SECRET.to_owned().into(), Clock::System)
        .expect("the fake WeChat starts")
}

impl Home {
    pub fn new(folder: &Path, place: Place, wechat: &str) -> Self {
        Self { folder: folder.to_owned(), place, wechat: wechat.to_owned(), port: free_port() }
    }

    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// `lvyue ARGS` with this home's settings.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lvyue"));
        command.args(args).current_dir(&self.folder).env_clear().stdin(Stdio::null());
        let temp = self.folder.join("tmp");
        fs::create_dir_all(&temp).unwrap();
        for (name, value) in [
            ("TMPDIR", temp.display().to_string()),
            ("LVYUE__DATABASE__URL", self.place.database.clone()),
            ("LVYUE__REDIS__URL", self.place.redis.clone()),
            ("LVYUE__BLOB__URL", format!("file://{}/blobs", self.folder.display())),
            ("LVYUE__KEYS__FILE", self.folder.join("keys.toml").display().to_string()),
            ("LVYUE__WECHAT__BASE_URL", self.wechat.clone()),
            ("LVYUE__WECHAT__APPID", APPID.to_owned()),
            ("LVYUE__WECHAT__SECRET", SECRET.to_owned()),
            ("LVYUE__HTTP__LISTEN", format!("127.0.0.1:{}", self.port)),
            ("LVYUE__HTTP__INTERNAL_LISTEN", String::new()),
            ("LVYUE__HTTP__WORKERS", "2".to_owned()),
            ("LVYUE__HTTP__REQUESTS_PER_MINUTE", "0".to_owned()),
            ("LVYUE__LOGIN__PER_IP_PER_MINUTE", "100000".to_owned()),
            ("LVYUE__LOGIN__PER_DEVICE_PER_MINUTE", "100000".to_owned()),
        ] {
            command.env(name, value);
        }
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs a command that must succeed; what it printed.
    #[track_caller]
    pub fn done(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let text = said(&output);
        assert!(output.status.success(), "{args:?}: {text}");
        text
    }

    pub fn serve(&self) -> Serving {
        self.start(self.command(&["serve"]))
    }

    pub fn start(&self, mut command: Command) -> Serving {
        let log = File::options().append(true).create(true).open(self.folder.join("log.txt")).unwrap();
        let child = command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        Serving { child, home: self.clone() }
    }

    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.folder.join("log.txt")).unwrap_or_default()).into_owned()
    }
}

pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

impl Serving {
    /// Waits until it answers.
    pub async fn ready(&mut self) -> Client {
        let client = Client::new(&self.home.base());
        let began = Instant::now();
        loop {
            if client.try_send(client.request(reqwest::Method::GET, "/livez")).await.is_ok() {
                return client;
            }
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "it ended with {ended:?}: {}", self.home.log());
            assert!(began.elapsed() < Duration::from_secs(60), "it does not answer: {}", self.home.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// As a power cut for the process.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// As a service manager stops it.
    pub async fn stop(mut self) -> ExitStatus {
        self.signal(Signal::TERM);
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < Duration::from_secs(60), "it does not stop: {}", self.home.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
