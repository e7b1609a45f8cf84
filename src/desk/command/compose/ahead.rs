//! What playbooks bring until a one-off is said: counted against its caps beside what was sent and is queued.
//!
//! What one member or group is to hear is planned step by step to the end of that day, as a forecast plans it
//! ([`rows_of`]): conditions and stop rules taken as holding, each step by the quiet hours of who says it. What an account says to everybody is known from the next instants alone, each with its playbook's class:
//! planning every enrolment of the book for a look would take too long.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono_tz::Tz;

use crate::book::time::DAY;
use crate::book::{Cap, CapScope, Class, EnrolmentState, Target, Timestamp, Via};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::view::rows_of;
use crate::queue::caps::{Count, applies};
use crate::report::forecast::Ahead as Message;
use crate::sop::calendar::{day_start, plus_days};
use crate::sop::format::Playbook;
use crate::sop::grammar::WallTime;
use crate::sop::plan::Moved;
use crate::store::Columns;
use crate::store::columns::task::TargetRow;
use crate::text::clean::for_display;

/// Next instants that are looked through for what accounts say.
const LOOKED_AT: usize = 20_000;

/// A message that somebody is to get.
#[derive(Clone)]
pub(super) struct Planned {
    pub at: Timestamp,
    /// Position of its playbook.
    pub playbook: u16,
    class: Class,
}

/// What accounts are to say until then, by their rows.
pub(super) struct Ahead {
    /// None for what no account is known for.
    playbooks: HashMap<Option<u32>, Vec<(Timestamp, Class)>>,
    /// What members' playbooks say once for all of a group, by its row.
    collected: HashMap<u32, Vec<Planned>>,
    /// How often the one-off itself is said at an instant, as far as it was looked at already.
    own: HashMap<Option<u32>, BTreeMap<Timestamp, u32>>,
    /// What was counted of the playbooks: it is the same for nearly all.
    known: HashMap<Counted, Count>,
}

/// The classes of a cap, whose it is, its window, up to when, its distance: what a count is of.
type Counted = (Vec<Class>, Option<u32>, (Timestamp, Timestamp), Timestamp, u32);

/// What is said besides what the book knows of: by a campaign that is tried, of which the one-off is a text.
#[derive(Default)]
pub(in crate::desk) struct Besides {
    /// To a member or in a group, by the row.
    members: HashMap<u32, Vec<Planned>>,
    groups: HashMap<u32, Vec<Planned>>,
    accounts: Vec<(Option<u32>, Timestamp, Class)>,
    /// What is called what is no playbook yet.
    titles: Vec<(u16, String)>,
}

impl Besides {
    /// Takes one more message.
    pub(in crate::desk) fn add(&mut self, message: &Message) {
        let Some(playbook) = message.playbook.filter(|_| message.via != Via::Internal) else { return };
        let planned = Planned { at: message.at, playbook, class: message.class };
        if let Some(row) = message.group {
            self.groups.entry(row).or_default().push(planned.clone());
        }
        if let Some(row) = message.member {
            self.members.entry(row).or_default().push(planned);
        }
        self.accounts.push((message.account, message.at, message.class));
    }

    /// Takes what something is called that is no playbook yet.
    pub(in crate::desk) fn call(&mut self, playbook: u16, title: &str) {
        self.titles.push((playbook, for_display(title).into_owned()));
    }

    /// What a message is of, where it was said.
    pub(in crate::desk) fn title(&self, playbook: u16) -> Option<&str> {
        self.titles.iter().find(|(known, _)| *known == playbook).map(|(_, title)| title.as_str())
    }

    /// What somebody is told of it up to the end of the local day of an instant.
    pub(super) fn to<'a>(
        &'a self,
        columns: &Columns,
        target: Target,
        at: Timestamp,
        zone: Tz,
    ) -> impl Iterator<Item = Planned> + use<'a> {
        let until = end_of_day(at, zone);
        let planned = match target {
            Target::Member(id) => columns.members.row(id).and_then(|row| self.members.get(&row)),
            Target::Group(id) => columns.groups.row(id).and_then(|row| self.groups.get(&row)),
            Target::Account(_) => None,
        };
        planned.into_iter().flatten().filter(move |message| message.at <= until).cloned()
    }
}

/// The last instant of the local day of another.
fn end_of_day(at: Timestamp, zone: Tz) -> Timestamp {
    Timestamp(day_start(plus_days(at.day(zone), 1), zone, WallTime::default()).0 - 1)
}

/// One whom the one-off reaches.
pub(super) struct Reached {
    /// Row of the account that says it.
    pub account: Option<u32>,
    pub at: Timestamp,
    pub planned: Vec<Planned>,
}

impl Ahead {
    /// Looks through the next instants, and what is said besides.
    pub(super) fn until(desk: &Desk, besides: &Besides, now: Timestamp, at: Timestamp) -> Self {
        let columns = &desk.store.columns;
        // quiet hours may push it to the next day
        let at = Timestamp(at.0 + 2 * DAY);
        let mut collected: HashMap<u32, Vec<Planned>> = HashMap::new();
        let mut playbooks: HashMap<Option<u32>, Vec<(Timestamp, Class)>> = HashMap::new();
        let mut once: HashSet<(Timestamp, u16, u32)> = HashSet::new();
        for (due_at, row) in columns.wakes.within(now, Timestamp(at.0.saturating_add(1))).take(LOOKED_AT) {
            let Some(enrolment) = columns.enrolments.get(row) else { continue };
            let of_member = matches!(enrolment.target, TargetRow::Member(_));
            let shared = enrolment.group.filter(|_| of_member && desk.collects(enrolment.playbook));
            let again = shared.is_some_and(|group| !once.insert((due_at, enrolment.playbook, group)));
            if again || desk.is_paused(enrolment.playbook) {
                continue;
            }
            let group_says = |row: u32| {
                columns
                    .groups
                    .get(row)
                    .and_then(|group| group.body.account)
                    .and_then(|a| columns.accounts.row(a))
            };
            let account = match (enrolment.target, shared) {
                (_, Some(group)) | (TargetRow::Group(group), _) => group_says(group),
                (TargetRow::Member(row), None) => {
                    columns.members.get(row).and_then(|member| member.newest_friend())
                }
                (TargetRow::Account(row), _) => Some(row),
                (TargetRow::None, _) => None,
            };
            let Some(class) = desk.playbook_now(enrolment.playbook).map(|playbook| playbook.class) else {
                continue;
            };
            if let Some(group) = shared {
                let message = Planned { at: due_at, playbook: enrolment.playbook, class };
                collected.entry(group).or_default().push(message);
            }
            playbooks.entry(account).or_default().push((due_at, class));
        }
        for (account, said_at, class) in besides.accounts.iter().filter(|(_, said_at, _)| *said_at <= at) {
            playbooks.entry(*account).or_default().push((*said_at, *class));
        }
        Self { playbooks, collected, own: HashMap::new(), known: HashMap::new() }
    }

    /// What counts against a cap within its window, up to when the one-off is said: what is planned for whom it reaches,
    /// what accounts say, and the one-off itself as far as it has been looked at.
    pub(super) fn count(&mut self, cap: &Cap, reached: &Reached, window: (Timestamp, Timestamp)) -> Count {
        let at = reached.at;
        // a distance is kept from what was said before the window too
        let from = cap.keeps_from(window.0).unwrap_or(window.0);
        let within = |one: Timestamp| from <= one && one < window.1 && one <= at;
        let of = match cap.scope.of {
            CapScope::Member | CapScope::Group => {
                let counts = |message: &&Planned| within(message.at) && applies(cap, message.class);
                return counted(reached.planned.iter().filter(counts).map(|message| message.at), window.0);
            }
            CapScope::Account => reached.account,
            CapScope::Store | CapScope::Playbook => None,
        };
        let own = self.own.get(&of).into_iter().flatten().filter(|(one, _)| within(**one));
        let own = own.fold(Count::default(), |count, (one, n)| Count {
            used: count.used + if *one >= window.0 { *n } else { 0 },
            last_at: count.last_at.max(Some(*one)),
        });
        if cap.scope.of == CapScope::Playbook {
            // of its own playbook nothing else is planned
            return own;
        }
        let known = self.known.entry((cap.class.clone(), of, window, at, cap.gap)).or_insert_with(|| {
            let said = self.playbooks.iter().filter(|(account, _)| of.is_none() || **account == of);
            let counts = |(one, class): &&(Timestamp, Class)| within(*one) && applies(cap, *class);
            counted(said.flat_map(|(_, said)| said).filter(counts).map(|(one, _)| *one), window.0)
        });
        Count { used: own.used + known.used, last_at: own.last_at.max(known.last_at) }
    }

    /// One more whom the one-off reaches.
    pub(super) fn said(&mut self, reached: &Reached) {
        let of_account = reached.account.map(Some);
        for of in of_account.into_iter().chain([None]) {
            *self.own.entry(of).or_default().entry(reached.at).or_default() += 1;
        }
    }
}

/// How many of these times are within a window that begins with an instant, and the last of all.
fn counted(times: impl Iterator<Item = Timestamp>, from: Timestamp) -> Count {
    times.fold(Count::default(), |count, at| Count {
        used: count.used + u32::from(at >= from),
        last_at: count.last_at.max(Some(at)),
    })
}

impl Desk {
    fn playbook_now(&self, position: u16) -> Option<Arc<Playbook>> {
        let (id, column) = self.store.columns.playbook_at(position)?;
        self.playbooks.get(id, column.current)
    }

    /// Whether a playbook of members says something once for all of a group.
    fn collects(&self, position: u16) -> bool {
        let playbook = self.playbook_now(position);
        playbook.is_some_and(|playbook| playbook.steps.iter().any(|step| step.collects(playbook.target)))
    }

    /// What somebody is to be told from now to the end of the local day of an instant.
    ///
    /// # Errors
    /// The index cannot be read.
    pub(super) fn planned_for(
        &self,
        ahead: &Ahead,
        target: Target,
        now: Timestamp,
        at: Timestamp,
        zone: Tz,
    ) -> Result<Vec<Planned>, DeskError> {
        let columns = &self.store.columns;
        let until = end_of_day(at, zone);
        let mut planned = Vec::new();
        for id in self.store.enrolments_of(target)? {
            let Some(enrolment) = self.store.enrolment(id)? else { continue };
            let status = &enrolment.status;
            let (Some(next_at), EnrolmentState::Active) = (status.next_at, &status.state) else { continue };
            let position = columns.playbook_position(&enrolment.playbook);
            let Some(position) = position.filter(|position| !self.is_paused(*position)) else { continue };
            let Some(playbook) = self.playbooks.of(&enrolment, columns) else { continue };
            if next_at > until {
                continue;
            }
            let (rows, _) = rows_of(self, &enrolment, &playbook, until, now)?;
            for row in rows {
                let own = match target {
                    Target::Member(_) => row.via == Via::Private,
                    Target::Group(_) => row.via == Via::Group,
                    Target::Account(_) => row.via != Via::Internal,
                };
                let ends = |why: &Moved| why.is_never() || why.ends_unsaid();
                let comes = !row.reason.as_ref().is_some_and(ends);
                if own && comes && row.due_at <= until {
                    planned.push(Planned { at: row.due_at, playbook: position, class: row.class });
                }
            }
        }
        if let Target::Group(group) = target {
            let collected = columns.groups.row(group).and_then(|row| ahead.collected.get(&row));
            planned.extend(collected.into_iter().flatten().filter(|message| message.at <= until).cloned());
        }
        Ok(planned)
    }
}
