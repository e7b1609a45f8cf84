//! What comes each year: festivals, solar terms and birthdays of either calendar.

use super::*;
use crate::book::Birthday;
use crate::store::record::{Change, Edited};

fn sop(who: &str, start: &str, steps: &[(&str, &str)]) -> String {
    let via = if who == "group" { "group" } else { "private" };
    let steps = steps.iter().map(|(id, at)| {
        format!(
            "[[step]]\nid = \"{id}\"\nat = \"{at}\"\nuntil = \"+12h\"\nvia = \"{via}\"\ntext = [\"好\"]\n"
        )
    });
    format!(
        "id = \"yearly\"\nfor = \"{who}\"\nclass = \"service\"\nstart = {{ {start} }}\n{}",
        steps.collect::<String>()
    )
}

impl Book {
    fn born(&mut self, name: &str, birthday: &str) -> MemberId {
        let id = self.member(name);
        self.befriend(id);
        self.set_birthday(id, "", birthday);
        id
    }

    fn set_birthday(&mut self, id: MemberId, before: &str, birthday: &str) {
        assert!(Birthday::parse(birthday).is_some(), "{birthday}");
        let (before, after) = (before.to_owned(), birthday.to_owned());
        let changes = vec![Change { field: "birthday".to_owned(), before, after }];
        self.stage(Body::Edited { object: Edited::Member(id), changes });
    }

    /// Goes on from day to day, a tick at nine each, and says what was offered: `step name day`.
    fn days(&mut self, from: &str, days: i32) -> Vec<String> {
        for ahead in 0..days {
            let day = crate::sop::calendar::plus_days(from.parse().unwrap(), ahead);
            self.tick_at(&format!("{day} 09:00"));
            if ahead % 20 == 0 {
                self.member("路人"); // a record, so that the clock is believed
            }
        }
        self.offered()
    }

    fn offered(&self) -> Vec<String> {
        let columns = &self.desk.desk.store().columns;
        let shown = |task: &Task| match &task.kind {
            crate::book::TaskKind::Step { key, .. } if task.status.state == TaskState::Due => {
                Some(format!("{} {} {}", key.step, columns.target_name(task.target), key.occurrence))
            }
            _ => None,
        };
        let mut offered: Vec<String> = self.tasks().iter().filter_map(shown).collect();
        offered.sort();
        offered
    }

    fn keys(&self) -> Vec<String> {
        let store = self.desk.desk.store();
        let keys = store.columns.enrolments.iter().map(|(_, id, _)| store.enrolment(id).unwrap().unwrap());
        keys.map(|enrolment| enrolment.status.anchor.key).collect()
    }
}

#[test]
fn a_festival_comes_each_year_ahead_of_its_day() {
    let mut book = Book::new();
    book.group("宠友1群");
    let start = "on = \"festival\", festival = \"元旦\"";
    book.sop(&sop("group", start, &[("ahead", "D-3 09:00"), ("day", "D0 09:00")]));
    book.days("2026-11-23", 34);
    assert_eq!(book.keys(), Vec::<String>::new(), "not before it is near");
    book.days("2026-12-27", 2);
    assert_eq!(book.keys(), ["festival:元旦:2027"]);
    assert_eq!(book.offered(), Vec::<String>::new());
    book.tick_at("2026-12-29 09:00");
    assert_eq!(book.offered(), ["ahead 宠友1群 2026-12-29"]);
    book.desk.restart();
    book.days("2026-12-30", 5);
    assert_eq!(book.keys(), ["festival:元旦:2027"]);
    // a group that comes later has its own
    book.group("宠友2群");
    book.days("2027-01-04", 363);
    assert_eq!(book.keys().len(), 3);
    assert!(book.keys().ends_with(&["festival:元旦:2028".to_owned(), "festival:元旦:2028".to_owned()]));
}

#[test]
fn birthdays_of_either_calendar_come() {
    let mut book = Book::new();
    book.born("冬至", "12-22");
    book.born("阴历", "农历11-14");
    book.sop(&sop("member", "on = \"birthday\"", &[("day", "D0 09:00")]));
    book.days("2026-12-20", 3);
    assert_eq!(book.offered(), ["day 冬至 2026-12-22"]);
    assert_eq!(book.keys(), ["birthday:2026"]);

    let mut book = Book::new();
    book.born("冬至", "12-22");
    book.born("阴历", "农历11-14"); // 2026-12-22
    book.sop(&sop("member", "on = \"lunar-birthday\", offset = \"-1d\"", &[("day", "D0 09:00")]));
    book.days("2026-12-20", 2);
    assert_eq!(book.offered(), ["day 阴历 2026-12-21"]);
    assert_eq!(book.keys(), ["lunar-birthday:2026"]);
}

#[test]
fn a_birthday_that_becomes_known_on_its_day_is_kept() {
    let mut book = Book::new();
    let id = book.member("张三");
    book.befriend(id);
    book.sop(&sop("member", "on = \"birthday\"", &[("day", "D0 10:00")]));
    book.tick_at("2026-11-23 09:30");
    book.set_birthday(id, "", "11-23");
    book.tick_at("2026-11-23 10:00");
    assert_eq!(book.offered(), ["day 张三 2026-11-23"]);
    // one that is over is not
    let other = book.member("李四");
    book.befriend(other);
    book.set_birthday(other, "", "11-22");
    book.days("2026-11-24", 2);
    assert_eq!(book.keys().len(), 1);
}

#[test]
fn what_came_while_no_desk_ran_is_not_lost_and_what_was_before_is_none() {
    let mut book = Book::new();
    book.group("宠友1群");
    book.sop(
        &sop("group", "on = \"term\", festival = \"小雪\"", &[("day", "D0 09:00")])
            .replace("until = \"+12h\"\n", ""),
    );
    // 小雪 was on the day it was applied
    assert_eq!(book.keys(), ["term:小雪:2026"]);

    let mut book = Book::new();
    book.group("宠友1群");
    let daxue = sop("group", "on = \"term\", festival = \"大雪\"", &[("day", "D0 09:00")]);
    book.sop(&daxue.replace("until = \"+12h\"\n", ""));
    book.tick_at("2026-12-01 09:00");
    book.desk.restart();
    book.tick_at("2026-12-10 09:00"); // it was on the 7th
    assert_eq!(book.keys(), ["term:大雪:2026"]);
    assert_eq!(book.offered(), ["day 宠友1群 2026-12-07"]);
    book.desk.restart();
    book.days("2026-12-11", 3);
    assert_eq!(book.keys().len(), 1);

    let mut book = Book::new();
    book.group("宠友1群");
    book.tick_at("2026-12-10 09:00");
    book.sop(&daxue);
    book.days("2026-12-11", 3);
    assert_eq!(book.keys(), Vec::<String>::new(), "it was over when the playbook was applied");
}

#[test]
fn a_day_is_the_group_s_own_day() {
    let day_of = |start: &str, zone: &str| {
        let mut book = Book::new();
        let id = book.group("宠友1群");
        let change = Change { field: "zone".to_owned(), before: String::new(), after: zone.to_owned() };
        book.stage(Body::Edited { object: Edited::Group(id), changes: vec![change] });
        book.sop(&sop("group", start, &[("day", "D0 09:00")]));
        book.tick_at("2026-11-23 00:10");
        let store = book.desk.desk.store();
        let (_, id, _) = store.columns.enrolments.iter().next().unwrap();
        store.enrolment(id).unwrap().unwrap().status.anchor.d0.to_string()
    };
    for zone in ["America/New_York", "Asia/Shanghai", "Pacific/Auckland"] {
        assert_eq!(day_of("on = \"date\", date = \"2026-11-23\"", zone), "2026-11-23", "{zone}");
        assert_eq!(
            day_of("on = \"term\", festival = \"小雪\", offset = \"+1d\"", zone),
            "2026-11-23",
            "{zone}"
        );
    }
}

#[test]
fn a_date_that_is_over_takes_nobody_who_comes_later() {
    let check = |until: &str, offered: &[&str]| {
        let mut book = Book::new();
        book.group("宠友1群");
        let written = sop("group", "on = \"date\", date = \"2026-11-23\"", &[("day", "D0 09:00")]);
        book.sop(&written.replace("until = \"+12h\"\n", until));
        book.tick_at("2026-11-23 09:00");
        book.tick_at("2026-11-23 15:00");
        book.group("宠友2群");
        book.tick_at("2026-11-23 22:30");
        book.group("宠友3群");
        book.tick_at("2026-11-24 00:30");
        book.group("宠友4群");
        book.days("2026-11-24", 21);
        book.group("宠友5群");
        book.days("2026-12-15", 2);
        let store = book.desk.desk.store();
        let enrolled = store
            .columns
            .enrolments
            .iter()
            .map(|(_, id, _)| store.columns.target_name(store.enrolment(id).unwrap().unwrap().target));
        assert_eq!(enrolled.collect::<Vec<_>>(), offered, "{until}");
    };
    check("until = \"+12h\"\n", &["宠友1群", "宠友2群"]);
    check("", &["宠友1群", "宠友2群", "宠友3群"]);
    check("until = \"+20h\"\n", &["宠友1群", "宠友2群", "宠友3群", "宠友4群"]);
}
