//! `lvyue roster import F.csv` and `lvyue roster leave EMPLOYEE_NO`.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};

use super::invite::PartyArg;
use crate::identity::{self, Refused};
use crate::kit::Kit;

/// The people on both sides.
#[derive(Args, Debug)]
pub struct RosterArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// 导入名册：全部成功才生效，可重复执行
    Import {
        /// UTF-8 CSV：party,employee_no,name,phone,email,department,roles
        file: PathBuf,
    },
    /// 某人离职：立即结束其全部登录
    Leave {
        employee_no: String,
        /// 属于哪一方
        #[arg(long, default_value = "client")]
        party: PartyArg,
    },
}

/// # Errors
/// A file that cannot be read, its bad lines, an unknown person, or a store that is away.
pub async fn run(args: RosterArgs, kit: &Kit, out: &mut (dyn Write + Send)) -> Result<()> {
    match args.what {
        What::Import { file } => {
            let bytes = std::fs::read(&file).with_context(|| format!("读不了 {}", file.display()))?;
            match identity::load(kit, &bytes).await {
                Ok(done) => {
                    writeln!(
                        out,
                        "新增 {} 人，更新 {} 人，未变 {} 人",
                        done.added, done.updated, done.unchanged
                    )?;
                    Ok(())
                }
                Err(Refused::Lines(bad)) => {
                    for line in &bad {
                        writeln!(out, "第 {} 行：{}", line.line, line.reason)?;
                    }
                    bail!("{} 有 {} 处不对，没有导入任何人", file.display(), bad.len())
                }
                Err(Refused::Failed(err)) => Err(told(err)),
            }
        }
        What::Leave { employee_no, party } => {
            let left = identity::leave(kit, party.side(), &employee_no).await.map_err(told)?;
            writeln!(out, "{}", if left { "已停用，其全部登录在两秒内失效" } else { "此人早已停用" })?;
            Ok(())
        }
    }
}

/// The Chinese text first; the cause follows for whoever runs the command.
pub(super) fn told(err: crate::kit::error::Error) -> anyhow::Error {
    let field = err.fields().first().map(|f| f.message.clone());
    let text = field.or_else(|| err.detail_text().map(str::to_owned));
    let text = text.unwrap_or_else(|| err.code().title().to_owned());
    match err.cause() {
        Some(cause) => anyhow::anyhow!("{text}（{cause}）"),
        None => anyhow::anyhow!("{text}"),
    }
}
