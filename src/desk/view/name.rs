//! Names: offering what begins or sounds like what was typed, and finding exactly one.
//!
//! One file because both look through the same names in the same slices.

use super::nearest::Nearest;
use super::scan::{ROW, is_found, is_in};
use super::task_line::clean;
use super::variables::short_time;
use super::words::ViewWords;
use crate::book::{ContactState, ObjectId, PlaybookId, Target};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::form::Kind;
use crate::door::line::LineId;
use crate::door::namesakes::tell_apart;
use crate::door::reply::Suggestion;
use crate::door::{Refusal, RefusalKind, Reply};
use crate::query::{self, Filter, MatchContext};
use crate::queue::order::Place;
use crate::store::Columns;
use crate::store::columns::TaskColumn;
use crate::store::columns::task::TargetRow;
use crate::store::record::PlaybookState;
use crate::text::fold::fold;
use crate::text::lang::Lang;
use crate::text::pinyin::{Needle, search_key};

/// The most suggestions of one answer.
const SUGGESTIONS_MAX: usize = 100;

/// Matches that are weighed; of a book where more names match, the first are.
const WEIGHED: usize = 5_000;

/// What holding a name against what was typed costs, in the steps of [`super::scan::SLICE`].
const WEIGH: usize = 20;

/// Digits of a phone number that tell equal names apart.
const PHONE_TAIL: usize = 4;

/// A match before it is shown: how well it matches, and where it stands.
struct Hit {
    rank: (u8, usize),
    kind: Kind,
    row: u32,
}

/// A look through names, in slices.
pub(super) struct Names {
    wants: Wants,
    kinds: Vec<Kind>,
    text: String,
    typed: Typed,
    stage: Stage,
    /// The kind whose names are looked at, by its place in `kinds`.
    kind: usize,
    /// The next row of it.
    next: u32,
    /// Of tasks the last place in the queue.
    after: Option<Place>,
    hits: Vec<Hit>,
    by_id: Vec<u32>,
}

/// What a look through names is for.
enum Wants {
    /// So many that begin or sound like it.
    Suggestions(u16),
    /// The one that is meant.
    One,
}

/// How far a look through names has come.
enum Stage {
    /// Rows whose id ends so.
    Ids(Box<Filter>),
    Names,
    /// Nothing has that name: what comes nearest.
    Nearest(Option<Nearest>),
}

impl Names {
    /// Names that begin or sound like a text, best first: equal, beginning, containing, by pinyin; shorter first.
    pub(super) fn suggest(kinds: Vec<Kind>, text: &str, limit: u16) -> Self {
        Self::new(Wants::Suggestions(limit), kinds, text, Stage::Names)
    }

    /// One object by id, by the tail of one, by its exact name, or by a needle that only one name has; several where
    /// several could be meant.
    pub(super) fn find(kind: Kind, text: &str) -> Self {
        let text = text.trim();
        let id = query::parse(&format!("id:{}", text.to_ascii_lowercase())).ok();
        let by_id = id
            .filter(|_| kind != Kind::Playbook)
            .map(|query| Stage::Ids(Box::new(query.resolve(&MatchContext::nowhere()))));
        Self::new(Wants::One, vec![kind], text, by_id.unwrap_or(Stage::Names))
    }

    fn new(wants: Wants, kinds: Vec<Kind>, text: &str, stage: Stage) -> Self {
        let typed = Typed { needle: Needle::new(text), folded: fold(text.trim()), key: search_key(text) };
        Self {
            wants,
            kinds,
            text: text.to_owned(),
            typed,
            stage,
            kind: 0,
            next: 0,
            after: None,
            hits: Vec::new(),
            by_id: Vec::new(),
        }
    }

    /// Goes on until the budget is used; the answer once everything was looked at.
    pub(super) fn advance(
        &mut self,
        desk: &Desk,
        budget: &mut usize,
        lang: Lang,
    ) -> Result<Option<Reply>, DeskError> {
        if let (Wants::Suggestions(limit), true) = (&self.wants, self.text.trim().is_empty()) {
            return Ok(Some(Reply::Suggestions(desk.recent(&self.kinds, *limit))));
        }
        while *budget > 0 {
            match &mut self.stage {
                Stage::Ids(_) => {
                    if self.look_at_ids(desk, budget) {
                        if !self.by_id.is_empty() {
                            let kind = self.kinds.first().copied().unwrap_or(Kind::Member);
                            let found = self.by_id.iter().filter_map(|row| desk.suggestion(kind, *row));
                            return Ok(Some(Reply::Found(found.collect())));
                        }
                        (self.stage, self.next) = (Stage::Names, 0);
                    }
                }
                Stage::Names => {
                    let Some(kind) = self.kinds.get(self.kind).copied() else {
                        if let Some(reply) = self.found(desk) {
                            return Ok(Some(reply));
                        }
                        let quoted = format!("\"{}\"", self.text.replace(['"', '\\'], ""));
                        let query = desk.views.filters.get(&quoted).ok();
                        let kind = self.kinds.first().copied().unwrap_or(Kind::Member);
                        self.stage = Stage::Nearest(query.and_then(|query| Nearest::new(kind, &query)));
                        continue;
                    };
                    if self.look_at_names(desk, kind, budget) {
                        (self.kind, self.next, self.after) = (self.kind + 1, 0, None);
                    }
                }
                Stage::Nearest(nearest) => {
                    let names = match nearest {
                        Some(nearest) => nearest.advance(desk, budget),
                        None => Some(Vec::new()),
                    };
                    if let Some(candidates) = names {
                        let text = clean(&self.text);
                        let words = ViewWords::NotFound.fill(lang, &[("text", &text)]);
                        let mut refusal = Refusal::new(RefusalKind::NotFound, words).about(text);
                        refusal.candidates = candidates;
                        let kind = self.kinds.first().copied().unwrap_or(Kind::Member);
                        if let Some(hint) = desk.archived_hint(kind, &self.text, lang) {
                            refusal.hint = hint;
                        }
                        return Err(refusal.into());
                    }
                }
            }
        }
        Ok(None)
    }

    /// Looks at ids until the budget is used; true when all were looked at.
    fn look_at_ids(&mut self, desk: &Desk, budget: &mut usize) -> bool {
        let (Stage::Ids(filter), Some(kind)) = (&self.stage, self.kinds.first().copied()) else {
            return true;
        };
        let columns = &desk.store.columns;
        let scene = desk.scene(columns.store.last_at);
        let end = desk.row_count(kind);
        while self.next < end && *budget > 0 {
            if is_in(kind, &scene, filter, self.next) {
                self.by_id.push(self.next);
            }
            self.next += 1;
            *budget = budget.saturating_sub(ROW);
        }
        self.next >= end
    }

    /// Looks at names of a kind until the budget is used; true when all were looked at.
    fn look_at_names(&mut self, desk: &Desk, kind: Kind, budget: &mut usize) -> bool {
        let columns = &desk.store.columns;
        let wants_one = matches!(self.wants, Wants::One);
        let (typed, hits) = (&self.typed, &mut self.hits);
        let mut weigh = |row: u32, key: &str, name: &str| {
            if hits.len() < WEIGHED && typed.needle.matches(key) {
                let rank = (typed.rank(name, key), name.chars().count());
                hits.push(Hit { rank, kind, row });
            }
        };
        // a task has no name of its own: it is found by its id, or by whom it is for
        if kind == Kind::Task {
            for place in columns.queue.iter_after(self.after) {
                self.after = Some(place);
                let row = place.row();
                if let Some((key, name)) = columns.tasks.get(row).and_then(|task| key_of(&task, columns)) {
                    weigh(row, key, name);
                }
                *budget = budget.saturating_sub(WEIGH);
                if *budget == 0 {
                    return false;
                }
            }
            return true;
        }
        let end = desk.row_count(kind);
        while self.next < end && *budget > 0 {
            let row = self.next;
            let named = match kind {
                Kind::Member | Kind::Contact | Kind::Membership => {
                    columns.members.get(row).filter(|m| !m.archived).map(|m| (m.key(), m.name()))
                }
                Kind::Group => {
                    let group = columns.groups.get(row).filter(|g| !g.body.archived);
                    group.map(|g| (&*g.key, g.body.name.as_str()))
                }
                Kind::Account => {
                    let account = columns.accounts.get(row).filter(|a| !a.body.archived);
                    account.map(|a| (&*a.key, a.body.name.as_str()))
                }
                Kind::Playbook => columns
                    .playbook_at(row as u16)
                    .filter(|(id, c)| c.state != PlaybookState::Removed || (wants_one && is_found(id, c)))
                    .map(|(_, c)| (&*c.key, c.title.as_str())),
                Kind::Task | Kind::Product => None,
            };
            if let Some((key, name)) = named {
                weigh(row, key, name);
            }
            self.next += 1;
            *budget = budget.saturating_sub(WEIGH);
        }
        self.next >= end
    }

    /// The answer from what was found; none where one was to be found and there is none.
    fn found(&mut self, desk: &Desk) -> Option<Reply> {
        let mut hits = std::mem::take(&mut self.hits);
        let place = |kind: Kind| self.kinds.iter().position(|wanted| *wanted == kind);
        hits.sort_by_cached_key(|hit| {
            (hit.rank, place(hit.kind), desk.ordered().name_key(hit.kind, hit.row), hit.row)
        });
        let shown = |hits: Vec<Hit>, most: usize| {
            let hits = hits.into_iter().take(most);
            let mut found: Vec<Suggestion> =
                hits.filter_map(|hit| desk.suggestion(hit.kind, hit.row)).collect();
            tell_apart(&mut found);
            found
        };
        match self.wants {
            Wants::Suggestions(limit) => {
                Some(Reply::Suggestions(shown(hits, usize::from(limit).min(SUGGESTIONS_MAX))))
            }
            Wants::One => {
                if let (Some(Kind::Playbook), id) = (self.kinds.first(), PlaybookId(self.text.clone()))
                    && let Some(place) = desk.store.columns.playbook_position(&id)
                {
                    let found = desk.suggestion(Kind::Playbook, u32::from(place));
                    return Some(Reply::Found(found.into_iter().collect()));
                }
                // what was taken back is meant only where nothing else is called so
                let stands = |hit: &Hit| {
                    let playbook = desk.store.columns.playbook_at(hit.row as u16);
                    hit.kind != Kind::Playbook
                        || playbook.is_some_and(|(_, column)| column.state != PlaybookState::Removed)
                };
                if hits.iter().any(stands) {
                    hits.retain(stands);
                }
                let exact = hits.iter().filter(|hit| hit.rank.0 == 0).count();
                if exact > 0 {
                    hits.truncate(exact);
                }
                (!hits.is_empty()).then(|| Reply::Found(shown(hits, SUGGESTIONS_MAX)))
            }
        }
    }
}

impl Desk {
    /// Before anything is typed: groups by when something was last said in them, then accounts; of others nothing.
    fn recent(&self, kinds: &[Kind], limit: u16) -> Vec<Suggestion> {
        let columns = &self.store.columns;
        let mut rows: Vec<(Kind, u32)> = Vec::new();
        if kinds.contains(&Kind::Group) {
            let groups = columns.groups.iter().filter(|(_, _, group)| !group.body.archived);
            let mut groups: Vec<_> =
                groups.map(|(row, _, g)| (std::cmp::Reverse(g.last_touch_at), row)).collect();
            groups.sort_by_cached_key(|(at, row)| (*at, self.ordered().name_key(Kind::Group, *row), *row));
            rows.extend(groups.into_iter().map(|(_, row)| (Kind::Group, row)));
        }
        if kinds.contains(&Kind::Account) {
            let accounts = columns.accounts.iter().filter(|(_, _, account)| !account.body.archived);
            rows.extend(accounts.map(|(row, ..)| (Kind::Account, row)));
        }
        let limit = usize::from(limit).min(SUGGESTIONS_MAX);
        rows.into_iter().take(limit).filter_map(|(kind, row)| self.suggestion(kind, row)).collect()
    }

    /// How many rows a kind has, archived ones included.
    pub(super) fn row_count(&self, kind: Kind) -> u32 {
        let columns = &self.store.columns;
        let count = match kind {
            Kind::Task => columns.tasks.len(),
            Kind::Member => columns.members.len(),
            Kind::Group => columns.groups.len(),
            Kind::Account => columns.accounts.len(),
            Kind::Playbook => columns.playbook_ids.len(),
            Kind::Contact | Kind::Membership => columns.members.len(),
            Kind::Product => 0,
        };
        count as u32
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

/// Search key and name of whom a task is for.
fn key_of<'a>(task: &TaskColumn, columns: &'a Columns) -> Option<(&'a str, &'a str)> {
    Some(match task.target {
        TargetRow::Member(row) => columns.members.get(row).map(|member| (member.key(), member.name()))?,
        TargetRow::Group(row) => {
            columns.groups.get(row).map(|group| (&*group.key, group.body.name.as_str()))?
        }
        TargetRow::Account(row) => {
            columns.accounts.get(row).map(|account| (&*account.key, account.body.name.as_str()))?
        }
        TargetRow::None => return None,
    })
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
