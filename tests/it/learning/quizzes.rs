//! Quizzes: papers are frozen, answers leave with the result and never before, tries are counted by the day.

use lvyue::courses::model::{Kind, ShowAnswers};
use serde_json::{Value, json};

use super::published::{EXPLANATION, course, id, item, publish, quiz};
use crate::support::{Answer, World, sql};

/// Answers to a paper, as somebody gives them who knows that right options say so.
pub fn answers(attempt: &Value, right: bool) -> Value {
    let one = |q: &Value| {
        let options = q["options"].as_array().unwrap().iter();
        let is_meant = |o: &&Value| o["text"].as_str().unwrap().starts_with("对的") == right;
        let keys: Vec<&Value> = options.filter(is_meant).map(|o| &o["key"]).collect();
        let several = q["kind"] == "multiple";
        json!({ "no": q["no"], "chosen": if several { keys } else { keys[..1].to_vec() } })
    };
    json!({ "answers": attempt["questions"].as_array().unwrap().iter().map(one).collect::<Vec<_>>() })
}

fn no_answers(answer: &Answer) {
    let text = String::from_utf8_lossy(&answer.bytes);
    for secret in [EXPLANATION, "\"correct\":true", "\"correct\":[", "\"explanation\":\"", "pools"] {
        assert!(!text.contains(secret), "{secret} in {answer}");
    }
}

story!(no_answer_leaves_before_the_paper_is_in, async |w: World| {
    let (asked, paper) = quiz(13, ShowAnswers::AfterAttempt);
    publish(&w, &course(1, &w, vec![item(11, Kind::Article), asked.clone()]), &[(asked.id, &paper)]).await;
    let amy = w.as_("amy").await;
    let begin = format!("/quizzes/{}/attempts", asked.id);
    let first = amy.post(&begin, json!(null)).await;
    no_answers(&first);
    let attempt = first.created();
    let own = format!("/attempts/{}", attempt["id"].as_str().unwrap());
    // Everything else that the server says about it before the paper is in.
    let paths = [
        own.clone(),
        "/courses".to_owned(),
        format!("/courses/{}", id(1)),
        format!("/materials/{}", asked.id),
        format!("/materials/{}/captions", asked.id),
        format!("/materials/{}/content", asked.id),
        "/me/wrong-answers".to_owned(),
        "/me/certificates".to_owned(),
        "/inbox".to_owned(),
        "/training-sessions".to_owned(),
    ];
    for who in ["amy", "ben", "cara", "vera", "lena", "audrey"] {
        for path in &paths {
            no_answers(&w.as_(who).await.get(path).await);
        }
    }
    no_answers(&amy.post(&format!("{own}/submit"), json!({ "answers": [{ "no": 9, "chosen": [] }] })).await);
    no_answers(&amy.post(&format!("/materials/{}/progress", asked.id), json!({ "seq": 1 })).await);
    // The open one is answered again, as it was.
    let again = amy.post(&begin, json!(null)).await;
    no_answers(&again);
    assert_eq!(again.ok()["questions"], attempt["questions"]);
    // As a material it says where one stands; it is not watched.
    let shown = amy.get(&format!("/materials/{}", asked.id)).await.ok();
    assert_eq!((&shown["kind"], &shown["quiz"]["open_attempt"]), (&json!("quiz"), &attempt["id"]), "{shown}");
    assert_eq!((&shown["quiz"]["attempts_left"], &shown["previous"]["id"]), (&json!(2), &json!(id(11))));
    let watched = amy.post(&format!("/materials/{}/progress", asked.id), json!({ "seq": 1 })).await;
    let said = watched.refused(404, "NOT_FOUND")["detail"].to_string();
    assert!(said.contains("/attempts"), "{said}");
    // What is stored is sealed.
    let rows = sql::rows(w.db(), "SELECT sheet_sealed FROM quiz_attempts").await;
    let sealed: Vec<u8> = rows[0].try_get_by_index(0).unwrap();
    assert!(!sealed.windows(EXPLANATION.len()).any(|part| part == EXPLANATION.as_bytes()));

    // Somebody else's attempt is not there.
    let ben = w.as_("ben").await;
    ben.get(&own).await.refused(404, "NOT_FOUND");
    ben.post(&format!("{own}/submit"), answers(&attempt, true)).await.refused(404, "NOT_FOUND");

    // Handed in: now it is said, to amy; and the same once more, whatever is sent.
    let result = amy.post(&format!("{own}/submit"), answers(&attempt, false)).await.ok();
    let judged = result["questions"].as_array().unwrap();
    assert!(judged.iter().all(|q| q["right"] == false && q["correct"].is_array()), "{result}");
    assert!(judged[0]["explanation"].as_str().unwrap().starts_with(EXPLANATION));
    let once_more = amy.post(&format!("{own}/submit"), answers(&attempt, true)).await.ok();
    assert_eq!(once_more, result);
    assert_eq!(amy.get(&own).await.ok()["result"], result);

    // The wrong-answer book holds what was wrong, until it is answered rightly.
    let wrong = amy.all("/me/wrong-answers").await;
    assert_eq!(wrong.len(), 3);
    assert_eq!(ben.all("/me/wrong-answers").await, [] as [Value; 0]);
    let next = amy.post(&begin, json!(null)).await.created();
    let submit = format!("/attempts/{}/submit", next["id"].as_str().unwrap());
    amy.post(&submit, answers(&next, true)).await.ok();
    let texts = |list: &[Value], name: &str| -> Vec<String> {
        list.iter().map(|q| q[name].as_str().unwrap().to_owned()).collect()
    };
    let met = texts(next["questions"].as_array().unwrap(), "text");
    let left = texts(&amy.all("/me/wrong-answers").await, "question");
    let expected: Vec<String> = texts(&wrong, "question").into_iter().filter(|q| !met.contains(q)).collect();
    assert_eq!(left, expected);
    w
});

story!(tries_are_counted_by_the_day, async |w: World| {
    let (asked, paper) = quiz(13, ShowAnswers::AfterPass);
    publish(&w, &course(1, &w, vec![asked.clone()]), &[(asked.id, &paper)]).await;
    let begin = format!("/quizzes/{}/attempts", asked.id);
    for left in [2, 1, 0] {
        let amy = w.as_("amy").await;
        let attempt = amy.post(&begin, json!(null)).await.created();
        let submit = format!("/attempts/{}/submit", attempt["id"].as_str().unwrap());
        let result = amy.post(&submit, answers(&attempt, false)).await.ok();
        assert_eq!(result["attempts_left"], left);
        // This quiz shows its answers only to who has passed.
        assert!(
            result["questions"].as_array().unwrap().iter().all(|q| q["correct"] == Value::Null),
            "{result}"
        );
        assert!(!result.to_string().contains(EXPLANATION));
        assert_eq!(amy.all("/me/wrong-answers").await, [] as [Value; 0]);
        w.hours(2);
    }
    // 15:00 in Shanghai: the next one may begin at midnight there.
    let amy = w.as_("amy").await;
    let refused = amy.post(&begin, json!(null)).await.refused(409, "ATTEMPTS_USED_UP");
    assert_eq!(refused["next_attempt_at"], "2026-11-16T16:00:00.000Z");
    let shown = amy.get(&format!("/courses/{}", id(1))).await.ok();
    let state = &shown["sections"][0]["items"][0]["quiz"];
    assert_eq!(
        (&state["attempts_left"], &state["next_attempt_at"]),
        (&json!(0), &refused["next_attempt_at"])
    );
    // ben has tries of his own.
    w.as_("ben").await.post(&begin, json!(null)).await.created();
    w.at("2026-11-16T15:59:59.999Z");
    w.as_("amy").await.post(&begin, json!(null)).await.refused(409, "ATTEMPTS_USED_UP");
    w.at("2026-11-16T16:00:00Z");
    let amy = w.as_("amy").await;
    let attempt = amy.post(&begin, json!(null)).await.created();
    assert_eq!(attempt["number"], 4);
    let submit = format!("/attempts/{}/submit", attempt["id"].as_str().unwrap());
    let result = amy.post(&submit, answers(&attempt, true)).await.ok();
    assert!(result["questions"].as_array().unwrap().iter().all(|q| q["correct"].is_array()), "{result}");
    // Passed: what was wrong before may be looked at now.
    let met: Vec<&Value> = attempt["questions"].as_array().unwrap().iter().map(|q| &q["text"]).collect();
    let book = amy.all("/me/wrong-answers").await;
    assert!(book.iter().all(|q| !met.contains(&&q["question"])), "{book:?}");
    w
});

story!(an_attempt_keeps_its_paper_whatever_is_published, async |w: World| {
    let (asked, paper) = quiz(13, ShowAnswers::AfterAttempt);
    let mut first = course(1, &w, vec![asked.clone()]);
    publish(&w, &first, &[(asked.id, &paper)]).await;
    let amy = w.as_("amy").await;
    let begin = format!("/quizzes/{}/attempts", asked.id);
    let at_once = futures_util::future::join_all((0..5).map(|_| amy.post(&begin, json!(null)))).await;
    let ids: std::collections::BTreeSet<String> = at_once
        .iter()
        .filter(|a| a.status < 300)
        .map(|a| a.json["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 1, "five at once are one attempt");
    let attempt = amy.post(&begin, json!(null)).await.ok();

    // Another edition with other questions: the paper stays what it was.
    let mut other = paper.clone();
    other.pools[0].questions.iter_mut().for_each(|q| q.text = format!("改过的{}", q.id));
    first.edition = 2;
    first.sections[0].items[0].version_id = id(13_002);
    first.sections[0].items[0].version_no = 2;
    publish(&w, &first, &[(asked.id, &other)]).await;
    assert_eq!(amy.post(&begin, json!(null)).await.ok()["questions"], attempt["questions"]);
    let submit = format!("/attempts/{}/submit", attempt["id"].as_str().unwrap());
    for (body, field) in [
        (json!({ "answers": [{ "no": 0, "chosen": ["A"] }] }), "answers[0].no"),
        (json!({ "answers": [{ "no": 1, "chosen": ["Z"] }] }), "answers[0].chosen"),
        (json!({ "answers": [{ "no": 1, "chosen": [] }, { "no": 1, "chosen": [] }] }), "answers[1].no"),
        (json!({ "answers": [], "score": 100 }), "score"),
    ] {
        amy.post(&submit, body).await.field(field);
    }
    let result = amy.post(&submit, answers(&attempt, true)).await.ok();
    assert_eq!(result["passed"], true);
    // Passed in the version before: completed, with something new.
    let shown = amy.get(&format!("/courses/{}", id(1))).await.ok();
    let mine = &shown["sections"][0]["items"][0]["my"];
    assert_eq!((&mine["state"], &mine["has_new"]), (&json!("completed"), &json!(true)), "{shown}");
    w
});
