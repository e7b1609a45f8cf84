//! The order and the window of one list.
//!
//! One file because the order, its unfinished scan and the window that a screen holds are one state: each change moves all three.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::affected;
use super::rendered::{Rendered, lines};
use crate::book::time::MINUTE;
use crate::book::{TaskId, Timestamp};
use crate::desk::act::DeskError;
use crate::desk::view::entries::Entries;
use crate::desk::view::list::Asked;
use crate::desk::view::nearest::Nearest;
use crate::desk::view::order::Order;
use crate::desk::view::reads::LINE;
use crate::desk::view::scan::{Ready, SLICE, Scan, is_in, ready};
use crate::desk::view::subject::AWAITED;
use crate::desk::{Changed, Desk, Session};
use crate::door::Push;
use crate::door::detail::TaskText;
use crate::door::form::Kind;
use crate::door::line::LineId;
use crate::door::reply::{Patch, Window};
use crate::door::request::{ListSpec, Sort};
use crate::query::{Filter, Query};
use crate::queue::order::Place;
use crate::store::columns::{Ranked, queue};
use crate::text::lang::Lang;

/// Neighbours of the line looked at whose texts travel, on each side.
const NEIGHBOURS: usize = 20;

/// Ended tasks that one change may look at; where there are more, the list is scanned again.
const ENDED_LOOKED_AT: usize = 10_000;

/// One list, watched or asked for once.
pub(in crate::desk::view) struct LiveView {
    list: ListSpec,
    query: Arc<Query>,
    order: Order,
    me: String,
    lang: Lang,
    /// True when only a task's own changes can bring it in or take it out.
    own: bool,
    filter: Filter,
    /// When rows may come and go by time alone.
    refresh_at: Option<Timestamp>,
    rows: Rows,
    scan: Option<Scanning>,
    /// The nearest names, being looked for because a scan found nothing; and what was found.
    looking: Option<Nearest>,
    nearest: Option<Vec<String>>,
    /// Everything changed during a scan: it begins again when it ends.
    again: bool,
    /// Rows to be judged again.
    touched: Vec<u32>,
    first: u32,
    wanted: u32,
    around: Option<LineId>,
    /// Where the line asked for is not in this list, its place is where it would stand: until the list has been told
    /// whole for the first time. Afterwards a line that goes leaves the window where it is.
    near: bool,
    rev: u64,
    /// A window was answered before the first scan had finished.
    owes_window: bool,
    total: u32,
    order_told: Vec<LineId>,
    first_told: u32,
    /// Lines of the window as the screen has them, by row.
    told: HashMap<u32, Rendered>,
    /// Rows whose line has to be made again; everything where `all_stale`.
    stale: HashSet<u32>,
    all_stale: bool,
    /// Something happened to what a line shown is about: its card says more than the line, which may be the same.
    card_changed: bool,
    /// Texts that the screen has, as it has them.
    texts: HashMap<TaskId, TaskText>,
    rendered_minute: i64,
}

/// The rows of a list in their order, as far as they are known.
enum Rows {
    /// As the queue has them: always whole and true.
    Ready(Ready),
    Kept(Entries),
}

/// A scan under way and what it has found.
struct Scanning {
    scan: Scan,
    /// None while the list itself takes what is found, because it has never been whole.
    found: Option<Entries>,
    /// How many turns have looked at rows for it.
    slices: u32,
}

impl LiveView {
    pub(in crate::desk::view) fn new(
        list: ListSpec,
        asked: Asked,
        session: &Session,
        now: Timestamp,
        desk: &Desk,
    ) -> Self {
        let Asked { query, order } = asked;
        let own = list.kind != Kind::Task
            || (affected::is_of_tasks_alone(&query) && !matches!(list.sort, Sort::Name));
        let ready = ready(order, &query);
        let mut view = Self {
            filter: desk.resolved(&query, now, &session.operator),
            refresh_at: None,
            scan: None,
            list,
            query,
            order,
            me: session.operator.clone(),
            lang: session.lang,
            own,
            rows: ready.map_or_else(|| Rows::Kept(Entries::default()), Rows::Ready),
            looking: None,
            nearest: None,
            again: false,
            touched: Vec::new(),
            first: 0,
            wanted: 0,
            around: None,
            near: true,
            rev: 0,
            owes_window: false,
            total: 0,
            order_told: Vec::new(),
            first_told: 0,
            told: HashMap::new(),
            stale: HashSet::new(),
            all_stale: false,
            card_changed: false,
            texts: HashMap::new(),
            rendered_minute: now.0.div_euclid(MINUTE),
        };
        view.begin_scan(desk, now, true);
        view
    }

    /// True when it is a watch of that list already, in that language.
    pub(super) fn shows(&self, list: &ListSpec, lang: Lang) -> bool {
        self.list == *list && self.lang == lang
    }

    /// True while its scan is not finished.
    pub(super) const fn is_scanning(&self) -> bool {
        self.scan.is_some()
    }

    /// True while a list that has never been whole fills, between the slices after which it is told what was found:
    /// the first, and then each time as many again were looked at. Telling costs more than looking, and rows that
    /// move at each slice cannot be read.
    pub(super) fn fills_untold(&self) -> bool {
        let changed = !self.stale.is_empty() || self.all_stale || self.card_changed;
        let filling = self.scan.as_ref().filter(|scanning| scanning.found.is_none());
        !changed && filling.is_some_and(|scanning| !scanning.slices.is_power_of_two())
    }

    /// True while there is something to do for it that takes more than a turn.
    pub(in crate::desk::view) const fn is_under_way(&self) -> bool {
        self.scan.is_some() || self.looking.is_some()
    }

    /// True when the window that was answered was not the whole truth.
    pub(super) fn owes_window(&self) -> bool {
        self.owes_window
    }

    /// How many rows the list has, as far as it is known: no more than its limit.
    pub(in crate::desk::view) fn total(&self, desk: &Desk) -> u32 {
        self.matched(desk).min(self.limit())
    }

    /// How many the filter matches, whatever the limit.
    pub(in crate::desk::view) fn matched(&self, desk: &Desk) -> u32 {
        let queue = &desk.store.columns.queue;
        let all = match &self.rows {
            Rows::Ready(Ready::Due) => queue.due().len(),
            Rows::Ready(Ready::Snoozed) => queue.snoozed().len(),
            Rows::Ready(Ready::Open) => queue.len(),
            Rows::Kept(entries) => entries.len(),
        };
        all as u32
    }

    /// The most rows that are shown.
    fn limit(&self) -> u32 {
        self.list.limit.unwrap_or(u32::MAX)
    }

    /// Rows of the list from one on, in order.
    pub(in crate::desk::view) fn rows(&self, desk: &Desk, first: u32, rows: u32) -> Vec<u32> {
        let queue = &desk.store.columns.queue;
        let rows = rows.min(self.limit().saturating_sub(first));
        let (first, rows) = (first as usize, rows as usize);
        match &self.rows {
            Rows::Ready(Ready::Due) => queue.due().iter_at(first).take(rows).map(Place::row).collect(),
            Rows::Ready(Ready::Snoozed) => {
                queue.snoozed().iter_at(first).take(rows).map(Place::row).collect()
            }
            Rows::Ready(Ready::Open) => queue.iter_at(first).take(rows).map(Place::row).collect(),
            Rows::Kept(entries) => entries.window(first, rows),
        }
    }

    /// How many rows of the list stand before one that is in it.
    fn position(&self, desk: &Desk, row: u32) -> Option<usize> {
        let columns = &desk.store.columns;
        let place = || columns.tasks.get(row).map(|task| queue::place(row, &task));
        let of = |ranked: &Ranked<Place>| {
            let place = place().filter(|place| ranked.contains(place))?;
            Some(ranked.rank(&place))
        };
        let position = match &self.rows {
            Rows::Ready(Ready::Due) => of(columns.queue.due()),
            Rows::Ready(Ready::Snoozed) => of(columns.queue.snoozed()),
            Rows::Ready(Ready::Open) => {
                let open = columns.tasks.get(row).is_some_and(|task| task.state.is_open());
                place().filter(|_| open).map(|place| columns.queue.rank(&place))
            }
            Rows::Kept(entries) => entries.position(row, self.order, desk.ordered()),
        };
        position.filter(|position| *position < self.limit() as usize)
    }

    /// What its rows are.
    pub(in crate::desk::view) fn kind(&self) -> Kind {
        self.order.kind
    }

    /// The nearest names where there is nothing in the list.
    pub(in crate::desk::view) fn nearest(&self, desk: &Desk) -> Vec<String> {
        self.nearest.clone().filter(|_| self.total(desk) == 0).unwrap_or_default()
    }

    /// Scans from the start; until the end `anew` is shown what is found, else what was known before.
    fn begin_scan(&mut self, desk: &Desk, now: Timestamp, anew: bool) {
        self.filter = desk.resolved(&self.query, now, &self.me);
        self.refresh_at = self.query.next_change(now, desk.store.columns.store.zone);
        self.again = false;
        if matches!(self.rows, Rows::Ready(_)) {
            return;
        }
        let found = (!anew).then(Entries::default);
        self.scan = Some(Scanning { scan: Scan::new(self.order.kind, &self.query), found, slices: 0 });
    }

    /// Looks at rows until the budget is used; true when the scan is finished and its rows stand in order.
    pub(in crate::desk::view) fn scan_slice(
        &mut self,
        desk: &Desk,
        budget: &mut usize,
        now: Timestamp,
    ) -> bool {
        let Some(mut scanning) = self.scan.take() else { return true };
        scanning.slices += 1;
        let scene = desk.scene(now);
        let mut rows = Vec::new();
        let done = scanning.scan.advance(self.order, &scene, &self.filter, budget, &mut rows);
        let found = match (&mut scanning.found, &mut self.rows) {
            (Some(found), _) | (None, Rows::Kept(found)) => found,
            (None, Rows::Ready(_)) => return true,
        };
        found.add(&rows, self.order, desk.ordered());
        if !done {
            self.scan = Some(scanning);
            return false;
        }
        if let Some(found) = scanning.found {
            self.rows = Rows::Kept(found);
        }
        if self.again {
            self.begin_scan(desk, now, false);
            return false;
        }
        self.nearest = None;
        self.looking = if self.total(desk) == 0 { Nearest::new(self.order.kind, &self.query) } else { None };
        true
    }

    /// Looks for the names nearest to those of a list in which a scan found nothing, until the budget is used; true when
    /// there is nothing left to look for.
    pub(in crate::desk::view) fn near_slice(&mut self, desk: &Desk, budget: &mut usize) -> bool {
        let Some(mut looking) = self.looking.take().filter(|_| self.total(desk) == 0) else { return true };
        self.nearest = looking.advance(desk, budget);
        self.looking = self.nearest.is_none().then_some(looking);
        self.looking.is_none()
    }

    /// Moves the window.
    pub(super) fn look_at(&mut self, first: u32, rows: u32, around: Option<LineId>) {
        self.first = first;
        self.wanted = rows;
        self.around = around;
    }

    /// Takes note of what a turn changed and of the time. A minute that makes every line stale waits until this turn
    /// may make so many.
    pub(in crate::desk::view) fn notice(
        &mut self,
        desk: &Desk,
        changed: &Changed,
        now: Timestamp,
        lines_left: &mut usize,
    ) {
        if changed.all {
            self.all_stale = true;
            if self.scan.is_some() {
                self.again = true;
            } else {
                self.begin_scan(desk, now, false);
            }
        } else if !changed.objects.is_empty() || !changed.playbooks.is_empty() {
            self.notice_objects(desk, changed, now);
        }
        let minute = now.0.div_euclid(MINUTE);
        if minute != self.rendered_minute && *lines_left > 0 {
            *lines_left = lines_left.saturating_sub(self.told.len());
            self.rendered_minute = minute;
            self.all_stale = true;
        }
        let early =
            self.refresh_at.is_some_and(|at| now >= at || now.since(at) < -2 * crate::book::time::DAY);
        if early && self.scan.is_none() {
            self.begin_scan(desk, now, false);
        }
    }

    /// True where lines still show an earlier minute.
    pub(super) fn is_behind(&self, now: Timestamp) -> bool {
        now.0.div_euclid(MINUTE) != self.rendered_minute
    }

    fn notice_objects(&mut self, desk: &Desk, changed: &Changed, now: Timestamp) {
        let playbooks = self.order.kind == Kind::Playbook;
        let terms = if self.order.kind == Kind::Task && !self.told.is_empty() {
            affected::terms(desk, changed)
        } else {
            Some(HashSet::new())
        };
        let shown = self.told.iter().filter(|(_, line)| {
            playbooks || line.shows_any(&changed.objects) || line.may_be_found_with(terms.as_ref())
        });
        self.stale.extend(shown.map(|(row, _)| *row));
        let mut rows = affected::rows(desk, self.order.kind, self.own, changed);
        self.card_changed |= if self.order.kind == Kind::Task {
            !self.stale.is_empty()
        } else {
            rows.iter().any(|row| self.told.contains_key(row))
        };
        if !self.own && self.may_have_ended() {
            self.notice_ended(desk, changed, now, &mut rows);
        }
        self.stale.extend(&rows);
        self.touched.extend(rows);
    }

    /// Adds ended tasks that concern what changed.
    fn notice_ended(&mut self, desk: &Desk, changed: &Changed, now: Timestamp, rows: &mut Vec<u32>) {
        let columns = &desk.store.columns;
        let Rows::Kept(entries) = &self.rows else { return };
        let owners = affected::owners(columns, changed);
        if owners.is_empty() {
            return;
        }
        let lately = Timestamp(now.0.saturating_sub(AWAITED));
        if columns.ended.since(lately) + entries.len() > ENDED_LOOKED_AT {
            // too many to look at in one turn
            if self.scan.is_some() {
                self.again = true;
            } else {
                self.begin_scan(desk, now, false);
            }
            return;
        }
        let concerns = |row: &u32| affected::concerns(columns, &owners, *row);
        rows.extend(columns.ended.rows_since(lately).filter(concerns));
        rows.extend(entries.iter().filter(concerns));
    }

    /// True where a task that has ended may be in the list.
    fn may_have_ended(&self) -> bool {
        self.order.kind == Kind::Task
            && matches!(self.rows, Rows::Kept(_))
            && Scan::new(self.order.kind, &self.query).has_ended()
    }

    /// Judges touched rows again and puts them where they belong, also among what a scan has found so far: it may have
    /// passed them by.
    pub(in crate::desk::view) fn follow(&mut self, desk: &Desk, now: Timestamp) {
        if self.touched.is_empty() {
            return;
        }
        let touched: HashSet<u32> = self.touched.drain(..).collect();
        if touched.len() * self.filter.cost() as usize / 10 > SLICE {
            // too dear for one turn
            if self.scan.is_some() {
                self.again = true;
            } else {
                self.begin_scan(desk, now, false);
            }
            return;
        }
        let Rows::Kept(entries) = &mut self.rows else { return };
        let (scene, named) = (desk.scene(now), desk.ordered());
        let (order, filter) = (self.order, &self.filter);
        let back: Vec<u32> =
            touched.iter().copied().filter(|row| is_in(order.kind, &scene, filter, *row)).collect();
        let found = self.scan.as_mut().and_then(|scanning| scanning.found.as_mut());
        for list in std::iter::once(entries).chain(found) {
            for row in &touched {
                list.remove(*row, order, named);
            }
            list.add(&back, order, named);
        }
    }

    /// Where the line that was asked for stands; of a list that is new, where it would stand.
    fn around_at(&self, desk: &Desk) -> Option<usize> {
        let row = desk.row_of(self.order.kind, self.around.as_ref()?)?;
        self.position(desk, row).or_else(|| self.would_stand(desk, row).filter(|_| self.near))
    }

    /// The row of the list that comes next to where a row would stand that is not in it; none in an empty list.
    fn would_stand(&self, desk: &Desk, row: u32) -> Option<usize> {
        let columns = &desk.store.columns;
        let place = || columns.tasks.get(row).map(|task| queue::place(row, &task));
        let at = match &self.rows {
            Rows::Ready(Ready::Due) => columns.queue.due().rank(&place()?),
            Rows::Ready(Ready::Snoozed) => columns.queue.snoozed().rank(&place()?),
            Rows::Ready(Ready::Open) => columns.queue.rank(&place()?),
            Rows::Kept(entries) => entries.would_stand(row, self.order, desk.ordered()),
        };
        let last = (self.total(desk) as usize).checked_sub(1)?;
        Some(at.min(last))
    }

    /// The first row of the window: as asked, moved as little as keeps the line asked for in it.
    fn first_now(&self, desk: &Desk, around: Option<usize>) -> u32 {
        let total = self.total(desk);
        let last_first = total.saturating_sub(self.wanted.min(total));
        let mut first = self.first.min(total);
        if let Some(around) = around.map(|at| at as u32) {
            if around < first {
                first = around;
            } else if self.wanted > 0 && around >= first + self.wanted {
                first = (around + 1).saturating_sub(self.wanted);
            }
        } else if first >= total {
            first = last_first;
        }
        first
    }

    /// The lines of rows as they are now; rows without a line are left out. A line is made again only where
    /// something it shows may have changed.
    fn render(
        &mut self,
        desk: &Desk,
        rows: &[u32],
        now: Timestamp,
    ) -> Result<Vec<(u32, Rendered)>, DeskError> {
        let mut shown = Vec::with_capacity(rows.len());
        for row in rows {
            let known = self.told.get(row).filter(|_| !self.all_stale && !self.stale.contains(row));
            let line = match known {
                Some(line) => Some(line.clone()),
                None => Rendered::of(desk, self.order.kind, *row, now, self.lang)?,
            };
            shown.extend(line.map(|line| (*row, line)));
        }
        self.stale.clear();
        self.all_stale = false;
        Ok(shown)
    }

    /// Makes lines of rows of a list asked for once, until the budget is used; all of them once each is made and true.
    pub(in crate::desk::view) fn lines_slice(
        &mut self,
        desk: &Desk,
        first: u32,
        rows: u32,
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<Option<Vec<Rendered>>, DeskError> {
        if std::mem::take(&mut self.all_stale) {
            self.told.clear();
        }
        for row in self.stale.drain() {
            self.told.remove(&row);
        }
        let rows = self.rows(desk, first, rows);
        for row in &rows {
            if self.told.contains_key(row) {
                continue;
            }
            if *budget == 0 {
                return Ok(None);
            }
            *budget = budget.saturating_sub(LINE);
            if let Some(line) = Rendered::once(desk, self.order.kind, *row, now, self.lang)? {
                self.told.insert(*row, line);
            }
        }
        Ok(Some(rows.iter().filter_map(|row| self.told.remove(row)).collect()))
    }

    /// The texts around the line asked for, else of the window's head, that the screen does not have yet.
    fn fresh_texts(&mut self, shown: &[(u32, Rendered)], around: Option<usize>, first: u32) -> Vec<TaskText> {
        let middle = around.map_or(0, |at| at.saturating_sub(first as usize));
        let skip = middle.saturating_sub(NEIGHBOURS);
        let near: HashMap<TaskId, TaskText> = shown
            .iter()
            .skip(skip)
            .take(2 * NEIGHBOURS + 1)
            .filter_map(|(_, line)| line.text())
            .map(|text| (text.task, text.clone()))
            .collect();
        let in_order = shown.iter().filter_map(|(_, line)| line.text());
        let fresh = in_order
            .filter(|text| near.contains_key(&text.task) && self.texts.get(&text.task) != Some(*text))
            .cloned()
            .collect();
        // what the screen once had and lost sight of is sent again when it comes back
        self.texts = near;
        fresh
    }

    /// The window as it is now; what follows are patches of it.
    pub(super) fn window(&mut self, desk: &Desk, watch: u32, now: Timestamp) -> Result<Window, DeskError> {
        let around = self.around_at(desk);
        let first = self.first_now(desk, around);
        let shown = self.render(desk, &self.rows(desk, first, self.wanted), now)?;
        self.texts.clear();
        let texts = self.fresh_texts(&shown, around, first);
        // an empty list is told at once, and again with what is near
        self.owes_window = self.is_under_way();
        self.near &= self.is_scanning();
        let kind = self.order.kind;
        let total = self.total(desk);
        let nearest = self.nearest(desk);
        let lines = lines(kind, shown.iter().map(|(_, line)| line.clone()));
        self.note_told(desk, first, shown);
        let around = around.map(|at| at as u32);
        Ok(Window { watch, rev: self.rev, total, first, lines, texts, around, nearest })
    }

    fn note_told(&mut self, desk: &Desk, first: u32, shown: Vec<(u32, Rendered)>) {
        self.rev += 1;
        self.total = self.total(desk);
        self.first_told = first;
        self.order_told = self.ids(desk, &shown);
        self.told = shown.into_iter().collect();
    }

    fn ids(&self, desk: &Desk, shown: &[(u32, Rendered)]) -> Vec<LineId> {
        shown.iter().filter_map(|(row, _)| desk.line_id(self.order.kind, *row)).collect()
    }

    /// What changed in the window since it was last told; none when nothing did.
    pub(super) fn patch(
        &mut self,
        desk: &Desk,
        watch: u32,
        now: Timestamp,
    ) -> Result<Option<Push>, DeskError> {
        let around = self.around_at(desk);
        let first = self.first_now(desk, around);
        if first != self.first_told {
            return Ok(Some(Push::Window(self.window(desk, watch, now)?)));
        }
        let shown = self.render(desk, &self.rows(desk, first, self.wanted), now)?;
        let differs =
            |row: u32, line: &Rendered| !self.told.get(&row).is_some_and(|told| told.has_line_of(line));
        let upserts: Vec<Rendered> =
            shown.iter().filter(|(row, line)| differs(*row, line)).map(|(_, line)| line.clone()).collect();
        let texts = self.fresh_texts(&shown, around, first);
        let order = self.ids(desk, &shown);
        let total = self.total(desk);
        let card_changed = std::mem::take(&mut self.card_changed);
        let same = upserts.is_empty() && texts.is_empty() && order == self.order_told && total == self.total;
        if same && !card_changed {
            // a text out of sight may have changed: what is kept is what a later patch starts from
            self.told = shown.into_iter().collect();
            return Ok(None);
        }
        self.note_told(desk, first, shown);
        let upserts = lines(self.order.kind, upserts.into_iter());
        Ok(Some(Push::Patch(Patch { watch, rev: self.rev, total, order, upserts, texts })))
    }
}
