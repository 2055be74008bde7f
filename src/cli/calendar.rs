//! `lvyue calendar due|show|import`: the same answers as over HTTP, and a year on its way into force. Who keeps
//! the system proposes a year; signing it stays with the people of both sides.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::refused;
use crate::calendar::{Span, Unit};
use crate::clocks::Book;
use crate::contract;
use crate::contract::requests::{CalendarImport, DueQuestion};
use crate::contract::service::calendar::{self, answer, year_of};
use crate::kit::Kit;
use crate::kit::clock::Timestamp;

#[derive(Debug, Subcommand)]
pub enum CalendarCommand {
    /// 算一个时限何时届满，逐日说明
    Due(DueArgs),
    /// 打印某年的每一天
    Show { year: i32 },
    /// 提议导入一年的日历，打印它会改变什么；由双方在系统里签署后生效
    Import(ImportArgs),
}

#[derive(Args, Debug)]
pub struct DueArgs {
    /// 收到的时刻，如 2026-09-18T10:00:00+08:00
    #[arg(long, value_parser = instant)]
    start: Timestamp,
    #[arg(long)]
    unit: UnitArg,
    /// 数量，至少为 1
    #[arg(long)]
    amount: u32,
    /// 暂停的一段，起止用 / 分开；可以写多次
    #[arg(long = "pause", value_parser = span)]
    pauses: Vec<Span>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
enum UnitArg {
    NaturalHours,
    WorkingHours,
    WorkingDays,
    NaturalDays,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false, id = "what")]
pub struct ImportArgs {
    /// 年度文件（JSON）
    #[arg(group = "what")]
    file: Option<PathBuf>,
    /// 国务院办公厅通知的全文
    #[arg(long, group = "what")]
    notice: Option<PathBuf>,
}

fn instant(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).map_err(|_| "应为带时区的时刻，如 2026-09-18T10:00:00+08:00".to_owned())
}

fn span(text: &str) -> Result<Span, String> {
    let (from, to) = text.split_once('/').ok_or("应为 起/止，两个带时区的时刻")?;
    Ok(Span { from: instant(from)?, to: instant(to)? })
}

/// The question of the command line in the form of the API.
fn question(args: DueArgs) -> DueQuestion {
    let unit = match args.unit {
        UnitArg::NaturalHours => Unit::NaturalHours,
        UnitArg::WorkingHours => Unit::WorkingHours,
        UnitArg::WorkingDays => Unit::WorkingDays,
        UnitArg::NaturalDays => Unit::NaturalDays,
    };
    DueQuestion { start: args.start, unit, amount: args.amount, pauses: args.pauses }
}

/// Answers a question by a book; `import` is for [`run`].
///
/// # Errors
/// A question without an answer; its field is named.
pub fn ask(
    command: CalendarCommand,
    book: &Book,
    now: Timestamp,
    out: &mut (dyn Write + Send),
) -> Result<()> {
    let in_force = book.at(now);
    let text = match command {
        CalendarCommand::Due(args) => {
            let due = answer(&in_force.calendar, &in_force.rules, &question(args)).map_err(refused)?;
            serde_json::to_string(&due)?
        }
        CalendarCommand::Show { year } => {
            let shown = year_of(&in_force.calendar, year);
            serde_json::to_string(&shown.map_err(|_| anyhow!("年份应在 1970 到 2100 之间"))?)?
        }
        CalendarCommand::Import(_) => bail!("导入需要数据库"),
    };
    writeln!(out, "{text}")?;
    Ok(())
}

/// # Errors
/// A question without an answer, a file that is no year, or a database that is away.
pub async fn run(command: CalendarCommand, kit: &Kit, out: &mut (dyn Write + Send)) -> Result<()> {
    let CalendarCommand::Import(args) = command else {
        let book = contract::book(kit).await.map_err(refused)?;
        return ask(command, &book, kit.clock.now(), out);
    };
    let path = args.file.as_ref().or(args.notice.as_ref()).context("请给出文件")?;
    let text = std::fs::read_to_string(path).with_context(|| format!("读不了 {}", path.display()))?;
    let source = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let body = match args.notice {
        Some(_) => CalendarImport { year_file: None, notice_text: Some(text), source, preview: false },
        None => {
            let file =
                serde_json::from_str(&text).with_context(|| format!("{} 不是 JSON", path.display()))?;
            CalendarImport { year_file: Some(file), notice_text: None, source, preview: false }
        }
    };
    let (id, preview) = calendar::import_by_keeper(kit, &body).await.map_err(refused)?;
    let shown = json!({
        "id": id, "year": preview.year, "differences": preview.differences, "moved": preview.moved,
        "moved_total": preview.moved_total,
    });
    writeln!(out, "{}", serde_json::to_string_pretty(&shown)?)?;
    writeln!(out, "已提议 {} 年日历，双方在系统里签署 60 秒后生效", preview.year)?;
    Ok(())
}
