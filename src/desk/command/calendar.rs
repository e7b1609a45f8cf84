//! Years of working days, as the program does not know them.
//!
//! A file is read strictly ([`holidays`]), and each of its years is kept whole: it holds over the program's own. What
//! waits for a year, or was planned by another version of it, is looked at again.

#![allow(clippy::result_large_err, reason = "a refusal is made once a command and answered at once")]

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::book::BookWords;
use crate::door::reply::Outcome;
use crate::door::{Refusal, RefusalKind};
use crate::sop::calendar::holidays;
use crate::store::Body;
use crate::text::clean::for_display;

impl Desk {
    /// Takes the years of a file. Those that say what holds already change nothing.
    pub(in crate::desk) fn set_calendar(&mut self, act: &Act, toml: &str) -> Result<Outcome, DeskError> {
        let years = holidays::read(toml).map_err(|problem| {
            let why = for_display(&problem.words(act.lang)).into_owned();
            let words = BookWords::CalendarWrong.fill(act.lang, &[("why", &why)]);
            let mut refusal = Refusal::new(RefusalKind::Invalid, words);
            refusal.line = Some(problem.line);
            refusal.column = Some(problem.column);
            refusal
        })?;
        if let Some((year, _)) = years.iter().find(|(_, year)| year.is_empty()) {
            let words = BookWords::CalendarEmpty.fill(act.lang, &[("year", year)]);
            let hint = format!("off = [\"{}\"]", BookWords::CalendarSample.text(act.lang));
            return Err(Refusal::new(RefusalKind::Invalid, words).hint(hint).into());
        }
        let bodies: Vec<Body> = years
            .iter()
            .map(|(number, year)| (*number, self.given_year(*number), year.to_toml(*number)))
            .filter(|(_, before, after)| before != after)
            .map(|(year, before, after)| Body::CalendarYearSet { year, before, after })
            .collect();
        if bodies.is_empty() {
            let words = BookWords::CalendarSame.text(act.lang).to_owned();
            return Ok(Outcome { words, ..Outcome::default() });
        }
        let words = self.describe(&bodies, act.lang);
        self.perform(act, bodies)?;
        self.calendar_changed();
        Ok(Outcome { words, ..Outcome::default() })
    }

    /// A year as the store was given it; empty where it was not.
    pub(super) fn given_year(&self, year: i32) -> String {
        self.store.columns.holidays.given(year).map(|given| given.to_toml(year)).unwrap_or_default()
    }
}
