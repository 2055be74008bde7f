//! What the permission matrix asks of learning and classes.

use lvyue::courses::model::{Kind, ShowAnswers};
use serde_json::{Value, json};

use super::path::read;
use super::published::{course, id, item, publish, quiz};
use crate::classes::{Class, a_class, act_at, plan, propose};
use crate::support::{Answer, Client, World};

/// own = of amy, or a class that runs; foreign = of dan, or a class that only one side proposed.
pub struct Taught {
    attempts: [String; 2],
    classes: [String; 2],
    certificate: String,
    past: Value,
}

impl Taught {
    /// After the agreement is set up.
    pub async fn set(w: &World) -> Self {
        let (one, paper) = quiz(13, ShowAnswers::AfterAttempt);
        let (other, _) = quiz(23, ShowAnswers::AfterAttempt);
        let items = vec![item(11, Kind::Article), item(12, Kind::Video), one.clone()];
        publish(w, &course(1, w, items), &[(one.id, &paper)]).await;
        publish(w, &course(2, w, vec![item(21, Kind::Article), other.clone()]), &[(other.id, &paper)]).await;
        publish(w, &course(3, w, vec![item(31, Kind::Article)]), &[]).await;
        let progress = read(w, "amy", 31).await;
        let certificate = progress["course"]["certificate"]["check_code"].as_str().unwrap().to_owned();
        let mut attempts = Vec::new();
        for who in ["amy", "dan"] {
            let attempt = w.as_(who).await.post(&format!("/quizzes/{}/attempts", one.id), json!(null)).await;
            attempts.push(attempt.created()["id"].as_str().unwrap().to_owned());
        }
        let past = plan(w, json!([]));
        let running: Class = a_class(w, json!([])).await;
        running.start(w).await;
        let proposed = propose(w, json!([])).await["id"].as_str().unwrap().to_owned();
        Self {
            attempts: [attempts[0].clone(), attempts[1].clone()],
            classes: [running.id, proposed],
            certificate,
            past,
        }
    }

    /// amy's attempt, and the class that is only proposed.
    pub fn places(&self) -> [String; 2] {
        [self.attempts[0].clone(), self.classes[1].clone()]
    }

    /// A class as it may be proposed, if it were not over.
    pub fn plan(&self) -> Value {
        self.past.clone()
    }

    /// `None` when the line is about something else.
    pub async fn ask(
        &self,
        (operation, more): (&str, &str),
        relation: &str,
        client: &Client,
        missing: &str,
    ) -> Option<Answer> {
        let one = |known: [String; 2]| match relation {
            "own" => known[0].clone(),
            "foreign" => known[1].clone(),
            _ => missing.to_owned(),
        };
        let ids = |a: u128, b: u128| one([id(a).to_string(), id(b).to_string()]);
        let class = one(self.classes.clone());
        let of_class = |rest: &str| format!("/training-sessions/{class}{rest}");
        let attempt = one(self.attempts.clone());
        let code = if relation == "missing" { "2222222222222222" } else { self.certificate.as_str() };
        Some(match operation {
            "list_courses" => client.get("/courses").await,
            "show_course" => client.get(&format!("/courses/{}", ids(1, 2))).await,
            "show_material" => client.get(&format!("/materials/{}", ids(12, 11))).await,
            "report_progress" => {
                let body = match relation {
                    "foreign" => json!({ "seq": 1, "dwell_seconds": 0 }),
                    _ => json!({ "seq": 1, "from": 0, "to": 0, "position": 0 }),
                };
                client.post(&format!("/materials/{}/progress", ids(12, 11)), body).await
            }
            "begin_attempt" => client.post(&format!("/quizzes/{}/attempts", ids(13, 23)), json!(null)).await,
            "show_attempt" => client.get(&format!("/attempts/{attempt}")).await,
            "submit_attempt" => {
                let nothing = json!({ "answers": [{ "no": 99, "chosen": [] }] });
                client.post(&format!("/attempts/{attempt}/submit"), nothing).await
            }
            "list_wrong_answers" => client.get("/me/wrong-answers").await,
            "list_certificates" => client.get("/me/certificates").await,
            "check_certificate" => client.get(&format!("/certificates/{code}")).await,
            "verify_page" => client.get(&format!("/verify/{code}")).await,
            "show_coverage" => client.get("/training/coverage").await,
            "list_learners" => client.get("/training/people").await,
            "list_classes" => client.get("/training-sessions").await,
            "propose_class" => client.post("/training-sessions", self.past.clone()).await,
            "show_class" => client.get(&of_class("")).await,
            "act_on_class" => {
                let body = match more {
                    "finish" => json!({ "action": more, "minutes": "矩阵" }),
                    _ => json!({ "action": more }),
                };
                act_at(client, &class, 0, body).await
            }
            "show_sign_in_code" => client.get(&of_class("/sign-in-code")).await,
            "sign_in_to_class" => client.post(&of_class("/sign-in"), json!({ "code": "no" })).await,
            "sign_out_of_class" => client.post(&of_class("/sign-out"), json!({ "code": "no" })).await,
            _ => return None,
        })
    }
}
