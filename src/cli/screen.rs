//! A screen's way to its desk: the one that runs, or an attached one that is started for it.

use std::path::PathBuf;
use std::time::Duration;

use super::reach::locate;
use super::serve;
use crate::clock::Monotonic;
use crate::door::connection::Connection;
use crate::socket::client::link::{self, Finder, Link};
use crate::socket::client::{Caller, ConnectError};
use crate::store::layout::{LayoutError, StoreDir};

/// How long a desk that was started may take until it listens.
const START_PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(20);

/// Why a screen has no desk.
#[derive(Debug, thiserror::Error)]
pub enum ScreenError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Layout(#[from] LayoutError),
    #[error("the desk cannot be started: {0}")]
    Start(std::io::Error),
    /// It was started and does not listen; the last line of its log says why.
    #[error("the desk does not listen after {} s; its log {log} says: {line}", START_PATIENCE.as_secs())]
    Silent { log: PathBuf, line: String },
}

/// Connects a screen, and keeps it connected. With `socket` that desk only, and none is started.
///
/// Must be called within a tokio runtime.
pub async fn connect(
    store: StoreDir,
    caller: Caller,
    socket: Option<PathBuf>,
) -> Result<Connection, ScreenError> {
    let (link, finder) = if let Some(path) = socket {
        let link = Link::connect(&path, &caller).await?;
        let locate = Box::new(move || Ok(path.clone()));
        (link, Finder { locate, start: Box::new(|| Ok(())) })
    } else {
        let link = find_or_start(&store, &caller).await?;
        let started = store.clone();
        let locate = Box::new(move || locate(&store));
        (link, Finder { locate, start: Box::new(move || serve::start(&started)) })
    };
    Ok(link::keep(link, caller, finder))
}

async fn find_or_start(store: &StoreDir, caller: &Caller) -> Result<Link, ScreenError> {
    if let Some(link) = try_connect(store, caller).await? {
        return Ok(link);
    }
    StoreDir::prepare(store.path())?;
    serve::start(store).map_err(ScreenError::Start)?;
    let waited = Monotonic::start();
    loop {
        if let Some(link) = try_connect(store, caller).await? {
            return Ok(link);
        }
        if waited.elapsed() >= START_PATIENCE {
            let log = store.log_file();
            let text = std::fs::read(&log).unwrap_or_default();
            let text = String::from_utf8_lossy(&text);
            let line = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
            return Err(ScreenError::Silent {
                line: crate::text::clean::for_display(line).into_owned(),
                log,
            });
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// A link; none while nobody listens.
async fn try_connect(store: &StoreDir, caller: &Caller) -> Result<Option<Link>, ConnectError> {
    let Ok(path) = locate(store) else { return Ok(None) };
    match Link::connect(&path, caller).await {
        Ok(link) => Ok(Some(link)),
        // It has just ended, or ends while it greets.
        Err(ConnectError::Absent | ConnectError::Door(crate::door::DoorError::Lost(_))) => Ok(None),
        Err(error) => Err(error),
    }
}
