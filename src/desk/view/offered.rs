//! When planned messages are offered once caps and what is more important are obeyed, as the tick obeys them, if all that
//! is offered is sent at once. In slices, one message at a time in the order of their instants.
//!
//! What a limit holds comes at its time and counts against no cap; it does when it is let go, as far as they have room.
//!
//! Limits: what an account that begins again after a limit may say is taken as whole.
//!
//! One file because what is offered decides about what comes after it, and the rules are read together.

use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

use chrono_tz::Tz;

use super::walk::Walk;
use crate::book::{Cap, Class, Health, Span, Timestamp, Via};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::queue::caps::{Allowance, Count, allow, applies, most, window};
use crate::queue::quiet::quiets;
use crate::queue::rivals::{Rival, Waiting, gives_way_under};
use crate::report::forecast::{Ahead, Hit};
use crate::sop::calendar::{lost_days, shift_days};
use crate::sop::grammar::WallTime;
use crate::sop::judge::{Context, Verdict, offer};
use crate::text::fold::fold;

/// What a message costs that is put in line or offered, and touches that are read for one cap, in the steps of a slice.
const MESSAGE: usize = 60;
const READ: usize = 3_000;

/// Behind what an account lets go at the same instant, which goes by how important it is.
const COMES: (u8, i32) = (u8::MAX, i32::MAX);

/// What it costs to look up who of a name was sent a step last.
const LAST: usize = 600;

/// What decides when a message is offered, beside its time and its caps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    /// From when on it is not offered any more, which moves with it, and what does not; none for never.
    pub until: Option<Timestamp>,
    pub end: Option<Timestamp>,
    /// Where it is late by days, all that is still to come of its enrolment moves by as many.
    pub shifts: bool,
    /// It moves so; in which zone days are counted, and when they end.
    pub moves: Option<(Tz, WallTime)>,
    /// The class of its playbook.
    pub class: Class,
    /// How important it is, less first; and its playbook to messages of others to the same person, if at all.
    pub rank: (u8, i32),
    pub rival: Option<(u8, i32)>,
    /// Which enrolment it is of, by their order, and since when that is there.
    pub of: u32,
    pub since: Timestamp,
    /// The place of its quiet hours.
    pub hours: usize,
    /// It is offered already.
    pub open: bool,
    /// Its account holds it: which caps count it once it is let go, a bit each.
    pub let_go: Option<u64>,
}

/// The cap of a place, for one, and the first instant of its span.
type Held = (Timestamp, usize, Option<u32>);

/// A cap by its place, and for whom it counts.
type About<'a> = (usize, &'a Cap, Option<u32>);

/// A step, the account that says it, and the name of whom it says it to.
type Alike = ((u16, u16), u32, String);

/// What counts against a cap for one.
#[derive(Default)]
struct Told {
    /// In order.
    times: Vec<Timestamp>,
    /// What was sent before in the span that has begun, and where that begins.
    sent: (Timestamp, Count),
}

/// Messages on their way to being offered: the first so many of a walk.
pub(super) struct Offering {
    n: usize,
    taken: usize,
    waiting: BinaryHeap<Reverse<(Timestamp, (u8, i32), usize)>>,
    /// When each is looked at next, is offered, or was given up.
    at: Vec<Timestamp>,
    /// When what its account holds may be let go.
    let_go: HashMap<usize, Timestamp>,
    offered: Vec<bool>,
    /// When all come by plan, in order once all are known; and how many have their end.
    planned: Vec<Timestamp>,
    settled: usize,
    /// By how many days each was moved.
    moved: Vec<i32>,
    /// What each enrolment is still to say that moves with what is late.
    moving: HashMap<u32, Vec<usize>>,
    told: HashMap<(usize, Option<u32>), Told>,
    /// What each member is still to be told privately.
    coming: HashMap<u32, Vec<usize>>,
    /// The same of what is said in groups.
    coming_in: HashMap<u32, Vec<usize>>,
    /// How many messages are left of enrolments after which their target rests, and who rests from what until when.
    left: HashMap<u32, u32>,
    resting: HashMap<u32, Vec<(Class, Option<u16>, Timestamp)>>,
    /// What a cap held, by its span.
    held: BTreeSet<(Held, usize)>,
    /// Who of a name was sent a step from an account last, and what was held because that was somebody else.
    alike: HashMap<Alike, Option<u32>>,
    looks_alike: BTreeSet<usize>,
}

impl Offering {
    /// Nothing was offered yet.
    pub(super) fn begin(n: usize) -> Self {
        Self {
            n,
            taken: 0,
            waiting: BinaryHeap::new(),
            at: Vec::with_capacity(n),
            let_go: HashMap::new(),
            offered: vec![false; n],
            planned: Vec::with_capacity(n),
            settled: 0,
            moved: vec![0; n],
            moving: HashMap::new(),
            told: HashMap::new(),
            coming: HashMap::new(),
            coming_in: HashMap::new(),
            left: HashMap::new(),
            resting: HashMap::new(),
            held: BTreeSet::new(),
            alike: HashMap::new(),
            looks_alike: BTreeSet::new(),
        }
    }

    /// Goes on; true when of all it is known whether and when.
    pub(super) fn advance(
        &mut self,
        desk: &Desk,
        walk: &Walk,
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        while self.taken < self.n {
            if *budget == 0 {
                return Ok(false);
            }
            *budget = budget.saturating_sub(MESSAGE);
            let Some((one, terms)) = walk.message(self.taken) else { break };
            self.at.push(one.at);
            self.planned.push(one.at);
            self.waiting.push(Reverse((one.at, COMES, self.taken)));
            if let (Some(member), Via::Private, Some(_)) = (one.member, one.via, terms.rival) {
                self.coming.entry(member).or_default().push(self.taken);
            }
            if let (Some(group), Via::Group) = (one.group, one.via) {
                self.coming_in.entry(group).or_default().push(self.taken);
            }
            if walk.rests.contains_key(&terms.of) {
                *self.left.entry(terms.of).or_default() += 1;
            }
            if terms.moves.is_some() {
                self.moving.entry(terms.of).or_default().push(self.taken);
            }
            self.taken += 1;
            if self.taken == self.n {
                self.planned.sort_unstable();
            }
        }
        while !self.waiting.is_empty() {
            if *budget == 0 {
                return Ok(false);
            }
            *budget = budget.saturating_sub(MESSAGE);
            let Some(Reverse((at, _, place))) = self.waiting.pop() else { break };
            if self.let_go.get(&place) == Some(&at) {
                self.let_go.remove(&place);
                if let Some((one, terms)) = walk.message(place) {
                    self.lets_go(desk, walk, (place, &one, &terms), at, budget, now)?;
                }
                continue;
            }
            // what was moved meanwhile stands in line once more
            let stands = self.at.get(place) == Some(&at);
            if let Some((one, terms)) = walk.message(place).filter(|_| stands) {
                if self.shift(&one, &terms, place, at) {
                    continue;
                }
                self.look(desk, walk, (place, &one, &terms), at, budget, now)?;
            }
        }
        Ok(true)
    }

    /// When a message is offered; none where it never is.
    pub(super) fn at(&self, place: usize) -> Option<Timestamp> {
        let at = self.at.get(place).copied();
        at.filter(|_| self.offered.get(place) == Some(&true))
    }

    /// Messages as they are offered.
    pub(super) fn offered<'a>(&'a self, walk: &'a Walk) -> impl Iterator<Item = Ahead> + 'a {
        let messages = walk.ahead.iter().take(self.n).enumerate();
        messages.filter_map(|(place, one)| Some(Ahead { at: self.at(place)?, ..*one }))
    }

    /// Caps that held a message beyond their span, in the order of days.
    pub(super) fn hits(&self, caps: &[Cap], zone: Tz) -> Vec<Hit> {
        let mut hits: BTreeMap<Held, u32> = BTreeMap::new();
        for ((held, place), to) in
            self.held.iter().filter_map(|held| Some((held, self.span_of(held, caps, zone)?)))
        {
            if self.at(*place).is_none_or(|at| at >= to) {
                *hits.entry(*held).or_default() += 1;
            }
        }
        let hit = |((from, cap, of), more): (Held, u32)| {
            let rule = caps.get(cap)?;
            let span = window(rule.per, from, zone);
            let planned = self.count((cap, of), span, span.1).used.saturating_add(more);
            Some(Hit { day: from.day(zone), cap, of, planned, n: most(rule, span) })
        };
        hits.into_iter().filter_map(hit).collect()
    }

    /// The end of a span in which something was held.
    fn span_of(&self, ((from, cap, _), _): &(Held, usize), caps: &[Cap], zone: Tz) -> Option<Timestamp> {
        Some(window(caps.get(*cap)?.per, *from, zone).1)
    }

    /// Moves a message that is late by days, and what comes after it; true where it did.
    fn shift(&mut self, one: &Ahead, terms: &Terms, place: usize, at: Timestamp) -> bool {
        let Some((zone, day_ends)) = terms.moves.filter(|_| terms.shifts && !terms.open) else {
            return false;
        };
        let moved = self.moved.get(place).copied().unwrap_or(0);
        let lost = lost_days(shift_days(one.at, moved, zone), at, zone, day_ends);
        let Some(lost) = i32::try_from(lost).ok().filter(|lost| *lost > 0) else { return false };
        for other in self.moving.get(&terms.of).cloned().unwrap_or_default() {
            let Some((known, moved)) = self.at.get_mut(other).zip(self.moved.get_mut(other)) else {
                continue;
            };
            *moved = moved.saturating_add(lost);
            // this one goes back to its own time of the day
            let to = if other == place {
                shift_days(one.at, *moved, zone)
            } else {
                shift_days(*known, lost, zone)
            };
            *known = to.max(at);
            self.waiting.push(Reverse((*known, COMES, other)));
        }
        true
    }

    /// Looks at a message at its instant: it is offered, waits, or is given up.
    fn look(
        &mut self,
        desk: &Desk,
        walk: &Walk,
        (place, one, terms): (usize, &Ahead, &Terms),
        at: Timestamp,
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let columns = &desk.store.columns;
        let zone = columns.store.zone;
        let caps = self.caps_about(desk, one, one.caps, budget, now)?;
        let mut full: Vec<Held> = Vec::new();
        let known = |rule: &Cap| caps.iter().find(|(_, cap, _)| std::ptr::eq(*cap, rule));
        let allowance = allow(caps.iter().map(|(_, cap, _)| *cap), one.class, at, zone, |rule, span| {
            let Some((cap, _, of)) = known(rule) else { return Count::default() };
            let count = self.count((*cap, *of), span, at);
            if count.used >= most(rule, span) {
                full.push((span.0, *cap, *of));
            }
            count
        });
        let holds = if terms.open { Allowance::Open } else { allowance };
        let calendar = &*columns.holidays;
        let hours = walk.hours.get(terms.hours).map_or(&[][..], Vec::as_slice);
        let quiet = quiets(hours, calendar);
        let quiet = if terms.open { &[][..] } else { quiet.as_slice() };
        let context = Context { quiet, allowance: holds, ..Context::default() };
        let until = self.ends(place, terms, zone);
        let is_over = at > walk.until() || until.is_some_and(|until| until <= at);
        if !terms.open && (is_over || self.rests(one, terms, at)) {
            self.settle(walk, (place, terms), one, at, false);
            return Ok(());
        }
        let again = match offer(one.class, one.via, at, until, &context) {
            Verdict::Fire { .. } => {
                full.clear();
                let end = window(Span::Day, at, zone).1;
                let waits = |in_group: bool, rivals: &[Rival<u32>]| {
                    let its = caps.iter().filter(|(_, cap, _)| gives_way_under(cap, in_group));
                    its.into_iter().find_map(|(cap, rule, of)| {
                        let span = window(rule.per, at, zone);
                        let used = self.count((*cap, *of), span, at).used;
                        let waiting = Waiting { account: one.account, now: at, until };
                        let others = self.others_before(span.1);
                        let again = waiting.looks_at(rivals, rule, used, others, span)?;
                        Some((again, (span.0, *cap, *of)))
                    })
                };
                let again = if terms.open {
                    None
                } else if one.member.is_some() {
                    waits(false, &self.rivals(walk, (place, one, terms), end, at))
                } else {
                    let rivals =
                        (one.via == Via::Group).then(|| self.said_before(walk, (place, one, terms), at, end));
                    rivals.and_then(|rivals| waits(true, &rivals))
                };
                full.extend(again.map(|(_, held)| held));
                if again.is_none() {
                    // what an account cannot say for now is held, and counts against no cap
                    let account = one.account.and_then(|row| columns.accounts.get(row));
                    let account = account.map(|account| &account.body);
                    let held = account
                        .is_some_and(|account| account.archived || account.health.silences(one.via, at));
                    let ends = match account.map(|account| &account.health) {
                        Some(Health::Limited { until, .. }) if held => *until,
                        // it waits for room
                        _ => terms.let_go.filter(|_| !held).map(|_| at),
                    };
                    if let Some(ends) = ends {
                        self.let_go.insert(place, ends);
                        self.waiting.push(Reverse((ends, terms.rank, place)));
                    }
                    let alike = self.is_alike(desk, one, at, budget)? && !held && !terms.open;
                    for (cap, _, of) in caps.iter().filter(|_| !held && !alike) {
                        self.told.entry((*cap, *of)).or_default().times.push(at);
                    }
                    if alike {
                        self.looks_alike.insert(place);
                    }
                    self.settle(walk, (place, terms), one, at, !alike);
                    return Ok(());
                }
                again.map(|(again, _)| again)
            }
            Verdict::Move { to, .. } | Verdict::Hold { until: Some(to), .. } => Some(to),
            _ => None,
        };
        self.held.extend(full.into_iter().map(|held| (held, place)));
        match again.filter(|again| *again > at && *again <= walk.until()) {
            Some(again) => {
                if let Some(known) = self.at.get_mut(place) {
                    *known = again;
                }
                self.waiting.push(Reverse((again, COMES, place)));
            }
            None => self.settle(walk, (place, terms), one, at, false),
        }
        Ok(())
    }

    /// How many other messages, at most, are still to come before an instant, this one looked at.
    fn others_before(&self, end: Timestamp) -> usize {
        self.planned.partition_point(|at| *at < end).saturating_sub(self.settled + 1)
    }

    /// From when on a message is not offered any more, moved as it is.
    fn ends(&self, place: usize, terms: &Terms, zone: Tz) -> Option<Timestamp> {
        let moved = self.moved.get(place).copied().unwrap_or(0);
        let zone = terms.moves.map_or(zone, |(zone, _)| zone);
        terms.until.map(|until| shift_days(until, moved, zone)).into_iter().chain(terms.end).min()
    }

    /// The caps that count a message, of those by their bits.
    fn caps_about<'a>(
        &mut self,
        desk: &'a Desk,
        one: &Ahead,
        bits: u64,
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<Vec<About<'a>>, DeskError> {
        let columns = &desk.store.columns;
        let all = columns.rules.caps.iter().enumerate().take(64);
        let about = |(place, cap): &(usize, &Cap)| bits & (1 << place) != 0 && applies(cap, one.class);
        let caps: Vec<About<'a>> = all
            .filter(about)
            .filter(|_| one.via != Via::Internal)
            .filter_map(|(place, cap)| Some((place, cap, one.of(cap.scope.of)?)))
            .collect();
        for (cap, rule, of) in &caps {
            if let Entry::Vacant(first) = self.told.entry((*cap, *of)) {
                *budget = budget.saturating_sub(READ);
                let span = window(rule.per, now, columns.store.zone);
                let sent = (span.0, desk.sent_of(rule, *of, span)?);
                first.insert(Told { times: Vec::new(), sent });
            }
        }
        Ok(caps)
    }

    /// What an account has held takes its room under the caps, now or when there is some; what is over by then takes none.
    fn lets_go(
        &mut self,
        desk: &Desk,
        walk: &Walk,
        (place, one, terms): (usize, &Ahead, &Terms),
        at: Timestamp,
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let zone = desk.store.columns.store.zone;
        if at > walk.until() || self.ends(place, terms, zone).is_some_and(|until| until <= at) {
            return Ok(());
        }
        let caps = self.caps_about(desk, one, terms.let_go.unwrap_or(one.caps), budget, now)?;
        let allowance = allow(caps.iter().map(|(_, cap, _)| *cap), one.class, at, zone, |rule, span| {
            let known = caps.iter().find(|(_, cap, _)| std::ptr::eq(*cap, rule));
            known.map_or_else(Count::default, |(cap, _, of)| self.count((*cap, *of), span, at))
        });
        if let Allowance::Full { next_at, .. } = allowance {
            self.let_go.insert(place, next_at);
            self.waiting.push(Reverse((next_at, terms.rank, place)));
            return Ok(());
        }
        for (cap, _, of) in &caps {
            self.told.entry((*cap, *of)).or_default().times.push(at);
        }
        Ok(())
    }

    /// A message has its end: it is offered, or nobody waits for it any more.
    fn settle(
        &mut self,
        walk: &Walk,
        (place, terms): (usize, &Terms),
        one: &Ahead,
        at: Timestamp,
        offered: bool,
    ) {
        if let Some((known, is)) = self.at.get_mut(place).zip(self.offered.get_mut(place)) {
            (*known, *is) = (at, offered);
            self.settled += 1;
        }
        if let Some(coming) = one.group.and_then(|group| self.coming_in.get_mut(&group)) {
            coming.retain(|other| *other != place);
        }
        if let Some(coming) = one.member.and_then(|member| self.coming.get_mut(&member)) {
            coming.retain(|other| *other != place);
        }
        if let Some(moving) = self.moving.get_mut(&terms.of) {
            moving.retain(|other| *other != place);
        }
        let Some(left) = self.left.get_mut(&terms.of) else { return };
        *left = left.saturating_sub(1);
        if let (0, Some(member), Some(rest)) = (*left, one.member, walk.rests.get(&terms.of)) {
            let until = Timestamp(at.0.saturating_add(*rest));
            self.resting.entry(member).or_default().push((terms.class, one.playbook, until));
        }
    }

    /// True while somebody is left in peace after a round of another playbook of the same class.
    fn rests(&self, one: &Ahead, terms: &Terms, at: Timestamp) -> bool {
        let capped = matches!(terms.class, Class::Marketing | Class::Care);
        let resting = one.member.filter(|_| capped).and_then(|member| self.resting.get(&member));
        let from_it = |(class, of, until): &(Class, Option<u16>, Timestamp)| {
            *class == terms.class && *of != one.playbook && at < *until
        };
        resting.is_some_and(|resting| resting.iter().any(from_it))
    }

    /// Whether a message is held because somebody else of that name was sent its step from the same account lately.
    fn is_alike(
        &mut self,
        desk: &Desk,
        one: &Ahead,
        at: Timestamp,
        budget: &mut usize,
    ) -> Result<bool, DeskError> {
        let columns = &desk.store.columns;
        let (Some(step), Some(account), Some(row), Via::Private) =
            (one.step, one.account, one.member, one.via)
        else {
            return Ok(false);
        };
        let Some(member) = columns.members.get(row) else { return Ok(false) };
        let last = match self.alike.entry((step, account, fold(member.name()))) {
            Entry::Occupied(last) => last.into_mut(),
            Entry::Vacant(first) => {
                *budget = budget.saturating_sub(LAST);
                first.insert(desk.recent_of_name(step, account, member.name(), at)?)
            }
        };
        let differs = |last| columns.members.get(last).is_some_and(|last| member.differs_from(&last));
        Ok(last.replace(row).is_some_and(|last| last != row && !differs(last)))
    }

    /// What was held because its target looks like another.
    pub(super) fn alike(&self, of: std::ops::Range<usize>) -> usize {
        self.looks_alike.range(of).count()
    }

    /// True for what a cap held.
    pub(super) fn was_held(&self) -> BTreeSet<usize> {
        self.held.iter().map(|(_, place)| *place).collect()
    }

    /// What counts for one within a span, up to an instant.
    fn count(&self, of: (usize, Option<u32>), span: (Timestamp, Timestamp), at: Timestamp) -> Count {
        let Some(told) = self.told.get(&of) else { return Count::default() };
        let before = |end: Timestamp| told.times.partition_point(|one| *one < end);
        let used = before(span.1).saturating_sub(before(span.0)) as u32;
        let so_far = told.times.get(..before(Timestamp(at.0.saturating_add(1)))).unwrap_or_default();
        let sent = if told.sent.0 == span.0 { told.sent.1 } else { Count::default() };
        Count {
            used: used.saturating_add(sent.used),
            last_at: so_far.last().copied().max(told.sent.1.last_at),
        }
    }

    /// What more important enrolments next say to the same person before an instant, of those that go on at another.
    fn rivals(
        &self,
        walk: &Walk,
        (place, one, terms): (usize, &Ahead, &Terms),
        end: Timestamp,
        at: Timestamp,
    ) -> Vec<Rival<u32>> {
        let mut next: BTreeMap<u32, Rival<u32>> = BTreeMap::new();
        let coming = one.member.and_then(|member| self.coming.get(&member)).into_iter().flatten();
        for other in coming.filter(|other| **other != place) {
            let Some((said, of)) = walk.message(*other) else { continue };
            let outranks = of.rival.is_some_and(|rank| rank < terms.rank);
            let comes =
                self.at.get(*other).copied().filter(|_| of.of != terms.of && of.since <= at && outranks);
            if let Some(comes) = comes {
                let rival = Rival { at: comes, account: said.account };
                let first = next.entry(of.of).or_insert(rival);
                *first = if comes < first.at { rival } else { *first };
            }
        }
        next.into_values().filter(|rival| rival.at < end).collect()
    }

    /// What more important enrolments next say in the same group before an instant.
    fn said_before(
        &self,
        walk: &Walk,
        (place, one, terms): (usize, &Ahead, &Terms),
        at: Timestamp,
        end: Timestamp,
    ) -> Vec<Rival<u32>> {
        let mut next: BTreeMap<u32, (Timestamp, bool, Option<u32>)> = BTreeMap::new();
        let coming = one.group.and_then(|group| self.coming_in.get(&group)).into_iter().flatten();
        for other in coming.filter(|other| **other != place) {
            let Some((said, of)) = walk.message(*other) else { continue };
            let outranks = matches!(said.class, Class::Marketing | Class::Care) && of.rank < terms.rank;
            let comes = self.at.get(*other).copied().filter(|_| of.of != terms.of && of.since <= at);
            if let Some(comes) = comes {
                let first = next.entry(of.of).or_insert((comes, outranks, said.account));
                *first = (*first).min((comes, outranks, said.account));
            }
        }
        // the first of each decides
        let rivals = next.into_values().filter(|(comes, outranks, _)| *outranks && *comes < end);
        rivals.map(|(at, _, account)| Rival { at, account }).collect()
    }
}
