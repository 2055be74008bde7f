//! `lvyue invite EMPLOYEE_NO`: prints a code with which one WeChat account becomes that person.

use std::io::Write;

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::roster::told;
use crate::identity;
use crate::kit::Kit;
use crate::kit::actor::Side;

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum PartyArg {
    /// 甲方
    Client,
    /// 乙方
    Vendor,
}

impl PartyArg {
    #[must_use]
    pub fn side(self) -> Side {
        match self {
            Self::Client => Side::Client,
            Self::Vendor => Side::Vendor,
        }
    }
}

/// One-time invitation for a person of the roster.
#[derive(Args, Debug)]
pub struct InviteArgs {
    /// 名册里的工号
    employee_no: String,
    /// 属于哪一方
    #[arg(long, default_value = "client")]
    party: PartyArg,
    /// 此人已绑定微信，要换成另一个微信（手机丢失等）
    #[arg(long)]
    replace: bool,
}

/// # Errors
/// An unknown person, one who is bound already, or a store that is away.
pub async fn run(args: InviteArgs, kit: &Kit, out: &mut (dyn Write + Send)) -> Result<()> {
    let made = identity::invite(kit, args.party.side(), &args.employee_no, None, args.replace).await;
    let made = made.map_err(told)?;
    writeln!(out, "{}", made.code)?;
    writeln!(out, "72 小时内有效，只能用一次；此前发给此人的邀请码已作废")?;
    if made.replaces {
        writeln!(out, "此人已绑定微信：邀请码一旦使用，原来的微信即解除绑定，其全部登录结束")?;
    }
    Ok(())
}
