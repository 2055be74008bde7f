//! What people type and what must come up, written by somebody who did not make the index: at least 95 % of
//! the expected articles are among the first three, and both databases answer alike to the last character.

use std::collections::HashMap;
use std::sync::Mutex;

use serde_json::Value;

use super::{find, library, publish};
use crate::support::{Engine, World, world};

const QUERIES: &str = include_str!("../../golden/search_queries.tsv");

fn queries() -> Vec<(&'static str, &'static str)> {
    let lines = QUERIES.lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
    lines.map(|l| l.split_once('\t').unwrap()).collect()
}

async fn answers(w: &World) -> Vec<Value> {
    let articles: Vec<_> = library::articles().into_iter().map(|(_, entry)| entry).collect();
    publish(w, &articles).await;
    let amy = w.as_("amy").await;
    let mut answers = Vec::new();
    for (query, _) in queries() {
        answers.push(find(&amy, query, "&in=materials&limit=50").await);
    }
    answers
}

#[test]
fn what_people_type_finds_its_article_on_both_databases() {
    let of_engine = |engine| {
        let answers = Mutex::new(Vec::new());
        world::run(
            engine,
            "search::golden",
            |_| {},
            async |w: World| {
                *answers.lock().unwrap() = self::answers(&w).await;
                w
            },
        );
        answers.into_inner().unwrap()
    };
    let (embedded, production) = (of_engine(Engine::Embedded), of_engine(Engine::Production));
    let ids: HashMap<String, String> =
        library::articles().into_iter().map(|(key, entry)| (key, entry.id.to_string())).collect();
    let mut missed = Vec::new();
    for ((query, key), (one, other)) in queries().into_iter().zip(embedded.iter().zip(&production)) {
        assert_eq!(one, other, "{query}");
        let expected = ids.get(key).unwrap_or_else(|| panic!("{query}: there is no article {key}"));
        let items = one["items"].as_array().unwrap();
        if !items.iter().take(3).any(|i| i["id"] == expected.as_str()) {
            missed.push((query, key));
        }
    }
    assert!(queries().len() >= 100 && missed.len() * 20 <= queries().len(), "{missed:?}");
}
