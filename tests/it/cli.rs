//! The command line as whoever installs the program meets it: the way from nothing to a running service, and
//! what each mistake is answered with.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use lvyue::kit::config::Database;
use lvyue::kit::db::Db;
use serde_json::{Value, json};

use crate::support::child::{self, Home, said};
use crate::support::people;
use crate::support::world::{folder, runtime};
use crate::support::{Engine, sql};

const AGREEMENT: &str = "number = \"LY-2026-01\"\nsigned_on = \"2026-09-18\"\n\
    [client]\nname = \"甲方公司\"\n[vendor]\nname = \"乙方公司\"\n[parameters]\nP10 = 14\n";

struct Desk {
    home: Home,
    _wechat: lvyue::wechat::fake::FakeHandle,
    _folder: tempfile::TempDir,
}

impl Desk {
    fn new(engine: Engine) -> Self {
        let folder = folder();
        let wechat = child::wechat();
        let home = Home::new(folder.path(), engine.empty(folder.path()), wechat.base_url());
        Self { home, _wechat: wechat, _folder: folder }
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.home.folder.join(name), text).unwrap();
    }

    /// Runs a command with one more setting.
    fn with(&self, args: &[&str], name: &str, value: &str) -> Output {
        self.home.command(args).env(name, value).output().unwrap()
    }

    #[track_caller]
    fn ends(&self, args: &[&str], code: i32, text: &str) -> String {
        ended(&self.home.run(args), code, text)
    }
}

#[track_caller]
fn ended(output: &Output, code: i32, text: &str) -> String {
    let words = said(output);
    assert_eq!(output.status.code(), Some(code), "{words}");
    assert!(words.contains(text), "{text} is not in: {words}");
    assert!(!words.contains("panicked") && !words.contains("RUST_BACKTRACE"), "{words}");
    words
}

fn from_nothing_to_a_report(engine: Engine) {
    let desk = Desk::new(engine);
    let home = &desk.home;
    desk.write("agreement.toml", AGREEMENT);
    desk.write("roster.csv", &format!("\u{feff}{}", people::roster()));
    // Each twice: safe to repeat.
    assert!(home.done(&["keys", "init"]).contains("已生成"));
    let keys = fs::read(home.folder.join("keys.toml")).unwrap();
    assert_eq!(fs::metadata(home.folder.join("keys.toml")).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(home.done(&["keys", "init"]).contains("没有改动"));
    assert_eq!(fs::read(home.folder.join("keys.toml")).unwrap(), keys);
    home.done(&["migrate"]);
    home.done(&["migrate"]);
    assert!(home.done(&["init", "agreement.toml"]).contains("协议已登记"));
    assert!(home.done(&["init", "agreement.toml"]).contains("协议未变"));
    assert!(home.done(&["roster", "import", "roster.csv"]).contains("新增 10 人"));
    assert!(home.done(&["roster", "import", "roster.csv"]).contains("未变 10 人"));
    assert!(home.done(&["check"]).contains("一切正常"));
    let invitation = home.done(&["invite", "A100009"]);
    let invitation = invitation.lines().next().unwrap().to_owned();
    runtime().block_on(async {
        let mut serving = home.serve();
        let nobody = serving.ready().await;
        let worker = (engine == Engine::Production).then(|| home.start(home.command(&["worker"])));
        let login = json!({ "code": "web-nora-first-time", "device": "手机" });
        let session = nobody.post("/sessions", login).await.created();
        let nora = nobody.with_token(session["access_token"].as_str().unwrap());
        nora.post("/me/binding", json!({ "invitation": invitation })).await.ok();
        let version = nobody.get("/privacy/notice").await.ok()["version"].clone();
        nora.post("/privacy/consents", json!({ "purpose": "service", "notice_version": version }))
            .await
            .created();
        let made = nora.report("装好后的第一张").await;
        assert!(made["number"].as_str().unwrap().ends_with("-000001"), "{made}");
        nobody.get("/readyz").await.ok();
        // Another process takes her off the roster in the middle of her session. Without Redis the server
        // may believe its cache for two seconds.
        home.done(&["roster", "leave", "A100009"]);
        // Beside a running server, as often as wanted.
        assert!(home.done(&["search", "reindex"]).contains("已重建 0 份材料"));
        assert!(home.done(&["search", "reindex"]).contains("仍是第 1 版"));
        tokio::time::sleep(std::time::Duration::from_secs(3)).await;
        nora.get("/me").await.refused(401, "SESSION_ENDED");
        if let Some(worker) = worker {
            assert!(worker.stop().await.success());
        }
        assert!(serving.stop().await.success());
    });
    let audit = home.done(&["audit", "verify"]);
    assert!(audit.contains("账本完整") && audit.contains("等待序号：0 条"), "{audit}");
    let proof: Value = serde_json::from_str(&home.done(&["audit", "prove", "1"])).unwrap();
    assert!(proof.is_object(), "{proof}");
    desk.ends(&["audit", "prove", "999999"], 1, "没有这个序号");
    assert!(home.done(&["clocks", "verify"]).contains("2 个时钟，0 处不一致"));
    runtime().block_on(async {
        let url = home.place.database.clone().into();
        let db = Db::open(&Database { url, max_connections: 1 }).await.unwrap();
        let later = "UPDATE duties SET due_at = due_at + 1 WHERE code = 'R8'";
        sql::execute(&db, later).await.unwrap();
        db.close().await.unwrap();
    });
    let words = desk.ends(&["clocks", "verify", "--most", "5"], 1, "2 个时钟，1 处不一致");
    assert!(words.contains("-000001 R8（轮次 1，回合 0） 到期：所存 2"), "{words}");
    assert!(home.done(&["keys", "status"]).contains("remaining=0"));
    home.done(&["keys", "rotate"]);
    assert!(home.done(&["keys", "rewrap"]).contains("remaining=0"));
    assert!(home.done(&["check"]).contains("一切正常"));
}

#[test]
fn from_nothing_to_a_report_embedded() {
    from_nothing_to_a_report(Engine::Embedded);
}

#[test]
fn from_nothing_to_a_report_production() {
    from_nothing_to_a_report(Engine::Production);
}

#[test]
fn serving_is_refused_until_keys_and_tables_are_there() {
    let desk = Desk::new(Engine::Embedded);
    let home = &desk.home;
    let words = desk.ends(&["serve"], 78, "lvyue");
    assert!(words.contains("migrate") || words.contains("keys init"), "{words}");
    assert!(!home.folder.join("keys.toml").exists(), "serve makes no keys");
    home.done(&["keys", "init"]);
    desk.ends(&["serve"], 78, "lvyue migrate");
    desk.ends(&["check"], 78, "lvyue migrate");
    home.done(&["migrate"]);
    let keys = home.folder.join("keys.toml");
    let good = fs::read(&keys).unwrap();
    fs::set_permissions(&keys, fs::Permissions::from_mode(0o644)).unwrap();
    desk.ends(&["serve"], 78, "600");
    fs::remove_file(&keys).unwrap();
    desk.ends(&["serve"], 78, "keys init");
    // Keys of another installation.
    home.done(&["keys", "init"]);
    let words = desk.ends(&["serve"], 78, "不匹配");
    assert!(!words.contains(&String::from_utf8_lossy(&good).into_owned()));
    for rubbish in ["", "version = 1", "not toml ["] {
        fs::write(&keys, rubbish).unwrap();
        fs::set_permissions(&keys, fs::Permissions::from_mode(0o600)).unwrap();
        desk.ends(&["serve"], 78, "");
    }
    fs::write(&keys, good).unwrap();
    assert!(home.done(&["check"]).contains("一切正常"));
}

#[test]
fn settings_are_strict() {
    let desk = Desk::new(Engine::Embedded);
    desk.home.done(&["keys", "init"]);
    desk.home.done(&["migrate"]);
    for (name, value, text) in [
        ("LVYUE__HTTP__LISTN", "127.0.0.1:1", "listn"),
        ("LVYUE__HTTTP__LISTEN", "127.0.0.1:1", "htttp"),
        ("LVYUE__HTTP__WORKERS", "many", "workers"),
        ("LVYUE__WECHAT__APPID", "wxba5fad812f8e6fb9", "wechat.base_url"),
        ("LVYUE__WECHAT__APPID", "", "wechat.appid"),
        ("LVYUE__LOG__FORMAT", "xml", "log.format"),
        ("LVYUE__HTTP__TRUSTED_PROXIES", "[\"ten\"]", ""),
        ("LVYUE_CONFIG", "/nowhere/lvyue.toml", ""),
    ] {
        ended(&desk.with(&["serve"], name, value), 78, text);
    }
    let words = said(&desk.with(&["serve"], "LVYUE__DATABASE__URL", "mysql://root:geheim@localhost/x"));
    assert!(!words.contains("geheim"), "{words}");
    let words =
        ended(&desk.with(&["serve"], "LVYUE__DATABASE__URL", "postgres://u:geheim@127.0.0.1:1/x"), 1, "");
    assert!(!words.contains("geheim"), "{words}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    ended(&desk.with(&["serve"], "LVYUE__HTTP__LISTEN", &address), 1, "不能监听");
}

#[test]
fn wrong_usage_is_two() {
    let desk = Desk::new(Engine::Embedded);
    for args in [
        &["fly"][..],
        &[],
        &["keys"],
        &["keys", "fly"],
        &["roster"],
        &["roster", "import"],
        &["init"],
        &["calendar"],
        &["calendar", "import"],
        &["calendar", "due", "--start", "yesterday", "--unit", "working_days", "--amount", "3"],
        &["serve", "--port", "1"],
    ] {
        let output = desk.home.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", said(&output));
    }
    assert_eq!(desk.home.run(&["--help"]).status.code(), Some(0));
    assert!(desk.home.done(&["--version"]).contains(env!("CARGO_PKG_VERSION")));
    let document: Value = serde_json::from_slice(&desk.home.run(&["openapi"]).stdout).unwrap();
    assert!(document["paths"]["/api/v1/tickets"].is_object());
}

fn a_bad_roster_loads_nothing(engine: Engine) {
    let desk = Desk::new(engine);
    desk.home.done(&["keys", "init"]);
    desk.home.done(&["migrate"]);
    let mut lines: Vec<String> = people::roster().lines().map(str::to_owned).collect();
    lines[3] = lines[3].replace("client,A100003", "partner,A100003");
    lines[6] = lines[6].replace("admin", "boss");
    desk.write("bad.csv", &lines.join("\n"));
    let words = desk.ends(&["roster", "import", "bad.csv"], 1, "没有导入任何人");
    assert!(words.contains("第 4 行") && words.contains("第 7 行"), "{words}");
    assert!(!words.contains("段安") && !words.contains("1990001"), "values are not repeated: {words}");
    desk.write("good.csv", &people::roster());
    assert!(
        desk.home.done(&["roster", "import", "good.csv"]).contains("新增 10 人"),
        "nothing was there before"
    );
    let moved =
        people::roster().replace("市场部,employee\nclient,A100003", "财务部,employee\nclient,A100003");
    desk.write("moved.csv", &moved);
    assert!(desk.home.done(&["roster", "import", "moved.csv"]).contains("更新 1 人"));
    desk.ends(&["roster", "import", "nowhere.csv"], 1, "nowhere.csv");
    desk.ends(&["roster", "leave", "X999"], 1, "没有这个工号");
    desk.ends(&["invite", "X999"], 1, "没有这个工号");
    desk.write("agreement.toml", &AGREEMENT.replace("P10", "P17"));
    desk.ends(&["init", "agreement.toml"], 1, "P17");
    desk.write("agreement.toml", AGREEMENT);
    desk.home.done(&["init", "agreement.toml"]);
    desk.write("agreement.toml", &AGREEMENT.replace("LY-2026-01", "LY-2026-02"));
    desk.ends(&["init", "agreement.toml"], 1, "LY-2026-01");
    desk.write("agreement.toml", &AGREEMENT.replace("P10 = 14", "P10 = 15"));
    desk.ends(&["init", "agreement.toml"], 1, "双方签署");
    desk.write("agreement.toml", &AGREEMENT.replace("P10 = 14", "P9 = 99\nP12 = \"long\""));
    let words = desk.ends(&["init", "agreement.toml"], 1, "P9");
    assert!(words.contains("P12"), "all mistakes are told: {words}");
}

#[test]
fn a_bad_roster_loads_nothing_embedded() {
    a_bad_roster_loads_nothing(Engine::Embedded);
}

#[test]
fn a_bad_roster_loads_nothing_production() {
    a_bad_roster_loads_nothing(Engine::Production);
}

fn a_year_is_proposed_from_the_command_line(engine: Engine) {
    let desk = Desk::new(engine);
    let home = &desk.home;
    home.done(&["keys", "init"]);
    home.done(&["migrate"]);
    let shown: Value = serde_json::from_slice(&home.run(&["calendar", "show", "2026"]).stdout).unwrap();
    assert_eq!((&shown["status"], shown["days"].as_array().unwrap().len()), (&json!("published"), 365));
    desk.write("2027.json", &crate::agreement::calendars::year_2027().to_string());
    let words = home.done(&["calendar", "import", "2027.json"]);
    assert!(words.contains("2027-01-09") && words.contains("make_up") && words.contains("签署"), "{words}");
    let shown: Value = serde_json::from_slice(&home.run(&["calendar", "show", "2027"]).stdout).unwrap();
    assert_eq!(shown["status"], "unpublished", "nobody has signed");
    desk.write("bad.json", "{\"year\": 2027}");
    desk.ends(&["calendar", "import", "bad.json"], 1, "year_file");
    desk.write("notice.txt", "这不是通知");
    desk.ends(&["calendar", "import", "--notice", "notice.txt"], 1, "notice_text");
    assert!(home.done(&["audit", "verify"]).contains("账本完整"));
}

#[test]
fn a_year_is_proposed_from_the_command_line_embedded() {
    a_year_is_proposed_from_the_command_line(Engine::Embedded);
}

#[test]
fn a_year_is_proposed_from_the_command_line_production() {
    a_year_is_proposed_from_the_command_line(Engine::Production);
}
