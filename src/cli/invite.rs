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
}

/// # Errors
/// An unknown person, one who is bound already, or a store that is away.
pub async fn run(args: InviteArgs, kit: &Kit, out: &mut (dyn Write + Send)) -> Result<()> {
    let code = identity::invite(kit, args.party.side(), &args.employee_no, None).await.map_err(told)?;
    writeln!(out, "{code}")?;
    writeln!(out, "72 小时内有效，只能用一次；此前发给此人的邀请码已作废")?;
    Ok(())
}
