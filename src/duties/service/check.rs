//! Whether what is stored about the duties of records is what follows from their events. It always must be;
//! this is how tests, and whoever doubts, find out. Nothing here is personal data.

use std::collections::HashMap;
use std::fmt;

use sea_orm::{ConnectionTrait, Iterable, ModelTrait, Value};
use uuid::Uuid;

use crate::clocks::{Book, Clock};
use crate::duties::entity::duty::{self, Column};
use crate::duties::model::{self, Record};
use crate::duties::store::duties;
use crate::kit::clock::Timestamp;
use crate::kit::error::Result;

/// One thing that is stored otherwise than it follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Number of the record.
    pub number: String,
    /// Code, cycle and round of the clock; `None` for what the record itself says.
    pub clock: Option<(String, i32, i32)>,
    pub what: &'static str,
    /// As stored, and as it follows; instants in UTC. `None` where there is nothing.
    pub stored: Option<String>,
    pub derived: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number)?;
        if let Some((code, cycle, round)) = &self.clock {
            write!(f, " {code}（轮次 {cycle}，回合 {round}）")?;
        }
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "无".to_owned());
        write!(f, " {}：所存 {}，应为 {}", self.what, shown(&self.stored), shown(&self.derived))
    }
}

/// What was compared so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    pub records: u64,
    /// Clocks that follow from the records.
    pub clocks: u64,
    /// Records that a worker has yet to bring to a version that came into force lately. As of the version
    /// before, they are right.
    pub waiting: u64,
    /// Events without a ledger entry: nothing vouches for them.
    pub unvouched: u64,
    pub different: u64,
    /// The first differences.
    pub named: Vec<Difference>,
    most: usize,
}

impl Compared {
    /// Names at most so many differences, counts all.
    #[must_use]
    pub fn naming(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    pub fn add(&mut self, one: Looked) {
        self.records += 1;
        self.clocks += one.clocks;
        self.waiting += u64::from(one.waits);
        self.unvouched += one.unvouched;
        self.differ(one.wrong);
    }

    pub fn differ(&mut self, wrong: impl IntoIterator<Item = Difference>) {
        for difference in wrong {
            self.different += 1;
            if self.named.len() < self.most {
                self.named.push(difference);
            }
        }
    }
}

/// What was found of one record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    pub clocks: u64,
    pub waits: bool,
    pub unvouched: u64,
    pub wrong: Vec<Difference>,
}

/// The stored duties of some records.
#[derive(Debug)]
pub struct Stored(HashMap<Uuid, Vec<duty::Model>>);

impl Stored {
    /// # Errors
    /// What the database says.
    pub async fn of(db: &impl ConnectionTrait, records: &[Uuid]) -> Result<Self> {
        let mut by_record: HashMap<Uuid, Vec<duty::Model>> = HashMap::new();
        for row in duties::of_records(db, records).await? {
            by_record.entry(row.record_id).or_default().push(row);
        }
        Ok(Self(by_record))
    }

    fn of_record(&self, record: Uuid) -> &[duty::Model] {
        self.0.get(&record).map_or(&[], Vec::as_slice)
    }

    /// The last instant before the first version that a running duty of the record has yet to follow; `None`
    /// when it follows all that came into force by `now`.
    #[must_use]
    pub fn behind(&self, record: Uuid, book: &Book, now: Timestamp) -> Option<Timestamp> {
        let rows = self.of_record(record).iter().filter(|row| row.state == model::RUNNING);
        let awaited = |row: &duty::Model| {
            let versions = book.versions().filter(|v| v.from <= now && row.in_force < v.number);
            versions.filter(|v| model::follows(row, v)).map(|v| v.from.plus_millis(-1)).min()
        };
        rows.filter_map(awaited).min()
    }

    /// What is wrong with the stored duties of a record; empty when nothing is.
    #[must_use]
    pub fn differences(&self, book: &Book, record: &Record, derived: &[Clock]) -> Vec<Difference> {
        let stored = self.of_record(record.id);
        let mut wrong = Vec::new();
        for clock in derived {
            let Some(row) = stored.iter().find(|row| model::same(row, clock)) else {
                let due = Some(clock.due_at.to_string());
                wrong.push(of_clock(record, model::identity(clock), "到期", (None, due)));
                continue;
            };
            let mut expected = model::row(record, clock, row.id, Some(row), book);
            if row.state != model::RUNNING {
                // Who works on it and how severe it is are kept up only while it runs.
                expected.owner_id = row.owner_id;
                expected.severity.clone_from(&row.severity);
            }
            let differ = Column::iter().filter(|c| row.get(*c) != expected.get(*c));
            wrong.extend(differ.map(|c| {
                let values = (shown(c, row.get(c)), shown(c, expected.get(c)));
                of_clock(record, model::identity(clock), word(c), values)
            }));
        }
        let lone = stored.iter().filter(|row| !derived.iter().any(|clock| model::same(row, clock)));
        wrong.extend(lone.map(|row| {
            let clock = (row.code.clone(), row.cycle, row.round);
            of_clock(record, clock, "到期", (Some(row.due_at.to_string()), None))
        }));
        wrong
    }
}

fn of_clock(
    record: &Record,
    clock: (String, i32, i32),
    what: &'static str,
    (stored, derived): (Option<String>, Option<String>),
) -> Difference {
    Difference { number: record.number.clone(), clock: Some(clock), what, stored, derived }
}

fn word(column: Column) -> &'static str {
    match column {
        Column::DueAt => "到期",
        Column::InTimeUntil => "最后按时",
        Column::StartedAt => "起算",
        Column::StoppedAt => "完成",
        Column::VoidAt => "失效",
        Column::WarnAt => "下次预警",
        Column::State => "状态",
        Column::Pauses => "暂停",
        Column::Unit => "单位",
        Column::Amount => "时限",
        Column::InForce => "版本",
        Column::Provisional => "暂定",
        Column::OwnerId => "负责人",
        Column::ReporterId => "报告人",
        Column::Severity => "严重程度",
        Column::Number => "编号",
        Column::RecordKind => "类别",
        Column::Clause => "条款",
        Column::Obligor => "义务方",
        // Taken over from what is stored, or what the rows were found by.
        Column::Id
        | Column::RecordId
        | Column::Code
        | Column::Cycle
        | Column::Round
        | Column::Warned
        | Column::Skipped => "标识",
    }
}

fn shown(column: Column, value: Value) -> Option<String> {
    let instant = matches!(
        column,
        Column::DueAt
            | Column::InTimeUntil
            | Column::StartedAt
            | Column::StoppedAt
            | Column::VoidAt
            | Column::WarnAt
    );
    match value {
        Value::BigInt(at) if instant => at.map(|at| Timestamp(at).to_string()),
        Value::BigInt(n) => n.map(|n| n.to_string()),
        Value::Int(n) => n.map(|n| n.to_string()),
        Value::Bool(b) => b.map(|b| b.to_string()),
        Value::String(text) => text.map(|text| text.to_string()),
        Value::Uuid(id) => id.map(|id| id.to_string()),
        _ => None,
    }
}
