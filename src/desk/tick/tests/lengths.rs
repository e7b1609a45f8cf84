//! How long a text may be where it is said: the same when a playbook is added as before a copy.

use super::*;

fn warned(book: &mut Book, head: &str, step: &str) -> bool {
    let toml = format!(
        "id = \"notes\"\ntitle = \"笔记\"\nclass = \"service\"\n{head}\n[[step]]\nid = \"a\"\nat = \"D0 10:00\"\n{step}\n\
         text = [\"{}\"]\n",
        "长".repeat(1_200)
    );
    let add = Command::SopAdd { toml, file: "f.toml".to_owned(), new_only: false, base: None };
    let said = book.desk.run(add).unwrap();
    said.warnings.iter().any(|words| words.contains("1200") && words.contains("1000"))
}

#[test]
fn a_playbook_is_told_how_long_a_text_its_platforms_take() {
    let mut book = Book::new();
    book.group("宠友1群");
    let now = book.desk.now().wall;
    let red = book.desk.desk.ids.next(now);
    let account =
        Account { persona: "小红".to_owned(), ..Account::new(red, "红书1", Platform::Xiaohongshu, now) };
    book.stage(Body::AccountMade(account));
    let daily = "start = { on = \"recurrence\", every = \"daily\" }";
    let of_accounts = |audience: &str| format!("for = \"account\"\naudience = \"{audience}\"\n{daily}");
    let mut check = |head: &str, step: &str, expected| {
        assert_eq!(warned(&mut book, head, step), expected, "{head} {step}");
    };
    check(&of_accounts("platform:xiaohongshu"), "via = \"post\"", true);
    check(&of_accounts(""), "via = \"post\"", true);
    check(&of_accounts("platform:wechat"), "via = \"post\"", false);
    check(&of_accounts("platform:xiaohongshu"), "via = \"moments\"", false);
}

#[test]
fn the_groups_of_a_playbook_and_who_speaks_tell_the_platform() {
    let mut book = Book::new();
    book.group("宠友1群");
    let daily = "for = \"group\"\nstart = { on = \"recurrence\", every = \"daily\" }";
    assert!(!warned(&mut book, daily, "via = \"group\""));
    let now = book.desk.now().wall;
    let (red, group) = (book.desk.desk.ids.next(now), book.desk.desk.ids.next(now));
    let account =
        Account { persona: "小红".to_owned(), ..Account::new(red, "红书1", Platform::Xiaohongshu, now) };
    book.stage(Body::AccountMade(account));
    assert!(warned(&mut book, daily, "via = \"group\"\nas = \"小红\""));
    assert!(!warned(&mut book, daily, "via = \"group\""));
    book.stage(Body::GroupMade(Group { account: Some(red), ..Group::new(group, "粉丝群", now) }));
    assert!(warned(&mut book, &format!("{daily}\npriority = 40"), "via = \"group\""));
    assert!(!warned(&mut book, &format!("audience = \"group:宠友\"\n{daily}"), "via = \"group\""));
}
