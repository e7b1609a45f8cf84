//! `a`: a quick entry begins with what the cursor says about who and where.

use super::super::line::Line;
use super::super::popup::quick::Place;
use super::super::popup::{Popup, Quick};
use super::super::state::{Pane, State};
use crate::book::GroupId;
use crate::door::form::Kind;

impl State {
    /// `a`: with the place of the line under the cursor; on members with those members. Where they are is a guess, and so
    /// is where the last entry was told of.
    pub(super) fn quick(&mut self) {
        let line = self.list().selected();
        let people: Vec<&Line> = match self.focus {
            Pane::Members => self.members.acted_on(),
            _ if self.main.spec.kind == Kind::Member && self.main.mark_count() > 0 => self.main.acted_on(),
            _ => Vec::new(),
        };
        // those of the pane are shown because they are in the group of the line that the list is on
        let there = if self.focus == Pane::Members { self.main.selected() } else { line };
        let certain = there.filter(|line| !matches!(line, Line::Member(_))).and_then(Line::group);
        let guessed = certain.is_none();
        let all_in = |(id, _): &(GroupId, String)| people.iter().all(|line| is_in(line, *id));
        let guess = || line.and_then(Line::group).or_else(|| self.last_group.clone()).filter(all_in);
        let group = certain.or_else(guess);
        let account = line.and_then(Line::account);
        let place = match (group, account) {
            (Some((id, name)), _) => Some(Place::Group(id, name)),
            (None, Some((id, name))) => Some(Place::Account(id, name)),
            _ => None,
        };
        let people = people.into_iter().filter_map(Line::member).collect();
        let mut quick = Quick::new(place, people);
        quick.guessed = guessed && matches!(quick.place, Some(Place::Group(..)));
        self.popups.push(Popup::Quick(Box::new(quick)));
    }
}

/// Whether a member is in a group, as far as the line says.
fn is_in(line: &Line, group: GroupId) -> bool {
    matches!(line, Line::Member(member) if member.groups.iter().any(|of| of.id == group))
}
