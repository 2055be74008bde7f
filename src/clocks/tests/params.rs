//! The annex: what is understood, what is refused and where, and that writing it down loses nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::super::{Annex, FLAWS, FaultHours, PARAMS, Params, PausePolicy, Unit, param};

fn parse(values: Value) -> Result<Annex, Vec<String>> {
    let values: BTreeMap<String, Value> = serde_json::from_value(values).unwrap();
    Annex::parse(&values).map_err(|wrong| wrong.into_iter().map(|e| e.place).collect())
}

fn places(values: Value) -> Vec<String> {
    parse(values).unwrap_err()
}

#[test]
fn nothing_said_is_the_default() {
    let annex = parse(json!({})).unwrap();
    assert_eq!(annex.params, Params::default());
    let said: BTreeMap<String, toml::Value> =
        toml::from_str::<BTreeMap<String, BTreeMap<String, toml::Value>>>(
            "[parameters]\nP4 = \"natural\"\nP10 = \"14 natural days\"\n",
        )
        .unwrap()
        .remove("parameters")
        .unwrap();
    assert_eq!(Annex::from_toml(&said).unwrap().params, Params::default());
    assert_eq!(parse(json!({ "P10": 14, "P14": "4 working hours" })).unwrap().params, Params::default());
}

#[test]
fn every_form_of_an_amount() {
    for form in [json!(20), json!("20"), json!("20 natural days"), json!("20 自然日"), json!("20个自然日")]
    {
        assert_eq!(parse(json!({ "P10": form })).unwrap().params.reopen_days, 20, "{form}");
    }
    for form in [
        json!(0),
        json!(-1),
        json!(366),
        json!(1.5),
        json!("20 working days"),
        json!("20 days"),
        json!(true),
        json!(null),
        json!("2e1"),
        json!("99999999999999999999 natural days"),
        json!("natural days"),
        json!([20]),
    ] {
        assert_eq!(places(json!({ "P10": form })), ["P10"], "{form}");
    }
    for (code, huge) in [("P9", 31), ("P11", 25), ("P14", 201), ("P15", 61)] {
        assert_eq!(places(json!({ code: 0 })), [code]);
        assert_eq!(places(json!({ code: huge })), [code]);
    }
}

#[test]
fn words_hours_and_lists() {
    let annex = parse(json!({
        "P1": "周一至周五 08:30-12:00，13:00-17:30", "P2": "双方商定的日历", "P3": "deduct_if_acknowledged",
        "P4": "working", "P5": "human_public_answer", "P7": "deemed_next", "P8": "no", "P9": "none",
        "P11": { "hours": 2, "notify": ["值班经理 138"] }, "P12": { "records_months": 60 },
        "P16": { "client": ["张三"], "vendor": ["李四", "王五"] },
    }))
    .unwrap();
    let p = &annex.params;
    assert_eq!((p.pause, p.fault_hours), (PausePolicy::DeductIfAcknowledged, FaultHours::Working));
    assert_eq!((p.confirm_days, p.incident_hours, p.weekends_roll), (None, 2, false));
    assert_eq!((p.retention.records_months, p.retention.logs_months), (60, 6));
    assert_eq!((annex.people.incident.len(), annex.people.vendor.len()), (1, 2));
    let public = json!(p.values()).to_string();
    for name in ["值班经理", "138", "张三", "李四"] {
        assert!(!public.contains(name), "{name} in {public}");
    }
}

#[test]
fn what_is_wrong_is_named_all_at_once() {
    assert_eq!(
        places(json!({
            "P1": "Mon 18:00-09:00", "P2": "", "P3": "sometimes", "P4": "lunar", "P5": "robot", "P7": "never",
            "P8": 1, "P12": { "records_months": 12 }, "P17": 1, "p4": "natural", "P16": ["x"],
            "P11": { "minutes": 5 }, "P13": { "cap": "5%" },
        })),
        [
            "P1",
            "P11.minutes",
            "P12.records_months",
            "P13",
            "P16",
            "P17",
            "P2",
            "P3",
            "P4",
            "P5",
            "P7",
            "P8",
            "p4"
        ]
    );
    assert_eq!(places(json!({ "P1": "none" })), ["P1"]);
    assert_eq!(places(json!({ "P1": "MakeUp 09:00-18:00" })), ["P1"]);
    assert_eq!(places(json!({ "P16": { "client": [] } })), ["P16.client"]);
    assert_eq!(places(json!({ "P16": { "client": ["a\nb"] } })), ["P16.client"]);
}

#[test]
fn severities_only_tighten() {
    let ok = parse(
        json!({ "P6": { "critical": { "response": 1, "solution": "24 natural hours" }, "minor": {} } }),
    );
    let params = ok.unwrap().params;
    assert_eq!(params.response(Some(super::super::Severity::Critical)).amount, 1);
    assert_eq!(params.response(Some(super::super::Severity::Minor)).amount, 8);
    let loose = |p6: Value, p4: &str| places(json!({ "P6": p6, "P4": p4 }));
    assert_eq!(loose(json!({ "critical": { "response": 9 } }), "natural"), ["P6.critical.response"]);
    assert_eq!(loose(json!({ "minor": { "solution": 25 } }), "natural"), ["P6.minor.solution"]);
    // Four working hours can be a week of natural ones.
    assert_eq!(
        loose(json!({ "major": { "response": "4 working hours" } }), "natural"),
        ["P6.major.response"]
    );
    assert_eq!(loose(json!({ "huge": {} }), "natural"), ["P6.huge"]);
    assert_eq!(loose(json!({ "major": { "response": "4 working days" } }), "natural"), ["P6.major.response"]);
    let tighter =
        parse(json!({ "P4": "working", "P6": { "major": { "response": "8 natural hours" } } })).unwrap();
    assert_eq!(tighter.params.response(Some(super::super::Severity::Major)).unit, Unit::NaturalHours);
}

#[test]
fn deductions_are_exact_shares() {
    let fee = |share: &str, cap: &str| {
        parse(json!({ "P13": { "monthly_fee_cents": 1_000_000, "shares": { "R8": share }, "cap": cap } }))
    };
    let good = fee("0.5%", "10%").unwrap().params.deduction.unwrap();
    assert_eq!((good.shares, good.cap), (vec![("R8", 50)], 1000));
    for share in ["0%", "100.01%", "1", "0.555%", "-1%", "1.%", ".5%", "%", "1e1%"] {
        assert!(fee(share, "10%").is_err(), "{share}");
    }
    assert_eq!(
        places(json!({ "P13": { "monthly_fee_cents": 1, "shares": { "R9": "1%" }, "cap": "1%" } })),
        ["P13.shares.R9"]
    );
    for cents in [json!(0), json!(-5), json!(10_000_000_001_u64), json!(1.5)] {
        let wrong = json!({ "P13": { "monthly_fee_cents": cents, "shares": { "R8": "1%" }, "cap": "1%" } });
        assert_eq!(places(wrong), ["P13.monthly_fee_cents"]);
    }
}

#[test]
fn writing_down_and_reading_again_is_the_same() {
    let annexes = [
        json!({}),
        json!({
            "P1": "Mon-Thu 08:00-12:00; MakeUp 09:00-10:00", "P2": "x", "P3": "informational", "P4": "working",
            "P6": { "critical": { "response": "1 natural hour" }, "major": { "solution": "3 working hours" } },
            "P7": "deemed_next", "P8": "no", "P9": "none", "P10": 1, "P11": 3, "P14": 9, "P15": 60,
            "P12": { "records_months": 37, "logs_months": 7 },
            "P13": { "monthly_fee_cents": 5, "shares": { "R8": "0.05%", "S24": "1.5%" }, "cap": "100%" },
        }),
    ];
    for annex in annexes {
        let read = parse(annex).unwrap().params;
        let again = Annex::parse(&read.values()).unwrap().params;
        assert_eq!(read, again);
        assert_eq!(read.values().len(), 15, "all but P16");
    }
}

#[test]
fn the_table_says_what_the_program_does() {
    let codes: Vec<&str> = PARAMS.iter().map(|p| p.code).collect();
    assert_eq!(codes, (1..=16).map(|n| format!("P{n}")).collect::<Vec<_>>());
    let values = Params::default().values();
    for row in PARAMS.iter().filter(|p| p.code != "P16") {
        let table = row.default.starts_with('{').then(|| {
            toml::from_str::<BTreeMap<String, Value>>(&format!("x = {}", row.default))
                .unwrap()
                .remove("x")
                .unwrap()
        });
        let default = table.unwrap_or_else(|| json!(row.default));
        let read = parse(json!({ row.code: default.clone() })).unwrap().params;
        assert_eq!(read, Params::default(), "{}", row.code);
        assert_eq!(values[row.code], default, "{}", row.code);
    }
    let ids: BTreeSet<&str> = FLAWS.iter().map(|f| f.id).collect();
    assert_eq!(ids.len(), 6);
    for flaw in FLAWS {
        assert!(flaw.options.contains(&flaw.safe_default), "{}", flaw.id);
        assert!(flaw.parameters.iter().all(|p| param(p).is_some()), "{}", flaw.id);
    }
}
