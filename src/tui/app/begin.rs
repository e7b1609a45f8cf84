//! Where a screen begins: on the line that was named to it, then with the verbs that were to be typed first of all.
//!
//! A name may be several people's. Whoever names one beside a view means one of that view: its rows are looked at first, and
//! what stands nowhere among them is looked for in the whole book, to say that it is not there. Then nothing is done.

use super::super::line::{self, Line};
use super::super::registry::Needs;
use super::super::state::{Link, Pending, State, Tone, WATCH_MAIN};
use super::super::words::{ViewWords, Words};
use super::awaited::is_act;
use super::moves::quoted;
use super::offers::subject_of;
use super::verbs::{meant, split};
use crate::door::Reply;
use crate::door::line::LineId;
use crate::door::reply::Suggestion;
use crate::door::request::Request;
use crate::query;
use crate::text::fold::fold;
use crate::text::pinyin::{Needle, search_key};

/// Rows of the view in which a name is looked for: of those that speak of it.
const LOOKED: u32 = 200;

/// The fewest characters of the end of an id that say which one is meant.
const TAIL: usize = 4;

impl State {
    /// The first rows are there: the cursor to the line that was named, once.
    pub(super) fn begin(&mut self) {
        // what was named is not in this list
        let elsewhere = |(id, _): &(LineId, String)| self.main.cursor.as_ref() != Some(id);
        if let Some((_, text)) = self.begins_on.take().filter(elsewhere) {
            let view = self.tab().map_or("", |tab| tab.name(self.lang)).to_owned();
            let words = self.fill(ViewWords::SelectNotHere, &[("text", &text), ("view", &view)]);
            self.say(Tone::Warning, words);
            self.stop_beginning();
        }
        // the list to begin on may not be known yet
        let begins = self.start.open.is_none();
        if let Some(text) = self.start.select.take_if(|_| begins) {
            self.look_for_here(text);
        }
    }

    fn look_for_here(&mut self, text: String) {
        if subject_of(self.view_kind()).is_none() {
            return self.look_for_anywhere(text);
        }
        let is_tail = text.len() >= TAIL && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let named = quoted(&text);
        let named = if is_tail { format!("({named} OR id:{})", text.to_ascii_lowercase()) } else { named };
        let list = self.list_by(&query::both(self.view_filter(), &named));
        let request = Request::List { list, first: 0, rows: LOOKED, texts: false };
        self.ask(request, Pending::SelectHere(text));
    }

    fn look_for_anywhere(&mut self, text: String) {
        let kind = self.view_kind();
        self.ask(Request::Find { kind, text: text.clone() }, Pending::Select(text));
    }

    /// Rows of the view that speak of what was named: the one that is called so.
    pub(super) fn begin_here(&mut self, text: String, reply: Reply) {
        let rows = if let Reply::Window(window) = reply { line::lines(window.lines) } else { Vec::new() };
        match best(&rows, &text) {
            Some(id) => self.begin_at(id, text),
            None => self.look_for_anywhere(text),
        }
    }

    /// What has that name anywhere.
    pub(super) fn begin_on(&mut self, text: String, reply: &Reply) {
        match reply {
            Reply::Found(found) => match found.as_slice() {
                [Suggestion { id, .. }, ..] => return self.begin_at(id.clone(), text),
                [] => self.tell(Tone::Warning, Words::NothingHere),
            },
            Reply::Refused(refusal) => {
                self.say(Tone::Warning, format!("--select {text}: {}", refusal.words));
            }
            _ => {}
        }
        self.stop_beginning();
    }

    fn begin_at(&mut self, id: LineId, named: String) {
        if self.main.move_onto(&id) {
            self.moved(false);
        } else {
            self.main.cursor = Some(id.clone());
            self.begins_on = Some((id, named));
            self.watch_main();
        }
    }

    /// What was to be typed after `:` first of all: each once what was before it is done and its rows are there.
    pub(super) fn begin_with_verbs(&mut self) {
        while self.may_go_on() && !self.start.commands.is_empty() {
            let line = self.start.commands.remove(0);
            if !self.popups.is_empty() && acts_on_a_line(&line) {
                // nobody could have typed it there
                self.start.commands.insert(0, line);
                return self.stop_beginning();
            }
            let before = self.note.take();
            if let Err(words) = self.run_verb(&line) {
                self.say(Tone::Warning, words);
            }
            match &self.note {
                Some(note) if note.is_trouble() => self.stop_beginning(),
                None => self.note = before,
                _ => {}
            }
        }
    }

    /// Nothing is under way that changes which row comes next.
    fn may_go_on(&self) -> bool {
        let changes_rows = |pending: &Pending| {
            let comes = matches!(
                pending,
                Pending::Watch(WATCH_MAIN)
                    | Pending::Select(_)
                    | Pending::SelectHere(_)
                    | Pending::Texts
                    | Pending::Views
            );
            comes || is_act(pending)
        };
        let is_there = self.link == Link::Up && self.main.loaded;
        let begun = self.start.open.is_none() && self.start.select.is_none();
        is_there && begun && !self.pending.values().any(changes_rows)
    }

    /// One of the things to begin with came to nothing: what follows would be done to another row than was meant.
    pub(super) fn stop_beginning(&mut self) {
        let left = std::mem::take(&mut self.start.commands);
        if left.is_empty() {
            return;
        }
        let words = self.fill(ViewWords::NotRun, &[("verbs", &left.join("  "))]);
        let why = self.note.take_if(|note| note.is_trouble());
        let tone = why.as_ref().map_or(Tone::Warning, |note| note.tone);
        let parts: Vec<String> = why.map(|note| note.parts).into_iter().flatten().chain([words]).collect();
        self.say_parts(tone, &parts);
    }
}

/// True for a verb that changes what the cursor is on.
fn acts_on_a_line(line: &str) -> bool {
    let (verb, _) = split(line.trim().trim_start_matches([':', '：']));
    meant(&verb).is_some_and(|entry| entry.writes && entry.needs != Needs::Nothing)
}

/// The row that is meant by the end of its id or by its name: called exactly so, else alike.
fn best(rows: &[Line], text: &str) -> Option<LineId> {
    let (needle, folded) = (Needle::new(text), fold(text.trim()));
    let id = |line: &Line| match line.id() {
        LineId::Object(id) => id.to_string(),
        LineId::Playbook(id) => id.to_string(),
    };
    let names = |line: &Line| {
        let own = match line {
            Line::Member(member) => Some(member.name.clone()),
            Line::Task(task) => task.member.as_ref().map(|member| member.name.clone()),
            _ => None,
        };
        [Some(line.name().to_owned()), own].into_iter().flatten().collect::<Vec<_>>()
    };
    let by_id = |line: &&Line| text.len() >= TAIL && id(line).ends_with(&text.to_ascii_lowercase());
    let so = |line: &&Line| names(line).iter().any(|name| fold(name) == folded);
    let alike = |line: &&Line| names(line).iter().any(|name| needle.matches(&search_key(name)));
    let found = rows.iter().find(by_id).or_else(|| rows.iter().find(so));
    found.or_else(|| rows.iter().find(alike)).map(Line::id)
}
