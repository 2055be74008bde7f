//! `lvyue init agreement.toml`: reads the agreement strictly and keeps it. One installation keeps one
//! agreement; giving the same file again changes nothing.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;

use super::refused;
use crate::contract::service::file::AgreementFile;
use crate::contract::service::register::{Registered, register};
use crate::kit::Kit;

/// The agreement that this installation keeps.
#[derive(Args, Debug)]
pub struct InitArgs {
    /// 协议文件：双方、签订日期、交付与届满日期（已知时）、附件参数 P1–P16
    pub(super) file: PathBuf,
}

/// # Errors
/// A file that is missing or wrong, what cannot be changed any more, or a database that is away.
pub async fn run(args: InitArgs, kit: &Kit, out: &mut (dyn Write + Send)) -> Result<()> {
    let name = args.file.display();
    let text = std::fs::read_to_string(&args.file).with_context(|| format!("读不了 {name}"))?;
    let file = match AgreementFile::read(&text) {
        Ok(file) => file,
        Err(bad) => bail!("{name} 不对：\n{bad}"),
    };
    let said = match register(kit, &text, &file).await.map_err(refused)? {
        Registered::New => "协议已登记",
        Registered::Corrected => "协议已更新",
        Registered::Unchanged => "协议未变",
    };
    writeln!(out, "{said}：{}", file.number)?;
    Ok(())
}
