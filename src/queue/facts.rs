//! Facts about tasks that are not states: overdue, how late, how long since the last touch.

use chrono_tz::Tz;

use crate::book::time::{HOUR, MINUTE};
use crate::book::{Task, TaskState, Timestamp};
use crate::text::lang::Lang;

crate::words! {
    /// Spans as lists show them.
    pub enum FactWords {
        LateDays { n } => ["晚 {n} 天", "晚 {n} 天", "{n} d late"],
        LateHours { n } => ["晚 {n} 小时", "晚 {n} 小時", "{n} h late"],
        LateMinutes { n } => ["晚 {n} 分钟", "晚 {n} 分鐘", "{n} min late"],
        SinceDays { n } => ["距上次 {n} 天", "距上次 {n} 天", "last touch {n} d ago"],
        SinceHours { n } => ["距上次 {n} 小时", "距上次 {n} 小時", "last touch {n} h ago"],
        SinceMinutes { n } => ["距上次 {n} 分钟", "距上次 {n} 分鐘", "last touch {n} min ago"],
    }
}

/// How late something is before it counts as overdue, in milliseconds: a person needs a while for a queue.
pub const OVERDUE_AFTER: i64 = 30 * MINUTE;

/// True for a due task that has waited so long that it is late for its target, or is of an earlier day.
pub fn is_overdue(task: &Task, now: Timestamp, zone: Tz) -> bool {
    task.status.state == TaskState::Due
        && (now.since(task.status.due_at) > OVERDUE_AFTER || late_days(task.status.due_at, now, zone) > 0)
}

/// How many midnights lie between what was due and now; 0 before.
pub fn late_days(due_at: Timestamp, now: Timestamp, zone: Tz) -> u32 {
    u32::try_from((now.day(zone) - due_at.day(zone)).num_days()).unwrap_or(0)
}

/// A span as people count it: midnights, else hours, else minutes.
enum Count {
    Days(u32),
    Hours(i64),
    Minutes(i64),
}

fn count(from: Timestamp, to: Timestamp, zone: Tz) -> Count {
    let span = to.since(from).max(0);
    match late_days(from, to, zone) {
        // Yesterday 23:50 is not a day ago at 00:10.
        days if days > 1 || (days == 1 && span >= 12 * HOUR) => Count::Days(days),
        _ if span >= HOUR => Count::Hours(span / HOUR),
        _ => Count::Minutes(span / MINUTE),
    }
}

/// `晚 1 天`, `晚 3 小时`, `晚 20 分钟`; none within the first minute.
pub fn late(due_at: Timestamp, now: Timestamp, zone: Tz, lang: Lang) -> Option<String> {
    Some(match count(due_at, now, zone) {
        Count::Days(n) => FactWords::LateDays.fill(lang, &[("n", &n)]),
        Count::Hours(n) => FactWords::LateHours.fill(lang, &[("n", &n)]),
        Count::Minutes(0) => return None,
        Count::Minutes(n) => FactWords::LateMinutes.fill(lang, &[("n", &n)]),
    })
}

/// `距上次 2 天`: how long ago the target was touched last.
pub fn since_last(last: Timestamp, now: Timestamp, zone: Tz, lang: Lang) -> String {
    match count(last, now, zone) {
        Count::Days(n) => FactWords::SinceDays.fill(lang, &[("n", &n)]),
        Count::Hours(n) => FactWords::SinceHours.fill(lang, &[("n", &n)]),
        Count::Minutes(n) => FactWords::SinceMinutes.fill(lang, &[("n", &n)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::id::Id as _;
    use crate::book::{Class, GroupId, Target, TaskId, TaskKind, TaskStatus, Via};
    use crate::text::lang::faults;
    use chrono_tz::Asia;

    fn at(text: &str) -> Timestamp {
        let text = format!("2026-{text}:00+08:00");
        Timestamp(text.parse::<chrono::DateTime<chrono::FixedOffset>>().unwrap().timestamp_millis())
    }

    #[test]
    fn words_are_whole() {
        assert_eq!(faults::<FactWords>(), Vec::<String>::new());
    }

    #[test]
    fn lateness_is_said_as_people_count_it() {
        let check = |due: &str, now: &str, expected: Option<&str>| {
            let found = late(at(due), at(now), Asia::Shanghai, Lang::ZhCn);
            assert_eq!(found.as_deref(), expected, "{due} {now}");
        };
        check("11-22T10:00", "11-22T09:00", None);
        check("11-22T10:00", "11-22T10:00", None);
        check("11-22T10:00", "11-22T10:20", Some("晚 20 分钟"));
        check("11-22T10:00", "11-22T23:59", Some("晚 13 小时"));
        check("11-22T23:50", "11-23T00:10", Some("晚 20 分钟"));
        check("11-22T20:00", "11-23T09:00", Some("晚 1 天"));
        check("02-28T20:00", "03-02T09:00", Some("晚 2 天"));
        assert_eq!(
            since_last(at("11-20T10:00"), at("11-22T09:00"), Asia::Shanghai, Lang::ZhCn),
            "距上次 2 天"
        );
    }

    #[test]
    fn a_due_task_is_overdue_after_half_an_hour_or_at_midnight() {
        let due_at = at("11-22T23:50");
        let due = Task {
            id: TaskId::from_bits(1),
            kind: TaskKind::FollowUp { words: "回访".to_owned() },
            target: Target::Group(GroupId::from_bits(1)),
            of: Vec::new(),
            group: None,
            members: Vec::new(),
            via: Via::Group,
            class: Class::Care,
            priority: 0,
            day: 0,
            moved_from: None,
            moved_why: String::new(),
            fired_at: due_at,
            status: TaskStatus::due(due_at, None, None),
        };
        let check = |now: &str, expected: bool| {
            assert_eq!(is_overdue(&due, at(now), Asia::Shanghai), expected, "{now}");
        };
        check("11-22T23:40", false);
        check("11-22T23:59", false);
        check("11-23T00:00", true);
        check("11-23T00:30", true);
        let mut sent = due.clone();
        sent.status.state = TaskState::Sent;
        assert!(!is_overdue(&sent, at("11-25T00:00"), Asia::Shanghai));
    }
}
