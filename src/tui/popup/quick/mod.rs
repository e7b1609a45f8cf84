//! Quick entry: who, where, what happened, on one prompt line.
//!
//! The most frequent thing a group manager tells is seen by human eyes and typed a hundred times a day, so two people
//! take at most twelve keys with an input method on: F6, a name, a comma, a name, Enter, a digit. Names are typed (by
//! pinyin, initials or in full) or pasted by the dozen; each becomes a chip that is known, new, or has candidates to
//! choose from. Where is proposed from the line under the cursor; Tab goes there to change it. What is a menu of digits;
//! amounts, products, tags and head counts are typed after it.
//!
//! One file because the prompt is one state machine with its words and tests.

use crossterm::event::KeyCode;

use super::Popup;
use super::field::Field;
use crate::book::{AccountId, ActivityKind, GroupId, MemberId, ObjectId};
use crate::door::command::{Happening, Tell, Who};
use crate::door::form::Kind;
use crate::door::line::LineId;
use crate::door::reply::Suggestion;
use crate::door::request::Request;
use crate::door::{Command, RefusalKind, Reply};
use crate::tui::key::Key;
use crate::tui::state::{Pending, State, Tone};
use crate::tui::words::Words;

/// What the digits mean, in this order.
pub const KINDS: &[ActivityKind] = &[
    ActivityKind::Joined,
    ActivityKind::Added,
    ActivityKind::Replied,
    ActivityKind::Bought,
    ActivityKind::Left,
    ActivityKind::Unfriended,
    ActivityKind::Tagged,
    ActivityKind::HeadCount,
    ActivityKind::CheckedIn,
    ActivityKind::Refunded,
    ActivityKind::PickedUp,
    ActivityKind::LeaveDay,
    ActivityKind::Liked,
    ActivityKind::Complained,
    ActivityKind::Blocked,
    ActivityKind::Renamed,
    ActivityKind::Untagged,
    ActivityKind::StageChanged,
];

/// How a name typed is understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Asked, no answer yet.
    Asking(u64),
    /// One member of the book.
    One(MemberId, String),
    /// Several could be meant: to be chosen.
    Several(Vec<Suggestion>),
    /// Nobody: will be made.
    New,
}

/// A name that was typed to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    pub name: String,
    pub known: Known,
}

/// Which of the three is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Who,
    /// A chip with several candidates is being decided.
    Choose(usize),
    Where,
    What,
    /// The amount, product, tag or number of what happened.
    With(ActivityKind),
}

/// Where it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Group(GroupId, String),
    Account(AccountId, String),
}

/// A quick entry being typed.
#[derive(Clone, Debug)]
pub struct Quick {
    pub stage: Stage,
    pub chips: Vec<Chip>,
    pub place: Option<Place>,
    pub field: Field,
    /// Names that fit what is being typed.
    pub offers: Vec<Suggestion>,
    pub chosen: usize,
    /// Which page of what happened is on screen, nine a page.
    pub page: usize,
    pub error: Option<String>,
    offers_for: Option<(u64, String)>,
    /// Enter was pressed before the answers came.
    hurry: bool,
    saving: Option<u64>,
}

/// What separates names; a space does too unless an input method put it inside a name.
const SEPARATORS: &[char] = &[',', '，', '、', ';', '；', '\n', '\r', '\t', '/', '／'];

impl Quick {
    /// Opens with a proposed place, and with people already chosen where the cursor is on them.
    pub fn new(place: Option<Place>, people: Vec<(MemberId, String)>) -> Self {
        let chips: Vec<Chip> = people
            .into_iter()
            .map(|(id, name)| Chip { known: Known::One(id, String::new()), name })
            .collect();
        Self {
            stage: if chips.is_empty() { Stage::Who } else { Stage::What },
            chips,
            place,
            field: Field::default(),
            offers: Vec::new(),
            chosen: 0,
            page: 0,
            error: None,
            offers_for: None,
            hurry: false,
            saving: None,
        }
    }

    pub(super) const fn takes_text(&self) -> bool {
        // Digits act in the menu of what happened, but a paste there is still text.
        matches!(self.stage, Stage::Who | Stage::Where | Stage::With(_))
    }

    pub(super) fn key(mut self: Box<Self>, state: &mut State, key: Key) -> Option<Popup> {
        self.error = None;
        if key.code == KeyCode::Esc {
            return self.back();
        }
        match self.stage {
            Stage::Who => self.who_key(state, key),
            Stage::Choose(at) => self.choose_key(state, key, at),
            Stage::Where => self.where_key(state, key),
            Stage::What => self.what_key(state, key),
            Stage::With(kind) => self.with_key(state, key, kind),
        }
        if matches!(self.stage, Stage::Who) && self.chips.is_empty() && self.field.is_empty() && self.hurry {
            return None;
        }
        Some(Popup::Quick(self))
    }

    /// One stage back; from the first one out.
    fn back(mut self: Box<Self>) -> Option<Popup> {
        self.stage = match self.stage {
            Stage::Who => return None,
            Stage::Choose(_) | Stage::Where | Stage::What => Stage::Who,
            Stage::With(_) => Stage::What,
        };
        self.field.set("");
        self.offers.clear();
        self.hurry = false;
        Some(Popup::Quick(self))
    }

    fn who_key(&mut self, state: &mut State, key: Key) {
        match key.code {
            KeyCode::Enter if self.field.text().trim().is_empty() => self.go_on(state),
            KeyCode::Enter => {
                if self.chosen > 0 && self.pick_offer() {
                    return;
                }
                self.take_names(state);
                self.go_on(state);
            }
            KeyCode::Tab if self.field.text().trim().is_empty() => self.stage = Stage::Where,
            KeyCode::Tab => {
                if !self.pick_offer() {
                    self.take_names(state);
                }
            }
            KeyCode::Down => self.chosen = (self.chosen + 1).min(self.offers.len()),
            KeyCode::Up => self.chosen = self.chosen.saturating_sub(1),
            KeyCode::Backspace if self.field.is_empty() => {
                self.hurry = self.chips.pop().is_none();
            }
            KeyCode::Char(c) if !key.ctrl && !key.alt && (SEPARATORS.contains(&c) || c == ' ') => {
                self.take_names(state);
            }
            _ => {
                if self.field.key(key) {
                    self.look_up(state);
                }
            }
        }
    }

    /// Takes the offer under the mark as a chip; false when there is none.
    fn pick_offer(&mut self) -> bool {
        let at = self.chosen.saturating_sub(1);
        let Some(offer) = self.offers.get(at) else { return false };
        let LineId::Object(ObjectId::Member(id)) = offer.id else { return false };
        self.chips.push(Chip { name: offer.name.clone(), known: Known::One(id, offer.hint.clone()) });
        self.field.set("");
        self.offers.clear();
        self.chosen = 0;
        true
    }

    /// Asks who fits what is being typed.
    fn look_up(&mut self, state: &mut State) {
        self.chosen = 0;
        let text = self.field.text().trim().to_owned();
        if text.is_empty() {
            self.offers.clear();
            self.offers_for = None;
            return;
        }
        let kinds = match self.stage {
            Stage::Where => vec![Kind::Group, Kind::Account],
            _ => vec![Kind::Member],
        };
        let request = Request::Suggest { kinds, text: text.clone(), limit: 8 };
        let tag = state.ask(request, Pending::Popup);
        self.offers_for = Some((tag, text));
    }

    /// Makes chips of the names typed so far and asks who they are.
    fn take_names(&mut self, state: &mut State) {
        let text = self.field.text().to_owned();
        self.field.set("");
        self.offers.clear();
        self.offers_for = None;
        self.add_names(state, &text);
    }

    fn add_names(&mut self, state: &mut State, text: &str) {
        // A space separates names unless there are stronger separators or the text came as lines.
        let strong = text.contains(SEPARATORS);
        let names = text.split(|c| SEPARATORS.contains(&c) || (!strong && c == ' '));
        for name in names.map(str::trim).filter(|name| !name.is_empty()).take(200) {
            if self.chips.iter().any(|chip| chip.name == name) {
                continue;
            }
            let request = Request::Suggest { kinds: vec![Kind::Member], text: name.to_owned(), limit: 8 };
            let tag = state.ask(request, Pending::Popup);
            self.chips.push(Chip { name: name.to_owned(), known: Known::Asking(tag) });
        }
    }

    /// On from who: first what is undecided, then where if nothing is proposed, then what.
    fn go_on(&mut self, state: &State) {
        if self.chips.is_empty() {
            // A group can have news without anybody: its head count.
            self.stage = if self.place.is_some() { Stage::What } else { Stage::Where };
            return;
        }
        if self.chips.iter().any(|chip| matches!(chip.known, Known::Asking(_))) {
            self.hurry = true;
            return;
        }
        self.hurry = false;
        self.field.set("");
        if let Some(at) = self.chips.iter().position(|chip| matches!(chip.known, Known::Several(_))) {
            self.stage = Stage::Choose(at);
            self.chosen = 0;
        } else if self.place.is_some() || state.counts.groups == 0 {
            self.stage = Stage::What;
        } else {
            self.stage = Stage::Where;
        }
    }

    fn choose_key(&mut self, state: &State, key: Key, at: usize) {
        let Some(Chip { known: Known::Several(found), .. }) = self.chips.get(at) else {
            self.stage = Stage::Who;
            return;
        };
        // The last line offers to make somebody new of that name.
        let last = found.len();
        let pick = match key.code {
            KeyCode::Down | KeyCode::Char('j') => {
                self.chosen = (self.chosen + 1).min(last);
                return;
            }
            KeyCode::Up | KeyCode::Char('k') => {
                self.chosen = self.chosen.saturating_sub(1);
                return;
            }
            KeyCode::Enter => self.chosen,
            KeyCode::Char(c) => match c.to_digit(10).and_then(|d| (d as usize).checked_sub(1)) {
                Some(digit) if digit <= last => digit,
                _ => return,
            },
            _ => return,
        };
        let known = match found.get(pick) {
            Some(Suggestion { id: LineId::Object(ObjectId::Member(id)), hint, .. }) => {
                Known::One(*id, hint.clone())
            }
            _ => Known::New,
        };
        if let Some(chip) = self.chips.get_mut(at) {
            chip.known = known;
        }
        self.go_on(state);
    }

    fn where_key(&mut self, state: &mut State, key: Key) {
        let last = self.offers.len().saturating_sub(1);
        match key.code {
            KeyCode::Enter | KeyCode::Tab => {
                if let Some(offer) = self.offers.get(self.chosen) {
                    self.place = match offer.id {
                        LineId::Object(ObjectId::Group(id)) => Some(Place::Group(id, offer.name.clone())),
                        LineId::Object(ObjectId::Account(id)) => Some(Place::Account(id, offer.name.clone())),
                        _ => self.place.take(),
                    };
                } else if !self.field.text().trim().is_empty() {
                    self.error = Some(state.text(Words::NoSuchGroup).to_owned());
                    return;
                }
                self.field.set("");
                self.offers.clear();
                self.stage = Stage::What;
            }
            KeyCode::Down => self.chosen = (self.chosen + 1).min(last),
            KeyCode::Up => self.chosen = self.chosen.saturating_sub(1),
            KeyCode::Backspace if self.field.is_empty() => self.place = None,
            _ => {
                if self.field.key(key) {
                    self.look_up(state);
                }
            }
        }
    }

    /// The kinds on the page shown.
    pub fn kinds_shown(&self) -> &'static [ActivityKind] {
        KINDS.chunks(9).nth(self.page).unwrap_or_default()
    }

    fn what_key(&mut self, state: &mut State, key: Key) {
        let pages = KINDS.len().div_ceil(9);
        let shown = self.kinds_shown();
        let picked = match key.code {
            KeyCode::Tab => {
                self.stage = Stage::Where;
                return;
            }
            KeyCode::Char('0' | ' ') | KeyCode::Right | KeyCode::PageDown => {
                self.page = (self.page + 1) % pages;
                self.chosen = 0;
                return;
            }
            KeyCode::Left | KeyCode::PageUp => {
                self.page = (self.page + pages - 1) % pages;
                self.chosen = 0;
                return;
            }
            KeyCode::Down => {
                self.chosen = (self.chosen + 1).min(shown.len().saturating_sub(1));
                return;
            }
            KeyCode::Up => {
                self.chosen = self.chosen.saturating_sub(1);
                return;
            }
            KeyCode::Backspace => {
                self.stage = Stage::Who;
                return;
            }
            KeyCode::Enter => shown.get(self.chosen),
            KeyCode::Char(c) => {
                c.to_digit(10).and_then(|d| (d as usize).checked_sub(1)).and_then(|at| shown.get(at))
            }
            _ => None,
        };
        let Some(kind) = picked.copied() else { return };
        if self.chips.is_empty() && !matches!(kind, ActivityKind::HeadCount) {
            self.error = Some(state.text(Words::WhoFirst).to_owned());
            return;
        }
        if wants_words(kind) {
            self.stage = Stage::With(kind);
            self.field.set("");
        } else {
            self.tell(
                state,
                Happening { kind, amount: None, number: None, relative: false, text: String::new() },
            );
        }
    }

    fn with_key(&mut self, state: &mut State, key: Key, kind: ActivityKind) {
        match key.code {
            KeyCode::Enter => match read_happening(kind, self.field.text()) {
                Some(happening) => self.tell(state, happening),
                None => self.error = Some(state.text(how_to_say(kind)).to_owned()),
            },
            KeyCode::Backspace if self.field.is_empty() => self.stage = Stage::What,
            _ => {
                self.field.key(key);
            }
        }
    }

    fn tell(&mut self, state: &mut State, happening: Happening) {
        let who = self
            .chips
            .iter()
            .map(|chip| match &chip.known {
                Known::One(id, _) => Who::Known(*id),
                Known::New => Who::New(chip.name.clone()),
                Known::Asking(_) | Known::Several(_) => Who::Named(chip.name.clone()),
            })
            .collect();
        let (group, account) = match &self.place {
            Some(Place::Group(id, _)) => (Some(*id), None),
            Some(Place::Account(id, _)) => (None, Some(*id)),
            None => (None, None),
        };
        let tell = Tell { who, group, account, happened: vec![happening], at: None };
        self.saving = state.command(Command::Tell(tell), Pending::Popup);
    }

    pub(super) fn paste(mut self: Box<Self>, state: &mut State, text: &str) -> Option<Popup> {
        match self.stage {
            // A short paste is an input method that commits; more than one name is a list.
            Stage::Who if text.trim_end().contains(SEPARATORS) => {
                self.field.paste("");
                let all = format!("{}{}", self.field.text(), crate::text::clean::for_clipboard(text));
                self.field.set("");
                self.add_names(state, &all);
            }
            Stage::Who | Stage::Where | Stage::With(_) => {
                self.field.paste(text);
                if !matches!(self.stage, Stage::With(_)) {
                    self.look_up(state);
                }
            }
            Stage::What | Stage::Choose(_) => {}
        }
        Some(Popup::Quick(self))
    }

    pub(super) fn waits_for(&self, tag: u64) -> bool {
        self.saving == Some(tag)
            || self.offers_for.as_ref().is_some_and(|(asked, _)| *asked == tag)
            || self.chips.iter().any(|chip| chip.known == Known::Asking(tag))
    }

    pub(super) fn reply(mut self: Box<Self>, state: &mut State, tag: u64, reply: &Reply) -> Option<Popup> {
        if self.saving == Some(tag) {
            self.saving = None;
            return self.told(state, reply);
        }
        let found = match reply {
            Reply::Suggestions(found) => found.clone(),
            _ => Vec::new(),
        };
        if self.offers_for.as_ref().is_some_and(|(asked, _)| *asked == tag) {
            self.offers = found;
            self.offers_for = None;
            return Some(Popup::Quick(self));
        }
        if let Some(chip) = self.chips.iter_mut().find(|chip| chip.known == Known::Asking(tag)) {
            chip.known = decide(&chip.name, found);
        }
        if self.hurry {
            self.go_on(state);
        }
        Some(Popup::Quick(self))
    }

    /// The desk has taken it, or says who could be meant.
    fn told(mut self: Box<Self>, state: &mut State, reply: &Reply) -> Option<Popup> {
        if let Reply::Refused(refusal) = reply {
            self.error = Some(refusal.words.clone());
            if refusal.kind == RefusalKind::Ambiguous {
                self.stage = Stage::Who;
            }
            state.say_refusal(refusal);
            return Some(Popup::Quick(self));
        }
        if let Some(Place::Group(id, name)) = &self.place {
            state.last_group = Some((*id, name.clone()));
        }
        state.say_outcome(reply);
        if state.note.is_none() {
            state.tell(Tone::Done, Words::Recorded);
        }
        None
    }
}

/// Who a name means, given who fits: one of exactly that name or the only one by pinyin; else to be chosen.
fn decide(name: &str, found: Vec<Suggestion>) -> Known {
    let exact: Vec<&Suggestion> = found.iter().filter(|s| s.name == name).collect();
    let one = |s: &Suggestion| match s.id {
        LineId::Object(ObjectId::Member(id)) => Known::One(id, s.hint.clone()),
        _ => Known::New,
    };
    match (exact.as_slice(), found.as_slice()) {
        ([only], _) => one(only),
        ([], []) => Known::New,
        ([], [only]) if name.is_ascii() => one(only),
        _ => Known::Several(found),
    }
}

/// What happened that needs something said with it.
const fn wants_words(kind: ActivityKind) -> bool {
    matches!(
        kind,
        ActivityKind::Bought
            | ActivityKind::Refunded
            | ActivityKind::Tagged
            | ActivityKind::Untagged
            | ActivityKind::HeadCount
            | ActivityKind::Renamed
            | ActivityKind::StageChanged
            | ActivityKind::Complained
    )
}

/// How the words of a kind are written.
pub const fn how_to_say(kind: ActivityKind) -> Words {
    match kind {
        ActivityKind::Bought | ActivityKind::Refunded => Words::HowBought,
        ActivityKind::Tagged | ActivityKind::Untagged => Words::HowTag,
        ActivityKind::HeadCount => Words::HowCount,
        ActivityKind::StageChanged => Words::HowStage,
        _ => Words::HowText,
    }
}

/// Reads what was typed with a kind: `39.9 奶粉`, `奶粉 39.9元`, `=186`, `+3`, a tag.
fn read_happening(kind: ActivityKind, text: &str) -> Option<Happening> {
    let text = text.trim();
    let mut happening = Happening { kind, amount: None, number: None, relative: false, text: String::new() };
    match kind {
        ActivityKind::HeadCount => {
            let digits = text.trim_start_matches(['=', '＝']);
            happening.relative = digits.starts_with(['+', '-', '＋', '－']);
            happening.number = digits.replace('＋', "+").replace('－', "-").parse().ok();
            happening.number?;
        }
        ActivityKind::Bought | ActivityKind::Refunded => {
            let mut words = Vec::new();
            for word in text.split_whitespace() {
                match word.parse() {
                    Ok(amount) if happening.amount.is_none() => happening.amount = Some(amount),
                    _ => words.push(word),
                }
            }
            happening.text = words.join(" ");
        }
        ActivityKind::StageChanged => {
            crate::book::Stage::parse(text)?.word().clone_into(&mut happening.text);
        }
        ActivityKind::Complained => text.clone_into(&mut happening.text),
        _ => {
            text.trim_start_matches(['#', '＃']).clone_into(&mut happening.text);
            if happening.text.is_empty() {
                return None;
            }
        }
    }
    Some(happening)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::Money;

    #[test]
    fn reads_what_comes_with_it() {
        let check = |kind, text: &str, amount: Option<i64>, number: Option<i64>, relative, words: &str| {
            let read = read_happening(kind, text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (read.amount, read.number, read.relative, read.text.as_str()),
                (amount.map(Money), number, relative, words),
                "{text}"
            );
        };
        check(ActivityKind::Bought, "39.9 奶粉", Some(3990), None, false, "奶粉");
        check(ActivityKind::Bought, "奶粉 2段 ¥39.9", Some(3990), None, false, "奶粉 2段");
        check(ActivityKind::Bought, "", None, None, false, "");
        check(ActivityKind::HeadCount, "=186", None, Some(186), false, "");
        check(ActivityKind::HeadCount, "＋3", None, Some(3), true, "");
        check(ActivityKind::Tagged, "#勿扰", None, None, false, "勿扰");
        check(ActivityKind::StageChanged, "复购", None, None, false, "repeat");
        assert_eq!(read_happening(ActivityKind::HeadCount, "很多"), None);
        assert_eq!(read_happening(ActivityKind::StageChanged, "贵宾"), None);
        assert_eq!(read_happening(ActivityKind::Tagged, " "), None);
    }
}
