//! A year of random playbooks under random rules: what must hold whatever is written and whenever the desk wakes.

use proptest::prelude::*;

use super::*;
use crate::book::{QuietHours, RuleScope, Span};
use crate::queue::caps::window;
use crate::queue::quiet::{NoCalendar, is_quiet};
use crate::sop::calendar::instant_anchor;
use crate::sop::schedule::beginning;
use crate::sop::schedule::tests::{course, playbook};

/// A step that was offered, or born ended, and when.
#[derive(Clone, Debug, PartialEq)]
struct Offered {
    step: String,
    occurrence: NaiveDate,
    at: Timestamp,
    ended: bool,
}

/// Goes through a year as the desk does: one look at a time, at what is next; a look also at each of `extra`, when nobody
/// asked for one.
fn drive(course: &Course<'_>, rules: &PlanRules<'_>, until: Timestamp, extra: &[Timestamp]) -> Vec<Offered> {
    let reach = Reach::of_anybody(course.playbook.target, Via::Private);
    let step = StepRules { quiet: rules.quiet, caps: rules.caps, reach, passes_by: false, fresh: None };
    let step_rules = vec![step; course.playbook.steps.len()];
    let limits = Limits { from: Timestamp(0), until: Some(until), rows: usize::MAX };
    let mut planning = Planning::new(&|_, _, _| Count::default(), &nothing_known, limits).also_at(extra);
    planning.follow(Way::new(*course, beginning(), &step_rules));
    let offered = planning.done().into_iter().map(|row| Offered {
        ended: matches!(row.reason, Some(Moved::Expired(_))),
        step: row.step,
        occurrence: row.occurrence,
        at: row.due_at,
    });
    let mut offered: Vec<Offered> = offered.collect();
    // which of one instant was looked at first is nothing that anybody sees
    offered.sort_by(|one, other| {
        (one.at, one.occurrence, &one.step).cmp(&(other.at, other.occurrence, &other.step))
    });
    offered
}

/// The first place where two years differ.
fn differ<T: Clone + PartialEq>(one: &[T], other: &[T]) -> Option<(usize, Option<T>, Option<T>)> {
    let end = one.len().max(other.len());
    (0..end).map(|at| (at, one.get(at).cloned(), other.get(at).cloned())).find(|(_, one, other)| one != other)
}

fn random_step() -> impl Strategy<Value = String> {
    let at = (0_u16..24, 0_u16..60);
    let ends = prop_oneof![
        Just(String::new()),
        (1_u16..40).prop_map(|hours| format!("until = \"+{hours}h\"\n")),
        (0_u16..24).prop_map(|hour| format!("until = \"D0 {hour:02}:30\"\n")),
    ];
    let late = prop_oneof![Just("keep"), Just("drop")];
    (at, ends, late).prop_map(|((hour, minute), ends, late)| {
        format!(
            "at = \"DAY {hour:02}:{minute:02}\"\n{ends}late = \"{late}\"\nvia = \"private\"\nnote = \"x\"\n"
        )
    })
}

fn random_caps() -> impl Strategy<Value = Vec<Cap>> {
    let per = prop_oneof![Just(Span::Hour), Just(Span::Day), Just(Span::Week), Just(Span::Month)];
    let cap = (1_u32..4, per, 0_u32..600).prop_map(|(n, per, gap)| Cap {
        scope: RuleScope::each(CapScope::Member),
        except: String::new(),
        class: Vec::new(),
        n,
        per,
        gap,
        source: String::new(),
        date: String::new(),
    });
    proptest::collection::vec(cap, 0..3)
}

/// Nights and lunch breaks of up to ten hours: together they leave some of the day open.
fn random_quiet() -> impl Strategy<Value = Vec<QuietHours>> {
    let span = (0_u16..1440, 1_u16..600, 0_u8..128).prop_map(|(from, length, days)| QuietHours {
        from,
        to: (from + length - 1) % 1440 + 1,
        days,
    });
    proptest::collection::vec(span, 0..3)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_year_keeps_to_its_rules_however_often_the_desk_wakes(
        steps in proptest::collection::vec(random_step(), 1..4), recurs: bool, caps in random_caps(),
        hours in random_quiet(), which in 0_usize..5, ms in 1_700_000_000_000_i64..1_800_000_000_000,
        extra in proptest::collection::vec(0_i64..365 * 24 * 60, 0..200)
    ) {
        use chrono_tz::{America, Asia, Australia, Europe};
        let zone =
            [Asia::Shanghai, America::New_York, Australia::Lord_Howe, Asia::Kathmandu, Europe::London][which];
        let days = if recurs { "D0" } else { "D0..D364" };
        let steps: Vec<String> = steps
            .iter()
            .enumerate()
            .map(|(n, step)| format!("[[step]]\nid = \"s{n}\"\n{}", step.replace("DAY", days)))
            .collect();
        let steps = steps.concat();
        let start = if recurs { "every = \"daily\"" } else { "added" };
        let playbook = playbook(start, &format!("tz = \"{zone}\""), &steps);
        let anchor = instant_anchor("1".to_owned(), Timestamp(ms), zone, playbook.day_ends);
        let course = course(&playbook, &anchor);
        let quiet = [Quiet { zone, hours: &hours, calendar: &NoCalendar }];
        let rules = PlanRules { quiet: &quiet, caps: &caps };
        let until = Timestamp(ms + 365 * crate::book::time::DAY);
        let mut extra: Vec<Timestamp> =
            extra.iter().map(|minute| Timestamp(ms + minute * crate::book::time::MINUTE)).collect();
        extra.sort();

        let offered = drive(&course, &rules, until, &[]);
        // what stands behind more waiting steps than are looked at is found when one of them goes: under a cap that lets
        // through less than is owed one more look may find it in time
        if caps.is_empty() {
            let early = drive(&course, &rules, until, &extra);
            prop_assert_eq!(differ(&early, &offered), None, "waking early changes nothing");
        }
        let bare = drive(&course, &PlanRules::default(), until, &[]);
        let keys = |offered: &[Offered]| -> Vec<(String, NaiveDate)> {
            offered.iter().map(|one| (one.step.clone(), one.occurrence)).collect()
        };
        let (mut once, mut all) = (keys(&offered), keys(&bare));
        once.sort();
        all.sort();
        prop_assert_eq!(differ(&once, &all), None, "rules move, they lose and double nothing");
        once.dedup();
        prop_assert_eq!(once.len(), offered.len());

        let said: Vec<Timestamp> = offered.iter().filter(|one| !one.ended).map(|one| one.at).collect();
        for one in &said {
            prop_assert!(*one >= anchor.at && !is_quiet(*one, &quiet[0]), "{one:?}");
        }
        let due: std::collections::BTreeMap<_, _> =
            bare.iter().map(|due| ((&due.step, due.occurrence), due.at)).collect();
        for one in &offered {
            prop_assert!(one.at >= due[&(&one.step, one.occurrence)], "before it is due: {one:?}");
        }
        for cap in &caps {
            for at in &said {
                let (from, to) = window(cap.per, *at, zone);
                let used = said.iter().filter(|other| from <= **other && **other < to).count();
                prop_assert!(used <= cap.n as usize, "{used} over {} {:?}", cap.n, cap.per);
            }
            let gap = i64::from(cap.gap) * crate::book::time::MINUTE;
            prop_assert!(said.windows(2).all(|pair| pair[1].since(pair[0]) >= gap), "closer than {}", cap.gap);
        }
    }
}
