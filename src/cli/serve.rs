//! `lvyue serve` and `lvyue worker`: run until SIGTERM or SIGINT, then stop in order.

use std::net::TcpListener;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::exit::{CliError, Exit};
use crate::app::{App, StartError};
use crate::kit::clock::Clock;
use crate::kit::config::Settings;

/// # Errors
/// It did not start, with the exit status that says why.
pub async fn serve(settings: Settings) -> Result<(), CliError> {
    let (listen, internal) = (settings.http.listen.clone(), settings.http.internal_listen.clone());
    let app = App::build(settings, Clock::System).await?;
    let public = bind("http.listen", &listen)?;
    let internal = if internal.is_empty() { None } else { Some(bind("http.internal_listen", &internal)?) };
    tracing::info!(address = listen, "serving");
    until_signal(|cancel| async move { app.serve(public, internal, cancel).await }).await?;
    tracing::info!("stopped");
    Ok(())
}

/// # Errors
/// It did not start, with the exit status that says why.
pub async fn worker(settings: Settings) -> Result<(), CliError> {
    let app = App::build(settings, Clock::System).await?;
    tracing::info!("working");
    until_signal(|cancel| async move {
        app.work_until(cancel).await;
        Ok(())
    })
    .await?;
    tracing::info!("stopped");
    Ok(())
}

/// Runs `task` with a token that the first SIGTERM or SIGINT cancels.
///
/// # Errors
/// What the task says.
pub async fn until_signal<F>(task: impl FnOnce(CancellationToken) -> F) -> Result<(), StartError>
where
    F: Future<Output = Result<(), StartError>>,
{
    let cancel = CancellationToken::new();
    let listen = |kind| signal(kind).map_err(|e| StartError::Io("不能接收停止信号", e));
    let (mut term, mut int) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    let task = task(cancel.clone());
    tokio::pin!(task);
    tokio::select! {
        done = &mut task => return done,
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    tracing::info!("stopping");
    cancel.cancel();
    task.await
}

fn bind(setting: &'static str, address: &str) -> Result<TcpListener, CliError> {
    TcpListener::bind(address)
        .map_err(|e| CliError::new(Exit::Failed, format!("不能监听 {setting} = {address}：{e}")))
}
