//! The day hour by hour, as a page: where no place is left for it beside the list.

use chrono::Timelike as _;

use super::super::line::Line;
use super::super::popup::{Card, Popup};
use super::super::state::{Pending, State};
use super::super::words::{TimelineWords, Words};
use super::when;
use crate::book::Timestamp;
use crate::door::forecast::DayAhead;
use crate::door::form::Kind;
use crate::door::line::{Lines, TaskLine};
use crate::door::reply::{Planned, Window};
use crate::door::request::{ListSpec, Request};

/// Open tasks of today that are counted.
const ROWS: u32 = 500;

/// The longest bar.
const BAR: usize = 30;

impl State {
    /// How many of the main list's tasks are due in each hour of today; of a list of all that is owed also how many steps
    /// are planned, which are in no other list.
    pub fn hours_listed(&self) -> [usize; 24] {
        let tasks = self.main.lines.iter().filter_map(Line::task);
        if self.lists_all_owed() { self.hours_of(tasks) } else { self.hours_of_open(tasks) }
    }

    /// True for the views of what is owed, neither filtered nor narrowed.
    pub fn lists_all_owed(&self) -> bool {
        let is_whole = self.tab().is_some_and(|tab| tab.filter == tab.saved.filter);
        self.view < 2 && self.narrowed.is_none() && is_whole
    }

    /// How many of these tasks are due in each hour of today, and how many are planned.
    fn hours_of<'t>(&self, tasks: impl Iterator<Item = &'t TaskLine>) -> [usize; 24] {
        let today = self.now().day(self.zone);
        let mut hours = self.hours_of_open(tasks);
        let ahead = self.agenda.iter().filter(|planned| planned.asks.is_none());
        for planned in ahead.filter(|planned| planned.at.day(self.zone) == today) {
            if let Some(slot) = hours.get_mut(planned.at.local(self.zone).hour() as usize) {
                *slot += planned.n as usize;
            }
        }
        hours
    }

    /// How many of these tasks are due in each hour of today.
    fn hours_of_open<'t>(&self, tasks: impl Iterator<Item = &'t TaskLine>) -> [usize; 24] {
        let today = self.now().day(self.zone);
        let mut hours = [0usize; 24];
        // what was put off comes when it was put off to
        let due = tasks.filter(|task| task.state.is_open());
        let due = due.map(|task| task.snoozed_until.unwrap_or(task.due_at));
        for at in due.filter(|at| at.day(self.zone) == today) {
            if let Some(slot) = hours.get_mut(at.local(self.zone).hour() as usize) {
                *slot += 1;
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
        self.popups.push(Popup::Card(Box::new(Card { title, lines, waiting: Some(tag), ..Card::default() })));
    }

    /// Asks for the steps of the rest of today.
    pub(in crate::tui) fn ask_for_the_day(&mut self) -> u64 {
        self.ask(Request::Forecast { days: 1 }, Pending::Popup)
    }

    /// Today hour by hour, and behind it what is still to come, by title: each one's next step, or once the day is planned
    /// all that it brings.
    pub(in crate::tui) fn timeline_lines(&self, window: &Window, day: Option<&DayAhead>) -> Vec<String> {
        let Lines::Tasks(tasks) = &window.lines else { return Vec::new() };
        let hours = match day {
            None => self.hours_of(tasks.iter()),
            Some(day) => {
                let open = self.hours_of_open(tasks.iter());
                std::array::from_fn(|hour| {
                    let ahead = day.hours.get(hour).copied().unwrap_or_default();
                    open.get(hour).copied().unwrap_or_default() + ahead as usize
                })
            }
        };
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
        // the day's forecast counts them, and no hour of today has them
        let open = day.into_iter().flat_map(|day| &day.items).filter(|item| item.playbook.is_none());
        let earlier = open.map(|item| item.n).sum::<u32>().saturating_sub(window.total);
        if earlier > 0 {
            lines.push(self.fill(TimelineWords::Earlier, &[("n", &earlier)]));
        }
        let now = self.now();
        let today = now.day(self.zone);
        let ahead: Vec<_> = self
            .agenda
            .iter()
            .filter(|planned| planned.at > now && planned.at.day(self.zone) == today)
            .filter(|planned| day.is_none() || planned.asks.is_some())
            .map(|planned| (planned.at, self.agenda_line(planned)))
            .collect();
        let items = day.into_iter().flat_map(|day| &day.items);
        let items = items.filter(|item| item.playbook.is_some()).map(|item| (item.at, self.item_line(item)));
        let mut ahead: Vec<(Timestamp, String)> = ahead.into_iter().chain(items).collect();
        ahead.sort_by_key(|(at, _)| *at);
        lines.push(String::new());
        if ahead.is_empty() {
            lines.push(self.text(TimelineWords::Nothing).to_owned());
        }
        lines.extend(ahead.into_iter().map(|(_, line)| line));
        let limit =
            if day.is_some() { self.text(Words::CalendarAtMost) } else { self.text(TimelineWords::NextOnly) };
        lines.push(limit.to_owned());
        lines
    }

    /// What comes when today, for how many.
    fn agenda_line(&self, planned: &Planned) -> String {
        let (at, title) = (when::clock(planned.at, self.zone), &planned.playbook.name);
        match &planned.asks {
            Some(what) => self
                .fill(Words::AgendaAsk, &[("at", &at), ("title", title), ("n", &planned.n), ("what", what)]),
            None => self.fill(Words::AgendaLine, &[("at", &at), ("title", title), ("n", &planned.n)]),
        }
    }
}
