//! The people of a quick entry: names that the desk has understood, or not yet.

use super::{PEOPLE_MAX, Quick, Stage};
use crate::book::{ActivityKind, MemberId, ObjectId};
use crate::door::form::Kind;
use crate::door::line::LineId;
use crate::door::reply::{Fit, NameMatch, Suggestion};
use crate::door::request::Request;
use crate::text::clean::for_display;
use crate::text::names::{Listed, people_listed};
use crate::text::width;
use crate::tui::state::{Pending, State};
use crate::tui::words::{QuickWords, Words};

/// How a name typed is understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Asked, no answer yet.
    Asking(u64),
    /// One member of the book, and what tells them from others.
    One(MemberId, String),
    /// Several could be meant: to be chosen.
    Several(Vec<Suggestion>),
    /// Nobody is called so, but somebody nearly.
    Near(Vec<Suggestion>),
    /// Nobody: will be made.
    New,
}

/// A name that was typed to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    pub name: String,
    /// What stood beside the name in a pasted list.
    pub said: String,
    pub known: Known,
}

impl Chip {
    fn offers(&self) -> &[Suggestion] {
        match &self.known {
            Known::Several(found) | Known::Near(found) => found,
            _ => &[],
        }
    }

    /// Puts what another line said of the same one behind what is known.
    fn add(&mut self, said: &str) {
        let said = [&self.said, said].join(" ");
        said.trim().clone_into(&mut self.said);
    }

    pub(super) fn is_undecided(&self) -> bool {
        matches!(self.known, Known::Several(_) | Known::Near(_))
    }

    /// A group is called so.
    pub(super) fn may_be_a_group(&self) -> bool {
        self.is_undecided() && self.offers().iter().any(|offer| offer.kind == Kind::Group)
    }
}

impl Quick {
    /// Makes chips of the names typed so far and asks who they are.
    pub(super) fn take_names(&mut self, state: &mut State) {
        let text = self.field.text().to_owned();
        self.field.set("");
        self.offers.clear();
        self.offers_for = None;
        self.add_names(state, &text);
    }

    pub(super) fn add_names(&mut self, state: &mut State, text: &str) {
        let names = people_listed(text);
        if names.is_empty() && !text.trim().is_empty() {
            self.error = Some(state.text(QuickWords::NoNames).to_owned());
        }
        for Listed { name, said } in names {
            if let Some(chip) = self.chips.iter_mut().find(|chip| chip.name == name) {
                chip.add(&said);
                continue;
            }
            if self.chips.len() >= PEOPLE_MAX {
                self.error = Some(state.fill(QuickWords::TooMany, &[("n", &PEOPLE_MAX)]));
                break;
            }
            let known = self.ask_who(state, &name);
            self.chips.push(Chip { name, said, known });
        }
    }

    pub(super) fn ask_who(&self, state: &mut State, name: &str) -> Known {
        let (group, account) = self.place_ids();
        let request = Request::Who { text: name.to_owned(), group, account, limit: 8 };
        Known::Asking(state.ask(request, Pending::Popup))
    }

    pub(super) fn is_chosen(&self, member: MemberId) -> bool {
        self.chips.iter().any(|chip| matches!(chip.known, Known::One(id, _) if id == member))
    }

    /// Takes out a chip that means somebody who is chosen already; what was said beside it goes to theirs.
    pub(super) fn merge_chip(&mut self, at: usize, id: MemberId) {
        if at >= self.chips.len() {
            return;
        }
        let gone = self.chips.remove(at);
        let chosen = |chip: &&mut Chip| matches!(chip.known, Known::One(known, _) if known == id);
        if let Some(chip) = self.chips.iter_mut().find(chosen) {
            chip.add(&gone.said);
        }
    }

    /// Whether most say beside their name how much of something they want.
    pub(super) fn is_of_goods(&self) -> bool {
        let amounts = self.chips.iter().filter(|chip| chip.said.chars().any(char::is_numeric)).count();
        amounts * 2 > self.chips.len()
    }

    /// Whether what is told of somebody has its words from a list already.
    pub fn has_own_words(&self, kind: ActivityKind) -> bool {
        kind == ActivityKind::Bought && self.is_of_goods()
    }

    /// How many are still to be decided.
    pub fn undecided(&self) -> usize {
        self.chips.iter().filter(|chip| chip.is_undecided()).count()
    }

    /// Who could be meant by the chip being decided.
    pub fn choices(&self) -> &[Suggestion] {
        match self.stage {
            Stage::Choose(at) => self.chips.get(at).map(Chip::offers).unwrap_or_default(),
            _ => &[],
        }
    }

    /// The names that nobody has.
    pub fn new_names(&self) -> Vec<&str> {
        self.chips.iter().filter(|chip| chip.known == Known::New).map(|chip| chip.name.as_str()).collect()
    }

    pub(super) fn set_known(&mut self, at: usize, known: Known) {
        if let Some(chip) = self.chips.get_mut(at) {
            chip.known = known;
        }
    }

    /// Who a name means, given who fits.
    pub(super) fn decide(&mut self, at: usize, NameMatch { fit, found }: &NameMatch) {
        let known = match (fit, found.as_slice()) {
            (Fit::One, [one, ..]) => {
                let LineId::Object(ObjectId::Member(id)) = one.id else {
                    return self.set_known(at, Known::New);
                };
                if self.is_chosen(id) {
                    self.merge_chip(at, id);
                    return;
                }
                let typed = self.chips.get(at).map(|chip| chip.name.clone()).unwrap_or_default();
                // Initials say nothing: the chip shows the name. A real name shows what we call them.
                if typed.is_ascii() {
                    if let Some(chip) = self.chips.get_mut(at) {
                        chip.name.clone_from(&one.name);
                    }
                    Known::One(id, telling(one, found))
                } else if typed == one.name {
                    Known::One(id, telling(one, found))
                } else {
                    Known::One(id, one.name.clone())
                }
            }
            (_, []) | (Fit::Nobody, _) => Known::New,
            (Fit::Near, _) => Known::Near(found.clone()),
            _ => Known::Several(found.clone()),
        };
        self.set_known(at, known);
    }

    /// The chips with their marks, one behind the other.
    fn all_marked(&self, state: &State) -> String {
        let marked = |chip: &Chip| {
            let mut name = for_display(&chip.name);
            if !chip.said.is_empty() {
                let said = for_display(&chip.said);
                name.to_mut().extend([":", &width::truncate(&said, 16)]);
            }
            match &chip.known {
                Known::One(_, hint) if !hint.is_empty() => {
                    format!("{name}({})", width::truncate(&for_display(&state.hint_shown(hint)), 12))
                }
                Known::New => format!("{name}({})", state.text(Words::NewMark)),
                Known::Several(_) | Known::Near(_) => format!("{name}(?)"),
                Known::One(..) | Known::Asking(_) => name.into_owned(),
            }
        };
        let all: Vec<String> = self.chips.iter().map(marked).collect();
        all.join(" ")
    }

    /// The chips as they fit into so many columns: all with their marks, else how many and the first of them.
    pub fn summary(&self, state: &State, columns: usize) -> String {
        let whole = self.all_marked(state);
        if width::width(&whole) <= columns {
            return whole;
        }
        let mut head = state.fill(QuickWords::Chosen, &[("n", &self.chips.len())]);
        let new = self.new_names().len();
        if new > 0 {
            head = format!("{head} ({} {new})", state.text(Words::NewMark));
        }
        self.first_names(format!("{head}:"), columns, true)
    }

    /// Of whom it was told, behind what was told of them: all, else the first and how many of them are new.
    pub(super) fn told_names(&self, state: &State, columns: usize) -> String {
        let whole = self.all_marked(state);
        if width::width(&whole) <= columns {
            return whole;
        }
        let names = self.first_names(String::new(), columns, false);
        match self.new_names().len() {
            0 => names,
            new => format!("{names} ({} {new})", state.text(Words::NewMark)),
        }
    }

    /// As many names as fit behind something, with what is `said` beside them or without.
    fn first_names(&self, mut out: String, columns: usize, said: bool) -> String {
        let shown = |chip: &Chip| {
            let said = if said { for_display(&chip.said) } else { "".into() };
            let gap = if said.is_empty() { "" } else { ":" };
            format!("{}{gap}{}", for_display(&chip.name), width::truncate(&said, 16))
        };
        for name in self.chips.iter().map(shown) {
            if width::width(&out) + width::width(&name) + 3 > columns {
                return format!("{out}..");
            }
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(&name);
        }
        out
    }
}

/// What tells somebody from the others offered: the first piece of the hint that no namesake has too.
pub(super) fn telling(one: &Suggestion, all: &[Suggestion]) -> String {
    let pieces = || one.hint.split("  ").filter(|piece| !piece.is_empty());
    let others: Vec<&Suggestion> =
        all.iter().filter(|other| other.id != one.id && other.name == one.name).collect();
    let own = |piece: &&str| others.iter().all(|other| !other.hint.split("  ").any(|known| known == *piece));
    pieces().find(own).or_else(|| pieces().next()).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::form::Kind;

    #[test]
    fn what_tells_namesakes_apart_is_the_first_piece_of_their_own() {
        let offer = |n: u128, hint: &str| Suggestion {
            id: LineId::Object(ObjectId::Member(crate::book::id::Id::from_bits(n))),
            kind: Kind::Member,
            name: "李子涵妈妈".to_owned(),
            hint: hint.to_owned(),
        };
        let all = [offer(1, "王芳  三班群  尾号 8000"), offer(2, "王芳  三班群  尾号 9111"), offer(3, "")];
        assert_eq!(telling(&all[1], &all), "尾号 9111");
        assert_eq!(telling(&all[0], &all[..1]), "王芳");
        assert_eq!(telling(&all[2], &all), "");
    }
}
