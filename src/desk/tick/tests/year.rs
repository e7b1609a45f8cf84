//! A year of a whole desk: ticked when it asks for it, ticked at odd times as well, and left alone for all of it.

use proptest::prelude::*;

use super::*;
use crate::book::{Class, TaskKey, TaskKind};
use crate::queue::quiet::{NoCalendar, Quiet, is_quiet, next_open_for};

const DAYS: i64 = 365;

/// A playbook with a step each day and others besides.
fn playbook(steps: &[(u16, &str, &str)]) -> String {
    let mut toml = "id = \"year\"\ntitle = \"一年\"\nfor = \"member\"\nclass = \"marketing\"\nstart = { on = \"by-hand\" }\n".to_owned();
    for (n, (minutes, until, late)) in steps.iter().enumerate() {
        let days = ["D0..D364", "D30,D60,D90", "D0,D1,D3,D7,D180"].get(n).copied().unwrap_or("D5");
        let until = if until.is_empty() { String::new() } else { format!("until = \"{until}\"\n") };
        let step = format!(
            "[[step]]\nid = \"s{n}\"\nat = \"{days} {:02}:{:02}\"\n{until}late = \"{late}\"\nvia = \"private\"\ntext = [\"{n}\"]\n",
            minutes / 60,
            minutes % 60
        );
        toml.push_str(&step);
    }
    toml
}

/// What became of a step: its key, whether it was offered, and when.
type Owed = (TaskKey, bool, Timestamp);

struct Year {
    book: Book,
    begun: Timestamp,
    /// Spans in which nobody is at the desk, by minutes since the beginning, one after the other.
    away: Vec<(Timestamp, Timestamp)>,
    /// Nor does the program run then.
    is_off: bool,
}

impl Year {
    fn new(toml: &str, rules: &str) -> Self {
        let mut book = Book::new();
        book.desk.run(Command::SetRules { toml: format!("zone = \"Asia/Shanghai\"\n{rules}") }).unwrap();
        book.sop(toml);
        let member = book.member("张三");
        book.befriend(member);
        let begun = book.desk.now().wall;
        let enrol = Command::Enrol {
            playbook: PlaybookId("year".to_owned()),
            targets: vec![Target::Member(member)],
            filter: String::new(),
            anchor: None,
            dry_run: false,
        };
        book.desk.run(enrol).unwrap();
        Self { book, begun, away: Vec::new(), is_off: false }
    }

    /// Ticks, and sends what is due at once where somebody is there.
    fn tick_at(&mut self, at: Timestamp) {
        let away = self.away.iter().any(|(from, to)| *from <= at && at < *to);
        if away && self.is_off {
            return;
        }
        self.book.desk.at_time(at);
        self.book.desk.tick();
        if away {
            return;
        }
        for task in self.book.open() {
            self.book.verb(task.id, TaskVerb::Sent { at: None, also: false });
            self.book.desk.at_time(at);
        }
    }

    /// Ticks whenever the desk asks for it, and at `extra` minutes.
    fn go(mut self, extra: &[i64]) -> Self {
        let end = Timestamp(self.begun.0 + DAYS * crate::book::time::DAY);
        let mut extra: Vec<Timestamp> = extra
            .iter()
            .map(|minutes| Timestamp(self.begun.0 + minutes * crate::book::time::MINUTE))
            .collect();
        extra.sort();
        let mut now = self.begun;
        self.tick_at(now);
        while let Some(wake) = self.book.desk.last.wake_at.filter(|at| *at <= end) {
            let (before, wake) = (now, wake.max(Timestamp(now.0 + 1)));
            now = extra.iter().copied().find(|at| *at > now && *at < wake).unwrap_or(wake);
            // whoever comes back is there at once
            let asleep = self.away.iter().find(|(from, to)| self.is_off && *from <= now && now < *to);
            now = asleep.map_or(now, |(_, to)| *to);
            now = self.away.iter().map(|(_, to)| *to).find(|to| *to > before && *to < now).unwrap_or(now);
            self.tick_at(now);
        }
        self
    }

    /// Nobody is there in some spans of minutes, each after the one before, and nobody comes back in the night; the
    /// program runs on, or is off.
    fn away(mut self, spans: &[(i64, i64)], night: &Quiet<'_>, is_off: bool) -> Self {
        let mut at = self.begun;
        for (there, gone) in spans {
            let from = Timestamp(at.0 + there * crate::book::time::MINUTE);
            let back = Timestamp(from.0 + gone * crate::book::time::MINUTE);
            at = next_open_for(back, std::slice::from_ref(night));
            self.away.push((from, at));
        }
        self.is_off = is_off;
        self
    }

    /// When everything that was offered is due, and what was not.
    fn due(&self) -> Vec<(TaskKey, bool, Option<Timestamp>)> {
        let step = |task: &Task| match &task.kind {
            TaskKind::Step { key, .. } => Some(key.clone()),
            _ => None,
        };
        let mut due: Vec<_> = self
            .book
            .tasks()
            .iter()
            .filter_map(|task| {
                let expired = task.status.state == TaskState::Expired;
                Some((step(task)?, expired, (!expired).then_some(task.status.due_at)))
            })
            .collect();
        due.sort();
        due
    }

    fn owed(&self) -> Vec<Owed> {
        let mut owed: Vec<Owed> = self
            .book
            .tasks()
            .iter()
            .filter_map(|task| match &task.kind {
                TaskKind::Step { key, .. } => {
                    let offered = task.status.end == Some(EndReason::Sent) || task.status.state.is_open();
                    Some((key.clone(), offered, task.fired_at))
                }
                _ => None,
            })
            .collect();
        owed.sort();
        owed
    }
}

fn keys(owed: &[Owed]) -> Vec<TaskKey> {
    owed.iter().map(|(key, ..)| key.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn a_year_is_the_same_however_often_it_ticks_and_keeps_to_its_rules(
        minutes in proptest::collection::vec(0_u16..1440, 3), n in 1_u32..3, from in 0_u16..1440, length in 60_u16..600,
        late in prop_oneof![Just("keep"), Just("drop")],
        extra in proptest::collection::vec(0_i64..DAYS * 24 * 60, 0..40)
    ) {
        let to = (from + length - 1) % 1440 + 1;
        let steps = [(minutes[0], "D0 22:00", "drop"), (minutes[1], "", late), (minutes[2], "+6h", "keep")];
        let clock = |minutes: u16| format!("\"{:02}:{:02}\"", minutes / 60, minutes % 60);
        let rules = format!(
            "[[quiet]]\nfrom = {}\nto = {}\n[[cap]]\nscope = \"member\"\nn = {n}\nper = \"day\"\n",
            clock(from), clock(to)
        );
        let toml = playbook(&steps);
        let exact = Year::new(&toml, &rules).go(&[]);
        let owed = exact.owed();
        let often = Year::new(&toml, &rules).go(&extra).owed();
        let other = owed.iter().zip(&often).find(|(one, other)| {
            // what ends by itself may do so as soon as somebody looks
            (&one.0, one.1, one.1.then_some(one.2)) != (&other.0, other.1, other.1.then_some(other.2))
        });
        prop_assert_eq!(other, None, "ticked more often");
        prop_assert_eq!(owed.len(), often.len());
        prop_assert!(owed.len() > 350, "{}", owed.len());

        let night = [crate::book::QuietHours { from, to, days: 0 }];
        let zone = chrono_tz::Tz::Asia__Shanghai;
        let quiet = Quiet { zone, hours: &night, calendar: &NoCalendar };
        let mut of_day = std::collections::BTreeMap::new();
        for (key, _, at) in owed.iter().filter(|(_, offered, _)| *offered) {
            prop_assert!(!is_quiet(*at, &quiet), "inside quiet hours: {key:?}");
            prop_assert!(*at >= exact.begun, "before its anchor: {key:?}");
            *of_day.entry((key.target, at.day(zone))).or_insert(0) += 1;
        }
        prop_assert!(of_day.values().all(|sent| *sent <= n), "over the cap");
        prop_assert!(exact.book.tasks().iter().all(|task| task.class == Class::Marketing));
    }

    /// Whether the program runs while nobody is there makes no difference for when what was kept is due: caps and quiet
    /// hours are those of then.
    #[test]
    fn a_year_is_the_same_whether_the_program_runs_or_not_while_nobody_is_there(
        minutes in proptest::collection::vec(0_u16..1440, 3), n in 1_u32..4, from in 0_u16..1440, length in 60_u16..600,
        gap in prop_oneof![Just(0), 10_u16..240], weekly in any::<bool>(),
        scope in prop_oneof![Just("member"), Just("account"), Just("store"), Just("playbook")],
        spans in proptest::collection::vec((60_i64..20_000, 30_i64..6_000), 10..30)
    ) {
        let to = (from + length - 1) % 1440 + 1;
        let steps = [(minutes[0], "+3h", "drop"), (minutes[1], "", "keep"), (minutes[2], "", "keep")];
        let clock = |minutes: u16| format!("\"{:02}:{:02}\"", minutes / 60, minutes % 60);
        let rules = format!(
            "[[quiet]]\nfrom = {}\nto = {}\n[[cap]]\nscope = \"{scope}\"\nn = {n}\nper = \"day\"\ngap = {gap}\n",
            clock(from), clock(to)
        );
        let week = if weekly { format!("[[cap]]\nscope = \"{scope}\"\nn = 5\nper = \"week\"\n") } else { String::new() };
        let rules = rules + &week;
        let toml = playbook(&steps);
        let night = [crate::book::QuietHours { from, to, days: 0 }];
        let night = Quiet { zone: chrono_tz::Tz::Asia__Shanghai, hours: &night, calendar: &NoCalendar };
        let on = Year::new(&toml, &rules).away(&spans, &night, false).go(&[]).due();
        let off = Year::new(&toml, &rules).away(&spans, &night, true).go(&[]).due();
        let other = on.iter().zip(&off).find(|(one, other)| one != other);
        prop_assert_eq!(other, None, "{}", rules);
        prop_assert_eq!(on.len(), off.len());
    }
}

#[test]
fn a_year_in_one_go_owes_what_a_year_of_ticks_owes_once() {
    let toml = playbook(&[(9 * 60, "D0 22:00", "drop"), (0, "", "keep"), (23 * 60 + 59, "", "drop")]);
    let ticked = Year::new(&toml, "").go(&[]).owed();
    let mut at_once = Year::new(&toml, "");
    at_once.book.desk.at_time(Timestamp(at_once.begun.0 + DAYS * crate::book::time::DAY));
    at_once.book.desk.tick();
    assert!(at_once.book.desk.desk.tick.held.is_some(), "a clock that far ahead asks first");
    at_once.book.desk.run(Command::ConfirmClock).unwrap();
    at_once.book.desk.tick();
    let owed = at_once.owed();
    assert_eq!(keys(&owed), keys(&ticked));
    let mut once = keys(&owed);
    once.dedup();
    assert_eq!(once.len(), owed.len(), "nothing fires twice");
    let kept = owed.iter().filter(|(_, offered, _)| *offered).count();
    assert_eq!(kept, 3, "what is kept is still owed, what is dropped is told");
    at_once.book.desk.restart();
}

/// Whom caps of each scope count for: what was open and what was sent is looked back at alike.
#[test]
fn a_cap_of_any_scope_is_looked_back_at() {
    let at = crate::desk::testing::at;
    let toml = playbook(&[])
        + &[("a", "10:00"), ("b", "11:00"), ("c", "15:00")]
            .map(|(id, at)| {
                let until = if id == "b" { "until = \"D0 14:00\"\nlate = \"drop\"\n" } else { "" };
                format!(
                    "[[step]]\nid = \"{id}\"\nat = \"D0 {at}\"\n{until}via = \"private\"\ntext = [\"{id}\"]\n"
                )
            })
            .concat();
    for scope in ["member", "account", "store", "playbook"] {
        // one is sent, the second would have been open until 14:00: the third has room beside it where two go
        for (n, expected) in [(1, "2026-11-23 00:00"), (2, "2026-11-22 15:00")] {
            let rules = format!("[[cap]]\nscope = \"{scope}\"\nn = {n}\nper = \"day\"\n");
            let mut year = Year::new(&toml, &rules);
            year.tick_at(at("2026-11-22 10:00"));
            year.book.desk.at("2026-11-23 12:00").tick();
            let open = year.book.open();
            let [task] = open.as_slice() else { panic!("{scope} {n}: {open:?}") };
            assert_eq!(task.status.due_at, at(expected), "{scope} {n}");
        }
    }
}

/// A cap that was full when it was planned, a night, and a program that was off through both; it comes back in the night.
#[test]
fn what_a_cap_and_a_night_held_is_due_when_they_ended() {
    let rules =
        "[[quiet]]\nfrom = \"22:00\"\nto = \"08:00\"\n[[cap]]\nscope = \"member\"\nn = 1\nper = \"day\"\n";
    let toml = playbook(&[])
        + "[[step]]\nid = \"a\"\nat = \"D0 10:00\"\nvia = \"private\"\ntext = [\"a\"]\n\
         [[step]]\nid = \"b\"\nat = \"D0 15:00\"\nvia = \"private\"\ntext = [\"b\"]\n";
    let at = crate::desk::testing::at;
    for back in ["2026-11-23 12:00", "2026-11-24 07:00"] {
        let mut year = Year::new(&toml, rules);
        year.tick_at(at("2026-11-22 10:00"));
        assert_eq!(year.book.tasks().len(), 1);
        year.book.desk.at(back).tick();
        let open = year.book.open();
        let [task] = open.as_slice() else { panic!("{open:?}") };
        let status = (task.status.state, task.status.due_at, task.status.snoozed_until);
        let put_off = (back != "2026-11-23 12:00").then(|| at("2026-11-24 08:00"));
        let state = if put_off.is_some() { TaskState::Snoozed } else { TaskState::Due };
        assert_eq!(status, (state, at("2026-11-23 08:00"), put_off), "{back}");
        assert_eq!(task.moved_from, Some(at("2026-11-22 15:00")));
    }
}
