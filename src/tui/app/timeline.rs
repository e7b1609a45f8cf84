//! The day hour by hour, as a page: where no place is left for it beside the list.

use chrono::Timelike as _;

use super::super::popup::{Card, Popup};
use super::super::state::{Pending, State};
use super::super::words::{TimelineWords, Words};
use super::when;
use crate::door::form::Kind;
use crate::door::line::{Lines, TaskLine};
use crate::door::reply::Window;
use crate::door::request::{ListSpec, Request};

/// Open tasks of today that are counted.
const ROWS: u32 = 500;

/// The longest bar.
const BAR: usize = 30;

impl State {
    /// How many of these tasks are due in each hour of today, and how many are planned.
    pub fn hours_of<'t>(&self, tasks: impl Iterator<Item = &'t TaskLine>) -> [usize; 24] {
        let today = self.now().day(self.zone);
        let mut hours = [0usize; 24];
        let due = tasks.filter(|task| task.state.is_open()).map(|task| (task.due_at, 1));
        let ahead = self.agenda.iter().filter(|planned| planned.asks.is_none());
        let ahead = ahead.map(|planned| (planned.at, planned.n as usize));
        for (at, n) in due.chain(ahead).filter(|(at, _)| at.day(self.zone) == today) {
            if let Some(slot) = hours.get_mut(at.local(self.zone).hour() as usize) {
                *slot += n;
            }
        }
        hours
    }

    /// `D`: asks for what is open today, whatever the view lists.
    pub(super) fn timeline(&mut self) {
        let list = ListSpec::of(Kind::Task, "state:due,snoozed due:today");
        let request = Request::List { list, first: 0, rows: ROWS, texts: false };
        let tag = self.ask(request, Pending::Popup);
        let title = self.text(TimelineWords::Head).to_owned();
        let lines = vec![self.text(Words::Waiting).to_owned()];
        self.popups.push(Popup::Card(Box::new(Card { title, lines, top: 0, waiting: Some(tag) })));
    }

    /// Today hour by hour, and behind it what is still to come, by title.
    pub(in crate::tui) fn timeline_lines(&self, window: &Window) -> Vec<String> {
        let Lines::Tasks(tasks) = &window.lines else { return Vec::new() };
        let hours = self.hours_of(tasks.iter());
        let current = self.now().local(self.zone).hour() as usize;
        let most = hours.iter().copied().max().unwrap_or(0).max(1);
        let mut lines = Vec::new();
        for (hour, n) in hours.into_iter().enumerate().filter(|(hour, n)| *n > 0 || *hour == current) {
            let bar = "#".repeat((n * BAR.min(most)).div_ceil(most));
            let hour_words = format!("{hour:02}:00");
            let line = self.fill(TimelineWords::Hour, &[("hour", &hour_words), ("bar", &bar), ("n", &n)]);
            let now =
                if hour == current { format!("  {}", self.text(TimelineWords::Now)) } else { String::new() };
            lines.push(format!("{line}{now}"));
        }
        if window.total > ROWS {
            lines.push(self.fill(Words::MarkedMost, &[("n", &ROWS), ("total", &window.total)]));
        }
        let now = self.now();
        let today = now.day(self.zone);
        let ahead: Vec<_> = self
            .agenda
            .iter()
            .filter(|planned| planned.at > now && planned.at.day(self.zone) == today)
            .collect();
        lines.push(String::new());
        if ahead.is_empty() {
            lines.push(self.text(TimelineWords::Nothing).to_owned());
        }
        for planned in ahead {
            let (at, title) = (when::clock(planned.at, self.zone), &planned.playbook.name);
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("at", &at), ("title", title), ("n", &planned.n)];
            lines.push(match &planned.asks {
                Some(what) => {
                    let values = [values[0], values[1], values[2], ("what", what as &dyn std::fmt::Display)];
                    self.fill(Words::AgendaAsk, &values)
                }
                None => self.fill(Words::AgendaLine, &values),
            });
        }
        lines
    }
}
