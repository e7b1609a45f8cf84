//! The only place that asks what time it is, where this machine is, and what chance says.
//!
//! Everything else takes `now`, a zone and a seed as parameters, so that a test, a demo or a rehearsal can put the
//! program at any instant: `QUN_CLOCK=<RFC 3339>` starts the calendar clock there, and it advances as real time
//! does; `QUN_SEED=<number>` makes ids repeat. A screen has no calendar clock at all, only [`Monotonic`].

use std::hash::{BuildHasher as _, Hasher as _};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use chrono::DateTime;
use chrono_tz::Tz;

use crate::book::Timestamp;
use crate::door::turn::Now;

/// A variable of the environment that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// `QUN_CLOCK` is no instant.
    #[error("QUN_CLOCK='{0}' is not a time; write it like 2026-03-02T09:00:00+08:00")]
    Clock(String),
    /// `QUN_SEED` is no number.
    #[error("QUN_SEED='{0}' is not a number from 0 to 18446744073709551615")]
    Seed(String),
}

/// The calendar clock of a process.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// A rehearsal: the instant it began at, and the boot clock's reading then.
    started: Option<(Timestamp, i64)>,
}

impl Clock {
    /// The machine's clock.
    pub const fn system() -> Self {
        Self { started: None }
    }

    /// A clock that shows `at` now and advances from there.
    pub fn starting_at(at: Timestamp) -> Self {
        Self { started: Some((at, boot_ms())) }
    }

    /// The machine's clock, or the one that `QUN_CLOCK` asks for.
    pub fn from_environment() -> Result<Self, ClockError> {
        match std::env::var("QUN_CLOCK") {
            Ok(text) => Ok(Self::starting_at(parse_instant(&text)?)),
            Err(_) => Ok(Self::system()),
        }
    }

    /// True where `QUN_CLOCK` or a test started this clock.
    pub const fn is_rehearsal(&self) -> bool {
        self.started.is_some()
    }

    /// Reads both clocks once.
    pub fn now(&self) -> Now {
        let boot_ms = boot_ms();
        let wall = match self.started {
            Some((at, began_ms)) => Timestamp(at.0.saturating_add(boot_ms.saturating_sub(began_ms))),
            None => wall(),
        };
        Now { wall, boot_ms }
    }
}

fn parse_instant(text: &str) -> Result<Timestamp, ClockError> {
    DateTime::parse_from_rfc3339(text.trim())
        .map(|at| Timestamp(at.timestamp_millis()))
        .map_err(|_| ClockError::Clock(text.to_owned()))
}

#[expect(clippy::disallowed_methods, reason = "this is the clock")]
fn wall() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Milliseconds since the machine started, time asleep included.
fn boot_ms() -> i64 {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const BOOT: rustix::time::ClockId = rustix::time::ClockId::Boottime;
    // elsewhere the monotonic clock is the one that goes on during sleep
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const BOOT: rustix::time::ClockId = rustix::time::ClockId::Monotonic;
    let at = rustix::time::clock_gettime(BOOT);
    at.tv_sec.saturating_mul(1_000).saturating_add(at.tv_nsec / 1_000_000)
}

/// A stopwatch for what a screen does by itself: spinners, chords, redraws. It knows no calendar.
#[derive(Clone, Copy, Debug)]
pub struct Monotonic(Instant);

impl Monotonic {
    /// Begins at zero.
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// How long ago it began.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// The zone of this machine: `TZ`, else where `/etc/localtime` leads, else Asia/Shanghai.
pub fn zone() -> Tz {
    let link = std::fs::read_link("/etc/localtime").ok();
    zone_from(std::env::var("TZ").ok().as_deref(), link.as_deref())
}

/// Chooses a zone from the value of `TZ` and the target of `/etc/localtime`.
///
/// `TZ` may begin with a colon and may be a path into a zone database. A value that names no zone of ours (a POSIX
/// rule such as `CST-8`) counts as not set.
fn zone_from(variable: Option<&str>, link: Option<&Path>) -> Tz {
    let named = |text: &str| {
        let text = text.trim().trim_start_matches(':');
        let name = text.rsplit_once("zoneinfo/").map_or(text, |(_, name)| name);
        name.parse::<Tz>().ok()
    };
    variable
        .filter(|text| !text.trim().is_empty())
        .and_then(named)
        .or_else(|| link.and_then(Path::to_str).and_then(named))
        .unwrap_or(Tz::Asia__Shanghai)
}

/// The seed of the id generator: `QUN_SEED`, else from the operating system.
pub fn seed() -> Result<u64, ClockError> {
    match std::env::var("QUN_SEED") {
        Ok(text) => text.trim().parse().map_err(|_| ClockError::Seed(text)),
        // The keys of the standard hasher come from the operating system's generator on every platform.
        Err(_) => Ok(std::hash::RandomState::new().build_hasher().finish()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rehearsal_starts_where_it_is_told_and_advances() {
        let at = parse_instant(" 2026-03-02T09:00:00+08:00 ").unwrap();
        assert_eq!(at, Timestamp(1_772_413_200_000));
        let clock = Clock::starting_at(at);
        let first = clock.now();
        let second = clock.now();
        assert!(first.wall >= at && first.wall.since(at) < 60_000);
        assert!(second.wall >= first.wall && second.boot_ms >= first.boot_ms);
        assert!(clock.is_rehearsal() && !Clock::system().is_rehearsal());
    }

    #[test]
    fn a_wrong_instant_is_named() {
        let error = parse_instant("明天").unwrap_err();
        assert_eq!(error, ClockError::Clock("明天".to_owned()));
        assert!(error.to_string().contains("明天"));
    }

    #[test]
    fn finds_the_zone() {
        let check = |variable: Option<&str>, link: Option<&str>, expected: Tz| {
            assert_eq!(zone_from(variable, link.map(Path::new)), expected, "{variable:?} {link:?}");
        };
        check(None, None, Tz::Asia__Shanghai);
        check(Some("America/New_York"), Some("/usr/share/zoneinfo/Asia/Tokyo"), Tz::America__New_York);
        check(Some(":Asia/Tokyo"), None, Tz::Asia__Tokyo);
        check(Some("/usr/share/zoneinfo/Europe/Berlin"), None, Tz::Europe__Berlin);
        check(Some("CST-8"), Some("../usr/share/zoneinfo/Asia/Urumqi"), Tz::Asia__Urumqi);
        check(Some(""), Some("/usr/share/zoneinfo/Etc/UTC"), Tz::Etc__UTC);
        check(None, Some("/nowhere"), Tz::Asia__Shanghai);
    }

    #[test]
    fn two_processes_do_not_share_a_seed() {
        let seeds: Vec<u64> = (0..4).map(|_| std::hash::RandomState::new().build_hasher().finish()).collect();
        assert!(seeds.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
