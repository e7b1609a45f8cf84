//! Names: offering what begins or sounds like what was typed, and finding exactly one.

use super::task_line::clean;
use super::variables::short_time;
use super::words::ViewWords;
use crate::book::{ContactState, ObjectId, Target};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::form::Kind;
use crate::door::line::LineId;
use crate::door::reply::Suggestion;
use crate::store::record::PlaybookState;
use crate::text::fold::fold;
use crate::text::lang::Lang;
use crate::text::pinyin::{Needle, search_key};

/// The most suggestions of one answer.
const SUGGESTIONS_MAX: usize = 100;

/// Matches that are weighed; of a book where more names match, the first are.
const WEIGHED: usize = 5_000;

/// Digits of a phone number that tell equal names apart.
const PHONE_TAIL: usize = 4;

/// A match before it is shown: how well it matches, and where it stands.
struct Hit {
    rank: (u8, usize),
    kind: Kind,
    row: u32,
}

impl Desk {
    /// Names that begin or sound like a text, best first: equal, beginning, containing, by pinyin; shorter first.
    pub(super) fn suggest(&self, kinds: &[Kind], text: &str, limit: u16) -> Vec<Suggestion> {
        if text.trim().is_empty() {
            return self.recent(kinds, limit);
        }
        let mut hits: Vec<Hit> = Vec::new();
        for kind in kinds {
            self.hits(*kind, text, &mut hits);
        }
        hits.sort_by_key(|hit| hit.rank);
        hits.into_iter()
            .take(usize::from(limit).min(SUGGESTIONS_MAX))
            .filter_map(|hit| self.suggestion(hit.kind, hit.row))
            .collect()
    }

    /// Before anything is typed: groups by when something was last said in them, then accounts; of others nothing.
    fn recent(&self, kinds: &[Kind], limit: u16) -> Vec<Suggestion> {
        let columns = &self.store.columns;
        let mut rows: Vec<(Kind, u32)> = Vec::new();
        if kinds.contains(&Kind::Group) {
            let groups = columns.groups.iter().filter(|(_, _, group)| !group.body.archived);
            let mut groups: Vec<_> =
                groups.map(|(row, _, g)| (std::cmp::Reverse(g.last_touch_at), row)).collect();
            groups.sort();
            rows.extend(groups.into_iter().map(|(_, row)| (Kind::Group, row)));
        }
        if kinds.contains(&Kind::Account) {
            let accounts = columns.accounts.iter().filter(|(_, _, account)| !account.body.archived);
            rows.extend(accounts.map(|(row, ..)| (Kind::Account, row)));
        }
        let limit = usize::from(limit).min(SUGGESTIONS_MAX);
        rows.into_iter().take(limit).filter_map(|(kind, row)| self.suggestion(kind, row)).collect()
    }

    /// One object by id, by the tail of one, by its exact name, or by a needle that only one name has; several
    /// where several could be meant.
    pub(super) fn find(&self, kind: Kind, text: &str, lang: Lang) -> Result<Vec<Suggestion>, DeskError> {
        let text = text.trim();
        let missing = || {
            let mut refusal = crate::door::Refusal::new(
                crate::door::RefusalKind::NotFound,
                ViewWords::NotFound.fill(lang, &[("text", &clean(text))]),
            )
            .about(clean(text));
            refusal.candidates = self
                .views
                .filters
                .get(&format!("\"{}\"", text.replace(['"', '\\'], "")))
                .map(|query| self.nearest(kind, &query))
                .unwrap_or_default();
            if let Some(hint) = self.archived_hint(kind, text, lang) {
                refusal.hint = hint;
            }
            DeskError::from(refusal)
        };
        let by_id = self.by_id(kind, text);
        if !by_id.is_empty() {
            return Ok(by_id.into_iter().filter_map(|row| self.suggestion(kind, row)).collect());
        }
        let mut hits = Vec::new();
        self.hits(kind, text, &mut hits);
        hits.sort_by_key(|hit| hit.rank);
        let exact = hits.iter().filter(|hit| hit.rank.0 == 0).count();
        if exact > 0 {
            hits.truncate(exact);
        }
        if hits.is_empty() {
            return Err(missing());
        }
        Ok(hits
            .into_iter()
            .take(SUGGESTIONS_MAX)
            .filter_map(|hit| self.suggestion(hit.kind, hit.row))
            .collect())
    }

    /// Rows whose id is the text or ends in it, where the text can be one.
    fn by_id(&self, kind: Kind, text: &str) -> Vec<u32> {
        if kind == Kind::Playbook {
            let id = crate::book::PlaybookId(text.to_owned());
            return self.store.columns.playbook_position(&id).map(u32::from).into_iter().collect();
        }
        let lower = text.to_ascii_lowercase();
        let Ok(query) = crate::query::parse(&format!("id:{lower}")) else { return Vec::new() };
        let columns = &self.store.columns;
        let scene = self.scene(columns.store.last_at);
        let filter = query.resolve(&scene.context(""));
        let count = match kind {
            Kind::Task => columns.tasks.len(),
            Kind::Group => columns.groups.len(),
            Kind::Account => columns.accounts.len(),
            Kind::Member | Kind::Contact | Kind::Membership => columns.members.len(),
            Kind::Playbook => 0,
        };
        (0..count as u32).filter(|row| super::scan::is_in(kind, &scene, &filter, *row)).collect()
    }

    fn hits(&self, kind: Kind, text: &str, hits: &mut Vec<Hit>) {
        let typed = Typed { needle: Needle::new(text), folded: fold(text.trim()), key: search_key(text) };
        let columns = &self.store.columns;
        let mut weigh = |row: u32, key: &str, name: &str| {
            if hits.len() < WEIGHED && typed.needle.matches(key) {
                let rank = (typed.rank(name, key), name.chars().count());
                hits.push(Hit { rank, kind, row });
            }
        };
        match kind {
            Kind::Member | Kind::Contact | Kind::Membership => {
                for (row, _, member) in columns.members.iter().filter(|(_, _, m)| !m.archived) {
                    weigh(row, member.key(), member.name());
                }
            }
            Kind::Group => {
                for (row, _, group) in columns.groups.iter().filter(|(_, _, g)| !g.body.archived) {
                    weigh(row, &group.key, &group.body.name);
                }
            }
            Kind::Account => {
                for (row, _, account) in columns.accounts.iter().filter(|(_, _, a)| !a.body.archived) {
                    weigh(row, &account.key, &account.body.name);
                }
            }
            Kind::Playbook => {
                for (row, id) in columns.playbook_ids.iter().enumerate() {
                    let column = columns.playbooks.get(id).filter(|c| c.state != PlaybookState::Removed);
                    if let Some(column) = column {
                        weigh(row as u32, &column.key, &column.title);
                    }
                }
            }
            // a task has no name of its own: it is found by its id, or by whom it is for
            Kind::Task => {
                for (_, row) in &columns.open {
                    let Some(id) = columns.tasks.id(*row) else { continue };
                    let Ok(Some(task)) = self.store.task(id) else { continue };
                    let name = columns.target_name(task.target);
                    weigh(*row, &search_key(&name), &name);
                }
            }
        }
    }

    /// A row as a suggestion, with what tells equal names apart.
    pub(super) fn suggestion(&self, kind: Kind, row: u32) -> Option<Suggestion> {
        let columns = &self.store.columns;
        let id = self.line_id(kind, row)?;
        let (name, hint) = match (&id, kind) {
            (LineId::Object(ObjectId::Member(_)), _) => {
                let member = columns.members.get(row)?;
                (clean(member.name()), self.hint_of_member(row))
            }
            (LineId::Object(ObjectId::Group(_)), _) => {
                let group = &columns.groups.get(row)?.body;
                let account = group.account.map(|id| columns.target_name(Target::Account(id)));
                (clean(&group.name), clean(&account.unwrap_or_default()))
            }
            (LineId::Object(ObjectId::Account(_)), _) => {
                let account = &columns.accounts.get(row)?.body;
                let hint = format!("{} {}", account.platform.label(Lang::default()), account.device);
                (clean(&account.name), clean(hint.trim()))
            }
            (LineId::Object(ObjectId::Task(id)), _) => {
                let task = self.store.task(*id).ok().flatten()?;
                let due = short_time(task.status.due_at, self.task_zone(&task));
                (clean(&columns.target_name(task.target)), due)
            }
            (LineId::Playbook(id), _) => (self.title(id), clean(&id.0)),
            _ => return None,
        };
        Some(Suggestion { id, kind, name, hint })
    }

    /// The first group, else the account that is a friend, and the tail of the phone number.
    fn hint_of_member(&self, row: u32) -> String {
        let columns = &self.store.columns;
        let Some(member) = columns.members.get(row) else { return String::new() };
        let group = member
            .stays()
            .find(|stay| stay.left_at.is_none())
            .and_then(|stay| columns.groups.get(stay.group))
            .map(|group| group.body.name.as_str());
        let friend = member
            .contacts()
            .find(|contact| contact.state == ContactState::Friend)
            .and_then(|contact| columns.accounts.get(contact.account))
            .map(|account| account.body.name.as_str());
        let digits = member.phone().chars().count();
        let tail: String = member.phone().chars().skip(digits.saturating_sub(PHONE_TAIL)).collect();
        let hint = [group.or(friend).unwrap_or_default(), tail.as_str()].join(" ");
        clean(hint.trim())
    }
}

/// What was typed, in the forms it is compared in.
struct Typed {
    needle: Needle,
    folded: String,
    key: String,
}

impl Typed {
    /// How well a name that matches does: 0 equal (or an alias is), 1 begins, 2 contains, 3 by its pinyin, 4 by an
    /// alias or the phone number.
    fn rank(&self, name: &str, key: &str) -> u8 {
        let name = fold(name);
        let own = key.lines().next().unwrap_or_default();
        if name == self.folded || key.lines().any(|line| line == self.key) {
            0
        } else if name.starts_with(&self.folded) {
            1
        } else if name.contains(&self.folded) {
            2
        } else if self.needle.matches(own) {
            3
        } else {
            4
        }
    }
}
