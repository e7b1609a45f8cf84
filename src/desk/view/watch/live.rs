//! The order and the window of one watch.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::affected;
use super::rendered::{Rendered, lines};
use crate::book::time::MINUTE;
use crate::book::{TaskId, Timestamp};
use crate::desk::act::DeskError;
use crate::desk::view::list::Asked;
use crate::desk::view::order::Order;
use crate::desk::view::scan::{Scan, is_in};
use crate::desk::{Changed, Desk, Session};
use crate::door::Push;
use crate::door::detail::TaskText;
use crate::door::form::Kind;
use crate::door::line::LineId;
use crate::door::reply::{Patch, Window};
use crate::door::request::{ListSpec, Sort};
use crate::query::{Filter, Query};
use crate::text::lang::Lang;

/// Neighbours of the line looked at whose texts travel, on each side.
const NEIGHBOURS: usize = 20;

/// One watched list.
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
    /// All rows of the list in their order, as far as they are known.
    entries: Vec<u32>,
    scan: Option<Scanning>,
    /// Everything changed during a scan: it begins again when it ends.
    again: bool,
    /// Rows to be judged again.
    touched: Vec<u32>,
    first: u32,
    rows: u32,
    around: Option<LineId>,
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
    /// Texts that the screen has, as it has them.
    texts: HashMap<TaskId, TaskText>,
    rendered_minute: i64,
}

/// A scan under way and what it has found.
struct Scanning {
    scan: Scan,
    found: Vec<u32>,
}

impl LiveView {
    pub(super) fn new(list: ListSpec, asked: Asked, session: &Session, now: Timestamp, desk: &Desk) -> Self {
        let Asked { query, order } = asked;
        let own = list.kind != Kind::Task
            || (affected::is_of_tasks_alone(&query) && !matches!(list.sort, Sort::Name));
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
            entries: Vec::new(),
            again: false,
            touched: Vec::new(),
            first: 0,
            rows: 0,
            around: None,
            rev: 0,
            owes_window: false,
            total: 0,
            order_told: Vec::new(),
            first_told: 0,
            told: HashMap::new(),
            stale: HashSet::new(),
            all_stale: false,
            texts: HashMap::new(),
            rendered_minute: now.0.div_euclid(MINUTE),
        };
        view.begin_scan(desk, now);
        view
    }

    /// True when it is a watch of that list already.
    pub(super) fn shows(&self, list: &ListSpec) -> bool {
        self.list == *list
    }

    /// True while its scan is not finished.
    pub(in crate::desk::view) fn is_scanning(&self) -> bool {
        self.scan.is_some()
    }

    /// True when the window that was answered was not the whole truth.
    pub(super) fn owes_window(&self) -> bool {
        self.owes_window
    }

    fn begin_scan(&mut self, desk: &Desk, now: Timestamp) {
        self.filter = desk.resolved(&self.query, now, &self.me);
        self.refresh_at = self.query.next_change(now, desk.store.columns.store.zone);
        self.scan = Some(Scanning { scan: Scan::new(self.order.kind, &self.query), found: Vec::new() });
        self.again = false;
        self.touched.clear();
    }

    /// Looks at up to `budget` rows; true when the scan is finished and its rows stand in order.
    pub(super) fn scan_slice(&mut self, desk: &Desk, budget: usize, now: Timestamp) -> bool {
        let Some(mut scanning) = self.scan.take() else { return true };
        let scene = desk.scene(now);
        let done =
            scanning.scan.advance(self.order, &scene, &self.filter, budget.max(1), &mut scanning.found);
        if !done {
            // what is known of a first scan is better than nothing
            if self.owes_window || self.rev == 0 {
                self.entries.clone_from(&scanning.found);
                self.order.sort(&mut self.entries, &desk.store.columns);
            }
            self.scan = Some(scanning);
            return false;
        }
        self.entries = scanning.found;
        self.order.sort(&mut self.entries, &desk.store.columns);
        if self.again {
            let touched = std::mem::take(&mut self.touched);
            self.begin_scan(desk, now);
            self.touched = touched;
            return false;
        }
        true
    }

    /// Moves the window.
    pub(super) fn look_at(&mut self, first: u32, rows: u32, around: Option<LineId>) {
        self.first = first;
        self.rows = rows;
        self.around = around;
    }

    /// Takes note of what a turn changed and of the time.
    pub(super) fn notice(&mut self, desk: &Desk, changed: &Changed, now: Timestamp) {
        let minute = now.0.div_euclid(MINUTE);
        if changed.all {
            self.all_stale = true;
            if self.scan.is_some() {
                self.again = true;
            } else {
                self.begin_scan(desk, now);
            }
            return;
        }
        if !changed.objects.is_empty() || !changed.playbooks.is_empty() {
            let rows = affected::rows(desk, self.order.kind, self.own, changed, &self.entries, now);
            let playbooks = self.order.kind == Kind::Playbook;
            let shown = self.told.iter().filter(|(_, line)| playbooks || line.shows_any(&changed.objects));
            self.stale.extend(shown.map(|(row, _)| *row));
            self.stale.extend(&rows);
            self.touched.extend(rows);
        }
        if minute != self.rendered_minute {
            self.rendered_minute = minute;
            self.all_stale = true;
        }
        let early =
            self.refresh_at.is_some_and(|at| now >= at || now.since(at) < -2 * crate::book::time::DAY);
        if early && self.scan.is_none() {
            let touched = std::mem::take(&mut self.touched);
            self.begin_scan(desk, now);
            self.touched = touched;
        }
    }

    /// Judges touched rows again and puts them where they belong. While a scan runs they wait for its end, which
    /// may have passed them by.
    pub(super) fn follow(&mut self, desk: &Desk, now: Timestamp) {
        if self.scan.is_some() || self.touched.is_empty() {
            return;
        }
        let touched: HashSet<u32> = self.touched.drain(..).collect();
        let (scene, columns) = (desk.scene(now), &desk.store.columns);
        self.entries.retain(|row| !touched.contains(row));
        let mut back: Vec<u32> =
            touched.into_iter().filter(|row| is_in(self.order.kind, &scene, &self.filter, *row)).collect();
        if back.is_empty() {
            return;
        }
        self.order.sort(&mut back, columns);
        let mut merged = Vec::with_capacity(self.entries.len() + back.len());
        let mut rest = self.entries.as_slice();
        for row in back {
            let place = rest.partition_point(|other| self.order.compare(*other, row, columns).is_lt());
            let (before, after) = rest.split_at(place);
            merged.extend_from_slice(before);
            merged.push(row);
            rest = after;
        }
        merged.extend_from_slice(rest);
        self.entries = merged;
    }

    /// Where the line that was asked for stands.
    fn around_at(&self, desk: &Desk) -> Option<usize> {
        let row = desk.row_of(self.order.kind, self.around.as_ref()?)?;
        self.entries.iter().position(|entry| *entry == row)
    }

    /// The first row of the window: as asked, moved as little as keeps the line asked for in it.
    fn first_now(&self, around: Option<usize>) -> u32 {
        let total = self.entries.len() as u32;
        let last_first = total.saturating_sub(self.rows.min(total));
        let mut first = self.first.min(total);
        if let Some(around) = around.map(|at| at as u32) {
            if around < first {
                first = around;
            } else if self.rows > 0 && around >= first + self.rows {
                first = (around + 1).saturating_sub(self.rows);
            }
        } else if first >= total {
            first = last_first;
        }
        first
    }

    fn window_rows(&self, first: u32) -> Vec<u32> {
        self.entries.iter().copied().skip(first as usize).take(self.rows as usize).collect()
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
        let first = self.first_now(around);
        let shown = self.render(desk, &self.window_rows(first), now)?;
        self.texts.clear();
        let texts = self.fresh_texts(&shown, around, first);
        self.owes_window = self.scan.is_some();
        let kind = self.order.kind;
        let total = self.entries.len() as u32;
        let nearest =
            if total == 0 && self.scan.is_none() { desk.nearest(kind, &self.query) } else { Vec::new() };
        let lines = lines(kind, shown.iter().map(|(_, line)| line.clone()));
        self.note_told(desk, first, shown);
        let around = around.map(|at| at as u32);
        Ok(Window { watch, rev: self.rev, total, first, lines, texts, around, nearest })
    }

    fn note_told(&mut self, desk: &Desk, first: u32, shown: Vec<(u32, Rendered)>) {
        self.rev += 1;
        self.total = self.entries.len() as u32;
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
        let first = self.first_now(around);
        if first != self.first_told {
            return Ok(Some(Push::Window(self.window(desk, watch, now)?)));
        }
        let shown = self.render(desk, &self.window_rows(first), now)?;
        let differs =
            |row: u32, line: &Rendered| !self.told.get(&row).is_some_and(|told| told.has_line_of(line));
        let upserts: Vec<Rendered> =
            shown.iter().filter(|(row, line)| differs(*row, line)).map(|(_, line)| line.clone()).collect();
        let texts = self.fresh_texts(&shown, around, first);
        let order = self.ids(desk, &shown);
        let total = self.entries.len() as u32;
        if upserts.is_empty() && texts.is_empty() && order == self.order_told && total == self.total {
            // a text out of sight may have changed: what is kept is what a later patch starts from
            self.told = shown.into_iter().collect();
            return Ok(None);
        }
        self.note_told(desk, first, shown);
        let upserts = lines(self.order.kind, upserts.into_iter());
        Ok(Some(Push::Patch(Patch { watch, rev: self.rev, total, order, upserts, texts })))
    }
}
