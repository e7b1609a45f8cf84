//! Steps that caps count and that nothing ends: one that nobody sends stands in the way of whatever comes after it.

use toml::de::{DeTable, DeValue};

use super::outside::tables;
use super::problem::{Problem, Sentence, Severity};
use super::source::{Reader, text};
use crate::book::{Class, Rules, Via};
use crate::queue::caps::applies;

/// Finds steps without `until` that a cap of the store counts, in the order of the file; none in one that is no TOML.
pub fn endless_in(source: &str, file: &str, rules: &Rules) -> Vec<Problem> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut reader = Reader::new(source, file);
    let Ok(tree) = DeTable::parse(source) else { return Vec::new() };
    let top = tree.get_ref();
    let class = class_of(top).unwrap_or(Class::Marketing);
    for (name, step) in tables(top.get("step"), "step", "id") {
        let is_ours = word(step, "via").is_some_and(|via| via == Via::Internal.word());
        let class = class_of(step).unwrap_or(class);
        let is_counted = !is_ours && rules.caps.iter().any(|cap| applies(cap, class));
        // one without `at` is refused for that
        if let (Some(at), false, true) = (step.get("at"), step.contains_key("until"), is_counted) {
            let said = vec![("field", text(name))];
            reader.note(Severity::Warning, at.span().start, Sentence::Endless, said, None);
        }
    }
    reader.problems
}

fn word<'t>(table: &'t DeTable<'_>, key: &str) -> Option<&'t str> {
    table.get(key).map(toml::Spanned::get_ref).and_then(DeValue::as_str)
}

fn class_of(table: &DeTable<'_>) -> Option<Class> {
    Class::parse(word(table, "class")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cap_counts_and_nothing_ends_is_told() {
        let step = |class: &str, extra: &str| {
            format!("class = \"{class}\"\n[[step]]\nid = \"a\"\nat = \"D1 10:00\"\n{extra}\n")
        };
        let told = |source: &str, rules: &Rules| -> Vec<(usize, usize)> {
            let found = endless_in(source, "f.toml", rules);
            assert!(found.iter().all(|problem| problem.severity == Severity::Warning));
            found.iter().map(|problem| (problem.line, problem.column)).collect()
        };
        let rules = Rules::default();
        assert!(!rules.caps.is_empty());
        assert_eq!(told(&step("marketing", "via = \"private\""), &rules), [(4, 6)]);
        assert_eq!(told(&step("care", "via = \"group\""), &rules), [(4, 6)]);
        for fine in [
            step("marketing", "via = \"private\"\nuntil = \"D2 21:00\""),
            step("marketing", "via = \"internal\""),
            step("service", "via = \"private\""),
            step("marketing", "via = \"private\"\nclass = \"incident\""),
        ] {
            assert_eq!(told(&fine, &rules), [], "{fine}");
        }
        let free = Rules { caps: Vec::new(), ..Rules::default() };
        assert_eq!(told(&step("marketing", "via = \"private\""), &free), []);
    }

    #[test]
    fn what_comes_with_the_program_ends() {
        for builtin in crate::sop::builtin::BUILTIN {
            assert_eq!(endless_in(builtin.source, builtin.id, &Rules::default()), []);
        }
    }
}
