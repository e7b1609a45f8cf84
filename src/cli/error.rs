//! What went wrong, for a human and for a script, and with which exit code.

use std::fmt::Display;
use std::process::ExitCode;

use serde_json::json;

use super::out;
use super::words::Words;
use crate::door::{DoorError, Refusal, RefusalKind};
use crate::text::lang::Lang;

/// What kind of error; the word stands in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Written wrongly on the command line.
    Usage,
    /// A variable of the environment, a home directory.
    Config,
    /// A file of the user's.
    File,
    /// The store cannot be opened or written.
    Store,
    /// No desk could be reached.
    Desk,
    /// Nothing matched.
    Nothing,
    /// The desk refused.
    Refused(RefusalKind),
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Config => "config",
            Self::File => "file",
            Self::Store => "store",
            Self::Desk => "desk",
            Self::Nothing => "nothing",
            Self::Refused(kind) => match kind {
                RefusalKind::NotFound => "not-found",
                RefusalKind::Ambiguous => "ambiguous",
                RefusalKind::Invalid => "invalid",
                RefusalKind::Filter => "filter",
                RefusalKind::Already => "already",
                RefusalKind::Changed => "changed",
                RefusalKind::Blocked => "blocked",
                RefusalKind::Held => "held",
                RefusalKind::State => "state",
                RefusalKind::Undo => "undo",
                RefusalKind::Store => "store",
                RefusalKind::Protocol => "protocol",
                RefusalKind::Playbook => "playbook",
            },
        }
    }

    /// The exit code.
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Usage | Self::Refused(RefusalKind::Invalid | RefusalKind::Filter) => 2,
            Self::Nothing | Self::Refused(RefusalKind::NotFound) => 3,
            Self::Refused(RefusalKind::Already | RefusalKind::Changed) => 4,
            Self::Desk => 6,
            _ => 1,
        }
    }
}

/// One error.
#[derive(Debug)]
pub(super) struct CliError {
    pub kind: Kind,
    pub message: String,
    pub line: Option<u32>,
    pub column: Option<u32>,
    pub hint: String,
}

impl CliError {
    pub(super) fn new(kind: Kind, message: impl Display) -> Self {
        Self { kind, message: message.to_string(), line: None, column: None, hint: String::new() }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Writes it to stderr and gives its exit code.
    pub(super) fn show(&self, lang: Lang, as_json: bool) -> ExitCode {
        if as_json {
            let mut error = json!({"schema": 1, "error": {
                "kind": self.kind.word(), "message": self.message, "line": self.line, "column": self.column,
                "hint": self.hint,
            }});
            out::clean_strings(&mut error);
            out::complain(&error.to_string());
        } else if !(self.kind == Kind::Nothing && self.message.is_empty()) {
            let place = match (self.line, self.column) {
                // the words may have it already, behind the name of the file
                (Some(line), Some(column)) => Some(format!("{line}:{column}: "))
                    .filter(|place| !self.message.contains(place.as_str()))
                    .unwrap_or_default(),
                (None, Some(column)) => Words::Column.fill(lang, &[("n", &column)]),
                _ => String::new(),
            };
            out::complain(&format!("qun: {place}{}", self.message));
            if !self.hint.is_empty() {
                out::complain(&format!("  {}", self.hint));
            }
        }
        ExitCode::from(self.kind.code())
    }
}

impl From<Refusal> for CliError {
    fn from(refusal: Refusal) -> Self {
        let mut message = String::new();
        if !refusal.object.is_empty() && !refusal.words.contains(&refusal.object) {
            message = format!("{}: ", refusal.object);
        }
        message.push_str(&refusal.words);
        let mut hint = refusal.hint;
        let candidates = refusal.candidates.join(", ");
        if !candidates.is_empty() && !hint.contains(&candidates) {
            if !hint.is_empty() {
                hint.push_str(": ");
            }
            hint.push_str(&candidates);
        }
        Self { kind: Kind::Refused(refusal.kind), message, line: refusal.line, column: refusal.column, hint }
    }
}

impl From<DoorError> for CliError {
    fn from(error: DoorError) -> Self {
        match error {
            DoorError::Store(words) => Self::new(Kind::Store, words),
            DoorError::Version { .. } => Self::new(Kind::Desk, error).hint("qun serve --stop"),
            DoorError::Lost(_) => Self::new(Kind::Desk, error),
        }
    }
}
