//! Views: lists, windows that are watched, details, texts.
//!
//! A list is a filter held against the columns; bodies and rendered texts are fetched for visible rows only. What a
//! screen watches is kept as an order of rows and brought up to date from what a turn changed.
//! Everything that leaves is cleaned for where it goes: names and texts for the screen, what is copied for the
//! clipboard.
//!
//! - [`subject`]: rows as filters see them; [`wordings`]: what steps say, for searching;
//! - `filters`, `scan`, `order`, `list`: from a filter's text to rows in order;
//! - `blocked`: why a text cannot be said;
//! - `line`, `task_line`: what a list shows of a row; `reasons`: why a task is held, was moved or is over;
//! - `text`, `variables`: the text of a task; `warnings`: what is said of it before it is copied;
//! - `detail`, `card`, `history`, `coming`: everything about one thing;
//! - `board`: a playbook opened; `campaign`: several of them; `live_edit`: what another text of it would do;
//! - `agenda`: the day that lies ahead, `forecast`: the weeks; `consequence`: what a choice would bring
//!   about; `choices`: menus;
//! - `entries`: the rows of one list; `reads`: requests in slices; `nearest`: what comes near to nothing found;
//! - `name`, `who`: suggesting, finding, and whom a typed name means; `form`, `ask`, `log`, `status`: what their
//!   requests say;
//! - `watch`: windows that stay true.

#[cfg(test)]
mod tests;

mod agenda;
mod arrivals;
mod ask;
mod asked;
mod awaiting;
mod blocked;
mod board;
mod campaign;
mod campaign_ahead;
mod card;
mod chats;
mod choices;
mod coming;
mod consequence;
mod counted;
mod crowds;
mod dated;
mod detail;
mod entries;
pub(in crate::desk) mod filters;
mod forecast;
mod form;
mod funnels;
mod history;
pub(in crate::desk) mod includes;
mod lately;
mod limit_ahead;
mod line;
mod lines;
mod list;
mod live_edit;
mod log;
mod lost;
mod name;
mod named;
mod nearest;
mod of_step;
mod offered;
mod opening;
mod order;
mod pace;
mod planned;
mod planning;
mod reads;
mod reasons;
mod scan;
mod snippet;
mod status;
pub(crate) mod subject;
mod task_line;
pub(in crate::desk) mod text;
mod trial;
mod unsent;
mod variables;
mod walk;
mod warnings;
mod watch;
mod who;
pub(crate) mod wordings;
mod words;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet, VecDeque};

pub(crate) use coming::{exceptions_said, moved_reason};
pub(in crate::desk) use planned::rows_of;
#[cfg(test)]
pub(in crate::desk) use reasons::activity_words as ended_words;
pub(in crate::desk) use variables::short_time;

use super::act::DeskError;
use super::{ClientId, Desk, Session};
use crate::book::Timestamp;
use crate::door::form::Kind;
use crate::door::reply::Counts;
use crate::door::{Refusal, RefusalKind, Reply, Request};
use crate::queue::order::Place;
use crate::sop::render::Renderer;

/// Watched lists of all clients, and what is kept so that lists are fast.
#[derive(Default)]
pub struct Views {
    filters: filters::Filters,
    wordings: wordings::Wordings,
    sort_keys: order::SortKeys,
    /// Texts stay compiled from one rendering to the next.
    renderer: RefCell<Renderer>,
    pace: RefCell<pace::Pace>,
    lately: RefCell<lately::Lately>,
    asked: RefCell<asked::Asked>,
    /// Requests that wait for their answers.
    reads: VecDeque<reads::Read>,
    /// What one turn may do for them.
    slice: Slice,
    /// What lists and other reads have cost so far.
    spent: usize,
    watches: BTreeMap<(ClientId, u32), watch::LiveView>,
    /// Lines that the last turn had no room for show an earlier minute.
    lines_wait: bool,
    /// The counts that screens were last told.
    told: Option<Counts>,
    /// The numbers as last counted and the minute they are of: lateness changes with it. None once anything changed.
    counted: Option<(i64, Counts)>,
    /// Rows of snoozed tasks as of the last change: which come back is news.
    snoozed: HashSet<u32>,
    /// 等回复; none before it was counted, and after a commit failed.
    awaiting: Option<awaiting::Awaiting>,
    /// This desk stays and ticks: screens may come.
    stays: bool,
}

/// What one turn may do for lists, and as much for other reads; smaller in tests.
struct Slice(usize);

impl Default for Slice {
    fn default() -> Self {
        Self(scan::SLICE)
    }
}

impl Views {
    /// A commit failed: what was counted from changes is counted anew.
    pub(super) fn take_back(&mut self) {
        self.awaiting = None;
    }

    /// The desk ticks: screens may come.
    pub(super) fn stay(&mut self) {
        self.stays = true;
    }

    /// A client is gone.
    pub(super) fn forget(&mut self, client: ClientId) {
        self.watches.retain(|(of, _), _| *of != client);
        self.reads.retain(|read| !read.is_of(client));
    }

    /// What lists and other reads have cost so far.
    #[cfg(test)]
    pub(super) fn spent(&self) -> usize {
        self.spent
    }

    /// Lets a turn do less for reads.
    #[cfg(test)]
    pub(super) fn set_slice(&mut self, steps: usize) {
        self.slice = Slice(steps);
    }

    /// True while a list is not finished, a request not answered or a line behind the time.
    pub(super) fn has_more(&self) -> bool {
        let counts_on = self.awaiting.as_ref().is_some_and(|awaiting| !awaiting.is_whole());
        counts_on
            || self.lines_wait
            || !self.reads.is_empty()
            || self.watches.values().any(watch::LiveView::is_under_way)
    }
}

impl Desk {
    /// Counts what changes are counted from, where that was not done or did not hold.
    pub(super) fn count_anew(&mut self, now: Timestamp) {
        let known = self.views.awaiting.take().filter(|awaiting| awaiting.holds_at(now));
        if known.as_ref().is_none_or(|awaiting| !awaiting.is_whole()) {
            let mut awaiting = known.unwrap_or_else(|| awaiting::Awaiting::new(now));
            awaiting.look_to_the_end(self.scene(now));
            self.views.awaiting = Some(awaiting);
        } else {
            self.views.awaiting = known;
        }
    }

    /// Goes on with what is counted once, a slice a turn: no screen waits for it, but is told when it is whole.
    pub(super) fn count_on(&mut self, now: Timestamp) {
        let known = self.views.awaiting.take().filter(|awaiting| awaiting.holds_at(now));
        let mut awaiting = known.unwrap_or_else(|| awaiting::Awaiting::new(now));
        awaiting.look_on(self.scene(now));
        let is_whole = awaiting.is_whole();
        self.views.awaiting = Some(awaiting);
        self.views.counted.take_if(|(_, counts)| is_whole && counts.awaiting.is_none());
    }

    /// Remembers which tasks are snoozed: which of them come back is news.
    pub(super) fn note_snoozed(&mut self) {
        self.views.snoozed = self.store.columns.queue.snoozed().iter().map(Place::row).collect();
    }

    /// Answers a request that changes nothing and is answered at once.
    fn read(
        &mut self,
        client: ClientId,
        session: &Session,
        request: Request,
        now: Timestamp,
    ) -> Result<Reply, DeskError> {
        let lang = session.lang;
        Ok(match request {
            Request::Watch { watch, list, first, rows, around } => {
                Reply::Window(self.watch(client, session, watch, list, first, rows, around, now)?)
            }
            Request::Unwatch { watch } => {
                self.views.watches.remove(&(client, watch));
                Reply::Fine
            }
            Request::Task(id) => Reply::Task(Box::new(self.task_detail(id, now, lang)?)),
            Request::Object(id) => self.card(id, now, lang)?,
            Request::Snippets { text, on, limit } => {
                Reply::Snippets(self.snippets(&text, on, limit, now, lang)?)
            }
            Request::Views => Reply::Views(self.saved_views()),
            Request::Products => Reply::Products(self.products()),
            Request::Find { kind: Kind::Product, text } => {
                Reply::Found(vec![self.found_product(&text, lang)?])
            }
            Request::Playbook(id) => Reply::Sop(Box::new(self.playbook_card(&id, now, lang)?)),
            Request::Form(object) => Reply::Form(self.form(object, lang)?),
            Request::Asks => Reply::Asks(self.open_asks_of_today(now)?),
            Request::Why(target) => Reply::Why(self.coming_to(target, now, lang)?),
            Request::References => Reply::References(self.known_outside()),
            Request::Paces => Reply::Paces(pace::paces_of(self, Some(&session.operator))?),
            Request::Status => Reply::Status(Box::new(self.status(session, now))),
            Request::Import(import) => Reply::Import(Box::new(self.import_standing(import, lang)?)),
            Request::Reversal(undo) => Reply::Reversal(self.reversal_standing(undo, lang)?),
            Request::Rules => Reply::Rules { toml: self.rules_toml() },
            Request::Calendar => Reply::Calendar { toml: self.store.columns.holidays.to_toml() },
            // these are answered in slices, or by the turn itself
            Request::List { .. }
            | Request::Count { .. }
            | Request::Texts(_)
            | Request::Agenda
            | Request::Suggest { .. }
            | Request::Forecast { .. }
            | Request::CampaignTrial(_)
            | Request::Campaigns(_)
            | Request::Who { .. }
            | Request::Unknown { .. }
            | Request::Consequences(_)
            | Request::Choices(_)
            | Request::Spread(_)
            | Request::Board { .. }
            | Request::Plan(_)
            | Request::SopDiff { .. }
            | Request::Log { .. }
            | Request::Find { .. }
            | Request::Hello { .. }
            | Request::Do { .. }
            | Request::Rows { .. }
            | Request::Leave { .. } => Reply::Fine,
        })
    }
}

impl Desk {
    /// The views of the store, by name.
    pub(super) fn saved_views(&self) -> Vec<crate::book::View> {
        self.store.columns.saved_views.values().cloned().collect()
    }
}

/// A refusal about something that is not there.
fn not_found(words: impl Into<String>, about: impl Into<String>) -> DeskError {
    Refusal::new(RefusalKind::NotFound, words).about(about).into()
}
