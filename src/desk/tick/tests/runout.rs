//! What runs out for somebody, and when they are asked.

use super::*;
use crate::door::form::{Field, Kind};
use crate::door::reply::PlanLine;
use crate::door::request::PlanAsk;
use crate::door::{Reply, Request};

const MILK: &str = r#"
id = "milk"
title = "奶粉快喝完"
for = "member"
class = "service"
start = { on = "runout", product = "奶粉", offset = "-3d" }
stop = ["left"]
[[step]]
id = "ask"
at = "D0 10:00"
until = "D2 21:00"
late = "drop"
via = "private"
text = ["{{ name }}，奶粉还够吗"]
"#;

struct Shop {
    book: Book,
    member: MemberId,
}

impl Shop {
    fn new(days: Option<&str>) -> Self {
        let mut book = Book::new();
        let mut fields = vec![(Field::Name, "奶粉".to_owned()), (Field::Aliases, "贝拉米".to_owned())];
        fields.extend(days.map(|days| (Field::DaysOfUse, days.to_owned())));
        book.desk.run(Command::Create { kind: Kind::Product, fields }).unwrap();
        let member = book.member("张三");
        book.befriend(member);
        Self { book, member }
    }

    fn buys(&mut self, when: &str, what: &str) {
        let at = crate::desk::testing::at(when);
        let id = self.book.desk.desk.ids.next(at);
        self.book.stage(Body::Happened(Activity {
            id,
            kind: ActivityKind::Bought,
            member: Some(self.member),
            group: None,
            account: None,
            at: Stated::new(at, chrono_tz::Tz::Asia__Shanghai),
            source: Source::QuickEntry,
            reference: String::new(),
            amount: None,
            number: None,
            text: what.to_owned(),
        }));
    }

    /// Somebody notes down that the product was bought or given back now.
    fn tells(&mut self, kind: ActivityKind) {
        let text = "奶粉".to_owned();
        let happening =
            crate::door::command::Happening { kind, amount: None, number: None, relative: false, text };
        let tell = crate::door::command::Tell {
            who: vec![crate::door::command::Who::Known(self.member)],
            said: Vec::new(),
            group: None,
            account: None,
            happened: vec![happening],
            at: None,
        };
        self.book.desk.run(Command::Tell(tell)).unwrap();
    }

    /// When the round that waits begins, and why then.
    fn waits(&mut self) -> Option<String> {
        let Reply::Why(coming) = self.book.desk.ask(Request::Why(Target::Member(self.member))) else {
            panic!("no answer")
        };
        let zone = chrono_tz::Tz::Asia__Shanghai;
        let waiting = coming.into_iter().find_map(|round| Some((round.at?, round.why)));
        waiting.map(|(at, why)| format!("{} {why}", at.local(zone).format("%m-%d %H:%M")))
    }

    fn plan(&mut self) -> Result<Vec<PlanLine>, crate::door::Refusal> {
        let target = Some(Target::Member(self.member));
        let until = Timestamp(self.book.desk.now().wall.0 + 90 * crate::book::time::DAY);
        let playbook = PlaybookId("milk".to_owned());
        let ask =
            PlanAsk { playbook, file: None, target, anchor: None, from: None, until, rows: 500, bare: false };
        match self.book.desk.ask(Request::Plan(Box::new(ask))) {
            Reply::Plan(lines) => Ok(lines),
            Reply::Refused(refusal) => Err(refusal),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn one_purchase_lasts_as_long_as_the_product_and_three_as_long_as_they_did() {
    let mut shop = Shop::new(Some("24"));
    shop.book.sop(MILK);
    assert_eq!(shop.waits(), None);
    assert!(shop.plan().unwrap_err().words.contains("说不准"), "nothing was bought");
    shop.buys("2026-11-22 09:00", "鸡蛋");
    assert_eq!(shop.waits(), None, "that is no milk powder");
    shop.buys("2026-11-22 09:00", "贝拉米 2罐");
    let by_use = "预计 2026-12-16 用完: 按商品可用 24 天";
    assert_eq!(shop.waits().unwrap(), format!("12-13 10:00 {by_use}"));
    let plan = shop.plan().unwrap();
    assert_eq!((plan.len(), plan[0].reason.as_str()), (1, by_use));
    assert_eq!(plan[0].occurrence.to_string(), "2026-12-13");
    shop.book.tick_at("2026-12-12 09:00");
    shop.buys("2026-12-12 09:00", "奶粉");
    assert_eq!(shop.waits().unwrap(), "01-02 10:00 预计 2027-01-05 用完: 按商品可用 24 天");
    shop.book.tick_at("2026-12-20 09:00");
    assert_eq!(shop.book.open().len(), 0, "the round before has ended");
    shop.buys("2026-12-20 09:00", "奶粉");
    assert_eq!(shop.waits().unwrap(), "12-31 10:00 预计 2027-01-03 用完: 买过 3 次, 间隔中位 14 天");
    shop.book.tick_at("2026-12-31 10:00");
    assert_eq!(shop.book.open().len(), 1);
    shop.book.desk.restart();
}

#[test]
fn who_bought_before_is_asked_where_it_has_not_run_out_yet() {
    let mut shop = Shop::new(Some("24"));
    shop.buys("2026-11-10 09:00", "奶粉");
    shop.book.sop(MILK);
    assert_eq!(shop.waits().unwrap(), "12-01 10:00 预计 2026-12-04 用完: 按商品可用 24 天");
    let mut late = Shop::new(Some("24"));
    late.buys("2026-10-20 09:00", "奶粉");
    late.book.sop(MILK);
    assert_eq!(late.waits(), None, "that was before anybody wanted to know");
}

#[test]
fn days_of_use_given_later_begin_and_changed_ones_move() {
    let mut shop = Shop::new(None);
    shop.book.sop(MILK);
    shop.buys("2026-11-22 09:00", "奶粉");
    assert_eq!(shop.waits(), None);
    let id = *shop.book.desk.desk.store().columns.products.keys().next().unwrap();
    let lasts = |shop: &mut Shop, days: &str| {
        let objects = vec![crate::door::command::ObjectRef::Product(id)];
        let fields = vec![(Field::DaysOfUse, days.to_owned())];
        shop.book.desk.run(Command::Edit { objects, fields }).unwrap();
        shop.book.desk.tick();
    };
    lasts(&mut shop, "20天");
    assert_eq!(shop.waits().unwrap(), "12-09 10:00 预计 2026-12-12 用完: 按商品可用 20 天");
    lasts(&mut shop, "30");
    assert_eq!(shop.waits().unwrap(), "12-19 10:00 预计 2026-12-22 用完: 按商品可用 30 天");
    shop.book.desk.run(Command::Undo { act: None }).unwrap();
    shop.book.desk.tick();
    assert_eq!(shop.waits().unwrap(), "12-09 10:00 预计 2026-12-12 用完: 按商品可用 20 天");
    shop.book.desk.restart();
}

#[test]
fn a_purchase_taken_back_gives_the_round_before_back() {
    let mut shop = Shop::new(Some("24"));
    shop.book.sop(MILK);
    shop.buys("2026-11-22 09:00", "奶粉");
    shop.book.tick_at("2026-12-01 09:00");
    shop.tells(ActivityKind::Bought);
    assert!(shop.waits().unwrap().starts_with("12-22 10:00"));
    shop.book.desk.run(Command::Undo { act: None }).unwrap();
    shop.book.desk.tick();
    assert!(shop.waits().unwrap().starts_with("12-13 10:00"), "{:?}", shop.waits());
}

#[test]
fn a_refund_brings_back_the_day_of_the_purchase_before() {
    let mut shop = Shop::new(Some("24"));
    shop.book.sop(MILK);
    shop.buys("2026-11-22 09:00", "奶粉");
    shop.book.tick_at("2026-11-23 09:00");
    assert!(shop.waits().unwrap().starts_with("12-13 10:00"), "{:?}", shop.waits());
    let moves = [(26, ActivityKind::Bought, "12-17 10:00"), (27, ActivityKind::Refunded, "12-13 10:00")];
    for (day, kind, begins) in moves {
        shop.book.tick_at(&format!("2026-11-{day} 09:00"));
        shop.tells(kind);
        shop.book.desk.tick();
        assert!(shop.waits().is_some_and(|waits| waits.starts_with(begins)), "{kind:?}: {:?}", shop.waits());
    }
    shop.book.tick_at("2026-12-13 10:00");
    assert_eq!(shop.book.open().len(), 1);
    shop.book.desk.restart();
}

#[test]
fn an_intake_lets_nobody_in_before_their_day() {
    let mut shop = Shop::new(Some("24"));
    shop.book.sop(&MILK.replace("[[step]]", "[intake]\nmax = 5\nper = \"day\"\n[[step]]"));
    shop.buys("2026-11-22 09:00", "奶粉");
    shop.book.tick_at("2026-11-23 09:00");
    assert_eq!(shop.waits(), None, "in line");
    shop.book.tick_at("2026-12-12 09:00");
    shop.book.tick_at("2026-12-13 09:30");
    assert!(shop.waits().unwrap().starts_with("12-13 10:00"), "{:?}", shop.waits());
}

/// Whoever is let in a day ahead takes a place of their own day, however often the line is looked at on that day.
#[test]
fn an_intake_lets_in_so_many_for_a_day() {
    let mut shop = Shop::new(Some("24"));
    shop.book.sop(&MILK.replace("[[step]]", "[intake]\nmax = 1\nper = \"day\"\n[[step]]"));
    for name in ["李四", "王五"] {
        shop.buys("2026-11-22 09:00", "奶粉");
        shop.member = shop.book.member(name);
        shop.book.befriend(shop.member);
    }
    shop.book.tick_at("2026-12-12 09:00");
    // somebody enters something else: the line is looked at once more
    shop.book.group("宠友1群");
    shop.book.sop(MORNING);
    shop.book.tick_at("2026-12-12 12:00");
    let asked = |book: &Book| book.open().iter().filter(|task| task.via == crate::book::Via::Private).count();
    shop.book.tick_at("2026-12-13 10:00");
    assert_eq!(asked(&shop.book), 1);
    shop.book.tick_at("2026-12-14 10:00");
    assert_eq!(asked(&shop.book), 2);
}

#[test]
fn who_leaves_the_line_takes_no_place_of_their_day() {
    let mut shop = Shop::new(Some("24"));
    shop.book.sop(&MILK.replace("[[step]]", "[intake]\nmax = 1\nper = \"day\"\n[[step]]"));
    shop.buys("2026-11-22 09:00", "奶粉");
    shop.book.tick_at("2026-11-23 09:00");
    let columns = &shop.book.desk.desk.store.columns;
    let enrolments: Vec<_> = columns.enrolments.iter().map(|(_, id, _)| id).collect();
    shop.book.desk.run(Command::Unenrol { enrolments }).unwrap();
    shop.member = shop.book.member("李四");
    shop.book.befriend(shop.member);
    shop.buys("2026-11-22 09:00", "奶粉");
    shop.book.tick_at("2026-12-13 10:00");
    let asked: Vec<Target> = shop.book.open().iter().map(|task| task.target).collect();
    assert_eq!(asked, [Target::Member(shop.member)]);
}

#[test]
fn who_is_expected_already_is_counted_as_it_is_applied() {
    let mut shop = Shop::new(Some("30"));
    shop.buys("2026-11-20 09:00", "奶粉");
    let add =
        Command::SopAdd { toml: MILK.to_owned(), file: "milk.toml".to_owned(), new_only: false, base: None };
    let added = shop.book.desk.run(add).unwrap();
    assert_eq!(added.words, "已应用 奶粉快喝完，1 人进入");
    shop.book.desk.tick();
    let columns = &shop.book.desk.desk.store().columns;
    assert_eq!(columns.enrolments.len(), 1, "and by nobody else");
    shop.book.desk.run(Command::Undo { act: added.act }).unwrap();
    assert_eq!(shop.waits(), None);
}
