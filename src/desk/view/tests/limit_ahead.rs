//! What a limit of an account will cost is told before it is set, and a forecast shows it.

use super::{Book, GROUPBUY};
use crate::book::Health;
use crate::desk::testing::at;
use crate::door::command::Held;
use crate::door::{Choices, Command, Question, Reply, Request};

fn choices(book: &mut Book, what: &str, until: Option<&str>) -> Choices {
    let until = until.map(at);
    let question = Question::Limit { account: "手机1".to_owned(), what: what.to_owned(), until };
    match book.desk.ask(Request::Choices(question)) {
        Reply::Choices(choices) => choices,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_comes_due_in_a_limit_and_is_over_by_its_end_is_told() {
    let mut book = Book::new(&["甲群", "乙群"], &["小雨妈"]);
    book.sop(&GROUPBUY.replace("until = \"D0 11:00\"", "until = \"D1 11:00\""));
    book.tick_at("2026-11-22 12:00");
    let told = choices(&mut book, "all", Some("2026-11-24 12:00"));
    // of two groups: those of the 23rd are over on the 24th at eleven, those of the 24th are not
    // what is due since this morning is over on the 23rd
    assert_eq!(
        told.ahead,
        [
            "现在等它发的 2 条, 受限期间还会到点 4 条; 不移走就等到过期 4 条",
            "社区团购一天: 受限期间还会到点 4 条, 其中 2 条不移走就等到过期"
        ]
    );
    assert!(told.ahead.iter().all(|line| told.notes.contains(line)), "{:?}", told.notes);
    let open = choices(&mut book, "all", None);
    assert_eq!(open.ahead[0], "现在等它发的 2 条, 往后 7 天还会到点 14 条; 不移走就等到过期 14 条");
    assert_eq!(open.ahead[1], "社区团购一天: 往后 7 天还会到点 14 条, 其中 12 条不移走就等到过期");
    assert_eq!(choices(&mut book, "banned", None).ahead, open.ahead, "nobody else is in these groups");
    // what it may still say is no loss, and nothing comes before the next morning
    let private = choices(&mut book, "private", Some("2026-11-24 12:00"));
    assert_eq!(private.ahead, ["现在等它发的 0 条, 受限期间还会到点 0 条; 不移走就等到过期 0 条"]);
    let short = choices(&mut book, "all", Some("2026-11-23 09:00"));
    assert_eq!(short.ahead, ["现在等它发的 2 条, 受限期间还会到点 0 条; 不移走就等到过期 0 条"]);
}

#[test]
fn a_forecast_shows_what_a_limited_account_holds() {
    let mut book = Book::new(&["甲群", "乙群"], &[]);
    book.sop(GROUPBUY);
    book.tick_at("2026-11-22 10:00");
    let account = book.desk.desk.store.columns.accounts.id(0).unwrap();
    let health = Health::Limited { what: "all".to_owned(), until: Some(at("2026-11-24 09:00")) };
    book.desk.run(Command::Limit { account, health, held: Held::Wait }).unwrap();
    let Reply::Forecast(forecast) = book.desk.ask(Request::Forecast { days: 3 }) else { panic!() };
    let accounts = forecast.days.iter().flat_map(|day| &day.accounts).filter(|one| one.account.is_some());
    let held: Vec<(u32, u32)> = accounts.map(|one| (one.tasks, one.held)).collect();
    // those of today wait already, and at nine of the 24th it may send again
    assert_eq!(held, [(2, 2), (2, 2), (2, 0)]);
}
