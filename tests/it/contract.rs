//! Promises about shapes: the classified columns, the schema and the entities, the OpenAPI document, and the
//! codes that clients rely on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use lvyue::kit::config;
use lvyue::kit::db::{Db, Dialect};
use lvyue::kit::error::Code;
use lvyue::routes;
use migrations::Migrator;
use sea_orm_migration::MigratorTrait;
use serde_json::Value;

use crate::support::document::{operations, parameters};
use crate::support::world::{folder, runtime};
use crate::support::{Engine, World, sql};

/// Table, column, and the type as the database names it.
async fn schema(db: &Db) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut schema = BTreeMap::new();
    for table in sql::tables(db).await {
        let query = match db.dialect() {
            Dialect::Sqlite => format!("SELECT name, lower(type) AS kind FROM pragma_table_info('{table}')"),
            Dialect::Postgres => format!(
                "SELECT column_name::text AS name, data_type::text AS kind FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'"
            ),
        };
        let columns = sql::rows(db, &query).await;
        let columns =
            columns.iter().map(|r| (r.try_get("", "name").unwrap(), r.try_get("", "kind").unwrap()));
        schema.insert(table, columns.collect());
    }
    schema
}

story!(every_column_is_classified_and_personal_ones_are_sealed, async |w: World| {
    let text = fs::read_to_string(root().join("config/columns.toml")).unwrap();
    let classes: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(&text).unwrap();
    let schema = schema(w.db()).await;
    let names = |t: &BTreeMap<String, BTreeMap<String, String>>| -> BTreeSet<String> {
        t.iter().flat_map(|(t, cs)| cs.keys().map(move |c| format!("{t}.{c}"))).collect()
    };
    let (listed, there) = (names(&classes), names(&schema));
    let missing: Vec<_> = there.difference(&listed).collect();
    let extra: Vec<_> = listed.difference(&there).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "not classified: {missing:?}; not in the schema: {extra:?}"
    );
    for (table, columns) in &classes {
        for (column, class) in columns {
            let kind = &schema[table][column];
            let bytes = ["blob", "bytea"].contains(&kind.as_str());
            let sealed = column.ends_with("_sealed");
            let index = column.ends_with("_bidx");
            let right = match class.as_str() {
                "personal" => sealed && bytes,
                "index" => index && bytes,
                "secret" => !index,
                "public" => !sealed && !index,
                _ => false,
            };
            assert!(right, "{table}.{column} is {class} and a {kind}");
        }
    }
    w
});

/// Field and Rust type of every entity in the source, by table.
fn entities() -> BTreeMap<String, BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for path in sources(&root().join("src")) {
        let text = fs::read_to_string(&path).unwrap();
        for part in text.split("table_name = \"").skip(1) {
            let table = part.split('"').next().unwrap().to_owned();
            let body = part
                .split_once("struct Model {")
                .unwrap()
                .1
                .split_once("\n}")
                .map_or_else(|| part.split_once("    }").unwrap().0, |b| b.0);
            let body = body.split("\n    }").next().unwrap();
            let fields = body.lines().map(str::trim).filter(|l| !l.starts_with("//") && !l.starts_with('#'));
            let fields = fields.filter_map(|l| {
                let (name, kind) = l.trim_start_matches("pub ").split_once(": ")?;
                Some((name.to_owned(), kind.trim_end_matches(',').to_owned()))
            });
            found.insert(table, fields.collect());
        }
    }
    found
}

story!(entities_are_the_schema, async |w: World| {
    let schema = schema(w.db()).await;
    for (table, fields) in entities() {
        let there = schema.get(&table).unwrap_or_else(|| panic!("no table {table}"));
        let (ours, theirs): (BTreeSet<_>, BTreeSet<_>) = (fields.keys().collect(), there.keys().collect());
        assert_eq!(ours, theirs, "{table}");
        for (field, kind) in fields {
            let plain = kind.trim_start_matches("Option<").trim_end_matches('>');
            let fits: &[&str] = match plain {
                "Uuid" => &["uuid", "blob"],
                "String" => &["text"],
                "Timestamp" | "i64" => &["bigint"],
                "i32" => &["integer"],
                "bool" => &["boolean"],
                "Sealed" | "Vec<u8" | "Vec<u8>" => &["bytea", "blob"],
                other => panic!("{table}.{field}: {other}"),
            };
            assert!(fits.contains(&there[&field].as_str()), "{table}.{field}: {kind} and {}", there[&field]);
        }
    }
    w
});

fn migrates_down_and_up(engine: Engine) {
    let folder = folder();
    let place = engine.empty(folder.path());
    runtime().block_on(async {
        let settings = config::Database { url: place.database.into(), max_connections: 1 };
        Db::migrate(&settings).await.unwrap();
        let db = Db::open(&settings).await.unwrap();
        let first = schema(&db).await;
        assert!(first.len() > 15);
        Migrator::down(db.writer(), None).await.unwrap();
        assert!(sql::tables(&db).await.is_empty(), "{:?}", sql::tables(&db).await);
        Migrator::up(db.writer(), None).await.unwrap();
        assert_eq!(schema(&db).await, first);
        Db::migrate(&settings).await.unwrap();
        assert_eq!(db.pending_migrations().await.unwrap(), 0);
        db.close().await.unwrap();
    });
}

#[test]
fn migrations_go_down_and_up_embedded() {
    migrates_down_and_up(Engine::Embedded);
}

#[test]
fn migrations_go_down_and_up_production() {
    migrates_down_and_up(Engine::Production);
}

#[test]
fn the_document_is_whole() {
    let document: Value = serde_json::to_value(routes::described()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut refs = BTreeSet::new();
    collect_refs(&document, &mut refs);
    for name in &refs {
        let name = name.strip_prefix("#/components/schemas/").unwrap_or_else(|| panic!("{name}"));
        assert!(document["components"]["schemas"].get(name).is_some(), "{name} is referred to and not there");
    }
    let mut ids = BTreeSet::new();
    for op in operations() {
        assert!(ids.insert(op.id.clone()), "{} twice", op.id);
        assert!(
            op.spec["summary"].is_string() || op.spec["description"].is_string(),
            "{} says nothing",
            op.id
        );
        for parameter in parameters(&op.spec) {
            assert!(parameter["schema"].is_object(), "{}: {parameter}", op.id);
        }
        let in_path: BTreeSet<&str> =
            op.path.split('{').skip(1).map(|p| p.split('}').next().unwrap()).collect();
        let named: BTreeSet<&str> =
            parameters(&op.spec).filter(|p| p["in"] == "path").map(|p| p["name"].as_str().unwrap()).collect();
        assert_eq!(in_path, named, "{}", op.id);
    }
}

fn collect_refs(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(name) = map.get("$ref").and_then(Value::as_str) {
                into.insert(name.to_owned());
            }
            map.values().for_each(|v| collect_refs(v, into));
        }
        Value::Array(list) => list.iter().for_each(|v| collect_refs(v, into)),
        _ => {}
    }
}

#[test]
fn every_operation_documents_its_problems() {
    for op in operations() {
        let responses = op.spec["responses"].as_object().unwrap();
        let mut must = vec!["429", "500", "503"];
        if op.path.starts_with("/api/") && !op.public() {
            must.extend(["401", "403"]);
        }
        if op.path.contains('{') {
            must.push("404");
        }
        if op.spec["requestBody"].is_object() {
            must.extend(["400", "408", "413", "415", "422"]);
        }
        if parameters(&op.spec).any(|p| p["in"] == "query") {
            must.push("422");
        }
        for status in must {
            assert!(responses.contains_key(status), "{} does not document {status}", op.id);
        }
        let readiness = op.path == "/readyz";
        for (status, response) in responses.iter().filter(|(s, _)| s.starts_with(['4', '5'])) {
            if readiness && status == "503" {
                continue;
            }
            let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
            assert_eq!(schema, "#/components/schemas/ProblemBody", "{} {status}: {response}", op.id);
        }
    }
}

#[test]
fn what_is_served_is_documented() {
    let mut served = BTreeSet::new();
    let is_routes = |p: &&std::path::PathBuf| {
        p.ends_with("routes.rs") || p.parent().is_some_and(|folder| folder.ends_with("routes"))
    };
    for path in sources(&root().join("src")).iter().filter(is_routes) {
        let text = fs::read_to_string(path).unwrap();
        for method in ["get", "post", "put", "patch", "delete"] {
            for part in text.split(&format!("#[{method}(\"")).skip(1) {
                served.insert((method.to_owned(), part.split('"').next().unwrap().to_owned()));
            }
        }
        assert!(!text.contains(".route("), "{}: a path without a description", path.display());
    }
    let documented: BTreeSet<_> = operations()
        .map(|op| (op.method.to_lowercase(), op.path.trim_start_matches("/api/v1").to_owned()))
        .collect();
    assert_eq!(served, documented);
}

/// Clients decide by these; a code never goes away and never changes its status.
#[test]
fn no_code_was_taken_away() {
    const PROMISED: &str = "BAD_REQUEST 400, BAD_JSON 400, HEADER_MISSING 400, NOT_FOUND 404, \
        METHOD_NOT_ALLOWED 405, REQUEST_TIMEOUT 408, BODY_TOO_LARGE 413, MEDIA_TYPE_UNSUPPORTED 415, INVALID 422, \
        TOO_MANY_REQUESTS 429, LOGIN_CODE_INVALID 401, LOGIN_REQUIRED 401, TOKEN_EXPIRED 401, SESSION_ENDED 401, \
        ACCOUNT_RISK 403, NOT_BOUND 403, FORBIDDEN 403, ALREADY_BOUND 409, BINDING_REFUSED 422, \
        BINDING_TRIES_EXCEEDED 429, CONSENT_REQUIRED 428, NOTICE_VERSION_STALE 409, ACTION_NOT_ALLOWED 409, \
        VERSION_STALE 412, IF_MATCH_REQUIRED 428, IDEMPOTENCY_KEY_REUSED 422, IDEMPOTENCY_IN_PROGRESS 409, \
        REMIND_TOO_SOON 429, REOPEN_WINDOW_CLOSED 409, ATTACHMENT_TYPE 415, ATTACHMENT_TOO_LARGE 413, \
        ATTACHMENT_BROKEN 422, ATTACHMENT_NOT_USABLE 422, RANGE_NOT_SATISFIABLE 416, INTERNAL 500, \
        DECRYPT_FAILED 500, WECHAT_CONFIG 500, WECHAT_UNKNOWN 502, WECHAT_UNAVAILABLE 503, \
        SESSION_STORE_UNAVAILABLE 503, DATABASE_UNAVAILABLE 503, OVERLOADED 503, STORAGE_FULL 507";
    let there: BTreeSet<String> = Code::ALL.iter().map(|c| format!("{} {}", c.wire(), c.status())).collect();
    for promised in PROMISED.split(", ").map(str::trim) {
        assert!(there.contains(promised), "{promised} is gone");
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    crate::attachments::files(folder)
        .into_iter()
        .filter(|p| p.extension().is_some_and(|e| e == "rs"))
        .collect()
}
