//! The command line. Exit status: 0 done, 1 failed, 2 wrong usage, 78 configuration or keys must be put
//! right first. Answers go to the standard output, everything else to the standard error stream.

pub mod audit;
pub mod calendar;
pub mod clocks;
pub mod courses;
pub mod demo;
pub mod exit;
pub mod init;
pub mod invite;
pub mod keys;
pub mod roster;
pub mod search;
pub mod serve;

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};

use self::exit::{CliError, Exit};
use crate::app::{App, StartError, prepare, tool};
use crate::clocks::Book;
use crate::kit::clock::Clock;
use crate::kit::config::Settings;
use crate::kit::db::Db;
use crate::kit::error::Error;
use crate::kit::{Kit, net, telemetry};
use crate::routes;

/// 履约台：把服务协议落到每一张工单上的服务台。
#[derive(Debug, Parser)]
#[command(name = "lvyue", version, disable_help_subcommand = true)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 提供 HTTP 接口（未配置 Redis 时同时做后台工作）
    Serve,
    /// 只做后台工作，不提供接口
    Worker,
    /// 管理主密钥
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// 更新数据库结构，并登记密钥文件；可以重复运行
    Migrate,
    /// 登记本系统履行的协议；可以重复运行
    Init(init::InitArgs),
    /// 导入名册，或让某人离职
    Roster(roster::RosterArgs),
    /// 为名册里的一个人发一次性邀请码
    Invite(invite::InviteArgs),
    /// 检查配置、密钥、数据库和会话存储，不做任何改动
    Check,
    /// 工作日历：算时限、看一年、导入新的一年
    #[command(subcommand)]
    Calendar(calendar::CalendarCommand),
    /// 课程：从文件夹导入
    #[command(subcommand)]
    Courses(courses::CoursesCommand),
    /// 搜索：重建索引
    #[command(subcommand)]
    Search(search::SearchCommand),
    /// 核对账本，给出证明
    #[command(subcommand)]
    Audit(audit::Audit),
    /// 核对时钟：按事件重新推算，与所存的期限逐项比较
    #[command(subcommand)]
    Clocks(clocks::Clocks),
    /// 在本机看演示：假微信、一份协议的演示数据，不需要任何配置
    Demo(demo::DemoArgs),
    /// 打印接口描述（OpenAPI 3.1）
    Openapi,
}

impl From<StartError> for CliError {
    fn from(err: StartError) -> Self {
        match err {
            StartError::Config(err) => err.into(),
            StartError::Keys(err) => err.into(),
            StartError::Failed(err) => err.into(),
            StartError::Pending(_) => Self::new(Exit::Config, err.to_string()),
            StartError::Io(..) => Self::new(Exit::Failed, err.to_string()),
        }
    }
}

/// Reads the command line and does what it says.
#[must_use]
pub fn main() -> ExitCode {
    let line = match Line::try_parse() {
        Ok(line) => line,
        Err(err) => {
            // `--help` and `--version` are such errors too, with status 0.
            let _ = err.print();
            return ExitCode::from(u8::try_from(err.exit_code()).unwrap_or(2));
        }
    };
    let done = runtime().map_err(CliError::from).and_then(|runtime| runtime.block_on(run(line.command)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            // With nobody to read it, the status still tells.
            let _ = writeln!(io::stderr().lock(), "{err}");
            ExitCode::from(err.code())
        }
    }
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

async fn run(command: Command) -> Result<(), CliError> {
    net::install_crypto();
    if matches!(command, Command::Openapi) {
        let text = routes::described().to_pretty_json().map_err(io::Error::from)?;
        return say(&text);
    }
    if let Command::Demo(args) = command {
        return demo::run(args).await;
    }
    let settings = Settings::load().map_err(StartError::from)?;
    telemetry::init(&settings.log).map_err(StartError::from)?;
    match command {
        Command::Serve => serve::serve(settings).await,
        Command::Worker => serve::worker(settings).await,
        Command::Keys(command) => keys::run(&command, &settings, &Clock::System, &mut io::stdout()).await,
        Command::Migrate => {
            prepare(&settings, &Clock::System).await?;
            say("数据库已就绪")
        }
        Command::Init(args) => with_kit(settings, async |kit, out| init::run(args, kit, out).await).await,
        Command::Roster(args) => with_kit(settings, async |kit, out| roster::run(args, kit, out).await).await,
        Command::Invite(args) => with_kit(settings, async |kit, out| invite::run(args, kit, out).await).await,
        Command::Calendar(command) => calendar(command, settings).await,
        Command::Courses(command) => {
            with_kit(settings, async |kit, out| courses::run(command, kit, out).await).await
        }
        Command::Search(command) => {
            with_kit(settings, async |kit, out| search::run(&command, kit, out).await).await
        }
        Command::Check => check(settings).await,
        Command::Audit(command) => audit(command, &settings).await,
        Command::Clocks(command) => clocks(command, &settings).await,
        Command::Openapi | Command::Demo(_) => Ok(()),
    }
}

/// Runs a command that needs the machinery but serves nothing.
async fn with_kit(
    settings: Settings,
    command: impl AsyncFnOnce(&Arc<Kit>, &mut (dyn Write + Send)) -> anyhow::Result<()>,
) -> Result<(), CliError> {
    let kit = Arc::new(tool(settings, Clock::System).await?);
    let done = command(&kit, &mut io::stdout()).await;
    kit.db.clone().close().await?;
    done.map_err(|err| CliError::new(Exit::Failed, format!("{err:#}")))
}

/// Questions can be asked before anything is set up: then the calendar and the defaults of the program answer.
async fn calendar(command: calendar::CalendarCommand, settings: Settings) -> Result<(), CliError> {
    let kit = match tool(settings, Clock::System).await {
        Ok(kit) => kit,
        Err(err) if matches!(command, calendar::CalendarCommand::Import(_)) => return Err(err.into()),
        Err(err) => {
            let _ = writeln!(io::stderr().lock(), "{err}\n按程序自带的日历和默认参数计算");
            let now = Clock::System.now();
            let done = calendar::ask(command, &Book::builtin(), now, &mut io::stdout());
            return done.map_err(|err| CliError::new(Exit::Failed, format!("{err:#}")));
        }
    };
    let done = calendar::run(command, &kit, &mut io::stdout()).await;
    kit.db.close().await?;
    done.map_err(|err| CliError::new(Exit::Failed, format!("{err:#}")))
}

/// A refusal in the words that people read: the sentence, and each field with what is wrong about it.
fn refused(err: Error) -> anyhow::Error {
    let fields = err.fields().iter().map(|f| format!("{}：{}", f.field, f.message));
    let lines: Vec<String> = std::iter::once(err.code().title().to_owned()).chain(fields).collect();
    tracing::debug!(%err, "refused");
    anyhow::anyhow!(lines.join("\n"))
}

async fn audit(command: audit::Audit, settings: &Settings) -> Result<(), CliError> {
    let db = Db::open(&settings.database).await?;
    let done = audit::run(command, &db, &mut io::stdout()).await;
    db.close().await?;
    passed(done.map(|status| status == 0))
}

async fn clocks(command: clocks::Clocks, settings: &Settings) -> Result<(), CliError> {
    let db = Db::open(&settings.database).await?;
    let done = clocks::run(command, &db, Clock::System.now(), &mut io::stdout()).await;
    db.close().await?;
    passed(done)
}

/// What is wrong has been said by then, on the standard output.
fn passed(done: anyhow::Result<bool>) -> Result<(), CliError> {
    match done {
        Ok(true) => Ok(()),
        Ok(false) => Err(CliError::new(Exit::Failed, "核对没有通过")),
        Err(err) => Err(CliError::new(Exit::Failed, format!("{err:#}"))),
    }
}

async fn check(settings: Settings) -> Result<(), CliError> {
    let app = App::build(settings, Clock::System).await?;
    let seen = app.readiness().await;
    app.close().await;
    for (name, state) in &seen.checks {
        say(&format!("{name}: {state:?}").to_lowercase())?;
    }
    if seen.is_ok() { say("一切正常") } else { Err(CliError::new(Exit::Failed, "有检查没有通过")) }
}

/// Writes one line to the standard output.
///
/// # Errors
/// Nobody reads it any more.
pub fn say(text: &str) -> Result<(), CliError> {
    Ok(writeln!(io::stdout().lock(), "{text}")?)
}
