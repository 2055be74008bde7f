//! A line that can be cut: between the program and one of its servers, for stories in which that goes away.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// What comes in goes on.
    Open,
    /// Connections break, and new ones are closed at once.
    Cut,
    /// Connections stand, and nothing comes through.
    Blackhole,
}

#[derive(Clone, Debug)]
pub struct Proxy {
    pub port: u16,
    line: Arc<watch::Sender<Line>>,
}

impl Proxy {
    /// Listens on a free port and speaks for `target` until the runtime ends.
    pub async fn to(target: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (line, watching) = watch::channel(Line::Open);
        tokio::spawn(async move {
            while let Ok((inbound, _)) = listener.accept().await {
                tokio::spawn(carry(inbound, target, watching.clone()));
            }
        });
        Self { port, line: Arc::new(line) }
    }

    pub fn set(&self, line: Line) {
        self.line.send_replace(line);
    }
}

async fn carry(mut inbound: TcpStream, target: u16, mut line: watch::Receiver<Line>) {
    let now = *line.borrow_and_update();
    if now == Line::Cut {
        return;
    }
    if now == Line::Blackhole {
        let _ = line.wait_for(|line| *line != Line::Blackhole).await;
        return;
    }
    let Ok(mut outbound) = TcpStream::connect(("127.0.0.1", target)).await else { return };
    let changed = async {
        let to = *line.wait_for(|line| *line != Line::Open).await.map(|l| *l).as_ref().unwrap_or(&Line::Cut);
        if to == Line::Blackhole {
            // The bytes stop where they are; the connection is dropped when the line changes again.
            Line::Blackhole
        } else {
            Line::Cut
        }
    };
    tokio::select! {
        _ = copy_bidirectional(&mut inbound, &mut outbound) => {}
        to = changed => if to == Line::Blackhole {
            let _ = line.wait_for(|line| *line != Line::Blackhole).await;
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}
