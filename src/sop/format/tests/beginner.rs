//! What a beginner writes: one mistake is one sentence, in the reader's language, that says how it was meant.

use super::*;

/// The only problem of a file: its place, its sentence in simplified Chinese and what was probably meant.
fn only(source: &str) -> (usize, usize, String, Option<String>) {
    let found = parse(source, "t", &check_filter).problems;
    assert_eq!(found.len(), 1, "{source}\n{found:#?}");
    let one = &found[0];
    for lang in [Lang::ZhCn, Lang::ZhTw] {
        assert!(!one.words(lang).contains("expected"), "{}", one.words(lang));
    }
    (one.line, one.column, one.words(Lang::ZhCn), one.nearest.clone())
}

/// A second line in [`GOOD`], or another one in place of a line of it; what the sentence has, and how it was meant.
fn slip(line: &str, place: (usize, usize), says: &str, meant: Option<&str>) {
    let (at, column, words, nearest) = only(&GOOD.replacen("for = ", &format!("{line}\nfor = "), 1));
    assert_eq!(((at, column), nearest.as_deref()), (place, meant), "{line}: {words}");
    assert!(words.contains(says), "{words}");
}

#[test]
fn characters_of_an_input_method_are_named_with_the_right_ones() {
    slip("title = “甲”", (2, 9), "“ 是中文（全角）符号，要用英文的 \"", Some("title = \"甲\""));
    slip("title = ‘甲’", (2, 9), "‘ 是中文", Some("title = \"甲\""));
    slip("title = \"甲”", (2, 11), "” 是中文", Some("title = \"甲\""));
    slip("title ＝ \"甲\"", (2, 7), "＝ 是中文（全角）符号，要用英文的 =", Some("title = \"甲\""));
    slip("title：\"甲\"", (2, 6), "： 是中文（全角）符号，要用英文的 =", Some("title=\"甲\""));
    slip("stop = [\"left\"，\"bought\"]", (2, 15), "， 是中文", Some("stop = [\"left\",\"bought\"]"));
    slip("title = \"甲\"；", (2, 12), "删掉", Some("title = \"甲\""));
    slip("title\u{3000}= \"甲\"", (2, 6), "空格", Some("title = \"甲\""));
    slip("标题 = \"甲\"", (2, 1), "键要用英文，这里是 \"标题\"", Some("title"));
    let sections = GOOD.replace("[[step]]", "［［step］］");
    assert_eq!(only(&sections).3.as_deref(), Some("[[step]]"));
    let inline = GOOD.replace("{ on = \"added\" }", "｛ on = “added” ｝");
    assert_eq!(only(&inline).3.as_deref(), Some("start = { on = \"added\" }"));
}

#[test]
fn other_slips_of_toml_are_told_in_the_language_of_the_reader() {
    slip("title = 甲", (2, 9), "甲 要放在英文引号 \" 里", Some("title = \"甲\""));
    slip("title = hello", (2, 9), "hello 要放在", Some("title = \"hello\""));
    slip("title = \"甲", (2, 11), "引号没有关上", Some("title = \"甲\""));
    slip("title =", (2, 8), "title 的 = 后面没有内容", None);
    slip("title \"甲\"", (2, 7), "title 后面要有英文的 =", None);
    slip("title: \"甲\"", (2, 6), "title 后面要有英文的 =", Some("title= \"甲\""));
    slip("stop = [\"left\" \"bought\"]", (2, 16), "英文逗号", None);
    slip("title = \"甲\" fresh = \"3d\"", (2, 13), "fresh = \"3d\" 是多出来的", None);
    slip("title = \"你说\"好\"吧\"", (2, 12), "不能再有英文引号", None);
    slip("title = \"C:\\图\"", (2, 13), "特别的意思", None);
    slip("// 说明", (2, 1), "说明前面要写 #", Some("# 说明"));
    slip("title = \"甲\"\ntitle = \"乙\"", (3, 1), "title 在第 2 行已经写过", None);
    let single = GOOD.replace("[[step]]", "[step]");
    assert_eq!(only(&single).3.as_deref(), Some("[[step]]"));
    // each line has its own
    let two = GOOD.replacen("for = \"member\"", "for = “member”\nclass = “care”", 1);
    assert_eq!(parse(&two, "t", &check_filter).problems.len(), 2);
}

#[test]
fn what_follows_from_a_text_that_is_not_closed_is_not_told() {
    slip("title = \"甲\n乙\"", (2, 11), "引号没有关上", Some("title = \"甲\""));
    let source = step("text = [\n  \"你说\"好\" {{ name }}\",\n  \"再见\",\n]");
    assert_eq!(parse(&source, "t", &check_filter).problems.len(), 1);
}

#[test]
fn a_heading_that_is_missing_is_one_mistake() {
    let (line, _, words, _) = only(&GOOD.replace("[[step]]\n", ""));
    assert!(words.contains("id 在第 1 行已经写过") && words.contains("[[step]]"), "{words}");
    assert_eq!(line, 4);
    let (line, _, words, _) =
        only(&GOOD.replace("start = { on = \"added\" }\n[[step]]", "[start]\non = \"added\""));
    assert!(words.contains("\"at\" 是步骤的键，写在了 start 里：上面少了一行 [[step]]"), "{words}");
    assert_eq!(line, 6);
    let second = step("id = \"t\"\nat = \"D1 09:00\"\nvia = \"private\"\nnote = \"y\"");
    let (line, _, words, _) = only(&second);
    assert!(words.contains("id 在第 5 行已经写过") && words.contains("[[step]]"), "{words}");
    assert_eq!(line, NEXT);
}

#[test]
fn a_variable_that_would_be_sent_as_it_stands_is_refused() {
    let check = |written: &str, fix: &str| {
        let (line, column, words, _) = only(&step(&format!("text = \"你好{written}\"")));
        assert_eq!((line, column), (NEXT, 11), "{words}");
        assert!(words.contains("原样发出去") && words.ends_with(fix), "{words}");
    };
    for written in ["｛｛name｝｝", "{ {name} }", "{{name}", "{name}}", "{name}", "｛{ 姓名 }｝"] {
        check(written, "{{ name }}");
    }
    let warned = parse(&step("text = \"你好【name】\""), "t", &check_filter);
    assert_eq!((warned.problems.len(), warned.problems[0].severity), (1, Severity::Warning));
    assert!(warned.playbook.is_some());
    assert!(parse_applied(&step("text = \"｛｛name｝｝\""), "t").is_some(), "what runs goes on");
}

#[test]
fn times_are_taken_fullwidth_and_understood_in_words() {
    for time in ["D0 22：00", "D０ ２２:００"] {
        parsed(&step(&format!("until = \"{time}\"")));
    }
    for (time, meant) in [("22:00", "D0 22:00"), ("第1天 9点", "D1 09:00"), ("d0 22.30", "D0 22:30")] {
        assert_eq!(only(&step(&format!("until = \"{time}\""))).3.as_deref(), Some(meant));
    }
    assert_eq!(only(&step("fresh = \"30天\"")).3.as_deref(), Some("30d"));
}

#[test]
fn closed_words_are_understood_by_their_meaning() {
    let meant = |from: &str, to: &str| only(&GOOD.replace(from, to)).3;
    for (word, via) in [("微信", "private"), ("私聊", "private"), ("群", "group"), ("朋友圈", "moments")]
    {
        assert_eq!(meant("private", word).as_deref(), Some(via));
    }
    assert_eq!(meant("added", "加好友").as_deref(), Some("added"));
    assert_eq!(meant("\"member\"", "\"成员\"").as_deref(), Some("member"));
    assert_eq!(only(&step("late = \"skip\"")).3.as_deref(), Some("drop"));
    let top = |line: &str| only(&format!("{line}\n{GOOD}")).3;
    assert_eq!(top("class = \"营销\"").as_deref(), Some("marketing"));
    assert_eq!(top("stop = [\"成交\"]").as_deref(), Some("bought"));
    assert_eq!(top("\"标题\" = \"甲\"").as_deref(), Some("title"));
}
