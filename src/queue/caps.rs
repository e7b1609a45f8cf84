//! Caps: how many touches are offered to one member, in one group, from one account per span.
//!
//! A cap limits what is offered; what a human says they sent is recorded whatever it says. Counting is the
//! caller's: touches and open tasks when a step fires, touches alone when a text is copied; blocked and held tasks
//! never. Spans are those of the calendar in the given zone: the clock hour, the day, the week from Monday, the
//! month.
//!
//! One file because what a cap counts, what it says and how that is kept are one rule; half of it are tests.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime, Timelike};
use chrono_tz::Tz;
use std::fmt::Write as _;

use super::wall::resolve;
use crate::book::{Cap, CapScope, Class, Span, Timestamp, WaitReason};
use crate::text::lang::Lang;

crate::words! {
    /// What is said beside a cap.
    pub enum CapWords {
        Hour { used, n } => ["本小时 {used}/{n}", "本小時 {used}/{n}", "this hour {used}/{n}"],
        Day { used, n } => ["今日 {used}/{n}", "今日 {used}/{n}", "today {used}/{n}"],
        Week { used, n } => ["本周 {used}/{n}", "本週 {used}/{n}", "this week {used}/{n}"],
        Month { used, n } => ["本月 {used}/{n}", "本月 {used}/{n}", "this month {used}/{n}"],
        After => ["让更重要的先发", "讓更重要的先發", "after more important ones"],
        Quiet => ["免打扰", "免打擾", "quiet hours"],
        Paused => ["已暂停", "已暫停", "paused"],
        Gap { minutes } => ["间隔不足 {minutes} 分钟", "間隔不足 {minutes} 分鐘", "less than {minutes} min apart"],
    }
}

/// How far a cap is used up at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Over what it counts.
    pub of: CapScope,
    pub span: Span,
    pub used: u32,
    pub n: u32,
    /// The least minutes between two touches, where that is what holds.
    pub gap: Option<u32>,
}

impl Usage {
    /// `今日 1/1`, `群 今日 5/5`, `间隔不足 60 分钟`: of a member's cap only the numbers, of others whose it is.
    pub fn words(&self, lang: Lang) -> String {
        let words = self.numbers(lang);
        if self.of == CapScope::Member { words } else { format!("{} {words}", self.of.label(lang)) }
    }

    fn numbers(&self, lang: Lang) -> String {
        let words = match (self.gap, self.span) {
            (Some(minutes), _) => return CapWords::Gap.fill(lang, &[("minutes", &minutes)]),
            (None, Span::Hour) => CapWords::Hour,
            (None, Span::Day) => CapWords::Day,
            (None, Span::Week) => CapWords::Week,
            (None, Span::Month) => CapWords::Month,
        };
        words.fill(lang, &[("used", &self.used), ("n", &self.n)])
    }

    /// What records keep, to be told in any language: `member day 1/1`, `group gap 60`.
    pub fn code(&self) -> String {
        match self.gap {
            Some(minutes) => format!("{} gap {minutes}", self.of),
            None => format!("{} {} {}/{}", self.of, self.span, self.used, self.n),
        }
    }

    /// Reads [`Usage::code`]; none for anything else, such as the words that older records keep.
    fn from_code(code: &str) -> Option<Self> {
        let mut parts = code.split(' ');
        let (of, span, numbers) = (parts.next()?, parts.next()?, parts.next()?);
        let of = *CapScope::ALL.iter().find(|scope| scope.word() == of)?;
        if parts.next().is_some() {
            return None;
        }
        if span == "gap" {
            return Some(Self { of, span: Span::Day, used: 0, n: 0, gap: Some(numbers.parse().ok()?) });
        }
        let span = *Span::ALL.iter().find(|known| known.word() == span)?;
        let (used, n) = numbers.split_once('/')?;
        Some(Self { of, span, used: used.parse().ok()?, n: n.parse().ok()?, gap: None })
    }
}

/// What records keep of a message that waits for more important ones of its day.
pub const AFTER: &str = "member day after";

/// What records keep of quiet hours.
pub const QUIET: &str = "quiet";

/// What records keep of a pause before what holds now.
const PAUSED: &str = "paused";

/// What stands between several hurdles in what records keep.
const BESIDE: &str = "; ";

/// The most hurdles that are kept of one step.
const HURDLES: usize = 3;

/// What holds a step now beside what has held it until now, as one reason: who asks why it comes a week later is to
/// hear of the full week, not only of the night after it. Each hurdle is kept once, as it stood last, and what holds now
/// stands last.
pub fn also(before: Option<&WaitReason>, why: &WaitReason) -> WaitReason {
    let of = |why: &WaitReason| -> Vec<String> {
        match why {
            WaitReason::QuietHours => vec![QUIET.to_owned()],
            WaitReason::Cap { words } => words.split(BESIDE).map(str::to_owned).collect(),
            WaitReason::Paused => vec![PAUSED.to_owned()],
            _ => Vec::new(),
        }
    };
    // while a pause goes on, it alone holds
    if *why == WaitReason::Paused {
        return WaitReason::Paused;
    }
    let kind = |code: &str| code.rsplit_once(' ').map_or(code, |(kind, _)| kind).to_owned();
    let mut hurdles = before.map(of).unwrap_or_default();
    let now = of(why);
    if now.is_empty() || hurdles.is_empty() {
        return why.clone();
    }
    for code in now {
        hurdles.retain(|known| kind(known) != kind(&code));
        hurdles.push(code);
    }
    if hurdles == [QUIET] {
        return WaitReason::QuietHours;
    }
    let first = hurdles.len().saturating_sub(HURDLES);
    WaitReason::Cap { words: hurdles.get(first..).unwrap_or_default().join(BESIDE) }
}

/// The caps among what held a step, without quiet hours and a pause beside them; none where no cap did.
pub fn caps_in(why: &WaitReason) -> Option<WaitReason> {
    let WaitReason::Cap { words } = why else { return None };
    let caps: Vec<&str> = words.split(BESIDE).filter(|code| ![QUIET, PAUSED].contains(code)).collect();
    (!caps.is_empty()).then(|| WaitReason::Cap { words: caps.join(BESIDE) })
}

/// True where a cap holds a step now, whatever held it before.
pub fn is_cap(why: &WaitReason) -> bool {
    match why {
        WaitReason::Cap { words } => words.rsplit(BESIDE).next() != Some(QUIET),
        _ => false,
    }
}

/// True where quiet hours hold a step now, whatever held it before.
pub fn is_quiet(why: &WaitReason) -> bool {
    matches!(why, WaitReason::QuietHours) || matches!(why, WaitReason::Cap { .. }) && !is_cap(why)
}

/// True where caps or quiet hours hold a step, and no pause or calendar.
pub const fn is_by_rules(why: &WaitReason) -> bool {
    matches!(why, WaitReason::QuietHours | WaitReason::Cap { .. })
}

/// What ended a step that waited to its end: the caps among what held it, else quiet hours; none where neither did.
pub fn ended_by(why: &WaitReason) -> Option<WaitReason> {
    caps_in(why).or_else(|| is_quiet(why).then_some(WaitReason::QuietHours))
}

/// Why a cap held something, from what its record keeps; older records keep the words themselves.
pub fn held_words(code: &str, lang: Lang) -> String {
    if code.contains(BESIDE) {
        let mut hurdles: Vec<&str> = code.split(BESIDE).collect();
        // the night after a full day is the lesser news
        hurdles.sort_by_key(|code| *code == QUIET);
        let each: Vec<String> = hurdles.into_iter().map(|code| held_words(code, lang)).collect();
        return each.join(", ");
    }
    if code == QUIET {
        return CapWords::Quiet.text(lang).to_owned();
    }
    if code == PAUSED {
        return CapWords::Paused.text(lang).to_owned();
    }
    if code == AFTER {
        return CapWords::After.text(lang).to_owned();
    }
    Usage::from_code(code).map_or_else(|| code.to_owned(), |usage| usage.words(lang))
}

/// What the caps say to one more touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// It may be offered now.
    Open,
    /// A cap holds it; it may be offered from then on, if nothing else is sent meanwhile.
    Full { next_at: Timestamp, usage: Usage },
}

/// What is counted against one cap for one member, group or account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Touches (and open tasks, at firing) within the cap's span around now.
    pub used: u32,
    /// When the last touch was sent, for the least gap.
    pub last_at: Option<Timestamp>,
}

/// True where a cap counts and holds a class. A cap that names no class means marketing and care.
pub fn applies(cap: &Cap, class: Class) -> bool {
    if cap.class.is_empty() {
        matches!(class, Class::Marketing | Class::Care)
    } else {
        cap.class.contains(&class)
    }
}

/// How many a cap lets through in a window of its span: its number, else as many as the window has days.
pub const fn most(cap: &Cap, window: (Timestamp, Timestamp)) -> u32 {
    if cap.n > 0 {
        return cap.n;
    }
    // half a day more, as days that clocks are changed on are shorter and longer
    let days = (window.1.0 - window.0.0 + crate::book::time::DAY / 2) / crate::book::time::DAY;
    if days < 1 { 1 } else { days as u32 }
}

/// The span of the calendar around an instant: its first instant and the first one after it.
pub fn window(span: Span, at: Timestamp, zone: Tz) -> (Timestamp, Timestamp) {
    let local = at.local(zone).naive_local();
    let day = local.date();
    let midnight =
        |day: Option<NaiveDate>| resolve(day.unwrap_or(NaiveDate::MAX).and_time(NaiveTime::MIN), zone);
    match span {
        Span::Hour => {
            // From the minutes of the clock, so that a repeated hour is two hours and zones of :30 and :45 fit.
            let past = i64::from(local.minute() * 60 + local.second()) * 1000
                + i64::from(local.nanosecond() / 1_000_000);
            let from = Timestamp(at.0.saturating_sub(past));
            (from, Timestamp(from.0.saturating_add(crate::book::time::HOUR)))
        }
        Span::Day => (midnight(Some(day)), midnight(day.succ_opt())),
        Span::Week => {
            let monday = day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday())));
            (midnight(monday), midnight(monday.and_then(|monday| monday.checked_add_days(Days::new(7)))))
        }
        Span::Month => {
            let first = day.with_day(1);
            (midnight(first), midnight(first.and_then(|first| first.checked_add_months(Months::new(1)))))
        }
    }
}

/// Whether one more touch of a class may be offered now. `count` says what is counted against a cap; it is asked
/// only for caps that apply. Where several are full, the one that holds longest is named.
pub fn allow<'a>(
    caps: impl IntoIterator<Item = &'a Cap>,
    class: Class,
    now: Timestamp,
    zone: Tz,
    mut count: impl FnMut(&Cap, (Timestamp, Timestamp)) -> Count,
) -> Allowance {
    let mut allowance = Allowance::Open;
    for cap in caps.into_iter().filter(|cap| applies(cap, class)) {
        let window = window(cap.per, now, zone);
        let n = most(cap, window);
        let Count { used, last_at } = count(cap, window);
        let mut full = |next_at: Timestamp, gap: Option<u32>| {
            let longest = match &allowance {
                Allowance::Open => true,
                Allowance::Full { next_at: known, .. } => next_at > *known,
            };
            if longest && next_at > now {
                let usage = Usage { of: cap.scope.of, span: cap.per, used, n, gap };
                allowance = Allowance::Full { next_at, usage };
            }
        };
        if used >= n {
            full(window.1, None);
        }
        if let Some(last_at) = last_at.filter(|_| cap.gap > 0) {
            let gap = i64::from(cap.gap) * crate::book::time::MINUTE;
            full(Timestamp(last_at.0.saturating_add(gap)), Some(cap.gap));
        }
    }
    allowance
}

/// All usages in one line: `今日 1/1 · 本月 11/30`.
pub fn line<'a>(usages: impl IntoIterator<Item = &'a Usage>, lang: Lang) -> String {
    usages.into_iter().fold(String::new(), |mut line, usage| {
        let between = if line.is_empty() { "" } else { " · " };
        // Writing into a String cannot fail.
        let _ = write!(line, "{between}{}", usage.words(lang));
        line
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::RuleScope;
    use crate::text::lang::faults;
    use chrono_tz::{America, Asia};

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<chrono::DateTime<chrono::FixedOffset>>().unwrap().timestamp_millis())
    }

    fn cap(n: u32, per: Span, gap: u32) -> Cap {
        let scope = RuleScope::each(CapScope::Member);
        let (except, source, date) = (String::new(), String::new(), String::new());
        Cap { scope, class: Vec::new(), n, per, gap, except, source, date }
    }

    #[test]
    fn words_are_whole() {
        assert_eq!(faults::<CapWords>(), Vec::<String>::new());
    }

    #[test]
    fn as_many_as_there_are_days() {
        let zone = Asia::Shanghai;
        let of = |per| cap(0, per, 0);
        for (day, per, n) in [
            ("2026-02-10T12:00:00+08:00", Span::Month, 28),
            ("2028-02-10T12:00:00+08:00", Span::Month, 29),
            ("2026-12-31T23:59:00+08:00", Span::Month, 31),
            ("2026-12-31T23:59:00+08:00", Span::Week, 7),
            ("2026-12-31T23:59:00+08:00", Span::Day, 1),
            ("2026-12-31T23:59:00+08:00", Span::Hour, 1),
        ] {
            assert_eq!(most(&of(per), window(per, at(day), zone)), n, "{day} {per:?}");
        }
        // a month that the clocks are changed in is no day longer or shorter
        let march = window(Span::Month, at("2026-03-20T12:00:00-04:00"), America::New_York);
        assert_eq!(most(&of(Span::Month), march), 31);
        let full = |used| {
            let count = move |_: &Cap, _| Count { used, last_at: None };
            allow([&of(Span::Month)], Class::Marketing, at("2026-02-10T12:00:00+08:00"), zone, count)
        };
        assert_eq!(full(27), Allowance::Open);
        assert!(matches!(full(28), Allowance::Full { usage: Usage { n: 28, .. }, .. }));
    }

    #[test]
    fn windows_follow_the_calendar_of_the_zone() {
        let check = |span, now: &str, zone: Tz, from: &str, to: &str| {
            let (first, after) = window(span, at(now), zone);
            assert_eq!(
                (first.rfc3339(zone).as_str(), after.rfc3339(zone).as_str()),
                (from, to),
                "{span} {now}"
            );
        };
        let cn = Asia::Shanghai;
        check(
            Span::Hour,
            "2026-11-22T23:59:59+08:00",
            cn,
            "2026-11-22T23:00:00+08:00",
            "2026-11-23T00:00:00+08:00",
        );
        check(
            Span::Day,
            "2026-11-22T23:59:59+08:00",
            cn,
            "2026-11-22T00:00:00+08:00",
            "2026-11-23T00:00:00+08:00",
        );
        check(
            Span::Day,
            "2026-11-23T00:00:00+08:00",
            cn,
            "2026-11-23T00:00:00+08:00",
            "2026-11-24T00:00:00+08:00",
        );
        check(
            Span::Week,
            "2026-11-22T12:00:00+08:00",
            cn,
            "2026-11-16T00:00:00+08:00",
            "2026-11-23T00:00:00+08:00",
        );
        check(
            Span::Month,
            "2028-02-29T12:00:00+08:00",
            cn,
            "2028-02-01T00:00:00+08:00",
            "2028-03-01T00:00:00+08:00",
        );
        check(
            Span::Month,
            "2026-12-31T23:59:00+08:00",
            cn,
            "2026-12-01T00:00:00+08:00",
            "2027-01-01T00:00:00+08:00",
        );
        // 23 hours long.
        check(
            Span::Day,
            "2026-03-08T12:00:00-04:00",
            America::New_York,
            "2026-03-08T00:00:00-05:00",
            "2026-03-09T00:00:00-04:00",
        );
        check(
            Span::Hour,
            "2026-11-22T12:50:00+05:45",
            Asia::Kathmandu,
            "2026-11-22T12:00:00+05:45",
            "2026-11-22T13:00:00+05:45",
        );
    }

    #[test]
    fn a_full_cap_says_until_when_and_in_words() {
        let now = at("2026-11-22T10:00:00+08:00");
        let caps = [cap(1, Span::Day, 0), cap(30, Span::Month, 0)];
        let used = |cap: &Cap, _| Count { used: if cap.per == Span::Day { 1 } else { 11 }, last_at: None };
        let Allowance::Full { next_at, usage } = allow(&caps, Class::Care, now, Asia::Shanghai, used) else {
            panic!("open");
        };
        assert_eq!(next_at, at("2026-11-23T00:00:00+08:00"));
        assert_eq!(usage.words(Lang::ZhCn), "今日 1/1");
        let month = Usage { of: CapScope::Member, span: Span::Month, used: 11, n: 30, gap: None };
        assert_eq!(line([&usage, &month], Lang::ZhCn), "今日 1/1 · 本月 11/30");
        assert_eq!(allow(&caps, Class::Service, now, Asia::Shanghai, used), Allowance::Open);
        assert_eq!(allow(&caps, Class::Incident, now, Asia::Shanghai, used), Allowance::Open);
        let none = |_: &Cap, _| Count::default();
        assert_eq!(allow(&caps, Class::Marketing, now, Asia::Shanghai, none), Allowance::Open);
    }

    #[test]
    fn what_records_keep_is_told_in_any_language() {
        let check = |usage: Usage, code: &str, words: [&str; 3]| {
            assert_eq!(usage.code(), code);
            for (lang, words) in Lang::ALL.into_iter().zip(words) {
                assert_eq!(held_words(code, lang), words);
            }
        };
        let day = Usage { of: CapScope::Member, span: Span::Day, used: 1, n: 1, gap: None };
        check(day.clone(), "member day 1/1", ["今日 1/1", "今日 1/1", "today 1/1"]);
        let group = Usage { of: CapScope::Group, span: Span::Week, used: 5, ..day.clone() };
        check(group, "group week 5/1", ["群 本周 5/1", "群 本週 5/1", "group this week 5/1"]);
        let gap = Usage { of: CapScope::Store, used: 0, n: 0, gap: Some(60), ..day };
        check(
            gap,
            "store gap 60",
            ["门店 间隔不足 60 分钟", "門店 間隔不足 60 分鐘", "store less than 60 min apart"],
        );
        assert_eq!(held_words("今日 1/1", Lang::En), "今日 1/1", "as older records have it");
    }

    #[test]
    fn what_held_before_is_told_beside_what_holds_now() {
        let cap = |words: &str| WaitReason::Cap { words: words.to_owned() };
        let check = |before: Option<WaitReason>, why: WaitReason, expected: WaitReason, words: &str| {
            let both = also(before.as_ref(), &why);
            assert_eq!(both, expected);
            if let WaitReason::Cap { words: code } = both {
                assert_eq!(held_words(&code, Lang::ZhCn), words);
            }
        };
        let quiet = WaitReason::QuietHours;
        check(None, quiet.clone(), quiet.clone(), "");
        check(Some(quiet.clone()), quiet.clone(), quiet.clone(), "");
        let paused = "paused; quiet";
        check(Some(WaitReason::Paused), quiet.clone(), cap(paused), "已暂停, 免打扰");
        check(Some(cap(paused)), quiet.clone(), cap(paused), "已暂停, 免打扰");
        check(Some(cap(paused)), WaitReason::Paused, WaitReason::Paused, "");
        assert_eq!((caps_in(&cap(paused)), is_quiet(&cap(paused))), (None, true));
        check(Some(quiet.clone()), WaitReason::Paused, WaitReason::Paused, "");
        let week = "group week 1/1; quiet";
        check(Some(cap("group week 1/1")), quiet.clone(), cap(week), "群 本周 1/1, 免打扰");
        check(Some(cap(week)), quiet.clone(), cap(week), "群 本周 1/1, 免打扰");
        let day = "quiet; member day 1/1";
        check(Some(quiet.clone()), cap("member day 1/1"), cap(day), "今日 1/1, 免打扰");
        check(Some(cap(day)), quiet, cap("member day 1/1; quiet"), "今日 1/1, 免打扰");
        // as it stood last
        let more = "quiet; member day 2/1";
        check(Some(cap("member day 1/1; quiet")), cap("member day 2/1"), cap(more), "今日 2/1, 免打扰");
        check(Some(cap(AFTER)), cap("member day 1/1"), cap("member day 1/1"), "今日 1/1");
        let both = "group week 1/1; member day 1/1";
        check(Some(cap("group week 1/1")), cap("member day 1/1"), cap(both), "群 本周 1/1, 今日 1/1");
        let now = [cap(week), cap(day), cap("member day 1/1"), WaitReason::QuietHours, WaitReason::Paused];
        assert_eq!(now.each_ref().map(is_cap), [false, true, true, false, false]);
        assert_eq!(now.each_ref().map(is_quiet), [true, false, false, true, false]);
    }

    #[test]
    fn the_least_gap_holds_until_it_is_over() {
        let now = at("2026-11-22T10:00:00+08:00");
        let caps = [cap(5, Span::Day, 60)];
        let last = |last: &'static str| move |_: &Cap, _| Count { used: 1, last_at: Some(at(last)) };
        let held = allow(&caps, Class::Marketing, now, Asia::Shanghai, last("2026-11-22T09:30:00+08:00"));
        let usage = Usage { of: CapScope::Member, span: Span::Day, used: 1, n: 5, gap: Some(60) };
        assert_eq!(held, Allowance::Full { next_at: at("2026-11-22T10:30:00+08:00"), usage });
        let free = allow(&caps, Class::Marketing, now, Asia::Shanghai, last("2026-11-22T09:00:00+08:00"));
        assert_eq!(free, Allowance::Open);
    }

    #[test]
    fn a_named_class_is_held_even_if_it_is_service() {
        let mut service = cap(1, Span::Day, 0);
        service.class = vec![Class::Service];
        assert!(applies(&service, Class::Service) && !applies(&service, Class::Marketing));
    }
}
