//! Rows that are asked: what each key and date word finds and does not find.
//!
//! One file because every key is asked of the same row.

use super::super::dates::instant;
use super::super::*;
use crate::book::id::Id;
use crate::book::{Customs, Money, TaskId};
use crate::text::fold::fold;
use crate::text::pinyin::search_key;
use chrono::NaiveDateTime;

pub(super) const ZONE: Tz = Tz::Asia__Shanghai;

/// A value a row owns.
#[derive(Clone, Debug)]
pub(super) enum Owned {
    Number(i64),
    Fen(i64),
    At(i64),
    MonthDay(u8, u8),
    /// Month, leap, day.
    LunarDay(u8, bool, u8),
    Word(&'static str),
    Flag(bool),
    Text(String),
    Id(u128),
}

impl Owned {
    pub(super) fn value(&self) -> Value<'_> {
        match self {
            Self::Number(n) => Value::Number(*n),
            Self::Fen(n) => Value::Money(Money(*n)),
            Self::At(ms) => Value::Time(Timestamp(*ms)),
            Self::MonthDay(month, day) => Value::MonthDay { month: *month, day: *day },
            Self::LunarDay(month, leap, day) => Value::LunarDay { month: *month, leap: *leap, day: *day },
            Self::Word(word) => Value::Word(word),
            Self::Flag(flag) => Value::Flag(*flag),
            Self::Text(text) => Value::Text(text),
            Self::Id(bits) => Value::id(TaskId::from_bits(*bits)),
        }
    }
}

/// A row with any values under any keys.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub values: Vec<(Key, Owned)>,
    pub facts: Vec<Fact>,
    pub things: Vec<Thing>,
    pub answers: Vec<String>,
}

impl Row {
    pub(super) fn of(&self, key: Key) -> impl Iterator<Item = Value<'_>> {
        self.values.iter().filter(move |(k, _)| *k == key).map(|(_, value)| value.value())
    }

    fn visit(&self, key: Key, visit: &mut dyn FnMut(&str) -> bool) -> bool {
        self.of(key).any(|value| matches!(value, Value::Text(text) if visit(text)))
    }
}

impl Subject for Row {
    fn names(&self, visit: &mut dyn FnMut(&str) -> bool) -> bool {
        self.visit(Key::Name, visit)
    }

    fn texts(&self, visit: &mut dyn FnMut(&str) -> bool) -> bool {
        self.visit(Key::Text, visit)
    }

    fn value(&self, key: Key) -> Value<'_> {
        assert!(!key.is_many());
        self.of(key).next().unwrap_or(Value::None)
    }

    fn each(&self, key: Key, visit: &mut Visit<'_>) -> bool {
        assert!(key.is_many());
        self.of(key).any(visit)
    }

    fn is(&self, fact: Fact) -> bool {
        assert!(!matches!(fact, Fact::Mine | Fact::ByMe));
        self.facts.contains(&fact)
    }

    fn has(&self, thing: Thing) -> bool {
        self.things.contains(&thing)
    }

    fn is_answered(&self, key: &str) -> bool {
        self.answers.iter().any(|answer| answer == key)
    }
}

pub(super) fn ms(text: &str) -> i64 {
    instant(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap(), ZONE).0
}

/// A Sunday afternoon.
pub(super) fn context() -> MatchContext<'static> {
    MatchContext {
        now: Timestamp(ms("2026-11-22 14:03")),
        zone: ZONE,
        me: "王店长",
        customs: Customs::default(),
        playbooks: None,
    }
}

fn row() -> Row {
    let name = |text: &str| Owned::Text(search_key(text));
    let label = |text: &str| Owned::Text(fold(text));
    let at = |text: &str| Owned::At(ms(text));
    Row {
        values: vec![
            (Key::State, Owned::Word("due")),
            (Key::Due, at("2026-11-22 20:00")),
            (Key::Overdue, Owned::Flag(false)),
            (Key::Assignee, label("王店长")),
            (Key::Sop, name("新客培育 7 天")),
            (Key::Sop, name("new-friend-7d")),
            (Key::By, label("王店长")),
            (Key::Step, label("hello")),
            (Key::Nth, Owned::Number(2)),
            (Key::Len, Owned::Number(64)),
            (Key::SentAt, at("2026-11-22 09:02")),
            (Key::Via, Owned::Word("private")),
            (Key::Class, Owned::Word("care")),
            (Key::Text, label("周末洗护预约还剩 6 个名额")),
            (Key::Name, name("张三")),
            (Key::Name, name("豆豆妈")),
            (Key::Member, name("张三")),
            (Key::Group, name("宠友（1）群")),
            (Key::Group, name("重庆門店VIP羣")),
            (Key::Account, name("小完子")),
            (Key::Platform, Owned::Word("wecom")),
            (Key::Tag, label("VIP")),
            (Key::Tag, label("養貓")),
            (Key::Stage, Owned::Word("new")),
            (Key::Alias, name("1201")),
            (Key::FriendOf, name("手机1")),
            (Key::Added, at("2026-11-20 23:59")),
            (Key::Joined, at("2026-10-01 08:00")),
            (Key::Joined, at("2026-11-16 00:00")),
            (Key::LeftGroup, name("宠友②群")),
            (Key::Birthday, Owned::MonthDay(2, 29)),
            (Key::Orders, Owned::Number(3)),
            (Key::Spent, Owned::Fen(50_000)),
            (Key::LastBuy, at("2026-10-23 12:00")),
            (Key::Silent, at("2026-10-23 23:59")),
            (Key::Checkin, at("2026-11-21 07:00")),
            (Key::Checkin, at("2026-11-22 07:00")),
            (Key::Missed, Owned::Number(2)),
            (Key::Sent, label("new-friend-7d")),
            (Key::Sent, label("new-friend-7d/hello")),
            (Key::Note, label("对海鲜过敏")),
            (Key::Phone, label("13800001234")),
            (Key::Source, label("门店扫码")),
            (Key::Referrer, name("李姐")),
            (Key::Late, Owned::Number(150)),
            (Key::Age, Owned::Number(3 * 1_440 + 5)),
            (Key::Created, at("2026-11-19 13:58")),
            (Key::Device, label("红米 2号")),
            (Key::Holder, label("小王")),
            (Key::Count, Owned::Number(186)),
            (Key::Capacity, Owned::Number(500)),
            (Key::Id, Owned::Id(0x0123_4567_89ab_cdef)),
        ],
        facts: vec![Fact::Copied],
        things: vec![Thing::Unpicked],
        answers: vec!["未提货".to_owned()],
    }
}

fn check(row: &Row, texts: &str, expected: bool) {
    for text in texts.lines().map(str::trim).filter(|text| !text.is_empty()) {
        let query = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(query.matches(row, &context()), expected, "{text}");
        let opposite = parse(&format!("-({text})")).unwrap();
        assert_eq!(opposite.matches(row, &context()), !expected, "not {text}");
    }
}

#[test]
fn what_is_found() {
    let texts = "张三
        zs
        zhangsan
        豆豆
        洗护
        ６
        state:due,snoozed
        due:today
        due:18:00..20:00
        due:20:00
        due:周日
        due:本周
        due:本月
        due:11月
        due:22日
        due:11-22
        due<明天
        due<=today
        due>now
        due>=+2h
        due:now..+6h
        due:today..+7d
        due:..月底
        due>2026-11-22T19:59
        due:22:00..02:00,20:00
        overdue:否
        is:copied,held
        is:mine
        经手:我
        assignee:王店長
        has:未提货
        sop:new-friend-7d
        sop:xkpy
        step:hello
        step:2
        step:1..3
        step:9,hello
        步骤>=2
        nth:2
        by:王店长
        by:我
        操作人：me
        is:by-me
        len:64
        字数>60
        sent:today
        sent:昨天..今天
        sent>=-1d
        sent:今早
        due:今晚
        due:晚上
        due:下午..今晚
        due:周末
        due:未来3天
        due:今年
        due:本季度
        due:2026-11
        due:2026年11月,2025年
        due:晚上..上午
        joined:最近7天
        joined:last-7-days
        joined:\"last 7 days\"
        joined:近两个月
        created:最近4天
        退过:宠友
        left-group:cy
        退群自:宠友,没有的群 -group:宠友②群
        sent:08:00..10:00
        发出:本周
        /洗护|美容/
        /名额$/
        /6\\s个/
        text:/洗護|x/
        note:/海鲜|芒果/
        +VIP
        ＋养猫
        assignee!=李四
        状态!=已发
        age<1mo
        silent<2月
        via:私聊
        class:care
        text:名额
        name:zs
        member:张
        group:cq
        group:chongqing
        group:群
        group:宠友(1)群
        account:小完子
        platform:wechat,企微
        #vip
        tag:养猫
        stage:新客
        alias:1201
        friend-of:手机
        added:-2d
        added:周五
        added<-1d
        joined:周一
        joined:2026-10-01
        birthday:02-29
        birthday:2月
        birthday:02-28..03-01
        birthday:12-01..03-01
        orders:3
        orders:1..3
        orders>=3
        orders<4
        spent>=500
        spent:500
        spent<500.01
        last-buy:-30d
        last-buy<=-30d
        silent>=30
        silent:30天
        silent<31
        checkin:today
        checkin:昨天
        missed>=2
        sent:new-friend-7d
        sent:new-friend-7d,昨天
        sent:\"new-friend-7d/hello\"
        note:海鲜
        phone:1234
        source:扫码
        referrer:lj
        介绍人:李姐
        late:2h
        late>2h
        迟:2小时..3小时
        late:150m
        late<=2h30m
        age:3d
        age>3天
        age<=73h
        created:-3d
        设备:红米
        holder:小王
        count>100
        capacity:500
        id:cdef,02f36
        ask:未提货
        left:
        last-reply:
        state:due (张三 OR 李四) -tag:勿扰";
    let texts =
        texts.replace("id:cdef,02f36", &format!("id:{}", TaskId::from_bits(0x0123_4567_89ab_cdef).short()));
    check(&row(), &texts, true);
}

#[test]
fn what_is_not_found() {
    let texts = "李四
        state:snoozed
        due:明天
        due<today
        due>today
        due<+2h
        due:下周
        due:明早
        due:上午
        due:下周末
        due:去年
        due:上季度
        due:2026-10
        due:最近2小时
        joined:近5天
        left-group:宠友①群
        left-group:
        due:18:00..19:59
        overdue:是
        step:1
        step:3..
        step:\"2\"
        by:李四
        by:
        len>64
        sent:昨天
        sent:\"today\"
        sent<today
        /洗护\\d/
        note:/^海鲜/
        +没有
        state!=due
        spent≠500
        is:blocked
        has:phone
        assignee:李四
        assignee:
        step:hel
        #vi
        tag:
        joined:2026-10-02
        added>-2d
        birthday:today
        birthday:03-01..12-31
        orders>3
        orders:..2
        spent>500
        silent>=31
        silent<30
        referrer:
        late:3h
        late>2h30m
        age<3d
        age:71h..72h
        created:today
        holder:小李
        checkin:-2d
        sent:hello2
        id:zzzz
        ask:商品
        state:due 李四
        -张三";
    check(&row(), texts, false);
}

/// Somebody born on a day of the lunar calendar, as `rules.toml` has them by default.
fn lunar(month: u8, leap: bool, day: u8, now: &str, texts: &str, expected: bool) {
    let row = Row { values: vec![(Key::Birthday, Owned::LunarDay(month, leap, day))], ..Row::default() };
    let context = MatchContext { now: Timestamp(ms(now)), ..context() };
    for text in texts.lines().map(str::trim) {
        let found = parse(text).unwrap().matches(&row, &context);
        assert_eq!(found, expected, "{text} of {month}-{day} at {now}");
    }
}

#[test]
fn a_lunar_birthday_is_the_day_it_falls_on() {
    // 5 April 2026
    let spring = "生日:下月
        birthday:未来30天
        birthday:04-05
        birthday:2026-04-05
        birthday:4月
        birthday:04-01..04-30
        birthday:12-01..today,+26d
        birthday:今年
        birthday:明年
        -birthday:";
    lunar(2, false, 18, "2026-03-10 09:10", spring, true);
    lunar(
        2,
        false,
        18,
        "2026-03-10 09:10",
        "生日:本月\nbirthday:02-18\nbirthday:\nbirthday:2027-04-05",
        false,
    );
    // 15 January 2027, in the lunar year that began in 2026
    let winter = "birthday:未来60天
        birthday:12-15..01-20
        birthday:today..01-15
        birthday:1月
        birthday:01-15
        birthday:2027-01
        birthday:2026-01";
    lunar(12, false, 8, "2026-12-20 12:00", winter, true);
    lunar(12, false, 8, "2026-12-20 12:00", "birthday:本月\nbirthday:01-26", false);
    // and 26 January 2026, in the one before
    lunar(12, false, 8, "2026-01-10 12:00", "birthday:01-26\nbirthday:本月\nbirthday:12-01..01-31", true);
    // 腊月三十 of a year that has 29 days there, and a leap month that the year does not have
    lunar(12, false, 30, "2026-02-01 12:00", "birthday:2026-02-16", true);
    lunar(6, true, 1, "2026-02-01 12:00", "birthday:07-14", true);
    lunar(6, true, 1, "2025-02-01 12:00", "birthday:07-25", true);
    // no 29 February, no birthday on it
    lunar(1, false, 12, "2026-02-01 12:00", "birthday:02-28\nbirthday:02-20..02-29", true);
    lunar(1, false, 12, "2026-02-01 12:00", "birthday:02-29\nbirthday:02-29..03-20", false);
    lunar(1, false, 13, "2026-02-01 12:00", "birthday:02-29..03-20", true);
}

#[test]
fn customs_say_what_becomes_of_days_that_a_year_lacks() {
    let born = |month, leap, day| Row {
        values: vec![(Key::Birthday, Owned::LunarDay(month, leap, day))],
        ..Row::default()
    };
    let now = Timestamp(ms("2026-02-01 12:00"));
    let strict = Customs { leap_falls_in_plain: false, thirtieth_falls_on_last: false };
    for (row, text) in
        [(born(12, false, 30), "birthday:2026-02-16"), (born(6, true, 1), "birthday:2026-07-14")]
    {
        let filter = parse(text).unwrap();
        assert!(filter.matches(&row, &MatchContext { now, ..context() }), "{text}");
        assert!(!filter.matches(&row, &MatchContext { now, customs: strict, ..context() }), "{text}");
    }
}

#[test]
fn nobody_is_mine_for_nobody() {
    let mut unassigned = row();
    unassigned.values.retain(|(key, _)| *key != Key::Assignee);
    let nobody = MatchContext { me: "", ..context() };
    assert!(!parse("is:mine").unwrap().matches(&unassigned, &nobody));
    assert!(!parse("is:mine").unwrap().matches(&row(), &nobody));
    assert!(parse("assignee:").unwrap().matches(&unassigned, &nobody));
}

#[test]
fn what_the_list_knows_is_not_looked_for() {
    struct Known(Row);
    impl Subject for Known {
        fn names(&self, visit: &mut dyn FnMut(&str) -> bool) -> bool {
            self.0.names(visit)
        }
        fn texts(&self, _visit: &mut dyn FnMut(&str) -> bool) -> bool {
            panic!("the text was known")
        }
        fn value(&self, key: Key) -> Value<'_> {
            self.0.value(key)
        }
        fn each(&self, key: Key, visit: &mut Visit<'_>) -> bool {
            self.0.each(key, visit)
        }
        fn is(&self, fact: Fact) -> bool {
            self.0.is(fact)
        }
        fn has(&self, thing: Thing) -> bool {
            self.0.has(thing)
        }
        fn known(&self, needle: usize) -> Option<bool> {
            (needle == 1).then_some(true)
        }
    }
    let filter = parse("不在名字里").unwrap().resolve(&context());
    let keys: Vec<Key> = filter.needles().iter().map(KeyNeedle::key).collect();
    assert_eq!(keys, [Key::Name, Key::Text]);
    assert!(filter.matches(&Known(row())));
}
