//! Windows that stay true: what a screen watches, as an order of rows that follows what turns change.
//!
//! A watch scans its list once, in slices. From then on a turn's changed rows alone are judged again, taken out of
//! the order and put back where they belong; time-dependent filters are scanned anew when their query says that rows
//! may come and go. What was shown is kept, so that only lines which differ travel.
//!
//! - [`live`]: the order and the window of one watch;
//! - [`rendered`]: lines and texts as last shown;
//! - [`affected`]: which rows a turn's changes can have touched;
//! - [`alert`]: what screens are told without watching.

mod affected;
mod alert;
mod live;
pub(super) mod rendered;

use super::reads::LINE;
use super::scan::SLICE;
use crate::book::Timestamp;
use crate::desk::act::DeskError;
use crate::desk::{ClientId, Desk, Now, Output, Session, Turn};
use crate::door::line::LineId;
use crate::door::reply::Window;
use crate::door::request::ListSpec;
use crate::door::{Push, Refusal, RefusalKind};

pub(super) use live::LiveView;

/// Watches of one client; a screen has one for each pane.
const WATCHES_MAX: usize = 64;

/// Rows of one window: several screens high.
const ROWS_WATCHED: u32 = 500;

/// Lines that a turn makes again because a minute has passed.
const LINES: usize = SLICE / 2 / LINE;

impl Desk {
    /// Watches a list, or changes what is watched: the same list again only moves the window.
    #[expect(clippy::too_many_arguments, reason = "a request, spelled out")]
    pub(super) fn watch(
        &mut self,
        client: ClientId,
        session: &Session,
        watch: u32,
        list: ListSpec,
        first: u32,
        rows: u32,
        around: Option<LineId>,
        now: Timestamp,
    ) -> Result<Window, DeskError> {
        let known = self.views.watches.remove(&(client, watch));
        let known = known.filter(|view| view.shows(&list, session.lang));
        let mut view = if let Some(view) = known {
            view
        } else {
            let watching = self.views.watches.keys().filter(|(of, _)| *of == client).count();
            if watching >= WATCHES_MAX {
                return Err(Refusal::new(RefusalKind::Protocol, "too many watches").into());
            }
            let asked = self.asked(&list, session.lang)?;
            let mut view = LiveView::new(list, asked, session, now, self);
            view.scan_slice(self, &mut (self.views.slice.0 / 2), now);
            view
        };
        view.look_at(first, rows.min(ROWS_WATCHED), around);
        let window = view.window(self, watch, now);
        self.views.watches.insert((client, watch), view);
        window
    }

    /// Brings watched windows up to date with what this turn changed, and tells screens what became due and what
    /// the header counts.
    pub(in crate::desk) fn refresh_views(&mut self, now: Now, turn: &mut Turn) {
        let now = now.wall;
        let mut changed = std::mem::take(&mut self.changed);
        self.views.wordings.load(&self.store.columns, &self.playbooks);
        self.tell_alerts(&changed, now, turn);
        self.tell_saved_views(&changed, turn);
        // a command that comes and goes sees no header
        if self.screens() > 0 || self.views.stays {
            self.count_on(now);
        }
        if let Some(mut awaiting) = self.views.awaiting.take() {
            awaiting.follow(self.scene(now), &changed);
            self.views.awaiting = Some(awaiting);
        }
        changed.objects.sort_unstable();
        changed.objects.dedup();
        self.tell_counts(&changed, now, turn);
        self.notice_in_reads(&changed, now);
        if self.views.watches.is_empty() {
            return;
        }
        let mut watches = std::mem::take(&mut self.views.watches);
        let scanning = watches.values().filter(|view| view.is_under_way()).count();
        // other requests have a slice of their own, also while lists are scanned
        let slice = self.views.slice.0;
        let slice = if self.views.reads.is_empty() { slice } else { slice / 2 };
        let mut lines_left = LINES;
        for ((client, watch), view) in &mut watches {
            view.notice(self, &changed, now, &mut lines_left);
            let mut budget = slice / scanning.max(1);
            let begun = budget;
            match self.refresh_view(view, *watch, &mut budget, now) {
                Ok(Some(push)) => turn.outputs.push(Output::Push { client: *client, push }),
                Ok(None) => {}
                Err(error) => turn.outputs.push(Output::Log(error.refusal().words)),
            }
            self.views.spent += begun - budget;
        }
        self.views.lines_wait = watches.values().any(|view| view.is_behind(now));
        self.views.watches = watches;
    }

    fn refresh_view(
        &self,
        view: &mut LiveView,
        watch: u32,
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<Option<Push>, DeskError> {
        // what changed is put right before more is found: what stands in order is compared with it
        view.follow(self, now);
        let finished = if view.is_scanning() {
            view.scan_slice(self, budget, now)
        } else {
            view.is_under_way() && view.near_slice(self, budget)
        };
        if finished && view.owes_window() {
            return Ok(Some(Push::Window(view.window(self, watch, now)?)));
        }
        if view.fills_untold() {
            return Ok(None);
        }
        view.patch(self, watch, now)
    }
}
