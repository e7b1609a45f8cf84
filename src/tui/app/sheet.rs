//! `:sent 1 3 5-8 14:00`: what was sent from a phone, by the numbers of its sheet.
//!
//! Numbers are those of the last sheet of the account at hand: the one that is named, else that of the line under the
//! cursor, else the only one there is. A sheet of another day is used only by name, because the numbers may as well be
//! rows of the list by then. Without a sheet they are rows of the list; which of both it is stands in the prompt while
//! it is typed, and beside what came of it.

use super::super::registry::Action;
use super::super::sheets::Sheet;
use super::super::state::{State, Tone};
use super::super::words::{SheetWords, Words};
use super::verbs::{meant, split};
use crate::book::{TaskId, Timestamp};
use crate::text::fold::fold;

/// What means the rows of the list where there are sheets.
const ROWS: [&str; 5] = ["行", "列", "列表", "row", "rows"];

/// Names that the prompt says of what is to be marked.
const NAMED: usize = 4;

/// What was written after `:sent`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SaidSent {
    pub tasks: Vec<TaskId>,
    /// To whom these went, as far as it is known.
    names: Vec<String>,
    /// When; none for now.
    pub at: Option<Timestamp>,
    /// What the numbers were counted by; empty where there were none.
    counted_by: String,
}

/// What numbers count.
enum Counts<'s> {
    Sheet(&'s Sheet),
    Rows,
}

/// A number or a range of them.
fn range(word: &str) -> Option<(usize, usize)> {
    let (from, to) = word.split_once(['-', '~', '～']).unwrap_or((word, word));
    let (from, to) = (from.parse().ok()?, to.parse().ok()?);
    (from >= 1 && from <= to && to - from < 1000).then_some((from, to))
}

/// Whether a word was meant as numbers of a sheet and counts nothing: `5-3`, `0-2`. A day is written `11-05`, and only
/// with a time.
fn is_backward(word: &str, timed: bool) -> bool {
    let small = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    word.split_once(['-', '~', '～']).is_some_and(|(from, to)| {
        let is_day = timed && from.len() == 2 && to.len() == 2;
        range(word).is_none() && small(from) && small(to) && !is_day
    })
}

impl State {
    /// Runs what stands after `:sent`.
    pub(super) fn sent_with(&mut self, rest: &str) -> Result<(), String> {
        let said = self.read_sent(rest)?;
        if said.tasks.is_empty() && self.is_of_another(Action::Sent) {
            self.tell_slipped();
            return Ok(());
        }
        if said.tasks.is_empty() {
            self.has(Action::Sent.entry().needs).map_err(|words| words.text(self.lang).to_owned())?;
            self.sent(said.at);
            return Ok(());
        }
        // it is asked first where one of them could not have been copied
        if let Some((name, why)) = self.first_unready(&said.tasks) {
            self.say(Tone::Info, said.counted_by);
            self.ask_whether_sent(said.tasks, said.at, &name, &why);
        } else {
            self.remark = said.counted_by;
            self.mark_sent(said.tasks, said.at);
        }
        Ok(())
    }

    /// How what stands after `:` is understood, where it has numbers: what they count, and whom they mean.
    pub(in crate::tui) fn verb_meaning(&self, text: &str) -> String {
        let text = text.trim_start().trim_start_matches([':', '：']);
        let (verb, rest) = split(text);
        if meant(&verb).is_none_or(|entry| entry.action != Action::Sent) || rest.trim().is_empty() {
            return String::new();
        }
        match self.read_sent(rest) {
            Ok(said) if said.tasks.is_empty() => String::new(),
            Ok(said) => {
                let names = said.names.iter().filter(|name| !name.is_empty()).take(NAMED);
                let names = names.cloned().collect::<Vec<_>>().join("、");
                let n = said.tasks.len();
                let whom = if n > NAMED || names.is_empty() {
                    self.fill(SheetWords::More, &[("names", &names), ("n", &n)])
                } else {
                    names
                };
                format!("{}: {}", said.counted_by, whom.trim_start())
            }
            Err(words) => words,
        }
    }

    /// `14:00`, `1 3 5-8`, `1 3 5-8 14:00`, `小完子 1 3 14:00`, `行 1 3`: whose sheet, its numbers from 1, and a time that
    /// has passed.
    pub(super) fn read_sent(&self, rest: &str) -> Result<SaidSent, String> {
        // the name of an account may hold numbers itself
        let (named, rest) = match self.sheet_named_before(rest) {
            Some((sheet, rest)) => (Some(Counts::Sheet(sheet)), rest),
            None => (None, rest),
        };
        let words = rest.split(|c: char| c.is_whitespace() || ",，、".contains(c));
        let (mut whose, mut numbers, mut when) = (Vec::new(), Vec::new(), Vec::new());
        let timed = rest.contains([':', '：', '点', '點']);
        for word in words.filter(|word| !word.is_empty()) {
            if is_backward(word, timed) {
                return Err(self.fill(SheetWords::NotNumbers, &[("text", &word)]));
            }
            match range(word) {
                Some(range) if when.is_empty() => numbers.push(range),
                _ if numbers.is_empty() && named.is_none() => whose.push(word),
                _ => when.push(word),
            }
        }
        if numbers.is_empty() {
            whose.append(&mut when);
            let at = if whose.is_empty() { None } else { Some(self.read_past(&whose.join(" "))?) };
            return Ok(SaidSent { at, ..SaidSent::default() });
        }
        let counts = match named {
            Some(named) => named,
            None if whose.is_empty() => self.sheet_at_hand()?,
            None => self.sheet_called(&whose.join(" "))?,
        };
        let at = if when.is_empty() { None } else { Some(self.read_past(&when.join(" "))?) };
        let mut said = SaidSent { at, counted_by: self.counted_by(&counts), ..SaidSent::default() };
        for number in numbers.into_iter().flat_map(|(from, to)| from..=to) {
            let (task, name) = self.numbered(&counts, number)?;
            if !said.tasks.contains(&task) {
                said.tasks.push(task);
                said.names.push(name);
            }
        }
        Ok(said)
    }

    /// The task a number means, and to whom it goes.
    fn numbered(&self, counts: &Counts<'_>, number: usize) -> Result<(TaskId, String), String> {
        match counts {
            Counts::Sheet(sheet) => sheet.tasks.get(number - 1).cloned().ok_or_else(|| {
                let values: [(&str, &dyn std::fmt::Display); 3] =
                    [("name", &sheet.name), ("last", &sheet.tasks.len()), ("n", &number)];
                self.fill(SheetWords::NoNumber, &values)
            }),
            Counts::Rows => {
                let held = number.checked_sub(1 + self.main.first as usize);
                let task = held.and_then(|at| self.main.lines.get(at)).and_then(|line| line.task());
                let task = task.map(|task| (task.id, task.target_name.clone()));
                task.ok_or_else(|| self.fill(Words::NoSuchRow, &[("row", &number)]))
            }
        }
    }

    fn counted_by(&self, counts: &Counts<'_>) -> String {
        match counts {
            Counts::Sheet(Sheet { name, made_at: Some(at), .. }) => {
                self.fill(SheetWords::BySheet, &[("name", name), ("at", &self.say_past(*at))])
            }
            Counts::Sheet(sheet) => self.fill(SheetWords::BySheetUndated, &[("name", &sheet.name)]),
            Counts::Rows => self.text(SheetWords::ByRows).to_owned(),
        }
    }

    /// The sheets of this store.
    fn own_sheets(&self) -> impl Iterator<Item = &Sheet> {
        let here = self.main.selected().and_then(|line| line.task()).and_then(|task| task.account.as_ref());
        let here = here.map(|account| account.id);
        let is_own = move |sheet: &&Sheet| {
            // one that tells nothing of its store is used where its account is seen
            let told = !sheet.store.is_empty() || Some(sheet.account) == here;
            told && sheet.is_of(&self.store_id, &self.store)
        };
        self.sheets.iter().filter(is_own)
    }

    /// The sheet whose account is written out before anything else, and what follows it; the longest such name.
    fn sheet_named_before<'t>(&self, rest: &'t str) -> Option<(&Sheet, &'t str)> {
        let rest = rest.trim_start();
        let after = |sheet: &Sheet| {
            let after = rest.strip_prefix(sheet.name.as_str()).filter(|_| !sheet.name.is_empty())?;
            after.starts_with(char::is_whitespace).then_some(after)
        };
        let named = self.own_sheets().filter_map(|sheet| Some((sheet, after(sheet)?)));
        named.max_by_key(|(sheet, _)| sheet.name.len())
    }

    /// The sheet that a word means, or the rows of the list.
    fn sheet_called(&self, text: &str) -> Result<Counts<'_>, String> {
        if ROWS.contains(&text) {
            return Ok(Counts::Rows);
        }
        let wanted = fold(text);
        let mut found = self.own_sheets().filter(|sheet| fold(&sheet.name).contains(&wanted));
        let names = |mut sheets: Vec<&Sheet>| {
            sheets.sort_by(|one, other| one.name.cmp(&other.name));
            sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(Counts::Sheet(one)),
            (None, _) if self.own_sheets().next().is_none() => {
                Err(self.fill(SheetWords::NoneYet, &[("text", &text)]))
            }
            (None, _) => {
                let all = names(self.own_sheets().collect());
                Err(self.fill(SheetWords::NoneOf, &[("text", &text), ("names", &all)]))
            }
            (Some(_), Some(_)) => {
                let all =
                    names(self.own_sheets().filter(|sheet| fold(&sheet.name).contains(&wanted)).collect());
                Err(self.fill(SheetWords::Several, &[("names", &all), ("verb", &self.sent_verb())]))
            }
        }
    }

    /// What numbers count where nothing is named.
    fn sheet_at_hand(&self) -> Result<Counts<'_>, String> {
        let here = self.main.selected().and_then(|line| line.task()).and_then(|task| task.account.as_ref());
        let of_cursor = here.and_then(|here| self.own_sheets().find(|sheet| sheet.account == here.id));
        let mut all = self.own_sheets();
        let sheet = match (of_cursor, all.next(), all.next()) {
            (Some(sheet), ..) | (None, Some(sheet), None) => sheet,
            (None, None, _) => return Ok(Counts::Rows),
            (None, Some(_), Some(_)) => {
                let names: Vec<&str> = self.own_sheets().map(|sheet| sheet.name.as_str()).collect();
                let names = names.join(", ");
                return Err(self.fill(SheetWords::Several, &[("names", &names), ("verb", &self.sent_verb())]));
            }
        };
        let today = self.now().day(self.zone);
        match sheet.made_at.filter(|at| at.day(self.zone) != today) {
            Some(at) => {
                let (at, verb) = (self.say_past(at), self.sent_verb());
                Err(self.fill(SheetWords::Old, &[("name", &sheet.name), ("at", &at), ("verb", &verb)]))
            }
            None => Ok(Counts::Sheet(sheet)),
        }
    }

    fn sent_verb(&self) -> String {
        format!(":{}", Action::Sent.entry().verb(self.lang).unwrap_or(Action::Sent.entry().id))
    }
}
