//! The cast of every story. They come in as people really do: roster, WeChat login, binding, consent.

use lvyue::identity;
use serde_json::json;

use super::world::World;
use super::{Client, sql};

/// Name in the story, party, employee number, name on the roster, department, roles.
type Part = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

pub const CAST: [Part; 10] = [
    ("amy", "client", "A100001", "艾米莉", "市场部", "employee"),
    ("ben", "client", "A100002", "毕文", "市场部", "employee"),
    ("dan", "client", "A100003", "段安", "生产部", "employee"),
    ("cara", "client", "A100004", "常蕊", "信息部", "employee;client_manager"),
    ("audrey", "client", "A100005", "欧阳德林", "信息部", "auditor"),
    ("adam", "client", "A100006", "安达", "信息部", "admin"),
    ("vera", "vendor", "V200001", "韦拉", "客户服务部", "vendor_agent"),
    ("vic", "vendor", "V200002", "卫可", "客户服务部", "vendor_agent"),
    ("lena", "vendor", "V200003", "雷娜", "客户服务部", "vendor_lead"),
    // On the roster, but never signed in.
    ("nora", "client", "A100009", "倪诺", "生产部", "employee"),
];

pub const UNBOUND: &str = "nora";

/// The one line of the cast that has this name.
pub fn part(name: &str) -> &'static Part {
    CAST.iter().find(|p| p.0 == name).unwrap_or_else(|| panic!("nobody is called {name}"))
}

/// Numbers of a block that is not handed out.
pub fn phone(name: &str) -> String {
    let place = CAST.iter().position(|p| p.0 == name).unwrap_or(98);
    format!("1990001{:04}", place + 1)
}

pub fn phones() -> Vec<(&'static str, String)> {
    CAST.iter().map(|p| (p.0, phone(p.0))).collect()
}

pub fn roster() -> String {
    let mut csv = "party,employee_no,name,phone,email,department,roles\n".to_owned();
    for (login, party, number, name, department, roles) in CAST {
        let phone = phone(login);
        csv.push_str(&format!("{party},{number},{name},{phone},{login}@example.com,{department},{roles}\n"));
    }
    csv
}

/// Signs everybody up but [`UNBOUND`], and forgets their sessions again.
pub async fn sign_up(world: &World) {
    let kit = world.app.kit();
    if identity::load(kit, roster().as_bytes()).await.is_err() {
        panic!("the roster does not load");
    }
    let notice = world.nobody().get("/privacy/notice").await.ok()["version"].clone();
    for (name, ..) in CAST.iter().filter(|p| p.0 != UNBOUND) {
        let me = world.sign_in(name).await;
        let body = json!({ "phone_code": format!("phone-{name}-sign-up"), "employee_no": part(name).2 });
        let bound = me.post("/me/binding", body).await.ok();
        assert_eq!(bound["bound"], true, "{bound}");
        me.post("/privacy/consents", json!({ "purpose": "service", "notice_version": notice }))
            .await
            .created();
        me.delete("/sessions/current").await.expect(204);
    }
    for table in ["tries", "used_marks", "live_sessions"] {
        sql::execute(&kit.db, &format!("DELETE FROM {table}")).await.unwrap();
    }
}

impl World {
    /// A fresh login, with tokens of its own.
    pub async fn login(&self, name: &str, device: &str) -> serde_json::Value {
        let code = format!("web-{name}-{}", super::client::fresh_key());
        let body = json!({ "code": code, "device": device });
        self.nobody().post("/sessions", body).await.created()
    }

    /// A fresh login, as a client.
    pub async fn sign_in(&self, name: &str) -> Client {
        let session = self.login(name, "故事手机").await;
        let id = session["me"]["id"].as_str().unwrap();
        self.nobody().with_token(session["access_token"].as_str().unwrap()).named(id)
    }
}
