//! `lvyue clocks`: derives every clock again from what happened, and compares it with what is stored; what happened is
//! compared with the ledger, which `audit verify` recomputes. Reads only, and needs no keys: a copy of the database is
//! enough for whoever doubts.

use std::io::Write;

use clap::Subcommand;

use crate::contract;
use crate::duties::Compared;
use crate::kit::clock::Timestamp;
use crate::kit::db::Db;
use crate::kit::error::Result;
use crate::tickets;

#[derive(Clone, Debug, Subcommand)]
pub enum Clocks {
    /// 核对所有工单和协议事项的时钟，以及工单事件与账本；有不一致时逐项指出，退出码 1
    Verify {
        /// 最多列出多少处不一致
        #[arg(long, value_name = "处", default_value_t = 20)]
        most: usize,
    },
}

/// Runs one of them; whether all is well.
///
/// # Errors
/// The database is away.
pub async fn run(args: Clocks, db: &Db, now: Timestamp, out: &mut dyn Write) -> anyhow::Result<bool> {
    let Clocks::Verify { most } = args;
    let compared = verify(db, now, most).await?;
    for difference in &compared.named {
        writeln!(out, "{difference}")?;
    }
    let Compared { records, clocks, waiting, unvouched, different, .. } = compared;
    writeln!(out, "已核对 {records} 条记录、{clocks} 个时钟，{different} 处不一致")?;
    if unvouched > 0 {
        writeln!(out, "{unvouched} 个事件没有存证，账本不能为它们作证")?;
    }
    if waiting > 0 {
        writeln!(out, "{waiting} 条记录按上一版附件或日历核对：新版本刚生效，后台还没有更新它们")?;
    }
    Ok(different == 0 && unvouched == 0)
}

/// Compares everything that has clocks, naming at most so many differences.
///
/// # Errors
/// What the database says.
pub async fn verify(db: &Db, now: Timestamp, most: usize) -> Result<Compared> {
    let book = contract::service::book::stored(db).await?;
    let mut compared = Compared::naming(most);
    contract::service::check::compare(db, &book, now, &mut compared).await?;
    tickets::service::check::compare(db, &book, now, &mut compared).await?;
    Ok(compared)
}
