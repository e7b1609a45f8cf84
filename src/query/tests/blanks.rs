//! Blanks around operators, quotes of either sort, and words that may have been meant as something else.

use super::{canonical, fails};
use crate::query::{Key, QueryErrorKind as Kind, both, parse, within};
use crate::text::lang::Lang;

#[test]
fn blanks_may_stand_around_an_operator_behind_a_key() {
    let check = |text: &str, expected: &str| assert_eq!(canonical(text), expected, "{text}");
    for text in
        ["spent >= 500", "spent >=500", "spent>= 500", "消费 ≥ 500", "消费 》= 500", "SPENT　＞＝　500元"]
    {
        check(text, "spent>=500");
    }
    check("状态 : 待发", "state:due");
    check("状态 ： 待发，稍后 张三", "state:due,snoozed 张三");
    check("tag : 勿扰 -tag :老客", "tag:勿扰 -tag:老客");
    check("状态 != 待发 state !=sent stage ≠ 新客", "-state:due -state:sent -stage:new");
    check("阶段 = 新客 -消费 < 5", "stage:new -spent<5");
    check("tag= VIP tag!= \"大 客户\"", "tag:VIP -tag:\"大 客户\"");
    check("(spent > 5 OR 群 : 宠友) a", "(spent>5 OR group:宠友) a");
    check("last-touch < -30d due : +2h", "last-touch<-30d due:+2h");
    check("sent > -3d step : 2", "sent-at>-3d nth:2");
    check("text : /鸡蛋|牛奶/ due : \"昨天 20:00\"", "text:/鸡蛋|牛奶/ due:yesterdayT20:00");
    check("due : 18:00 .. 20:00 spent : 100 ~500", "due:18:00..20:00 spent:100..500");
    check("birthday : 下月", "birthday:next-month");
    // with nothing behind it
    check("tag :", "tag:");
    check("tag : OR 阶段 :", "tag: OR stage:");
    check("(tag : ) 群 : state : due", "tag: group: state:due");
}

#[test]
fn a_word_behind_a_colon_and_a_blank_is_its_value_where_it_can_be_one() {
    let check = |text: &str, expected: &str| assert_eq!(canonical(text), expected, "{text}");
    check("state: due", "state:due");
    check("状态： 待发", "state:due");
    check("is: late has: 未提货", "is:late has:unpicked");
    check("stage: 新客 spent: 500..", "stage:new spent:500..");
    check("birthday: 下月 ask: 商品", "birthday:next-month ask:商品");
    // names are no values of these
    check("stage: 张三", "stage: \"张三\"");
    check("last-reply: 王五", "last-reply: \"王五\"");
    check("tag: 张三", "tag: \"张三\"");
    check("-tag: 张三", "-tag: \"张三\"");
    check("stage: \"新客\"", "stage: \"新客\"");
    check("stage: '新客'", "stage: \"新客\"");
    check("overdue: is:无人 has:变量", "overdue:no is:unclaimed has:var");
    check("stage: -新客 left: (今天 b)", "stage: -新客 left: \"今天\" b");
    assert_eq!(canonical(&both("stage:", "新客")), "stage: \"新客\"");
    let word = |key, word: &str| Kind::UnknownWord { key, word: word.to_owned() };
    fails("a state: deu", 10, 3, &word(Key::State, "deu"), Some("due"));
    fails("state : deu", 9, 3, &word(Key::State, "deu"), Some("due"));
    fails("阶段: 新可", 5, 2, &word(Key::Stage, "新可"), Some("新客"));
    fails("due: 张三", 6, 2, &Kind::Date("张三".to_owned()), Some("周三"));
    fails("spent >= x", 10, 1, &Kind::Money { key: Key::Spent, word: "x".to_owned() }, None);
    fails("spent >= ", 9, 1, &Kind::NeedsValue(Key::Spent), None);
    fails("群 > 5", 1, 1, &Kind::NoOrder(Key::Group), None);
    fails("count : 9 .. 3", 9, 6, &Kind::Backwards, None);
}

#[test]
fn what_is_typed_behind_the_filter_of_a_view_stays_within_it() {
    let check = |view: &str, line: &str, meant: &str| assert_eq!(within(view, line), meant, "{line}");
    check("state:due", "state:due 王 OR 花", "state:due (王 OR 花)");
    check("state:due", " state:due  王 花 ", "state:due  王 花");
    check("state:due", "state:due (王 OR 花) OR 雨", "state:due ((王 OR 花) OR 雨)");
    check("#a OR #b", "#a OR #b 王", "(#a OR #b) 王");
    check("#a OR #b", "#a OR #b", "#a OR #b");
    // what is no filter by itself, or does not begin with the view's, says all of it
    check("state:due", "state:due OR state:snoozed", "state:due OR state:snoozed");
    check("state:due", "state:due,snoozed 王 OR 花", "state:due,snoozed 王 OR 花");
    check("state:due", "王 OR 花", "王 OR 花");
    check("", "王 OR 花", "王 OR 花");
}

#[test]
fn blanks_around_commas_and_before_units_are_part_of_the_value() {
    let check = |text: &str, expected: &str| assert_eq!(canonical(text), expected, "{text}");
    for text in ["tag:a , b", "tag:a, b", "tag:a ,b", "tag: a,b", "tag: a , b", "tag : a ， b", "tag：a、 b"]
    {
        check(text, "tag:a,b");
    }
    check("state: due , snoozed 张三", "state:due,snoozed 张三");
    check("state:due, snoozed", "state:due,snoozed");
    check("tag:'大 客户' , VIP -群: 一群 , 二群", "tag:\"大 客户\",VIP -group:一群,二群");
    check("a , b", "a \",\" b");
    check("tag:a \",\"", "tag:a \",\"");
    fails("tag:a, spent>5", 7, 1, &Kind::EmptyItem, None);
    for text in ["spent >= 500 元", "spent>=500 块钱", "消费 ≥ 五百 元"] {
        check(text, "spent>=500");
    }
    check("silent >= 2 周 张三", "silent>=14 张三");
    check("silent >= 两 周 orders >= 2 单", "silent>=14 orders>=2");
    check("late > 2 小时 人数 > 200 人 spent >= 1 万元", "late>2h count>200 spent>=10000");
    check("spent: 100 元 .. 200 元 spent:100..200 元", "spent:100..200 spent:100..200");
    check("joined >= 30 天前", "joined>=-30d");
    // words of their own
    check("spent >= 500 \"元\"", "spent>=500 \"元\"");
    check("spent >= 500 元旦 tag:5 元 张 三", "spent>=500 元旦 tag:5 \"元\" 张 三");
    check("due:today 周 spent>5 周", "due:today 周 spent>5 \"周\"");
}

#[test]
fn what_is_no_key_stays_a_word() {
    let check = |text: &str, expected: &str| assert_eq!(canonical(text), expected, "{text}");
    check("a : b", "a \":\" b");
    check("消费额 >= 500", "消费额 \">=\" 500");
    check("1 = 2", "1 \"=\" 2");
    check("\"spent\" >= 500", "spent \">=\" 500");
    check("内容 《红楼梦》", "内容 \"《红楼梦》\"");
    check("群 宠友", "群 宠友");
}

#[test]
fn single_quotes_are_quotes_where_they_begin_and_end_a_word() {
    let check = |text: &str, expected: &str| assert_eq!(canonical(text), expected, "{text}");
    check("'宝妈' ‘老 客’", "宝妈 \"老 客\"");
    check("tag:'大 客户',VIP -'a b'", "tag:\"大 客户\",VIP -\"a b\"");
    check("#'a b' +'c d' @'我的 客户' 群 : 'e f'", "tag:\"a b\" tag:\"c d\" @\"我的 客户\" group:\"e f\"");
    check("('OR' x)", "\"OR\" x");
    check("rock'n'roll", "\"rock'n'roll\"");
    check("rock'n 'tis a", "\"rock'n\" \"'tis\" a");
    check("'a\\'", "\"a\\\\\"");
    check("’s 'a\"b'", "\"’s\" \"a\\\"b\"");
    fails("a ''", 3, 2, &Kind::EmptyItem, None);
}

#[test]
fn what_may_have_been_meant_otherwise_is_said() {
    assert_eq!(super::super::hint::faults(), Vec::<String>::new());
    let hints = |text: &str| parse(text).unwrap().hints(Lang::En);
    let check = |text: &str, beginnings: &[&str]| {
        let found = hints(text);
        let same = found.iter().zip(beginnings).all(|(hint, begins)| hint.contains(begins));
        assert!(same && found.len() == beginnings.len(), "{text}: {found:?}");
    };
    check("a and b or c", &["\"and\" is looked for as a word", "write OR"]);
    check("not a (b Or c)", &["write -", "\"Or\" is looked for as a word"]);
    check("宝妈 或者 老客 并且 张三", &["write OR", "side by side all hold"]);
    check("tag: 张三", &["write tag:张三; with a blank it is no tag, and the word \"张三\""]);
    check("-群: 宠友", &["write 群:宠友"]);
    check("消费额 >= 500", &["did you mean \"消费\"?"]);
    check("a : b", &["before \":\" stands no key"]);
    check("spent:100.. 200", &["write 100..200; with a blank \"200\" is looked for as a word"]);
    check("消费 大于 500", &["to compare write 消费>500: \"大于\" is looked for"]);
    check("宝妈 消费不少于 500元", &["write 消费>=500元"]);
    check("人数 不超过200", &["write 人数<=200"]);
    check("周一 到 周五", &["such as due:周一..周五"]);
    check("到期 周一 至 周五", &["for a range write 到期:周一..周五"]);
    check("加好友:周一 到 周五", &["write 加好友:周一..周五"]);
    check("张三 周一到周五", &["such as due:周一..周五"]);
    check("消费 100 到 500", &["write 消费:100..500"]);
    for text in [
        "消费 大于",
        "张三 大于 500",
        "消费 大于 张三",
        "到 周五",
        "100 到 500",
        "迟到 周五",
        "大于 500",
        "周一 \"到\" 周五",
        "a OR b AND NOT c",
        "or",
        "or a",
        "a and",
        "rock \"or\" pop",
        "a -or b",
        "name:or b",
        "state: due",
        "tag: OR a",
        "tag: \"张三\"",
        "tag: spent>5",
        "a 或 b",
        "spent >= 500",
        "stage: 张三",
    ] {
        check(text, &[]);
    }
}
