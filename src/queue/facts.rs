//! Facts about tasks that are not states: overdue, and how many days late.

use chrono_tz::Tz;

use crate::book::Timestamp;
use crate::book::time::MINUTE;

/// How long after its time a due task counts as overdue, in milliseconds: twelve groups are worked off in less than ten
/// minutes, and a queue that is all red says nothing.
const OVERDUE_AFTER: i64 = 10 * MINUTE;

/// The last instant of what counts as overdue if it is due then. In whole minutes, by which lists look again.
pub fn overdue_until(now: Timestamp) -> Timestamp {
    let minute = now.0.div_euclid(MINUTE).saturating_mul(MINUTE);
    Timestamp(minute.saturating_sub(OVERDUE_AFTER).saturating_add(MINUTE - 1))
}

/// How many midnights lie between what was due and now; 0 before.
pub fn late_days(due_at: Timestamp, now: Timestamp, zone: Tz) -> u32 {
    u32::try_from((now.day(zone) - due_at.day(zone)).num_days()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnights_are_counted_where_the_target_lives() {
        let at = |text: &str| {
            let text = format!("2026-{text}:00+08:00");
            Timestamp(text.parse::<chrono::DateTime<chrono::FixedOffset>>().unwrap().timestamp_millis())
        };
        let days = |due: &str, now: &str| late_days(at(due), at(now), chrono_tz::Asia::Shanghai);
        assert_eq!(days("11-22T10:00", "11-22T09:00"), 0);
        assert_eq!(days("11-22T10:00", "11-22T23:59"), 0);
        assert_eq!(days("11-22T23:50", "11-23T00:10"), 1);
        assert_eq!(days("02-28T20:00", "03-02T09:00"), 2);
    }

    #[test]
    fn ten_whole_minutes_are_late() {
        let late = |due: i64, now: i64| Timestamp(due) <= overdue_until(Timestamp(now));
        assert!(late(0, OVERDUE_AFTER) && !late(MINUTE, OVERDUE_AFTER));
        assert!(late(MINUTE - 1, OVERDUE_AFTER) && !late(0, OVERDUE_AFTER - 1));
    }
}
