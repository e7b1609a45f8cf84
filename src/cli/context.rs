//! Where, who, in which language: what every subcommand needs to know.

use std::path::PathBuf;

use etcetera::BaseStrategy as _;

use super::args::{Colours, Global};
use super::config::Loaded;
use super::error::{CliError, Kind};
use super::out::Out;
use super::words::Words;
use crate::clock::Clock;
use crate::socket::peer;
use crate::store::layout::StoreDir;
use crate::text::lang::Lang;
use crate::text::shell::quoted;

/// The store that is meant when none is named.
const STORE: &str = "main";

#[derive(Debug)]
pub(super) struct Context {
    pub lang: Lang,
    pub clock: Clock,
    pub store: StoreDir,
    /// The store as people know it.
    pub name: String,
    pub operator: String,
    pub socket: Option<PathBuf>,
    pub out: Out,
    pub color: Colours,
    /// Lines only, nothing that is written over.
    pub plain: bool,
    /// What the user's own file says.
    pub own: Loaded,
}

impl Context {
    pub(super) fn new(global: Global, own: Loaded, lang: Lang) -> Result<Self, CliError> {
        let clock = Clock::from_environment().map_err(|error| CliError::new(Kind::Usage, error))?;
        let named = global.store.filter(|name| !name.is_empty()).unwrap_or_else(|| STORE.to_owned());
        if matches!(named.as_str(), "." | "..") || named.chars().any(char::is_control) {
            // `..` is the directory of everybody's data, and what cannot be seen cannot be named again.
            let message = Words::StoreName.fill(lang, &[("text", &named)]);
            return Err(CliError::new(Kind::Usage, message));
        }
        let path =
            if named.contains('/') { PathBuf::from(&named) } else { data_dir()?.join("qun").join(&named) };
        // The desk may be started from elsewhere, and says its socket's path to others.
        let path = std::path::absolute(&path).map_err(|error| CliError::new(Kind::Config, error))?;
        let name = path.file_name().map_or(named, |name| name.to_string_lossy().into_owned());
        let operator = global.operator.filter(|name| !name.trim().is_empty());
        Ok(Self {
            lang,
            clock,
            store: StoreDir::at(path),
            name,
            operator: operator.unwrap_or_else(|| peer::login_name(peer::own_uid())),
            socket: global.socket,
            out: Out::default(),
            color: global.color,
            plain: global.plain,
            own,
        })
    }

    /// Refuses a store that is named and not there; the usual one may be new.
    pub(super) fn must_be_there(&self) -> Result<(), CliError> {
        let place = self.store.path();
        if self.name == STORE || self.socket.is_some() || place.exists() {
            return Ok(());
        }
        let beside = place.parent().and_then(|parent| std::fs::read_dir(parent).ok());
        let names: Vec<String> = beside
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
            .collect();
        let near = crate::text::near::nearest(&self.name, names.iter().map(String::as_str), 3).join(" ");
        let words = Words::NoStore.fill(self.lang, &[("name", &self.name)]);
        let open = Words::NoStoreOpen.fill(self.lang, &[("name", &quoted(&self.name))]);
        let hint = match near.as_str() {
            "" => open,
            _ => format!("{}; {open}", Words::NoStoreNear.fill(self.lang, &[("near", &near)])),
        };
        Err(CliError::new(Kind::Nothing, words).hint(hint))
    }
}

/// `--lang`, else what the user's file says, else what the locale says.
pub(super) fn language(chosen: Option<Lang>, own: &Loaded) -> Lang {
    let variable = |name| std::env::var(name).ok();
    chosen.or(own.config.lang).unwrap_or_else(|| {
        let [all, messages, lang] = ["LC_ALL", "LC_MESSAGES", "LANG"].map(variable);
        Lang::from_locale(all.as_deref(), messages.as_deref(), lang.as_deref())
    })
}

fn data_dir() -> Result<PathBuf, CliError> {
    let base = etcetera::base_strategy::Xdg::new().map_err(|error| {
        CliError::new(Kind::Config, error).hint("set HOME or XDG_DATA_HOME, or name the store by its path")
    })?;
    Ok(base.data_dir())
}
