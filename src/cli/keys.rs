//! `lvyue keys`: making, watching and changing the keys. Prints what it did and what to do next; never a
//! key, nor anything a key could be guessed from.

use std::io::Write;
use std::time::Duration;

use clap::Subcommand;

use super::exit::CliError;
use crate::kit::clock::Clock;
use crate::kit::config::Settings;
use crate::kit::crypto::rotation::{self, Progress};
use crate::kit::crypto::{KeyFile, Made};
use crate::kit::db::Db;

#[derive(Clone, Debug, Subcommand)]
pub enum KeysCommand {
    /// 生成密钥文件（已有可用的文件时不做改动）
    Init,
    /// 显示各主密钥加密了多少数据密钥
    Status,
    /// 换新的主密钥；之后请运行 rewrap
    Rotate,
    /// 把全部数据密钥改由当前主密钥加密（分批进行，可随时中断再继续）
    Rewrap,
    /// 从密钥文件中移除不再使用的旧主密钥
    Retire {
        /// 主密钥编号
        number: u32,
    },
    /// 换新的登录令牌密钥；此前签发的令牌在有效期内仍可使用
    RotateToken,
}

/// Runs one command and writes what it did to `out`.
///
/// # Errors
/// What went wrong and what to do about it, with the exit status.
pub async fn run(
    command: &KeysCommand,
    settings: &Settings,
    clock: &Clock,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let file = settings.keys.file.as_path();
    match command {
        KeysCommand::Init => {
            match KeyFile::init(file)? {
                Made::Now => writeln!(
                    out,
                    "已生成密钥文件 {}（权限 600）。请立即另存一份到安全的地方，与数据库备份分开保存：丢失它，数据无法解开。",
                    file.display()
                )?,
                Made::Already => writeln!(out, "密钥文件 {} 已存在且可用，没有改动。", file.display())?,
            }
            return Ok(());
        }
        KeysCommand::RotateToken => {
            let kid = rotation::rotate_token_key(file)?;
            writeln!(out, "登录令牌改用新密钥 {kid} 签发；重启服务后生效，此前的令牌在有效期内仍可使用。")?;
            return Ok(());
        }
        _ => {}
    }
    let db = Db::open(&settings.database).await?;
    let done = with_database(command, settings, &db, clock, out).await;
    db.close().await?;
    done
}

async fn with_database(
    command: &KeysCommand,
    settings: &Settings,
    db: &Db,
    clock: &Clock,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let file = settings.keys.file.as_path();
    match command {
        KeysCommand::Init | KeysCommand::RotateToken => {}
        KeysCommand::Status => {
            let all = rotation::status(file, db, clock).await?;
            for kek in &all {
                let note = match (kek.current, kek.in_file) {
                    (true, _) => " current",
                    (false, true) => "",
                    (false, false) => " missing",
                };
                writeln!(out, "kek={} wraps={}{note}", kek.number, kek.wraps)?;
            }
            let remaining: u64 = all.iter().filter(|k| !k.current).map(|k| k.wraps).sum();
            writeln!(out, "remaining={remaining}")?;
        }
        KeysCommand::Rotate => {
            let number = rotation::rotate_kek(file, db, clock).await?;
            writeln!(
                out,
                "当前主密钥改为第 {number} 号。请备份密钥文件，重启服务，然后运行 `lvyue keys rewrap`。"
            )?;
        }
        KeysCommand::Rewrap => loop {
            let batch = rotation::rewrap_batch(file, db, clock).await?;
            writeln!(out, "remaining={}", batch.remaining)?;
            out.flush()?;
            match batch {
                Progress { remaining: 0, .. } => break,
                // Another process holds the rest right now.
                Progress { done: 0, .. } => tokio::time::sleep(Duration::from_millis(200)).await,
                Progress { .. } => {}
            }
        },
        KeysCommand::Retire { number } => {
            rotation::retire_kek(file, db, clock, *number).await?;
            writeln!(
                out,
                "第 {number} 号主密钥已从密钥文件移除。用它加密的旧备份仍需要它：请在最后一份这样的备份过期前保留密钥文件的旧备份。"
            )?;
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
