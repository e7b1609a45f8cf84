//! Verbs after `:` and the searchable help: both read the registry.

use super::super::event::Effect;
use super::super::keymap::Context;
use super::super::popup::field::Field;
use super::super::popup::prompt::Offer;
use super::super::popup::{Choice, Item, Menu, Popup, Prompt, PromptKind};
use super::super::registry::{Action, Entry, Section};
use super::super::state::{State, Tone};
use super::super::words::{SheetWords, ViewWords, Words};
use crate::book::SkipReason;
use crate::door::request::Sort;
use crate::door::views::Page;
use crate::query;
use crate::text::fold::normalise_input;
use crate::text::lang::Lang;
use crate::text::near::nearest;
use crate::text::pinyin::{Needle, initials, search_key, spoken};

/// The most values offered of a verb.
const VALUES: usize = 12;

/// The one action whose verb or name begins so; none where several do.
fn the_only_one(verb: &str) -> Option<&'static Entry> {
    let begins = |entry: &&Entry| {
        !entry.verbs.is_empty()
            && (entry.id.starts_with(verb) || entry.verbs.iter().any(|known| known.starts_with(verb)))
    };
    let mut found = Action::all().iter().filter(begins);
    found.next().filter(|_| found.next().is_none())
}

/// What a verb means: itself, the only one that begins so, the only one whose Chinese is spelt or begins its characters so.
pub(super) fn meant(verb: &str) -> Option<&'static Entry> {
    let exact = Action::all().iter().find(|entry| entry.verbs.contains(&verb) || entry.id == verb);
    exact.or_else(|| the_only_one(verb)).or_else(|| the_only_spoken(verb))
}

/// The one action with a verb of which these are the initials, or all of its pinyin; none where several have.
fn the_only_spoken(letters: &str) -> Option<&'static Entry> {
    let letters = letters.to_ascii_lowercase();
    let says = |verb: &str| !verb.is_ascii() && (initials(verb) == letters || spoken(verb) == letters);
    let mut found = Action::all().iter().filter(|entry| entry.verbs.iter().any(|verb| says(verb)));
    found.next().filter(|_| letters.len() > 1 && found.next().is_none())
}

/// How near an entry is to what is typed of a verb, 0 the nearest; none where it is not.
fn rank(entry: &Entry, typed: &str, needle: &Needle, lang: Lang) -> Option<u8> {
    let begins = |word: &str| word.starts_with(typed);
    let by_sound = |words: &str| typed.len() > 1 && needle.matches(&search_key(words));
    if entry.verbs.is_empty() {
        return None;
    }
    if begins(entry.id) || entry.verbs.iter().any(|verb| begins(verb)) {
        Some(0)
    } else if entry.verbs.iter().any(|verb| !verb.is_ascii() && by_sound(verb)) {
        Some(1)
    } else if entry.doc(lang).contains(typed) {
        Some(2)
    } else {
        (lang != Lang::En && by_sound(entry.doc(lang))).then_some(3)
    }
}

/// A line taken apart into its verb, in plain letters, and what follows: an input method types its own blanks and letters.
pub(super) fn split(line: &str) -> (String, &str) {
    let (verb, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    (normalise_input(verb), rest)
}

impl State {
    pub(super) fn verb_prompt(&mut self, text: &str) {
        // a sheet may have been made meanwhile
        self.effect(Effect::ReadSheets);
        let mut prompt = Prompt::new(PromptKind::Verb, text);
        prompt.offers = self.verb_offers(text);
        self.popups.push(Popup::Prompt(Box::new(prompt)));
    }

    /// Verbs that fit what is typed so far.
    pub(in crate::tui) fn verb_offers(&self, text: &str) -> Vec<Offer> {
        let typed = text.trim_start();
        let (verb, value) = split(typed);
        if verb.chars().count() < typed.chars().count() {
            return self.value_offers(&verb, value.trim_start());
        }
        let typed = verb.as_str();
        let needle = Needle::new(typed);
        let ranked = |entry| Some((rank(entry, typed, &needle, self.lang)?, entry));
        let mut found: Vec<(u8, &Entry)> = Action::all().iter().filter_map(ranked).collect();
        found.sort_by_key(|(rank, _)| *rank);
        found
            .into_iter()
            .take(8)
            .map(|(_, entry)| {
                // as it is being typed, else as this language has it
                let own = entry.verb(self.lang).filter(|verb| verb.starts_with(typed));
                let typed_so = || entry.verbs.iter().copied().find(|verb| verb.starts_with(typed));
                let verb = own.or_else(typed_so).or_else(|| entry.verb(self.lang)).unwrap_or_default();
                let keys = self.start.keymap.key_of(entry.action);
                Offer {
                    line: verb.to_owned(),
                    label: verb.to_owned(),
                    hint: format!("{}  {keys}", entry.doc(self.lang)),
                    id: None,
                }
            })
            .collect()
    }

    /// Values that a verb takes, as far as they are a closed set.
    fn value_offers(&self, verb: &str, typed: &str) -> Vec<Offer> {
        let Some(entry) = meant(verb) else { return Vec::new() };
        if entry.action == Action::Columns {
            return self.column_offers(verb, typed);
        }
        let narrowed = normalise_input(typed);
        let typed = narrowed.as_str();
        let none = String::new;
        let values: Vec<(String, String)> = match entry.action {
            Action::Language => Lang::ALL.iter().map(|lang| (lang.to_string(), none())).collect(),
            Action::Theme => self.start.palettes.names().into_iter().map(|name| (name, none())).collect(),
            Action::Sort => self
                .listed()
                .sorts()
                .iter()
                .map(|sort| (sort.word().to_owned(), sort.label(self.lang).to_owned()))
                .collect(),
            Action::Rows => self.row_offers(),
            Action::Views => self
                .tabs
                .iter()
                .map(|(_, tab)| (tab.name(self.lang).to_owned(), tab.saved.filter.clone()))
                .chain(Page::ALL.iter().map(|page| (page.label(self.lang).to_owned(), none())))
                .collect(),
            Action::Skip => {
                SkipReason::ALL.iter().map(|reason| (reason.label(self.lang).to_owned(), none())).collect()
            }
            _ => return Vec::new(),
        };
        let needle = Needle::new(typed);
        let by_sound = |words: &str| !words.is_ascii() && needle.matches(&search_key(words));
        let fits = |(value, hint): &(String, String)| {
            value.starts_with(typed) || hint.starts_with(typed) || by_sound(value) || by_sound(hint)
        };
        values
            .into_iter()
            .filter(|value| typed.is_empty() || fits(value))
            .take(VALUES)
            .map(|(label, hint)| Offer { line: format!("{verb} {label}"), label, hint, id: None })
            .collect()
    }

    /// Runs what was typed after `:`; the sentence says what is wrong.
    pub(in crate::tui) fn run_verb(&mut self, text: &str) -> Result<(), String> {
        let text = text.trim().trim_start_matches([':', '：']);
        let (verb, rest) = split(text);
        let (verb, rest) = (verb.as_str(), rest.trim());
        if verb.is_empty() {
            return Ok(());
        }
        let Some(entry) = meant(verb) else {
            // of a day somebody asks what comes
            let day = text.split_whitespace().next_back().filter(|word| query::names_days(word));
            let ahead = day.map(|_| self.fill(ViewWords::NotYetDue, &[]));
            return Err(ahead.unwrap_or_else(|| self.no_such_verb(verb)));
        };
        // pausing is said of a playbook and of a target alike
        let entry = match entry.action {
            Action::PauseSop if self.playbook_here().is_none() => Action::PauseTarget.entry(),
            Action::ResumeSop if self.playbook_here().is_none() => Action::UnpauseTarget.entry(),
            _ => entry,
        };
        if let (Some(view), true) = (entry.action.view_index(), rest.is_empty()) {
            // A verb names the view itself, whoever has its digit.
            self.show_view(view);
            return Ok(());
        }
        if rest.is_empty() {
            self.act(entry.action);
            return Ok(());
        }
        if entry.writes && !self.may_write() {
            return Ok(());
        }
        // whose numbers were sent may be told
        if entry.action != Action::Sent && self.is_of_another(entry.action) {
            self.tell_slipped();
            return Ok(());
        }
        // names, notes and filters stay as they were typed
        let chosen = matches!(entry.action, Action::Language | Action::Theme | Action::Sort | Action::Rows);
        let narrowed = normalise_input(rest);
        let rest = if chosen { narrowed.trim() } else { rest };
        self.run_with(entry, verb, rest)
    }

    /// What is said of a word that is no verb: those that begin so or sound so, else those with a slip in them.
    fn no_such_verb(&self, verb: &str) -> String {
        let mut near: Vec<String> =
            self.verb_offers(verb).into_iter().take(3).map(|offer| offer.label).collect();
        let all = Action::all().iter().flat_map(|entry| entry.verbs.iter().copied());
        for slip in nearest(verb, all, 3) {
            if near.len() < 3 && !near.iter().any(|known| known == slip) {
                near.push(slip.to_owned());
            }
        }
        if near.is_empty() {
            return self.fill(Words::NoVerbLike, &[("verb", &verb)]);
        }
        self.fill(Words::NoSuchVerb, &[("verb", &verb), ("near", &near.join(" "))])
    }

    /// A verb with arguments.
    fn run_with(&mut self, entry: &Entry, verb: &str, rest: &str) -> Result<(), String> {
        match entry.action {
            Action::Sent => self.sent_with(rest)?,
            Action::Snooze => {
                let at = self.read_instant(rest)?;
                self.has(entry.needs).map_err(|words| words.text(self.lang).to_owned())?;
                self.snooze_until(self.acted_on_tasks(), at);
            }
            Action::Skip => {
                let number = rest.parse::<usize>().ok();
                let by_digit = number.and_then(|n| SkipReason::ALL.get(n.wrapping_sub(1)).copied());
                let reason = by_digit.or_else(|| SkipReason::parse(rest));
                if number.is_some() && reason.is_none() {
                    let reasons = SkipReason::ALL.iter().zip(1..);
                    let reasons = reasons.map(|(reason, n)| format!("{n} {}", reason.label(self.lang)));
                    let reasons = reasons.collect::<Vec<_>>().join(" ");
                    return Err(self.fill(SheetWords::NoReason, &[("text", &rest), ("reasons", &reasons)]));
                }
                self.has(entry.needs).map_err(|words| words.text(self.lang).to_owned())?;
                match reason {
                    Some(reason) => self.skip_with(self.acted_on_tasks(), reason, String::new()),
                    None => self.skip_with(self.acted_on_tasks(), SkipReason::Other, rest.to_owned()),
                }
            }
            Action::Filter if rest == "clear" => self.clear_filter(),
            Action::Filter => {
                self.set_filter(rest);
                self.main.keep_filtered();
            }
            Action::Language => {
                let lang: Lang = rest
                    .parse()
                    .map_err(|error: crate::text::lang::UnknownLang| error.sentence(self.lang))?;
                self.set_language(lang);
            }
            Action::Theme => {
                if !self.start.palettes.names().iter().any(|name| name == rest) {
                    return Err(
                        self.fill(Words::NoSuchTheme, &[("names", &self.start.palettes.names().join(" "))])
                    );
                }
                rest.clone_into(&mut self.theme);
                self.effect(Effect::Repaint);
            }
            Action::Views => {
                if let (None, Some(page)) = (self.tabs.by_name(rest), Page::named(rest)) {
                    return self.run_verb(page.verb());
                }
                // no name is a digit: those are the keys of the views
                let digit = normalise_input(rest).trim().parse::<u8>().ok();
                let on_digit = digit.and_then(|digit| self.tabs.by_digit(digit));
                let Some(at) = self.tabs.by_name(rest).or(on_digit) else {
                    let names: Vec<&str> = self.tabs.iter().map(|(_, tab)| tab.name(self.lang)).collect();
                    return Err(self.fill(Words::NoSuchView, &[("name", &rest), ("names", &names.join(" "))]));
                };
                self.show_view(at);
            }
            Action::Sort => {
                let kind = self.listed();
                let Some(sort) = Sort::parse(rest).filter(|sort| kind.sorts().contains(sort)) else {
                    return Err(self.fill(Words::NoSuchSort, &[("names", &kind.sort_words())]));
                };
                self.sort_view(sort);
            }
            Action::Columns => self.set_columns(rest)?,
            Action::Rows => self.set_rows(rest)?,
            Action::Jump => {
                let mut prompt = Prompt::new(PromptKind::Jump, rest);
                prompt.refresh(self);
                self.popups.push(Popup::Prompt(Box::new(prompt)));
            }
            Action::Import => self.import_file(rest),
            Action::Limit => self.limit(rest)?,
            Action::Transfer => self.transfer(rest)?,
            Action::Snippet => self.snippet_prompt(rest),
            Action::PauseTarget => {
                let until = self.read_rest(rest)?;
                self.has(entry.needs).map_err(|words| words.text(self.lang).to_owned())?;
                self.pause_targets(Some(until));
            }
            Action::DayOff => {
                self.has(entry.needs).map_err(|words| words.text(self.lang).to_owned())?;
                self.day_off(rest);
            }
            Action::Enrol => {
                self.has(entry.needs).map_err(|words| words.text(self.lang).to_owned())?;
                self.enrol_prompt(rest);
            }
            Action::Follow | Action::Note => {
                self.act(entry.action);
                if let Some(Popup::Prompt(prompt)) = self.popups.last_mut() {
                    prompt.field.set(rest);
                    let prompt = prompt.clone();
                    self.popups.pop();
                    if let Some(kept) = self.end_prompt(*prompt) {
                        self.popups.push(Popup::Prompt(Box::new(kept)));
                    }
                }
            }
            // dropped in silence it would do something else than was typed: for good instead of for three days
            _ => return Err(self.fill(Words::VerbTakesNothing, &[("verb", &verb), ("rest", &rest)])),
        }
        Ok(())
    }

    /// `?`: every key, searchable; Enter runs the entry.
    pub(super) fn help(&mut self) {
        let lang = self.lang;
        let mut entries: Vec<&Entry> = Action::all().iter().collect();
        entries.sort_by_key(|entry| entry.section);
        let items = entries
            .into_iter()
            .map(|entry| {
                let verb = entry.verb(lang).map(|verb| format!("  :{verb}")).unwrap_or_default();
                let note = format!("{}{verb}", self.start.keymap.all_keys_of(entry.action));
                let label = format!("{}  {}", entry.section.label(lang), entry.doc(lang));
                let mut item = Item::new(label, note, Choice::Act(entry.action));
                item.enabled = entry.section != Section::Popup;
                item
            })
            .collect();
        let mut menu = Menu::new(self.fill_in(Context::Prompt, Words::HelpTitle, &[]), items);
        menu.search = Some(Field::default());
        menu.digits = false;
        self.text(Words::HelpEmpty).clone_into(&mut menu.empty);
        self.popups.push(Popup::Menu(Box::new(menu)));
    }

    pub(super) fn turn_language(&mut self) {
        let at = Lang::ALL.iter().position(|lang| *lang == self.lang).unwrap_or(0);
        if let Some(next) = Lang::ALL.get((at + 1) % Lang::ALL.len()) {
            self.set_language(*next);
        }
    }

    /// Chrome at once; the desk's sentences with the next greeting.
    fn set_language(&mut self, lang: Lang) {
        self.lang = lang;
        // what was said before is in the other language
        self.tell(Tone::Info, Words::LangNow);
        self.greet();
        self.effect(Effect::Repaint);
    }

    pub(super) fn turn_theme(&mut self) {
        let names = self.start.palettes.names();
        let at = names.iter().position(|name| *name == self.theme).unwrap_or(0);
        if let Some(next) = names.get((at + 1) % names.len().max(1)) {
            next.clone_into(&mut self.theme);
            let words = self.fill(Words::ThemeNow, &[("name", next)]);
            self.say(Tone::Info, words);
            self.effect(Effect::Repaint);
        }
    }
}
