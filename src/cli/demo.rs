//! `lvyue demo`: a seeded desk with a fake WeChat on this machine, for a look around and for browser tests.
//!
//! It takes no settings from outside but its arguments, and does not start beside a real appid.

use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use super::exit::{CliError, Exit};
use super::serve::until_signal;
use super::{init, say};
use crate::app::{App, StartError, prepare};
use crate::demo::house;
use crate::kit::clock::Clock;
use crate::kit::config::{DEMO_APPID_PREFIX, Settings};
use crate::kit::crypto::KeyFile;
use crate::kit::id::Ids;
use crate::kit::telemetry;

/// A seeded desk to look at, with everything on this machine.
#[derive(Args, Debug)]
pub struct DemoArgs {
    /// 放数据的目录；没有就新建并填入演示数据
    #[arg(long, default_value = "var/demo")]
    data: PathBuf,
    /// 接口的监听地址
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
}

/// # Errors
/// A real appid is configured (78), the port is taken, the folder cannot be used.
pub async fn run(args: DemoArgs) -> Result<(), CliError> {
    let outside = Settings::load().map_err(StartError::from)?;
    refuse_real(&outside)?;
    let mut log = outside.log.clone();
    if log.filter == Settings::defaults().map_err(StartError::from)?.log.filter {
        "warn".clone_into(&mut log.filter);
    }
    telemetry::init(&log).map_err(StartError::from)?;
    let public = TcpListener::bind(&args.listen).map_err(|err| match err.kind() {
        io::ErrorKind::AddrInUse => {
            CliError::new(Exit::Failed, format!("{} 已被占用，请用 --listen 换一个端口", args.listen))
        }
        _ => CliError::new(Exit::Failed, format!("不能监听 {}：{err}", args.listen)),
    })?;
    let secret = random_secret()?;
    if !house::is_seeded(&args.data) {
        say("正在准备演示数据（一份协议从签订到临近届满，200 多张工单），请稍候……")?;
        let began = Instant::now();
        let done = house::furnish(&args.data, secret.clone(), Clock::System.now()).await?;
        say(&format!("已准备好 {} 张工单，用时 {} 秒", done.tickets, began.elapsed().as_secs()))?;
    }
    serve(&args, public, secret).await
}

async fn serve(args: &DemoArgs, public: TcpListener, secret: String) -> Result<(), CliError> {
    let mut settings = house::settings(&args.data, secret).map_err(StartError::from)?;
    let port = TcpListener::bind("127.0.0.1:0")?;
    let fake = house::fake(port, &settings, Clock::System)?;
    fake.base_url().clone_into(&mut settings.wechat.base_url);
    KeyFile::init(&settings.keys.file)?;
    prepare(&settings, &Clock::System).await?;
    let app = App::build(settings, Clock::System).await?;
    let ready = furnish_anew(&app, &args.data).await;
    if let Err(err) = ready {
        app.close().await;
        return Err(err);
    }
    say(&format!("履约台演示服务：http://{}（按 Ctrl-C 停止）", args.listen))?;
    let served = until_signal(|cancel| async move { app.serve(public, None, cancel).await }).await;
    fake.stop().await;
    Ok(served?)
}

/// What is made anew at each start: the newcomer's invitation runs out, and the agreement may have changed.
async fn furnish_anew(app: &App, dir: &Path) -> Result<(), CliError> {
    let agreement = init::InitArgs { file: dir.join("agreement.toml") };
    let kept = init::run(agreement, app.kit(), &mut io::sink()).await;
    kept.map_err(|err| CliError::new(Exit::Failed, format!("{err:#}")))?;
    let invitation = house::invitation(app.kit()).await?;
    Ok(house::write_people(dir, invitation.as_deref())?)
}

/// The secret between the service and its fake WeChat.
fn random_secret() -> Result<String, CliError> {
    let bytes: [u8; 16] = Ids::new(Clock::System).random()?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

fn refuse_real(settings: &Settings) -> Result<(), CliError> {
    let appid = &settings.wechat.appid;
    if appid.is_empty() || appid.starts_with(DEMO_APPID_PREFIX) {
        return Ok(());
    }
    let text = "配置里有真实小程序的 wechat.appid（LVYUE_CONFIG 或 LVYUE__WECHAT__APPID）。\
                演示用的是假微信，不能和真实配置一起运行：请先去掉它们";
    Err(CliError::new(Exit::Config, text))
}
