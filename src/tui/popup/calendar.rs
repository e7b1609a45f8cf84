//! The calendar: a month with how much each day asks for, and the list behind the day under the cursor.

use chrono::{Days, Months, NaiveDate};

use super::{Card, Popup};
use crate::door::Reply;
use crate::door::forecast::{DayAhead, Forecast};
use crate::tui::key::Key;
use crate::tui::keymap::Context;
use crate::tui::registry::Action;
use crate::tui::state::State;

/// How far it looks.
pub const DAYS: u32 = 62;

/// A calendar.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    /// None until the desk has answered.
    pub shown: Option<Box<Forecast>>,
    /// The day under the cursor.
    pub day: NaiveDate,
    pub(super) waiting: Option<u64>,
}

impl Calendar {
    /// A calendar that waits for its content.
    pub fn new(day: NaiveDate, waiting: u64) -> Self {
        Self { shown: None, day, waiting: Some(waiting) }
    }

    /// A day that is known.
    pub fn known(&self, date: NaiveDate) -> Option<&DayAhead> {
        self.shown.as_ref()?.days.iter().find(|day| day.date == date)
    }

    /// To another day, as far as days are known.
    fn go(&mut self, to: Option<NaiveDate>) {
        let days = self.shown.as_ref().map(|shown| &shown.days);
        let (first, last) = (days.and_then(|days| days.first()), days.and_then(|days| days.last()));
        if let (Some(to), Some(first), Some(last)) = (to, first, last) {
            self.day = to.clamp(first.date, last.date);
        }
    }

    pub(super) fn key(mut self: Box<Self>, state: &mut State, key: Key) -> Option<Popup> {
        let day = self.day;
        match state.action_in(Context::Calendar, key) {
            Some(Action::PanePrevious) => self.go(day.pred_opt()),
            Some(Action::PaneNext) => self.go(day.succ_opt()),
            Some(Action::Next) => self.go(day.checked_add_days(Days::new(7))),
            Some(Action::Previous) => self.go(day.checked_sub_days(Days::new(7))),
            Some(Action::ViewNext | Action::PageDown) => self.go(day.checked_add_months(Months::new(1))),
            Some(Action::ViewPrevious | Action::PageUp) => self.go(day.checked_sub_months(Months::new(1))),
            Some(Action::Bottom) => self.go(Some(NaiveDate::MAX)),
            Some(Action::Top) => self.go(Some(NaiveDate::MIN)),
            Some(Action::Open) => {
                let title = self.day.to_string();
                let lines = state.day_lines(&self);
                state.popups.push(Popup::Calendar(self));
                state.popups.push(Popup::Card(Box::new(Card { title, lines, ..Card::default() })));
                return None;
            }
            Some(Action::Back) => return None,
            _ => {}
        }
        Some(Popup::Calendar(self))
    }

    pub(super) fn waits_for(&self, tag: u64) -> bool {
        self.waiting == Some(tag)
    }

    pub(super) fn reply(mut self: Box<Self>, state: &mut State, reply: &Reply) -> Option<Popup> {
        self.waiting = None;
        match reply {
            Reply::Forecast(forecast) => {
                self.shown = Some(forecast.clone());
                self.go(Some(self.day));
            }
            other => {
                state.say_outcome(other);
                return None;
            }
        }
        Some(Popup::Calendar(self))
    }
}
