//! What people type and what must come up, written by somebody who did not make the index: at least 95 % of
//! the expected articles are among the first three, and both databases answer alike to the last character.
//! The same as drafts are mostly answered; drafts about other things mostly are not.

use std::collections::HashMap;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::{find, library, publish};
use crate::support::{Client, Engine, World, world};

const QUERIES: &str = include_str!("../../golden/search_queries.tsv");
const UNRELATED: &str = include_str!("../../golden/unrelated_drafts.tsv");

fn pairs(text: &'static str) -> Vec<(&'static str, &'static str)> {
    let lines = text.lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
    lines.map(|l| l.split_once('\t').unwrap()).collect()
}

/// What is found for the queries, suggested for them as titles, and suggested for unrelated drafts.
#[derive(Default)]
struct Answers {
    found: Vec<Value>,
    suggested: Vec<Value>,
    unrelated: Vec<Value>,
}

impl Answers {
    async fn of(w: &World) -> Self {
        let articles: Vec<_> = library::articles().into_iter().map(|(_, entry)| entry).collect();
        publish(w, &articles).await;
        let amy = w.as_("amy").await;
        let mut answers = Self::default();
        for (query, _) in pairs(QUERIES) {
            answers.found.push(find(&amy, query, "&in=materials&limit=50").await["items"].clone());
            answers.suggested.push(suggested(&amy, query, "").await);
        }
        for (title, description) in pairs(UNRELATED) {
            answers.unrelated.push(suggested(&amy, title, description).await);
        }
        answers
    }
}

async fn suggested(client: &Client, title: &str, description: &str) -> Value {
    let draft = json!({ "title": title, "description": description });
    client.post("/suggestions", draft).await.ok()["items"].clone()
}

#[test]
fn what_people_type_finds_its_article_on_both_databases() {
    let of_engine = |engine| {
        let answers = Mutex::new(Answers::default());
        world::run(
            engine,
            "search::golden",
            |_| {},
            async |w: World| {
                let of_world = Answers::of(&w).await;
                *answers.lock().unwrap() = of_world;
                w
            },
        );
        answers.into_inner().unwrap()
    };
    let (one, other) = (of_engine(Engine::Embedded), of_engine(Engine::Production));
    assert_eq!(one.found, other.found);
    assert_eq!(one.suggested, other.suggested);
    assert_eq!(one.unrelated, other.unrelated);

    let ids: HashMap<String, String> =
        library::articles().into_iter().map(|(key, entry)| (key, entry.id.to_string())).collect();
    let expected = |key: &str| ids.get(key).unwrap_or_else(|| panic!("there is no article {key}")).as_str();
    let first_three =
        |items: &Value, key: &str| items.as_array().unwrap().iter().take(3).any(|i| i["id"] == expected(key));
    let queries = pairs(QUERIES);
    let missed: Vec<_> = queries
        .iter()
        .zip(&one.found)
        .filter(|((_, key), items)| !first_three(items, key))
        .map(|(q, _)| q)
        .collect();
    assert!(queries.len() >= 100 && missed.len() * 20 <= queries.len(), "{missed:?}");

    let answered =
        queries.iter().zip(&one.suggested).filter(|((_, key), items)| first_three(items, key)).count();
    let disturbed = one.unrelated.iter().filter(|items| **items != json!([])).count();
    eprintln!("{} missed of {}, {answered} answered, {disturbed} disturbed", missed.len(), queries.len());
    assert!(answered * 100 >= queries.len() * 70, "{answered} of {}", queries.len());
    assert!(disturbed * 100 <= one.unrelated.len() * 20, "{disturbed} of {}", one.unrelated.len());
}
