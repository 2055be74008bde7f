//! The training of clause 6.2 as it went: the first courses when the term began, what people of each department
//! made of them, a class that both sides signed, one that is planned for today, and two courses that are new.

use std::path::Path;

use serde_json::{Value, json};
use uuid::Uuid;

use super::stage::{Stage, act_of, id_in, read};
use crate::classes::{model::ClassMode, service as classes};
use crate::courses::model::quiz::QuestionKind;
use crate::courses::model::{Item, Kind};
use crate::courses::{self, Refusal};
use crate::kit::clock::Timestamp;
use crate::kit::error::{Code, Error, Result};
use crate::learning::service::{attempts, beats};

/// Where the courses of the repository are, from its root.
const FOLDER: &str = "config/courses";
const DAY: i64 = 86_400;
/// Published four weeks before the demonstration begins: due in two days.
const NEW: [&str; 2] = ["personal-information", "security-incident"];
const TAUGHT_DAYS_AGO: i64 = 140;
pub const NEW_HOURS_AGO: f64 = 28.0 * 24.0;

/// Who learned what, in how many days after the courses came, and how the first quiz went.
struct Learner {
    login: &'static str,
    courses: &'static [&'static str],
    after_days: i64,
    fails_first: bool,
}

const fn learner(login: &'static str, courses: &'static [&'static str], after_days: i64) -> Learner {
    Learner { login, courses, after_days, fails_first: false }
}

const LEARNERS: &[Learner] = &[
    learner("linmin", &["first-login", "report-a-fault", "manager-week", "agreement-and-deadlines"], 2),
    learner("fangjing", &["first-login", "report-a-fault", "before-you-report"], 3),
    Learner { fails_first: true, ..learner("guotao", &["first-login", "report-a-fault"], 5) },
    learner("hanxue", &["report-a-fault", "change-quality-consult"], 6),
    learner("kongli", &["before-you-report"], 9),
    learner("maning", &["first-login", "report-a-fault", "before-you-report"], 4),
    Learner { fails_first: true, ..learner("niujun", &["report-a-fault", "cannot-open"], 8) },
    learner("panhao", &["report-a-fault"], 12),
    learner("qinlan", &["first-login", "report-a-fault"], 14),
    learner("yangguang", &["report-a-fault", "change-quality-consult", "before-you-report"], 7),
    learner("zhaomei", &["first-login", "report-a-fault", "change-quality-consult"], 10),
    learner("huangli", &["manager-week", "change-quality-consult"], 11),
    learner("gaojie", &["report-a-fault", "cannot-open", "before-you-report"], 13),
    learner("jinxin", &["first-login"], 15),
    learner("zhouke", &["vendor-answers"], 3),
    learner("wuting", &["vendor-answers"], 4),
];

impl Stage {
    /// From the first courses to the class that both sides signed.
    pub async fn teach(&self, now: Timestamp) -> Result<()> {
        let began = now.plus_seconds(-TAUGHT_DAYS_AGO * DAY);
        self.kit.clock.set(began);
        for slug in slugs()?.iter().filter(|slug| !NEW.contains(&slug.as_str())) {
            self.publish(slug).await?;
        }
        let mut learners: Vec<_> = LEARNERS.iter().collect();
        learners.sort_by_key(|l| l.after_days);
        for learner in learners {
            self.kit.clock.set(began.plus_seconds(learner.after_days * DAY + 3600));
            for slug in learner.courses {
                self.learn(learner, slug).await?;
            }
        }
        self.kit.clock.set(began.plus_seconds(20 * DAY));
        self.held_class().await
    }

    pub async fn publish_new(&self) -> Result<()> {
        for slug in NEW {
            self.publish(slug).await?;
        }
        Ok(())
    }

    async fn publish(&self, slug: &str) -> Result<()> {
        let by = self.acting("hejun")?;
        let loaded = courses::import(&self.kit, &Path::new(FOLDER).join(slug), Some(&by)).await;
        loaded.map(drop).map_err(|refusal| match refusal {
            Refusal::Failed(err) => err,
            Refusal::Bad(bad) => {
                let first = bad.first().map_or_else(String::new, ToString::to_string);
                Error::new(Code::Internal).because(format!("{slug}: {first}"))
            }
        })
    }

    async fn learn(&self, learner: &Learner, slug: &str) -> Result<()> {
        let catalog = courses::published(&self.kit).await?;
        let course = catalog.courses.iter().find(|c| c.slug == slug).cloned();
        let course = course.ok_or_else(|| Error::new(Code::Internal).because(format!("no course {slug}")))?;
        for item in course.items() {
            match item.kind {
                Kind::Quiz => {
                    if learner.fails_first {
                        self.attempt(learner.login, item.id, false).await?;
                        self.pass(600);
                    }
                    self.attempt(learner.login, item.id, true).await?;
                }
                _ => self.study(learner.login, item).await?,
            }
        }
        Ok(())
    }

    /// Opens the material and stays as long as it takes.
    async fn study(&self, who: &str, item: &Item) -> Result<()> {
        let beat = |seq: i32, seconds: i64, page: Option<i32>| {
            if item.kind.plays() {
                json!({ "player": "phone", "seq": seq, "from": 0, "to": seconds, "position": seconds })
            } else {
                json!({ "player": "phone", "seq": seq, "dwell_seconds": seconds, "page": page })
            }
        };
        let seconds = item.duration_ms.map_or(i64::from(item.min_dwell_seconds), |ms| ms / 1000);
        self.beat(who, item.id, beat(1, 0, None)).await?;
        let pages = item.pages.unwrap_or(1);
        let each = (seconds / i64::from(pages) + 1).min(seconds);
        self.pass(each * i64::from(pages) + 2);
        for page in 1..=pages {
            self.beat(who, item.id, beat(1 + page, each, item.pages.map(|_| page))).await?;
        }
        Ok(())
    }

    async fn beat(&self, who: &str, item: Uuid, body: Value) -> Result<()> {
        beats::take(&self.acting(who)?, item, &read(body)?).await.map(drop)
    }

    /// All right, or all wrong.
    async fn attempt(&self, who: &str, quiz: Uuid, right: bool) -> Result<()> {
        let id = id_in(attempts::begin(&self.acting(who)?, &self.key()?, quiz).await?).await?;
        let sheet = attempts::show(&self.acting(who)?, id).await?;
        let paper = courses::quiz(&self.kit, quiz).await?.paper;
        self.pass(240);
        let mut answers = Vec::new();
        for asked in &sheet.questions {
            let known = paper.pools.iter().flat_map(|p| &p.questions).find(|q| q.text == asked.text);
            let correct =
                |text: &str| known.is_some_and(|q| q.options.iter().any(|o| o.correct && o.text == text));
            let chosen: Vec<&str> =
                asked.options.iter().filter(|o| correct(&o.text) == right).map(|o| o.key.as_str()).collect();
            let single = asked.kind != QuestionKind::Multiple;
            let chosen = if single { chosen.into_iter().take(1).collect() } else { chosen };
            answers.push(json!({ "no": asked.no, "chosen": chosen }));
        }
        attempts::submit(&self.acting(who)?, id, read(json!({ "answers": answers }))?).await.map(drop)
    }

    fn pass(&self, seconds: i64) {
        self.kit.clock.set(self.kit.clock.now().plus_seconds(seconds));
    }

    /// Proposed, agreed, attended by code, minuted, and signed by both sides.
    async fn held_class(&self) -> Result<()> {
        let at = self.kit.clock.now().plus_seconds(3 * DAY);
        let title = "上线培训：报故障、盯时限、做验收";
        let id = self.class(title, ClassMode::OnSite, "三楼多功能厅", at).await?;
        for who in ["linmin", "fangjing", "guotao", "maning", "zhaomei", "gaojie"] {
            self.class_act(who, id, json!({ "action": "enrol" })).await?;
        }
        self.kit.clock.set(at);
        self.class_act("zhouke", id, json!({ "action": "start" })).await?;
        for who in ["linmin", "fangjing", "guotao", "maning", "zhaomei"] {
            let shown = classes::sign_in::show_code(&self.acting("zhouke")?, id, None).await?;
            let purpose = shown.purpose;
            classes::sign_in::sign(&self.acting(who)?, id, purpose, &shown.code).await?;
            self.pass(20);
        }
        self.kit.clock.set(at.plus_seconds(5400));
        let minutes = "演示了报故障、验收和时限查询；答疑 9 个。财务部希望月结前再讲一次变更单。";
        self.class_act("zhouke", id, json!({ "action": "finish", "minutes": minutes })).await?;
        for who in ["hejun", "linmin"] {
            self.class_act(who, id, json!({ "action": "sign_roster" })).await?;
        }
        Ok(())
    }

    /// Today's class begins soon: its trainer can start it at once.
    pub async fn class_of_today(&self) -> Result<()> {
        let at = self.kit.clock.now().plus_seconds(1200);
        let title = "月结前答疑：变更单怎么写才快";
        let id = self.class(title, ClassMode::Online, "企业微信会议 552-018-337", at).await?;
        for who in ["chenyu", "zhaomei", "yangguang"] {
            self.class_act(who, id, json!({ "action": "enrol" })).await?;
        }
        Ok(())
    }

    async fn class(&self, title: &str, mode: ClassMode, place: &str, at: Timestamp) -> Result<Uuid> {
        let trainer = self.acting("zhouke")?.actor.person_id();
        let body = json!({
            "category": if mode == ClassMode::OnSite { "operation" } else { "features" },
            "title": title, "mode": mode, "place": place,
            "agenda": "讲 40 分钟，答疑 20 分钟。请带上最近一张没讲清楚的单子。",
            "starts_at": at, "ends_at": at.plus_seconds(3600), "trainer_id": trainer,
        });
        let by = self.acting("hejun")?;
        let id = id_in(classes::plan::propose(&by, &self.key()?, read(body)?).await?).await?;
        self.class_act("linmin", id, json!({ "action": "agree" })).await?;
        Ok(id)
    }

    async fn class_act(&self, who: &str, id: Uuid, body: Value) -> Result<()> {
        let ctx = self.acting(who)?;
        let seen = classes::show(&ctx, id).await?.version;
        classes::act::act(&ctx, id, seen, act_of(&body)?).await.map(drop)
    }
}

/// The course folders of the repository, by name.
fn slugs() -> Result<Vec<String>> {
    let lost = |e: std::io::Error| Error::new(Code::Internal).because(format!("{FOLDER}: {e}"));
    let mut slugs = Vec::new();
    for entry in std::fs::read_dir(FOLDER).map_err(lost)? {
        slugs.push(entry.map_err(lost)?.file_name().to_string_lossy().into_owned());
    }
    slugs.sort_unstable();
    Ok(slugs)
}
