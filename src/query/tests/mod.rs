//! Tests of the whole language: every key, alias and mistake in tables; round trips and a naive evaluator at random.

mod blanks;
mod random;
mod rows;

use super::*;

fn canonical(text: &str) -> String {
    parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).to_text()
}

#[test]
fn canonical_text() {
    let check = |text: &str, expected: &str| {
        assert_eq!(canonical(text), expected, "{text}");
        assert_eq!(canonical(expected), expected, "{expected}");
    };
    check("", "");
    check("  \u{3000} ", "");
    check("张三", "张三");
    check(
        "state:due due:today group:宠友 -tag:勿扰 spent>=500",
        "state:due due:today group:宠友 -tag:勿扰 spent>=500",
    );
    check("状态：待发，稍后　到期：今天", "state:due,snoozed due:today");
    check("（状态:待发 或 #VIP）！张三", "(state:due OR tag:VIP) -张三");
    check("a b OR c", "a b OR c");
    check("a (b OR c)", "a (b OR c)");
    check("a AND b 且 c | d", "a b c OR d");
    check("NOT a 非 b !c --d", "-a -b -c d");
    check("-(a b)", "-(a b)");
    check("((a))", "a");
    check("\"a b\" \"c\"", "\"a b\" c");
    check("“两只 老虎”", "\"两只 老虎\"");
    check("\"OR\"", "\"OR\"");
    check("tag:", "tag:");
    check("(tag:)", "tag:");
    check("宠友（1）群 x", "\"宠友(1)群\" x");
    check("NOT(a)", "-a");
    check("读《红楼梦》", "\"读《红楼梦》\"");
    check("消费》500", "spent>500");
    check("消费≥39.9", "spent>=39.90");
    check("18:00", "\"18:00\"");
    check("到期:18:00..20:00", "due:18:00..20:00");
    check("due:18:00~", "due:18:00..");
    check("due<+2h due>-30d", "due<+2h due>-30d");
    check("due:3天前,周五,下周一,月底,本周,3月", "due:-3d,fri,next-mon,month-end,this-week,3月");
    check("due:2026-01-01T09:05", "due:2026-01-01T09:05");
    check("due:\"2026-01-01 9:05\"", "due:2026-01-01T09:05");
    check("birthday:03-08", "birthday:03-08");
    check("沉默>=30天", "silent>=30");
    check("经手:我,李四", "is:mine OR assignee:李四");
    check("assignee:\"me\"", "assignee:\"me\"");
    check("ask:未提货", "ask:未提货");
    check("overdue:是 is:晚了", "overdue:yes is:late");
    check("id:7K2M9", "id:7k2m9");
    check("count:100..199 orders:0", "count:100..199 orders:0");
    check("late>120分 迟:1小时30分..2天", "late>2h late:90m..2d");
    check("存在:1周,25h age<0m", "age:7d,25h age<0m");
    check("age>1mo 存在<2个月 迟>1月2天", "age>30d age<60d late>32d");
    check("silent>=2周 沉默<1mo", "silent>=14 silent<30");
    check("step:1 步骤:1..3,hello", "nth:1 (nth:1..3 OR step:hello)");
    check("step>=2 step:\"1\"", "nth>=2 step:\"1\"");
    check("sent:today 发过:早安,昨天", "sent-at:today (sent-at:yesterday OR sent:早安)");
    check("sent>-3d sent:\"今天\"", "sent-at>-3d sent:\"今天\"");
    check("by:me,李四 by:\"me\"", "(is:by-me OR by:李四) by:\"me\"");
    check("+宝妈 +“大 客户” +1 a+b", "tag:宝妈 tag:\"大 客户\" \"+1\" \"a+b\"");
    check("/鸡蛋|牛 奶/ -/^a\\/b/", "/鸡蛋|牛 奶/ -/^a\\/b/");
    check("／a｜b／", "/a|b/");
    check(
        "名字:/^小.*妈$/ tag:/vip\\d/,老客 群:/x",
        "name:/^小.*妈$/ (tag:/vip\\d/ OR tag:老客) group:\"/x\"",
    );
    check("text:/a,b/,c note:/x/", "(text:/a,b/ OR text:c) note:/x/");
    check("text:/a note://x/", "text:\"/a\" note:\"//x/\"");
    check("state!=due stage！＝新客 platform≠qq", "-state:due -stage:new -platform:qq");
    check("-state!=due", "state:due");
    check("#VIP或#宝妈", "tag:VIP OR tag:宝妈");
    check("群：宠友或群：粉丝且-#勿扰", "group:宠友 OR group:粉丝 -tag:勿扰");
    check("张三或@大客户 张三 或state:due", "张三 OR @大客户 张三 OR state:due");
    check("早或者 #群或者", "早或者 tag:群或者");
    check("due:\"昨天 20:00\"..", "due:yesterdayT20:00..");
    check("due:昨天..\"今天 20:00\"", "due:yesterday..todayT20:00");
    check("due:\"昨天 20:00\"~“今天 9点”，明天", "due:yesterdayT20:00..todayT09:00,tomorrow");
    check("overdue: is:无人 has:变量", "overdue:no is:unclaimed has:var");
}

fn fails(text: &str, column: usize, length: usize, kind: &QueryErrorKind, nearest: Option<&str>) {
    let error = parse(text).expect_err(text);
    assert_eq!((error.column, error.length), (column, length), "{text}: {error}");
    assert_eq!(&error.kind, kind, "{text}");
    assert_eq!(error.nearest.as_deref(), nearest, "{text}");
}

#[test]
fn mistakes_have_columns() {
    use QueryErrorKind as Kind;
    let word = |key, word: &str| Kind::UnknownWord { key, word: word.to_owned() };
    fails("张三 stauts:due", 4, 6, &Kind::UnknownKey("stauts".to_owned()), Some("state"));
    fails("sate:due", 1, 4, &Kind::UnknownKey("sate".to_owned()), Some("state"));
    fails("state:deu", 7, 3, &word(Key::State, "deu"), Some("due"));
    fails("状态：待发，带发", 7, 2, &word(Key::State, "带发"), Some("待发"));
    fails("due:tomorow", 5, 7, &Kind::Date("tomorow".to_owned()), Some("tomorrow"));
    fails("due:today..25:00", 12, 5, &Kind::Clock("25:00".to_owned()), None);
    fails("due:02-30", 5, 5, &Kind::Day("02-30".to_owned()), None);
    fails("due:3天", 5, 2, &Kind::Direction("3天".to_owned()), Some("未来3天"));
    fails("orders>x", 8, 1, &Kind::Number { key: Key::Orders, word: "x".to_owned() }, None);
    fails("spent>1.234", 7, 5, &Kind::Money { key: Key::Spent, word: "1.234".to_owned() }, None);
    // a colon too many
    let money = |word: &str| Kind::Money { key: Key::Spent, word: word.to_owned() };
    fails("tag:a spent:>100", 7, 10, &money(">100"), Some("spent>100"));
    fails("消费：≥39.9元", 1, 9, &money("≥39.9元"), Some("消费≥39.9元"));
    fails("spent:>many", 7, 5, &money(">many"), None);
    fails("due:<+2h", 1, 8, &Kind::Date("<+2h".to_owned()), Some("due<+2h"));
    fails("late>2", 6, 1, &Kind::Span { key: Key::Late, word: "2".to_owned() }, None);
    fails("age:2h..3x", 9, 2, &Kind::Span { key: Key::Age, word: "3x".to_owned() }, None);
    fails("id:abc", 4, 3, &Kind::Id("abc".to_owned()), None);
    fails("a spent>", 9, 1, &Kind::NeedsValue(Key::Spent), None);
    fails("is:", 4, 1, &Kind::NeedsValue(Key::Is), None);
    fails("#", 2, 1, &Kind::NeedsValue(Key::Tag), None);
    fails("stage:(new OR active)", 7, 1, &Kind::Bracketed(Key::Stage), None);
    fails("a -标签：（勿扰 或 怕辣）", 7, 1, &Kind::Bracketed(Key::Tag), None);
    fails("tag:a,,b", 7, 1, &Kind::EmptyItem, None);
    fails("tag:\"\"", 5, 2, &Kind::EmptyItem, None);
    fails("name<a", 1, 4, &Kind::NoOrder(Key::Name), None);
    fails("count:9..3", 7, 4, &Kind::Backwards, None);
    fails("a \"b c", 3, 4, &Kind::UnclosedQuote, None);
    fails("(a (b)", 1, 1, &Kind::UnclosedParenthesis, None);
    fails("a) b", 2, 1, &Kind::StrayParenthesis, None);
    fails("()", 2, 1, &Kind::NeedsCondition, None);
    fails("a OR", 5, 1, &Kind::NeedsCondition, None);
    fails("a - b", 3, 1, &Kind::NeedsCondition, None);
    fails("a /b(/", 3, 4, &Kind::Regex, None);
    fails("text:/a{9999999}/", 6, 12, &Kind::Regex, None);
    fails("a /b.*", 3, 4, &Kind::UnclosedRegex, None);
    fails("/b/c", 1, 4, &Kind::UnclosedRegex, None);
    fails(&"/a/ ".repeat(MAX_PATTERNS + 1), MAX_PATTERNS * 4 + 1, 3, &Kind::TooManyRegexes, None);
    fails("a //", 3, 2, &Kind::EmptyItem, None);
    fails("spent>=1,000", 8, 5, &Kind::OneValue(Key::Spent), Some("1000"));
    fails("spent>a,b", 7, 3, &Kind::OneValue(Key::Spent), None);
    fails("step:3..1", 6, 4, &Kind::Backwards, None);
    fails("或#a", 1, 1, &Kind::NeedsCondition, None);
    fails("due:\"昨天 20:00\"..\"昨添\"", 18, 2, &Kind::Date("昨添".to_owned()), Some("昨天"));
    fails("staet!=due", 1, 5, &Kind::UnknownKey("staet".to_owned()), Some("state"));
    fails("sent>tody", 6, 4, &Kind::Date("tody".to_owned()), Some("today"));
    fails(&"(".repeat(MAX_DEPTH + 1), MAX_DEPTH + 1, 1, &Kind::TooDeep, None);
    fails(&"一".repeat(MAX_CHARS + 2), MAX_CHARS + 1, 2, &Kind::TooLong, None);
}

#[test]
fn every_key_is_parsed_by_every_spelling() {
    for key in Key::ALL {
        let value = match key.kind() {
            ValueKind::Words(set) => set.words()[0],
            ValueKind::Flag => "yes",
            ValueKind::Number | ValueKind::Money | ValueKind::Days => "3",
            ValueKind::Span => "3d",
            ValueKind::Date => "2026-01-01",
            ValueKind::MonthDay => "01-01",
            ValueKind::Id => "7k2m9",
            _ => "张三",
        };
        let expected = format!("{}:{value}", key.word());
        for spelling in std::iter::once(&key.word()).chain(key.aliases()) {
            assert_eq!(canonical(&format!("{spelling}：{value}")), expected);
            assert_eq!(canonical(&format!("{}={value}", spelling.to_uppercase())), expected);
        }
        assert_eq!(parse(&expected).unwrap().keys(), [*key]);
    }
}

#[test]
fn every_word_of_a_closed_set_is_a_value() {
    for key in Key::ALL {
        if let ValueKind::Words(set) = key.kind() {
            for spelling in set.spellings() {
                let expected = format!("{}:{}", key.word(), set.parse(spelling).unwrap());
                assert_eq!(canonical(&format!("{}:{spelling}", key.word())), expected);
            }
        }
    }
}

#[test]
fn scopes_refuse_what_cannot_apply() {
    let check = |text: &str, scope: Scope, expected: Option<(usize, usize, QueryErrorKind)>| {
        let error = parse(text).unwrap().check_for(scope).err();
        assert_eq!(error.map(|e| (e.column, e.length, e.kind)), expected, "{text} {scope:?}");
    };
    let (task, member, group) = (SubjectKind::Task, SubjectKind::Member, SubjectKind::Group);
    let not_here = |key, kind| QueryErrorKind::NotHere { key, kind };
    check("stage:new -tag:勿扰 张三", Scope::Rows(member), None);
    check("sent:早安", Scope::Rows(member), None);
    check("sent:today", Scope::Rows(member), Some((6, 5, not_here(Key::SentAt, member))));
    check("a /b/", Scope::Rows(member), None);
    check("a text:/b/", Scope::Rows(member), Some((3, 4, not_here(Key::Text, member))));
    check("note:/b/", Scope::Rows(member), None);
    check("stage:new 到期:today", Scope::Rows(member), Some((11, 2, not_here(Key::Due, member))));
    check("tag:a (spent>5 OR 单数:0)", Scope::Rows(group), Some((8, 5, not_here(Key::Spent, group))));
    check("spent>5 state:due group:宠友", Scope::Rows(task), None);
    check("ask:未提货", Scope::Condition(group), None);
    check("-ask:未提货", Scope::Rows(group), Some((2, 3, QueryErrorKind::AskOutside)));
    check("ask:未提货", Scope::Rows(task), Some((1, 3, QueryErrorKind::AskOutside)));
    check("state:live,已满", Scope::Rows(group), None);
    let never = |word: &str, kind| QueryErrorKind::NeverHere { key: Key::State, word: word.to_owned(), kind };
    check("state:due,已满", Scope::Rows(task), Some((11, 2, never("full", task))));
    check("state:due", Scope::Rows(group), Some((7, 3, never("due", group))));
    let image = QueryErrorKind::NeverHere { key: Key::Has, word: "image".to_owned(), kind: member };
    check("has:unpicked,图片", Scope::Rows(member), Some((14, 2, image)));
}

#[test]
fn what_asks_for_a_silence_or_an_age_only_grows() {
    let check = |text: &str, grows: bool| assert_eq!(parse(text).unwrap().only_grows(), grows, "{text}");
    for text in [
        "",
        "tag:大客 -stage:new",
        "silent>=30",
        "silent>30 tag:大客",
        "age>=3d OR silent:7..",
        "-tag:a silent>=3",
    ] {
        check(text, true);
    }
    for text in [
        "silent:2..3",
        "silent<30",
        "-silent>=30",
        "silent:30",
        "added:today",
        "missed>=2",
        "added<-30d",
        "tag:a OR -silent>3",
    ] {
        check(text, false);
    }
}

#[test]
fn the_next_change_is_midnight_or_the_next_minute() {
    let zone = Tz::Asia__Shanghai;
    let now = Timestamp(1_795_327_380_500);
    let midnight = dates::midnight(now.day(zone).succ_opt().unwrap(), zone);
    let minute = Timestamp(1_795_327_440_000);
    let check = |text: &str, expected: Option<Timestamp>| {
        let query = parse(text).unwrap();
        assert_eq!(query.next_change(now, zone), expected, "{text}");
        assert_eq!(query.is_time_dependent(), expected.is_some(), "{text}");
    };
    check("", None);
    check("state:due group:宠友", None);
    check("due:2026-11-22 added:2026-01-01..2026-02-01T10:00", None);
    check("due:today", Some(midnight));
    check("due:18:00..20:00", Some(midnight));
    check("due:2026-11-22..周五", Some(midnight));
    check("silent>=30", Some(midnight));
    check("missed>=2", Some(midnight));
    check("birthday:today", Some(midnight));
    check("-(a OR due<+2h) due:today", Some(minute));
    check("overdue:是", Some(minute));
    check("is:late", Some(minute));
    check("late>2h", Some(minute));
    check("is:blocked", None);
}

#[test]
fn a_view_whose_filter_nobody_put_in_finds_nothing() {
    let query = parse("@大客户").unwrap();
    assert!(!query.matches(&rows::Row::default(), &rows::context()));
    assert!(query.check_for(Scope::Rows(SubjectKind::Task)).is_err());
    assert_eq!(query.without_views().unwrap_err().column, 1);
    assert_eq!(parse("a").unwrap().and(query).views().count(), 1);
}

#[test]
fn two_filters_together() {
    let both = parse("a OR b").unwrap().and(parse("c d").unwrap());
    assert_eq!(both.to_text(), "(a OR b) c d");
    assert_eq!(parse("").unwrap().and(parse("a").unwrap()), parse("a").unwrap());
    assert!(Query::everything().is_everything());
}
