//! What clients ask of learning. Unknown fields are refused.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::paper::Given;
use super::model::watching::{Beat, Claim};
use crate::courses::model::{Category, Item};
use crate::kit::error::{Error, Result};
use crate::kit::text::{Lines, optional};

/// Beats in one list: half an hour of them.
const MOST_BEATS: usize = 200;
const NAME_CHARS: usize = 64;
/// What a player may say beyond the end: its clock and the file's differ a little.
const BEYOND_SECONDS: f64 = 1.0;
const DAY_SECONDS: f64 = 86_400.0;
const MOST_ANSWERS: usize = 500;

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CourseQuery {
    /// `operation`, `features`, `troubleshooting` or `security_privacy`.
    pub category: Option<Category>,
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    #[param(max_length = 200)]
    pub cursor: Option<String>,
}

/// What a player has to say: of what plays `from`, `to` and `position`, of what is read `dwell_seconds` and `page`.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeatBody {
    /// From 1, rising; 1 opens the player and takes over from any other of the person.
    #[schema(minimum = 1)]
    pub seq: i64,
    /// Seconds into the material where the stretch began; not beyond a second after its end.
    pub from: Option<f64>,
    /// Where it ended, not before `from`.
    pub to: Option<f64>,
    /// Where the player stands now.
    pub position: Option<f64>,
    /// Seconds since the beat before, 0..86400.
    pub dwell_seconds: Option<f64>,
    /// The page that was open, from 1.
    pub page: Option<i32>,
}

/// One beat, or a list of those that a bad network kept back.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgressBody {
    /// What the client calls this opening of the player, up to 64 characters.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub player: String,
    #[schema(minimum = 1)]
    pub seq: Option<i64>,
    pub from: Option<f64>,
    pub to: Option<f64>,
    pub position: Option<f64>,
    pub dwell_seconds: Option<f64>,
    pub page: Option<i32>,
    /// Instead of the fields above: up to 200, in their order.
    #[schema(min_items = 1, max_items = 200)]
    pub beats: Option<Vec<BeatBody>>,
}

impl ProgressBody {
    /// The beats that it holds, checked against what the item is.
    ///
    /// # Errors
    /// 422 naming the field.
    pub fn beats(&self, item: &Item) -> Result<Vec<Beat>> {
        optional("player", Some(&self.player), Lines::One, NAME_CHARS)?;
        let Self { seq, from, to, position, dwell_seconds, page, .. } = *self;
        match (&self.beats, seq) {
            (Some(_), Some(_)) => Err(Error::field("seq", "NOT_ALLOWED", "已有 beats，不能再给单次进度")),
            (Some(list), None) if list.is_empty() || list.len() > MOST_BEATS => {
                Err(Error::field("beats", "OUT_OF_RANGE", "一次应有 1 到 200 条进度"))
            }
            (Some(list), None) => {
                list.iter().enumerate().map(|(at, b)| b.checked(item, &format!("beats[{at}]."))).collect()
            }
            (None, Some(seq)) => {
                let one = BeatBody { seq, from, to, position, dwell_seconds, page };
                Ok(vec![one.checked(item, "")?])
            }
            (None, None) => Err(Error::field("seq", "REQUIRED", "缺少进度的序号")),
        }
    }
}

impl BeatBody {
    fn checked(&self, item: &Item, before: &str) -> Result<Beat> {
        let field = |name: &str| format!("{before}{name}");
        let out = |name: &str, text: &str| Error::field(field(name), "OUT_OF_RANGE", text);
        if self.seq < 1 {
            return Err(out("seq", "序号从 1 开始"));
        }
        let claim = if item.kind.plays() {
            let refused = [("dwell_seconds", self.dwell_seconds.is_some()), ("page", self.page.is_some())];
            if let Some((name, _)) = refused.iter().find(|(_, given)| *given) {
                return Err(Error::field(field(name), "NOT_ALLOWED", "这份材料按播放位置计进度"));
            }
            let end = item.duration_ms.map_or(f64::MAX, |ms| seconds(ms) + BEYOND_SECONDS);
            let within = |name: &str, value: Option<f64>| {
                let value = value.ok_or_else(|| Error::field(field(name), "REQUIRED", "缺少播放位置"))?;
                let good = value.is_finite() && (0.0..=end).contains(&value);
                if good { Ok(millis(value)) } else { Err(out(name, "超出了材料的长度")) }
            };
            let (from_ms, to_ms) = (within("from", self.from)?, within("to", self.to)?);
            if to_ms < from_ms {
                return Err(out("to", "结束位置不能在开始之前"));
            }
            Claim::Stretch { from_ms, to_ms, position_ms: within("position", self.position)? }
        } else {
            let refused = [("from", self.from), ("to", self.to), ("position", self.position)];
            if let Some((name, _)) = refused.iter().find(|(_, value)| value.is_some()) {
                return Err(Error::field(field(name), "NOT_ALLOWED", "这份材料按停留时间计进度"));
            }
            let dwell = self.dwell_seconds;
            let dwell =
                dwell.ok_or_else(|| Error::field(field("dwell_seconds"), "REQUIRED", "缺少停留时间"))?;
            if !dwell.is_finite() || !(0.0..=DAY_SECONDS).contains(&dwell) {
                return Err(out("dwell_seconds", "停留时间应为 0 到 86400 秒"));
            }
            if self.page.is_some_and(|page| page < 1 || item.pages.is_some_and(|all| page > all)) {
                return Err(out("page", "没有这一页"));
            }
            Claim::Dwell { ms: millis(dwell), page: self.page }
        };
        Ok(Beat { seq: self.seq, claim })
    }
}

/// Seconds of the wire as milliseconds; the values are checked to be small.
fn millis(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

/// Durations of media are far below 2^53 milliseconds.
fn seconds(millis: i64) -> f64 {
    millis as f64 / 1000.0
}

/// What was chosen for one question.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    /// As on the paper, from 1.
    pub no: i32,
    /// Keys of options; none: left out.
    #[schema(max_items = 26)]
    pub chosen: Vec<String>,
}

/// A whole paper; what is not named counts as left out.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitBody {
    #[schema(max_items = 500)]
    pub answers: Vec<AnswerBody>,
}

impl SubmitBody {
    /// # Errors
    /// 422 for more answers than any paper has questions.
    pub fn given(self) -> Result<Vec<Given>> {
        if self.answers.len() > MOST_ANSWERS {
            return Err(Error::field("answers", "TOO_MANY", "答案比题目还多"));
        }
        Ok(self.answers.into_iter().map(|a| Given { no: a.no, chosen: a.chosen }).collect())
    }
}

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CoverageQuery {
    /// First day in Asia/Shanghai; missing: 1 January of the year of `to`.
    pub from: Option<NaiveDate>,
    /// Last day, itself included; missing: today.
    pub to: Option<NaiveDate>,
}

#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LearnerQuery {
    pub category: Option<Category>,
    /// Name of a department of the client.
    #[param(max_length = 100)]
    pub department: Option<String>,
    /// People, not lines: each has one for every category asked for.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    #[param(max_length = 200)]
    pub cursor: Option<String>,
}
