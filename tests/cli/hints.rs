//! What is printed to be typed can be typed, and what is asked of the wrong thing is told so.

use crate::common::Environment;

fn ok(environment: &Environment, arguments: &[&str]) {
    let ran = environment.run(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
}

#[test]
fn a_snippet_is_changed_without_a_desk() {
    let environment = Environment::new();
    ok(&environment, &["snippet", "add", "退货", "--text", "七天内"]);
    ok(&environment, &["snippet", "set", "退货", "--text", "十天内"]);
    assert!(environment.run(&["snippet", "show", "退货"]).out.contains("十天内"));
    ok(&environment, &["snippet", "rm", "退货"]);
}

#[test]
fn names_in_hints_are_quoted_for_a_shell() {
    let environment = Environment::new();
    ok(&environment, &["account", "add", "1 号机", "--platform", "wechat"]);
    ok(&environment, &["group", "add", "团购 一群", "--account", "1 号机"]);
    ok(&environment, &["group", "rm", "团购 一群"]);
    let ran = environment.run(&["group", "show", "团购 一群"]);
    assert!(ran.err.contains("qun group restore '团购 一群'"), "{ran:?}");
    let ran = environment.run(&["--store", "新 店", "list"]);
    assert!(ran.err.contains("qun --store '新 店'"), "{ran:?}");
}

#[test]
fn only_tasks_have_a_text() {
    let environment = Environment::new();
    ok(&environment, &["group", "add", "一群"]);
    ok(&environment, &["member", "add", "张三", "--group", "一群"]);
    for name in ["张三", "一群"] {
        let ran = environment.run(&["show", name, "--text"]);
        assert!(ran.code == 2 && ran.err.contains(&format!("“{name}”不是待办")), "{ran:?}");
    }
}
