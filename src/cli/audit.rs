//! `lvyue audit`: verifies the ledger, and makes proofs for those who keep a copy of its root.

use std::collections::BTreeMap;
use std::io::Write;

use clap::Subcommand;

use crate::kit::db::Db;
use crate::kit::error::Code;
use crate::ledger::{self, Hash, prove};

#[derive(Clone, Debug, Subcommand)]
pub enum Audit {
    /// 核对整个账本：逐条重算校验值和检查点；有问题时指出第一处，退出码 1
    Verify {
        /// 留存在外部的检查点，可以给多个
        #[arg(long, value_name = "条数:根", value_parser = checkpoint)]
        checkpoint: Vec<(u64, Hash)>,
    },
    /// 给出某一条记录确在账本中的证明（JSON）
    Prove {
        /// 账本序号
        seq: i64,
    },
    /// 给出较早的账本是现在账本的开头的证明（JSON）
    Consistency {
        /// 较早的条数
        old_size: i64,
    },
}

/// Runs one of them; the exit status is 0 when all is well, 1 when the ledger is not.
///
/// # Errors
/// The database is away, or there is no such place.
pub async fn run(args: Audit, db: &Db, out: &mut dyn Write) -> anyhow::Result<u8> {
    match args {
        Audit::Verify { checkpoint } => {
            let kept: BTreeMap<u64, Hash> = checkpoint.into_iter().collect();
            let report = ledger::verify_against(db, &kept).await?;
            if let Some(bad) = &report.bad {
                match bad.seq {
                    Some(seq) => writeln!(out, "账本有问题：第 {seq} 条：{}", bad.fault)?,
                    None => writeln!(out, "账本有问题：{}", bad.fault)?,
                }
                return Ok(1);
            }
            writeln!(out, "账本完整：{} 条，{} 个检查点", report.size, report.checkpoints)?;
            writeln!(out, "检查点：{}:{}", report.size, ledger::hex(&report.root))?;
            writeln!(out, "等待序号：{} 条", report.waiting)?;
        }
        Audit::Prove { seq } => {
            let proof = prove::inclusion(db, seq).await;
            print(proof, out)?;
        }
        Audit::Consistency { old_size } => {
            let proof = prove::consistency(db, old_size).await;
            print(proof, out)?;
        }
    }
    Ok(0)
}

fn print(proof: crate::kit::error::Result<impl serde::Serialize>, out: &mut dyn Write) -> anyhow::Result<()> {
    match proof {
        Ok(proof) => Ok(writeln!(out, "{}", serde_json::to_string_pretty(&proof)?)?),
        Err(err) if err.is(Code::NotFound) => anyhow::bail!("账本里没有这个序号"),
        Err(err) => Err(err.into()),
    }
}

fn checkpoint(text: &str) -> Result<(u64, Hash), String> {
    let wrong = || "应为 条数:64位十六进制，即 audit verify 打印的那一行".to_owned();
    let (size, root) = text.split_once(':').ok_or_else(wrong)?;
    let size = size.parse().map_err(|_| wrong())?;
    let digits: Option<Vec<u8>> =
        root.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = digits.filter(|d| d.len() == 64).ok_or_else(wrong)?;
    let (pairs, _) = digits.as_chunks::<2>();
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    Ok((size, bytes.try_into().map_err(|_| wrong())?))
}
