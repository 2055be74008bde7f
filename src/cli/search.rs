//! `lvyue search reindex`: the search index made anew from the stored texts. Safe beside a running server, and as often
//! as wanted.

use std::io::Write;

use anyhow::Result;
use clap::Subcommand;

use super::refused;
use crate::kit::Kit;
use crate::search;

#[derive(Debug, Subcommand)]
pub enum SearchCommand {
    /// 按现在的折叠规则重建搜索索引；服务不用停，可以重复运行
    Reindex,
}

/// # Errors
/// A store that is away.
pub async fn run(command: &SearchCommand, kit: &Kit, out: &mut (dyn Write + Send)) -> Result<()> {
    let SearchCommand::Reindex = command;
    let search::Rebuilt { docs, from_rules, rules } = search::rebuild(kit).await.map_err(refused)?;
    match from_rules {
        Some(before) => writeln!(out, "已重建 {docs} 份材料的索引，规则从第 {before} 版到第 {rules} 版")?,
        None => writeln!(out, "已重建 {docs} 份材料的索引，规则仍是第 {rules} 版")?,
    }
    Ok(())
}
