//! Views: lists, windows that are watched, details, texts.
//!
//! A list is a filter held against the columns; bodies and rendered texts are fetched for visible rows only. What a
//! screen watches is kept as an order of rows and brought up to date from what a turn changed, never scanned again.
//! Everything that leaves is cleaned for where it goes: names and texts for the screen, what is copied for the
//! clipboard.
//!
//! - [`subject`]: rows as filters see them; [`wordings`]: what steps say, for searching;
//! - `filters`, `scan`, `order`, `list`: from a filter's text to rows in order;
//! - `line`, `task_line`: what a list shows of a row;
//! - `text`, `variables`: the text of a task;
//! - `detail`, `card`, `history`, `coming`: everything about one thing;
//! - `agenda`: the day that lies ahead; `consequence`: what a choice would bring about;
//! - `name`, `who`: suggesting, finding, and whom a typed name means; `form`, `ask`, `log`, `status`: what their
//!   requests say;
//! - `watch`: windows that stay true.

#[cfg(test)]
mod tests;

mod agenda;
mod ask;
mod card;
mod coming;
mod consequence;
mod detail;
mod filters;
mod form;
mod history;
mod line;
mod list;
mod log;
mod name;
mod order;
mod scan;
mod status;
pub(crate) mod subject;
mod task_line;
mod text;
mod variables;
mod watch;
mod who;
mod wordings;
mod words;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};

use super::act::DeskError;
use super::{ClientId, Desk, Now};
use crate::door::reply::Counts;
use crate::door::{Refusal, RefusalKind, Reply, Request};
use crate::sop::render::Renderer;

/// Watched lists of all clients, and what is kept so that lists are fast.
#[derive(Default)]
pub struct Views {
    filters: filters::Filters,
    wordings: wordings::Wordings,
    /// Texts stay compiled from one rendering to the next.
    renderer: RefCell<Renderer>,
    watches: BTreeMap<(ClientId, u32), watch::LiveView>,
    /// The counts that screens were last told.
    told: Option<Counts>,
    /// The numbers as last counted and the minute they are of: lateness changes with it. None once anything changed.
    counted: Option<(i64, Counts)>,
    /// Rows of snoozed tasks as of the last change: which come back is news.
    snoozed: HashSet<u32>,
}

impl Views {
    /// A client is gone.
    pub(super) fn forget(&mut self, client: ClientId) {
        self.watches.retain(|(of, _), _| *of != client);
    }

    /// True while a scan of a filter is not finished.
    pub(super) fn is_scanning(&self) -> bool {
        self.watches.values().any(watch::LiveView::is_scanning)
    }
}

impl Desk {
    /// Answers a request that changes nothing.
    pub(super) fn read(&mut self, client: ClientId, request: Request, now: Now) -> Result<Reply, DeskError> {
        let now = now.wall;
        let Some(session) = self.sessions.get(&client).cloned() else { return Ok(Reply::Fine) };
        self.views.wordings.load(&self.store.columns, &self.playbooks);
        let lang = session.lang;
        Ok(match request {
            Request::Watch { watch, list, first, rows, around } => {
                Reply::Window(self.watch(client, &session, watch, list, first, rows, around, now)?)
            }
            Request::Unwatch { watch } => {
                self.views.watches.remove(&(client, watch));
                Reply::Fine
            }
            Request::List { list, first, rows, texts } => {
                Reply::Window(self.list(&session, &list, first, rows, texts, now)?)
            }
            Request::Count { lists } => Reply::Counted(
                lists.iter().map(|list| self.count(&session, list, now)).collect::<Result<_, _>>()?,
            ),
            Request::Task(id) => Reply::Task(Box::new(self.task_detail(id, now, lang)?)),
            Request::Texts(ids) => Reply::Texts(self.texts(&ids, lang)?),
            Request::Object(id) => self.card(id, now, lang)?,
            Request::Playbook(id) => Reply::Sop(Box::new(self.playbook_card(&id, lang)?)),
            Request::Form(object) => Reply::Form(self.form(object, lang)?),
            Request::Suggest { kinds, text, limit } => Reply::Suggestions(self.suggest(&kinds, &text, limit)),
            Request::Who { text, group, account, limit } => {
                Reply::Who(self.who(&text, group, account, limit, lang))
            }
            Request::Unknown { group, text } => Reply::Unknown(self.unknown_names(&text, group, lang)),
            Request::Find { kind, text } => Reply::Found(self.find(kind, &text, lang)?),
            Request::Log { before, limit, mine } => {
                Reply::Log(self.log(before, limit, mine.then_some(session.operator.as_str()), lang)?)
            }
            Request::Asks => Reply::Asks(self.open_asks_of_today(now)?),
            Request::Why(target) => Reply::Why(self.coming_to(target, now, lang)?),
            Request::Plan { playbook, file, target, anchor, until, bare } => {
                Reply::Plan(self.plan(&playbook, file.as_deref(), target, anchor, until, bare, now, lang)?)
            }
            Request::Agenda => Reply::Agenda(self.agenda(now)),
            Request::Consequences(tasks) => Reply::Consequences(self.consequences(&tasks, now)?),
            Request::Spread(task) => Reply::Spread(self.spread(task)?),
            Request::Status => Reply::Status(Box::new(self.status(now, lang))),
            Request::Import(import) => Reply::Import(Box::new(self.import_standing(import, lang)?)),
            Request::Reversal(undo) => Reply::Reversal(self.reversal_standing(undo, lang)?),
            Request::Rules => Reply::Rules { toml: self.rules_toml() },
            // the turn answers these itself
            Request::Hello { .. } | Request::Do { .. } | Request::Rows { .. } | Request::Leave { .. } => {
                Reply::Fine
            }
        })
    }
}

/// A refusal about something that is not there.
fn not_found(words: impl Into<String>, about: impl Into<String>) -> DeskError {
    Refusal::new(RefusalKind::NotFound, words).about(about).into()
}
