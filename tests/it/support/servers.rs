//! Real PostgreSQL and Redis for the stories: one of each per test process, on free ports, gone when the
//! process ends however it ends. Without their programs the production stories fail and say what to install.

use std::ffi::OsString;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

/// Addresses of the two servers.
#[derive(Debug)]
pub struct Servers {
    pub postgres_port: u16,
    pub redis_port: u16,
    folder: PathBuf,
}

pub fn servers() -> &'static Servers {
    static SERVERS: OnceLock<Servers> = OnceLock::new();
    SERVERS.get_or_init(start)
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// What lives as long as this process.
pub fn process_folder() -> PathBuf {
    sweep_leftovers();
    let folder = std::env::temp_dir().join(format!("lvyue-stories-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn start() -> Servers {
    let folder = process_folder();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
    let servers = Servers { postgres_port: free_port(), redis_port: free_port(), folder };
    servers.start_redis();
    servers.start_postgres();
    servers
}

/// A killed run leaves its folder; the next one removes those whose process is gone.
fn sweep_leftovers() {
    for entry in fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if let Some(pid) = name.strip_prefix("lvyue-stories-")
            && !Path::new("/proc").join(pid).exists()
        {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

impl Servers {
    pub fn postgres_url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.postgres_port)
    }

    /// Each story has a numbered database of its own.
    pub fn redis_url(&self, number: u32) -> String {
        format!("redis://127.0.0.1:{}/{number}", self.redis_port)
    }

    fn start_redis(&self) {
        let mut redis = dies_with_us("redis-server", None);
        redis.args([
            "--port",
            &self.redis_port.to_string(),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]);
        redis.args(["--databases", "10000", "--daemonize", "no", "--dir"]).arg(&self.folder);
        keep(redis, "redis-server", &self.folder);
        wait_for(self.redis_port, "redis-server");
    }

    fn start_postgres(&self) {
        let bin = postgres_bin();
        let data = self.folder.join("pg");
        fs::create_dir_all(&data).unwrap();
        fs::set_permissions(&data, fs::Permissions::from_mode(0o777)).unwrap();
        // PostgreSQL refuses to run as root; its package brings the user.
        let user = is_root().then_some("postgres");
        let cluster = data.join("cluster");
        let mut initdb = as_user(bin.join("initdb").into_os_string(), user);
        initdb
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "-k", "-D"])
            .arg(&cluster);
        let made = initdb.output().expect("initdb runs");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let mut postgres = dies_with_us(bin.join("postgres"), user);
        postgres.arg("-D").arg(&cluster);
        for setting in [
            format!("port={}", self.postgres_port),
            "listen_addresses=127.0.0.1".into(),
            format!("unix_socket_directories={}", data.display()),
            "max_connections=400".into(),
            // A cut of power is not what these stories are about; kill -9 of our program is.
            "fsync=off".into(),
            "max_prepared_transactions=0".into(),
            "shared_preload_libraries=pg_stat_statements".into(),
        ] {
            postgres.args(["-c", &setting]);
        }
        keep(postgres, "postgres", &self.folder);
        wait_for(self.postgres_port, "postgres");
        // It accepts connections before it accepts queries; psql tells when.
        let ready = Instant::now() + Duration::from_secs(30);
        while Instant::now() < ready && !self.psql("postgres", "SELECT 1") {
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// The rows of one statement, columns parted by U+0001.
    pub fn ask(&self, database: &str, sql: &str) -> String {
        let output = Command::new(postgres_bin().join("psql"))
            .args(["-X", "-q", "-A", "-t", "-F", "\u{1}", "-c", sql, &self.postgres_url(database)])
            .output()
            .expect("psql runs");
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs one statement with the real client; whether it succeeded.
    pub fn psql(&self, database: &str, sql: &str) -> bool {
        Command::new(postgres_bin().join("psql"))
            .args(["-q", "-v", "ON_ERROR_STOP=1", "-c", sql, &self.postgres_url(database)])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|s| s.success())
    }
}

/// `setpriv --pdeathsig` ends the server when the thread that started it ends, which is when we do.
fn dies_with_us(program: impl Into<OsString>, user: Option<&str>) -> Command {
    let mut command = as_user("setpriv".into(), None);
    command.args(["--pdeathsig", "KILL"]);
    if let Some(user) = user {
        command.args([format!("--reuid={user}"), format!("--regid={user}"), "--clear-groups".into()]);
    }
    command.arg(program.into());
    command
}

fn as_user(program: OsString, user: Option<&str>) -> Command {
    let mut command = match user {
        Some(user) => {
            let mut command = Command::new("setpriv");
            command.args([format!("--reuid={user}"), format!("--regid={user}"), "--clear-groups".into()]);
            command.arg(program);
            command
        }
        None => Command::new(program),
    };
    command.current_dir("/").env("LC_ALL", "C").stdin(Stdio::null());
    command
}

/// Starts the server on a thread of its own that lives as long as the process.
fn keep(mut command: Command, name: &'static str, folder: &Path) {
    let log = fs::File::create(folder.join(format!("{name}.log"))).unwrap();
    command.stdout(log.try_clone().unwrap()).stderr(log);
    thread::spawn(move || {
        let mut child =
            command.spawn().unwrap_or_else(|e| panic!("{name} 没有启动（{e}）：请运行 make test，它会安装"));
        let _ = child.wait();
    });
}

fn wait_for(port: u16, name: &str) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < deadline, "{name} 30 秒内没有应答：请运行 make test，它会安装所需的软件");
        thread::sleep(Duration::from_millis(50));
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0)
}

/// Debian keeps the servers' programs out of the PATH.
fn postgres_bin() -> PathBuf {
    let mut found: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|e| Some(e.ok()?.path().join("bin")))
        .filter(|p| p.join("initdb").exists())
        .collect();
    found.sort();
    if let Some(bin) = found.pop() {
        return bin;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .find(|p| p.join("initdb").exists())
        .expect("PostgreSQL 没有安装：请运行 make test")
}
