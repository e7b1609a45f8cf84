//! What lies ahead, summed up: tasks and human time by day and account, where caps are hit, who hears from several
//! playbooks on one day, and which texts run out.
//!
//! Conditions and stop rules depend on what will happen and are taken as holding, so it is the most that may come.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::pace::Pace;
use crate::book::{Cap, CapScope, Class, Timestamp, Via};
use crate::queue::caps::{applies, most, window};

/// One message that is planned, or open already. Numbers are rows and positions of the caller's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ahead {
    pub at: Timestamp,
    /// Playbook and step; none for what is open already.
    pub step: Option<(u16, u16)>,
    /// What it is of; none for what is of no playbook.
    pub playbook: Option<u16>,
    pub via: Via,
    pub class: Class,
    pub member: Option<u32>,
    pub group: Option<u32>,
    pub account: Option<u32>,
    /// Who does it: whoever took it upon themselves, else whoever has the account in hand.
    pub person: Option<u32>,
    /// Which of the store's caps are about it, a bit each.
    pub caps: u64,
    /// Its day is expected, and may become another by what happens.
    pub estimated: bool,
    /// Whose wall clock its time is written for; none where nothing is written for it.
    pub zone: Option<&'static str>,
}

impl Ahead {
    /// For whom it counts under a cap of a kind: a row, or the position of a playbook; the inner one is none for what
    /// counts over all, the outer where it counts for nobody.
    pub const fn of(&self, scope: CapScope) -> Option<Option<u32>> {
        let of = match scope {
            CapScope::Member => self.member,
            CapScope::Group => self.group,
            CapScope::Account => self.account,
            CapScope::Playbook => match self.playbook {
                Some(position) => Some(position as u32),
                None => None,
            },
            CapScope::Store => return Some(None),
        };
        match of {
            Some(_) => Some(of),
            None => None,
        }
    }
}

/// A day of an account: how many tasks, and how many seconds they take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    pub tasks: u32,
    pub seconds: u32,
}

/// A cap that more is planned for than it lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// The first day of the span.
    pub day: NaiveDate,
    /// Position of the cap.
    pub cap: usize,
    /// The row of whom it protects, or the position of the playbook; none for the whole store.
    pub of: Option<u32>,
    pub planned: u32,
    /// How many the cap lets through.
    pub n: u32,
}

/// Somebody who hears from several playbooks on one day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clash {
    pub day: NaiveDate,
    pub member: u32,
    pub playbooks: Vec<u16>,
}

/// Tasks and time of each day and account, or of each day and person.
pub fn loads(
    ahead: &[Ahead],
    by: impl Fn(&Ahead) -> Option<u32>,
    paces: &[Pace],
    zone: Tz,
) -> BTreeMap<(NaiveDate, Option<u32>), Load> {
    let mut loads: BTreeMap<(NaiveDate, Option<u32>), Load> = BTreeMap::new();
    for one in ahead {
        let load = loads.entry((one.at.day(zone), by(one))).or_default();
        load.tasks += 1;
        let pace = paces.iter().find(|pace| pace.via == one.via);
        load.seconds = load.seconds.saturating_add(pace.map_or(0, |pace| pace.seconds));
    }
    loads
}

/// A span of a cap: its first instant, the cap's position, and whom it counts for.
pub type Span = (Timestamp, usize, Option<u32>);

/// How much is planned within each span of the caps that are about it.
pub fn planned(ahead: &[Ahead], caps: &[Cap], zone: Tz) -> BTreeMap<Span, u32> {
    let mut counts: BTreeMap<Span, u32> = BTreeMap::new();
    for one in ahead.iter().filter(|one| one.via != Via::Internal) {
        for (at, cap) in caps.iter().enumerate().take(64) {
            if one.caps & (1 << at) == 0 || !applies(cap, one.class) {
                continue;
            }
            if let Some(of) = one.of(cap.scope.of) {
                *counts.entry((window(cap.per, one.at, zone).0, at, of)).or_default() += 1;
            }
        }
    }
    counts
}

/// Spans in which more is planned than a cap lets through, in the order of days.
pub fn hits(ahead: &[Ahead], caps: &[Cap], zone: Tz) -> Vec<Hit> {
    let over = planned(ahead, caps, zone).into_iter();
    over.filter_map(|(span, planned)| hit(span, planned, caps, zone)).collect()
}

/// What a span is in which so much is planned; none where the cap lets all of it through.
pub fn hit((from, cap, of): Span, planned: u32, caps: &[Cap], zone: Tz) -> Option<Hit> {
    let rule = caps.get(cap)?;
    let n = most(rule, window(rule.per, from, zone));
    (planned > n).then(|| Hit { day: from.day(zone), cap, of, planned, n })
}

/// Members to whom several playbooks speak privately on one day, marketing and care alone.
pub fn clashes(ahead: &[Ahead], zone: Tz) -> Vec<Clash> {
    let mut heard: BTreeMap<(NaiveDate, u32), BTreeSet<u16>> = BTreeMap::new();
    let counts =
        |one: &&Ahead| one.via == Via::Private && matches!(one.class, Class::Marketing | Class::Care);
    for one in ahead.iter().filter(counts) {
        if let (Some(member), Some(playbook)) = (one.member, one.playbook) {
            heard.entry((one.at.day(zone), member)).or_default().insert(playbook);
        }
    }
    let several = heard.into_iter().filter(|(_, playbooks)| playbooks.len() > 1);
    several
        .map(|((day, member), playbooks)| Clash { day, member, playbooks: playbooks.into_iter().collect() })
        .collect()
}

/// Of the instants at which a step speaks to one target, those at which every wording was had too recently: `had` says
/// when each wording was had last, `fresh_ms` for how long it stays fresh. Instants rise.
pub fn runs_dry(times: &[Timestamp], had: &[Option<Timestamp>], fresh_ms: i64) -> Vec<Timestamp> {
    let mut had = had.to_vec();
    let mut dry = Vec::new();
    for at in times {
        let free = |last: &Option<Timestamp>| last.is_none_or(|last| at.since(last) > fresh_ms);
        // the one not had for longest is taken
        let next = had.iter_mut().filter(|last| free(last)).min_by_key(|last| **last);
        match next {
            Some(last) => *last = Some(*at),
            None => dry.push(*at),
        }
    }
    dry
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::{RuleScope, Span};
    use crate::report::pace::paces;
    use chrono_tz::Asia::Shanghai;

    const DAY: i64 = 86_400_000;

    fn ahead(day: i64, playbook: u16, member: u32) -> Ahead {
        Ahead {
            at: Timestamp(day * DAY + 3_600_000),
            step: Some((playbook, 0)),
            playbook: Some(playbook),
            via: Via::Private,
            class: Class::Care,
            member: Some(member),
            group: None,
            account: Some(7),
            person: Some(member),
            caps: 1,
            estimated: false,
            zone: None,
        }
    }

    #[test]
    fn days_are_summed_by_account() {
        let other = Ahead { account: None, via: Via::Group, ..ahead(1, 0, 1) };
        let all = [ahead(1, 0, 1), ahead(1, 0, 2), other, ahead(2, 0, 1)];
        let people = loads(&all, |one| one.person, &paces(&[]), Shanghai);
        assert_eq!(people.values().map(|load| load.tasks).collect::<Vec<_>>(), [2, 1, 1]);
        let loads = loads(&all, |one| one.account, &paces(&[]), Shanghai);
        let found: Vec<(Option<u32>, u32, u32)> =
            loads.iter().map(|((_, account), load)| (*account, load.tasks, load.seconds)).collect();
        assert_eq!(found, [(None, 1, 30), (Some(7), 2, 80), (Some(7), 1, 40)]);
    }

    #[test]
    fn a_cap_is_hit_where_more_is_planned_than_it_lets_through() {
        let scope = RuleScope { of: CapScope::Member, name: String::new() };
        let cap = Cap {
            scope,
            class: Vec::new(),
            n: 1,
            per: Span::Day,
            gap: 0,
            except: String::new(),
            source: String::new(),
            date: String::new(),
        };
        let service = Ahead { class: Class::Service, ..ahead(1, 2, 1) };
        let excepted = Ahead { caps: 0, ..ahead(2, 2, 1) };
        let planned = [ahead(1, 0, 1), ahead(1, 1, 1), ahead(1, 0, 2), service, ahead(2, 0, 1), excepted];
        let found = hits(&planned, &[cap], Shanghai);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].of, found[0].planned, found[0].day.to_string()),
            (Some(1), 2, "1970-01-02".into())
        );
        let clashes = clashes(&planned, Shanghai);
        assert_eq!(clashes.len(), 2);
        assert_eq!((clashes[0].member, clashes[0].playbooks.as_slice()), (1, [0, 1].as_slice()));
    }

    #[test]
    fn wordings_run_dry_and_come_back() {
        let days: Vec<Timestamp> = (0..6).map(|day| Timestamp(day * DAY)).collect();
        let dry = |had: &[Option<Timestamp>], fresh: i64| {
            runs_dry(&days, had, fresh * DAY).iter().map(|at| at.0 / DAY).collect::<Vec<_>>()
        };
        // what was had as long ago as that to the minute is not fresh yet
        assert_eq!(dry(&[None, None, None, None], 3), Vec::<i64>::new());
        assert_eq!(dry(&[None, None, None], 3), [3]);
        assert_eq!(dry(&[None, None], 3), [2, 3]);
        // had yesterday: not yet again
        assert_eq!(dry(&[Some(Timestamp(-DAY)), None], 4), [1, 2, 3]);
        assert_eq!(dry(&[], 1), [0, 1, 2, 3, 4, 5]);
    }
}
