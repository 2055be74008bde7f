//! A year on its way into force: what it changes is shown first, both sign, provisional deadlines become firm.

use std::process::Command;

use super::AGREEMENT;
use crate::support::{World, sql};
use serde_json::{Value, json};

/// A 2027 that nobody published: New Year is made up for on Saturday 9 January.
pub fn year_2027() -> Value {
    let off = [
        ("2027-01-01", "元旦"),
        ("2027-02-06", "春节"),
        ("2027-04-05", "清明节"),
        ("2027-05-01", "劳动节"),
        ("2027-06-09", "端午节"),
        ("2027-09-15", "中秋节"),
        ("2027-10-01", "国庆节"),
    ];
    let off: Vec<Value> = off.iter().map(|(date, name)| json!({ "date": date, "name": name })).collect();
    json!({
        "year": 2027, "days_off": off,
        "make_up_workdays": [{ "date": "2027-01-09", "name": "元旦" }],
    })
}

fn path(seen: &Value) -> String {
    format!("/calendar/imports/{}", seen["id"].as_str().unwrap())
}

story!(a_provisional_deadline_becomes_firm, async |w: World| {
    w.at("2026-12-11T09:00:00+08:00");
    // 30 days end on Saturday 9 January 2027, of which no notice is out.
    w.init(&AGREEMENT.replace("2026-11-13", "2026-12-10")).await.unwrap();
    w.minutes(1);
    let report = w.milestone("first_report").await;
    assert_eq!(report["clock"]["due_at"], "2027-01-11T10:00:00.000Z");
    assert_eq!(report["clock"]["provisional"], true);
    let ready = w.nobody().get("/readyz").await;
    assert_eq!((ready.status, &ready.json["checks"]["calendar"]), (200, &json!("warning")), "{ready}");
    let (adam, cara, lena) = (w.as_("adam").await, w.as_("cara").await, w.as_("lena").await);
    assert_eq!(cara.get("/calendar/2027").await.ok()["status"], "unpublished");
    assert_eq!(w.as_("amy").await.get("/calendar/2026").await.ok()["status"], "published");
    cara.get("/calendar/1969").await.refused(404, "NOT_FOUND");

    let body = json!({ "year_file": year_2027(), "source": "国办发明电〔2026〕0号" });
    w.as_("vera").await.post("/calendar/imports", body.clone()).await.refused(403, "FORBIDDEN");
    let seen = adam.post("/calendar/imports", body).await.created();
    assert_eq!((&seen["proposed_side"], &seen["year"]), (&json!("system"), &json!(2027)));
    let made_up = seen["differences"].as_array().unwrap().iter().find(|d| d["date"] == "2027-01-09").unwrap();
    assert_eq!((&made_up["before"]["kind"], &made_up["after"]["kind"]), (&json!("rest"), &json!("make_up")));
    assert_eq!(seen["moved_total"], 1, "{seen}");
    assert_eq!(seen["moved"][0]["from"], report["clock"]["due_at"]);
    adam.acts(&path(&seen), &seen, json!({ "action": "sign" })).await.refused(403, "FORBIDDEN");
    let half = cara.acts(&path(&seen), &seen, json!({ "action": "sign" })).await.ok();
    assert_eq!(half["state"], "proposed");
    let whole = lena.acts(&path(&half), &half, json!({ "action": "sign" })).await.ok();
    assert_eq!(whole["state"], "signed");
    assert_eq!(cara.get("/calendar/2027").await.ok()["status"], "unpublished");
    w.minutes(1);
    w.looks_after().await;
    let year = w.as_("cara").await.get("/calendar/2027").await.ok();
    assert_eq!(year["status"], "published");
    assert_eq!(year["days"].as_array().unwrap().len(), 365);
    assert_eq!(year["days"][8]["kind"], "make_up");
    let after = w.milestone("first_report").await;
    assert_eq!(after["clock"]["due_at"], seen["moved"][0]["to"]);
    assert_eq!(after["clock"]["due_at"], "2027-01-09T10:00:00.000Z");
    assert_eq!(after["clock"]["provisional"], false);
    w
});

story!(a_pasted_notice_is_read_and_says_what_it_changes, async |w: World| {
    let golden: toml::Value = toml::from_str(include_str!("../../golden/notices.toml")).unwrap();
    let of = |year: i64| {
        let all = golden["notice"].as_array().unwrap();
        all.iter().rfind(|n| n["year"].as_integer() == Some(year)).unwrap()["text"].as_str().unwrap()
    };
    let cara = w.as_("cara").await;
    let seen = cara.post("/calendar/imports", json!({ "notice_text": of(2026), "source": "粘贴" })).await;
    let seen = seen.created();
    assert_eq!((&seen["year"], &seen["state"]), (&json!(2026), &json!("proposed")));
    assert_eq!(seen["allowed_actions"], json!(["withdraw"]), "whose proposal it is has signed it");
    let changed = seen["differences"].as_array().unwrap().iter();
    let changed: Vec<_> = changed.filter(|d| d["before"]["kind"] != d["after"]["kind"]).collect();
    // The program brings the same year: only weekend days may be told apart otherwise.
    let off = |d: &&&Value| !["rest", "holiday"].contains(&d["after"]["kind"].as_str().unwrap());
    assert_eq!(changed.iter().filter(off).count(), 0, "{changed:?}");
    cara.acts(&path(&seen), &seen, json!({ "action": "withdraw" })).await.ok();
    w
});

story!(two_second_signatures_at_once_get_two_numbers, async |w: World| {
    let (cara, lena) = (w.as_("cara").await, w.as_("lena").await);
    let mut seen = Vec::new();
    for year in [2027, 2028] {
        let text = year_2027().to_string().replace("2027-01-09", "2027-01-02");
        let file: Value = serde_json::from_str(&text.replace("2027", &year.to_string())).unwrap();
        let mut file = file;
        if year == 2028 {
            file["make_up_workdays"] = json!([]);
        }
        let body = json!({ "year_file": file, "source": "同时签署" });
        seen.push(cara.post("/calendar/imports", body).await.created());
    }
    let sign = async |seen: &Value| lena.acts(&path(seen), seen, json!({ "action": "sign" })).await;
    let (a, b) = tokio::join!(sign(&seen[0]), sign(&seen[1]));
    let mut numbers = [a.ok()["number"].as_i64().unwrap(), b.ok()["number"].as_i64().unwrap()];
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2]);
    w.minutes(2);
    for year in [2027, 2028] {
        let shown = w.as_("amy").await.get(&format!("/calendar/{year}")).await.ok();
        assert_eq!(shown["status"], "published", "{year}");
    }
    w
});

story!(a_bad_notice_names_its_sentence_and_leaves_nothing, async |w: World| {
    let cara = w.as_("cara").await;
    let rows = "SELECT COUNT(*) FROM annex_versions";
    let notice = "国务院办公厅关于2027年部分节假日安排的通知\n\
        一、元旦：1月1日（周五）放假。\n二、春节：二月不知哪天放假调休。\n";
    let refused = cara.post("/calendar/imports", json!({ "notice_text": notice, "source": "粘贴" })).await;
    let refused = refused.refused(422, "CALENDAR_INVALID");
    assert_eq!(refused["errors"][0]["field"], "notice_text");
    let said = refused["errors"][0]["message"].as_str().unwrap();
    assert!(said.contains("春节"), "{said}");
    let mut year = year_2027();
    year["days_off"].as_array_mut().unwrap().remove(3);
    let refused = cara.post("/calendar/imports", json!({ "year_file": year, "source": "文件" })).await;
    assert_eq!(refused.refused(422, "CALENDAR_INVALID")["errors"][0]["field"], "year_file");
    cara.post("/calendar/imports", json!({ "source": "什么也没有" })).await.field("year_file");
    let both = json!({ "year_file": year_2027(), "notice_text": notice, "source": "两样" });
    cara.post("/calendar/imports", both).await.field("notice_text");
    assert_eq!(sql::number(w.db(), rows).await, 0);
    w
});

story!(the_command_line_says_what_the_api_says, async |w: World| {
    let amy = w.as_("amy").await;
    let pause = json!({ "from": "2026-02-25T10:00:00+08:00", "to": "2026-02-25T11:00:00+08:00" });
    let question = json!({
        "start": "2026-02-13T10:00:00+08:00", "unit": "working_days", "amount": 5, "pauses": [pause],
    });
    let over_http = amy.post("/calendar/due", question).await;
    assert_eq!(over_http.status, 200, "{over_http}");
    // In an empty folder: the calendar and the defaults of the program answer.
    let folder = w.path("nothing here");
    std::fs::create_dir_all(&folder).unwrap();
    let mut line = Command::new(env!("CARGO_BIN_EXE_lvyue"));
    line.current_dir(&folder).env_clear().args(["calendar", "due", "--start", "2026-02-13T10:00:00+08:00"]);
    line.args(["--unit", "working_days", "--amount", "5"]);
    line.args(["--pause", "2026-02-25T10:00:00+08:00/2026-02-25T11:00:00+08:00"]);
    let said = line.output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    assert_eq!(String::from_utf8_lossy(&said.stdout).trim_end(), String::from_utf8_lossy(&over_http.bytes));

    for (bad, field) in [
        (json!({ "start": "2026-02-13T10:00:00Z", "unit": "working_days", "amount": 0 }), "amount"),
        (json!({ "start": "2026-02-13T10:00:00Z", "unit": "weeks", "amount": 1 }), "unit"),
        (json!({ "start": "1066-10-14T10:00:00Z", "unit": "natural_days", "amount": 1 }), "start"),
        (json!({ "start": "2026-02-13T10:00:00Z", "unit": "natural_days", "amount": 4_000_000 }), "amount"),
    ] {
        amy.post("/calendar/due", bad).await.field(field);
    }
    let reversed = json!({ "from": "2026-02-25T11:00:00Z", "to": "2026-02-25T10:00:00Z" });
    let question = json!({ "start": "2026-02-13T10:00:00Z", "unit": "natural_hours", "amount": 5, "pauses": [reversed] });
    amy.post("/calendar/due", question).await.field("pauses[0].to");
    w
});
