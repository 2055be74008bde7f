//! Keeps the house in order without building the app: who may import whom, how long a file may be, and
//! that the map in `src/lib.rs` is the folder listing.

#![expect(clippy::unwrap_used, reason = "a test; what surprises it should stop it")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A module may use those before it. Upward needs go through `app`.
const ORDER: &[&str] = &[
    "kit", "calendar", "clocks", "ledger", "wechat", "identity", "files", "notices", "roster", "duties",
    "contract", "tickets", "search", "courses", "classes", "learning", "ops", "routes", "app", "demo", "cli",
];

const LONGEST_FILE: usize = 500;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !["node_modules", "miniprogram_npm", "dist", "target"].contains(&name.as_str()) {
            found.extend(sources(&path, extensions));
        } else if path.extension().is_some_and(|e| extensions.contains(&e.to_string_lossy().as_ref())) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// First path segment under src, as `tickets` for `src/tickets/store.rs`.
fn module(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// Lines of code that count for import rules: without comments and without what stands after `mod tests`.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Every `crate::x` that the code names.
fn uses(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let name: String = code[at + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        found.insert(name);
        if code[at + 7..].starts_with('{') {
            let list: String = code[at + 8..].chars().take_while(|c| *c != ';').collect();
            for part in list.split([',', '{', '}']) {
                let name: String =
                    part.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if ORDER.contains(&name.as_str()) {
                    found.insert(name);
                }
            }
        }
    }
    found
}

#[test]
fn modules_import_only_what_stands_before_them() {
    let mut wrong = Vec::new();
    for path in sources(&root().join("src"), &["rs"]) {
        let own = module(&path);
        let Some(place) = ORDER.iter().position(|m| *m == own) else { continue };
        for used in uses(&code(&path)) {
            if ORDER.iter().position(|m| *m == used).is_some_and(|p| p > place) {
                wrong.push(format!("{} uses crate::{used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn layers_inside_a_feature_keep_apart() {
    let mut wrong = Vec::new();
    for path in sources(&root().join("src"), &["rs"]) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let folder = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        let layer = if ["routes", "service", "store", "entity", "kinds", "model"].contains(&folder.as_str()) {
            folder
        } else {
            name
        };
        let banned: &[&str] = match layer.as_str() {
            "routes" => &["sea_orm::", "redis::", "reqwest::"],
            "service" => &["actix_web::", "execute_unprepared", "Statement::from_"],
            "model" | "machine" | "policy" | "kinds" => &["sea_orm::", "actix_web::", "tokio::", "async fn"],
            "store" => &["actix_web::"],
            "entity" => &["derive(Serialize", "Serialize,"],
            _ if ["calendar", "clocks"].contains(&module(&path).as_str()) => {
                &["sea_orm::", "actix_web::", "tokio::", "async fn"]
            }
            _ => &[],
        };
        let code = code(&path);
        wrong.extend(
            banned.iter().filter(|b| code.contains(**b)).map(|b| format!("{} has {b}", path.display())),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn wechat_knows_no_feature_and_features_build_no_wechat_url() {
    for path in sources(&root().join("src"), &["rs"]) {
        let own = module(&path);
        if !["wechat", "kit", "demo"].contains(&own.as_str()) {
            let code = code(&path);
            for url in ["/sns/", "/cgi-bin/", "/wxa/", "api.weixin.qq.com"] {
                assert!(!code.contains(url), "{} builds a WeChat URL", path.display());
            }
        }
    }
}

#[test]
fn files_stay_readable() {
    let mut wrong = Vec::new();
    for folder in ["src", "migrations", "tests", "miniprogram", ".ci"] {
        for path in sources(&root().join(folder), &["rs", "ts", "mjs", "js", "wxml", "wxss", "css"]) {
            let text = fs::read_to_string(&path).unwrap();
            let lines = text.lines().count();
            if lines > LONGEST_FILE {
                wrong.push(format!("{}: {lines} lines, at most {LONGEST_FILE}", path.display()));
            }
            if path.extension().is_some_and(|e| e == "rs") && !text.starts_with("//!") {
                wrong.push(format!("{}: begins without //! saying what it is for", path.display()));
            }
            let name = path.file_stem().unwrap().to_string_lossy().to_lowercase();
            if ["utils", "util", "helpers", "helper", "common", "manager", "misc"].contains(&name.as_str()) {
                wrong.push(format!("{}: a name that says nothing", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_map_in_lib_rs_is_the_folder_listing() {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let listed: BTreeSet<String> = lib
        .lines()
        .filter_map(|l| l.strip_prefix("//! - [`")?.split('`').next().map(str::to_owned))
        .collect();
    let there: BTreeSet<String> = fs::read_dir(root().join("src"))
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().trim_end_matches(".rs").to_owned())
        .filter(|n| !["lib", "main"].contains(&n.as_str()))
        .collect();
    assert_eq!(listed, there);
    let known: BTreeSet<String> = ORDER.iter().map(|m| (*m).to_owned()).collect();
    assert_eq!(known, there, "ORDER in this test");
}

#[test]
fn what_is_uploaded_to_wechat_knows_nothing_of_the_browser() {
    for path in sources(&root().join("miniprogram/src"), &["ts", "wxml", "wxss", "json"]) {
        let text = fs::read_to_string(&path).unwrap();
        for word in ["webhost", "__mp", "glass-easel-", "playwright", "document.querySelector", "window."] {
            assert!(!text.contains(word), "{} has {word}", path.display());
        }
    }
}
