//! Files as a whole: no TOML, too large, mistakes of many kinds at once.

use super::*;

#[test]
fn broken_toml_says_where() {
    check("id = \"a\"\nfor = member\n", &[(2, 7, Sentence::Syntax)]);
    // a list or a table that is not closed is one mistake, where it begins, whatever it swallows
    let rest = "[[step]]\nid = \"one\"\nat = \"D1 10:00\"\nvia = \"private\"\ntext = [\"你好\"]\n";
    for open in
        ["stop = [\"bought\",\n  \"left\", # 退\n", "stop = [\n\"a[\"\n", "start = { on = \"by-hand\"\n"]
    {
        let column = open.find(['[', '{']).unwrap() + 1;
        check(&format!("id = \"a\"\n{open}{rest}"), &[(2, column, Sentence::Syntax)]);
        check(&format!("id = \"a\"\n{open}class = 3\n{rest}"), &[(2, column, Sentence::Syntax)]);
    }
    check("id = \"a\"\nstop = [\"a\",\n  \"b\"\n  \"c\"]\n", &[(4, 3, Sentence::Syntax)]);
    check("id = \"a\"\nid = \"b\"\n", &[(2, 1, Sentence::Syntax)]);
    let deep = format!("{} = 1\n", "a.".repeat(400_000) + "a");
    check(&deep, &[(1, 1, Sentence::Syntax)]);
    check(&format!("{} = 1\n", vec!["\"a\""; 100_000].join(".")), &[(1, 1, Sentence::Syntax)]);
}

#[test]
fn large_files_and_long_lists_are_refused_with_a_sentence() {
    check(&"#".repeat(BYTES_MAX + 1), &[(1, 1, Sentence::TooLarge)]);
    let mut many = GOOD.to_owned();
    for number in 0..500 {
        let step =
            format!("[[step]]\nid = \"s{number}\"\nat = \"D0 09:00\"\nvia = \"private\"\nnote = \"x\"\n");
        many.push_str(&step);
    }
    check(&many, &[(4, 3, Sentence::TooMany)]);
}

/// What is refused for its length is not looked at word by word: none of these would end otherwise.
#[test]
fn what_is_longer_than_it_may_be_is_not_read_to_its_end() {
    let list = |n: usize| vec!["\"x\""; n].join(", ");
    check(&step(&format!("as = [{}]", list(200_000))), &[(NEXT, 6, Sentence::TooMany)]);
    check(&step(&format!("if = \"{}\"", "ask:x ".repeat(100_000))), &[(NEXT, 6, Sentence::TooLong)]);
    let stops = format!("stop = [{}]\n{GOOD}", vec!["\"tag:x\""; 100_000].join(", "));
    check(&stops, &[(1, 8, Sentence::TooMany)]);
    let texts = GOOD.replace("note = \"x\"", &format!("text = [{}]", list(200_000)));
    check(&texts, &[(8, 8, Sentence::TooMany)]);
}

#[test]
fn every_mistake_is_reported_at_once_in_three_languages() {
    let source = "id = \"A\"\nfor = \"men\"\nstart = { on = \"x\" }\n[[step]]\nid = \"\"\nat = \"D0\"\nvia = \"x\"\nnote = \"n\"\n";
    let problems = check(
        source,
        &[
            (1, 6, Sentence::BadShape),
            (2, 7, Sentence::NotAWord),
            (3, 16, Sentence::NotAWord),
            (5, 6, Sentence::Empty),
            (6, 6, Sentence::BadShape),
            (7, 7, Sentence::NotAWord),
        ],
    );
    for lang in Lang::ALL {
        for problem in &problems {
            assert!(!problem.words(lang).contains('{'), "{}", problem.show(lang));
        }
    }
    assert_eq!(
        problems[4].show(Lang::En),
        "test.toml:6:6: step.5.at cannot be \"D0\"; write D0 +5m, D3 12:00, D-1 20:00, D1..D21 07:00 or D1,D3,D7 20:00"
            .replace("step.5", "step.1")
    );
}

#[test]
fn a_byte_order_mark_moves_no_column() {
    check(&format!("\u{feff}titel = \"x\"\n{GOOD}"), &[(1, 1, Sentence::UnknownKey)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_text_makes_the_checker_panic(text in "\\PC{0,200}") {
        let _ = parse(&text, "t", &check_filter);
    }

    #[test]
    fn no_cut_or_change_of_a_good_file_makes_the_checker_panic(
        at in 0_usize..2000, length in 0_usize..40, put in "[\\[\\]{}=\"'\n.,a-zD0-9 群]{0,12}", which in 0_usize..3
    ) {
        let source = [GROUPBUY, CHECKIN, WAKE][which];
        let chars: Vec<char> = source.chars().collect();
        let at = at.min(chars.len());
        let end = (at + length).min(chars.len());
        let changed: String = chars[..at].iter().chain(&put.chars().collect::<Vec<_>>()).chain(&chars[end..]).collect();
        let checked = parse(&changed, "t", &check_filter);
        for problem in &checked.problems {
            prop_assert!(problem.line >= 1 && problem.column >= 1);
            prop_assert!(problem.line <= changed.lines().count() + 1);
        }
        let refused = checked.problems.iter().any(|problem| problem.severity != Severity::Warning);
        prop_assert_eq!(checked.playbook.is_none(), refused);
    }
}
