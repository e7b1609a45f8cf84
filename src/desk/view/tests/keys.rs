//! Keys of the filter language that look beyond the row itself, or at the clock.

use super::*;

fn edit(book: &mut Book, object: ObjectRef, field: Field, value: &str) {
    let fields = vec![(field, value.to_owned())];
    book.desk.run(Command::Edit { objects: vec![object], fields }).unwrap();
}

/// Opens the book again from its journal; the rules that [`Book::new`] takes away come back.
fn restart(book: &mut Book) {
    let rules = crate::book::Rules::default();
    let columns = &mut book.desk.desk.store.columns;
    (columns.rules.quiet, columns.rules.caps) = (rules.quiet, rules.caps);
    book.desk.restart();
}

#[test]
fn who_brought_them_is_found_by_name() {
    let mut book = Book::new(&[], &["李姐", "张三", "王五"]);
    let [lijie, zhang, _] = book.members[..] else { panic!() };
    edit(&mut book, ObjectRef::Member(zhang), Field::Referrer, &lijie.to_string());
    let found = |book: &mut Book, filter: &str| -> Vec<String> {
        book.members(filter).into_iter().map(|line| line.name).collect()
    };
    assert_eq!(found(&mut book, "介绍人:lijie"), ["张三"]);
    assert_eq!(found(&mut book, "-referrer:"), ["张三"]);
    assert_eq!(found(&mut book, "referrer:王五"), Vec::<String>::new());
    edit(&mut book, ObjectRef::Member(lijie), Field::Remark, "李老师");
    assert_eq!(found(&mut book, "referrer:lls"), ["张三"], "by the name of today");
    restart(&mut book);
    assert_eq!(found(&mut book, "referrer:李老师"), ["张三"]);
    edit(&mut book, ObjectRef::Member(zhang), Field::Referrer, "");
    assert_eq!(found(&mut book, "-referrer:"), Vec::<String>::new());
}

#[test]
fn lateness_and_age_go_by_the_clock() {
    let mut book = Book::new(&["宠友1群"], &["张三"]);
    let on = vec![ObjectId::Member(book.members[0])];
    let due = book.desk.now().wall + std::time::Duration::from_secs(3_600);
    book.desk.run(Command::FollowUp { on, words: "问问".to_owned(), at: due }).unwrap();
    let count = |book: &mut Book, filter: &str| book.tasks(filter).len();
    assert_eq!(count(&mut book, "late>0m"), 0);
    let hours = |n: u64| std::time::Duration::from_secs(n * 3_600);
    let begun = book.desk.now().wall;
    book.desk.at_time(begun + hours(4));
    book.desk.tick();
    assert_eq!((count(&mut book, "late:3h"), count(&mut book, "迟>3小时")), (1, 0));
    assert_eq!((count(&mut book, "age:4h"), count(&mut book, "age<4h")), (1, 0));
    let task = book.tasks("state:due")[0].id;
    let sent = TaskVerb::Sent { at: None, also: false };
    book.desk.run(Command::Task { tasks: vec![task], verb: sent }).unwrap();
    book.desk.at_time(begun + hours(50));
    book.desk.tick();
    assert_eq!(count(&mut book, "state:sent late:3h"), 1, "it was three hours late when it was sent");
    assert_eq!(book.members("age:2d created:-2d").len(), 1);
    assert_eq!(book.groups("age>2d").len(), 1);
    assert_eq!(book.groups("created:today").len(), 0);
}

#[test]
fn which_phone_is_in_whose_hand() {
    let mut book = Book::new(&["宠友1群"], &["张三"]);
    let account = ObjectRef::Account(book.account);
    edit(&mut book, account, Field::Device, "红米 2号");
    edit(&mut book, account, Field::Holder, "小王");
    assert_eq!(book.groups("设备:红米 holder:小王").len(), 1);
    assert_eq!(book.list(Kind::Account, "holder:小王").total, 1);
    assert_eq!(book.list(Kind::Account, "holder:小李").total, 0);
    restart(&mut book);
    assert_eq!(book.groups("device:\"红米 2号\"").len(), 1);
}
