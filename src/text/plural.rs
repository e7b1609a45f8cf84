//! One of what English templates count: they are written in the plural, and a 1 takes the singular.
//!
//! Limits: verbs behind the word stay as they are.

/// What is counted in English templates, with the word for one of it.
const COUNTED: &[(&str, &str)] = &[
    (" accounts", " account"),
    (" acts", " act"),
    (" caps", " cap"),
    (" changes", " change"),
    (" characters", " character"),
    (" chars", " char"),
    (" courses", " course"),
    (" days", " day"),
    (" groups", " group"),
    (" hours", " hour"),
    (" lines", " line"),
    (" members", " member"),
    (" messages", " message"),
    (" mistakes", " mistake"),
    (" months", " month"),
    (" parts", " part"),
    (" people", " person"),
    (" playbooks", " playbook"),
    (" quiet hours", " quiet hour"),
    (" rows", " row"),
    (" steps", " step"),
    (" targets", " target"),
    (" tasks", " task"),
    (" times", " time"),
];

/// The word for one where an English template counts more, and what follows it: `1 lines` is `1 line`.
pub(super) fn singular(after: &str) -> Option<(&'static str, &str)> {
    let (one, rest) = COUNTED.iter().find_map(|(many, one)| Some((*one, after.strip_prefix(many)?)))?;
    if rest.starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    Some((one, rest))
}

#[cfg(test)]
mod tests {
    use crate::text::lang::fill;

    #[test]
    fn one_is_no_plural() {
        let check = |template: &str, n: u32, expected: &str| {
            assert_eq!(fill(template, &[("n", &n)]), expected);
        };
        check("{n} rows", 1, "1 row");
        check("{n} rows", 2, "2 rows");
        check("{n} rows", 11, "11 rows");
        check("ends {n} courses, more", 1, "ends 1 course, more");
        check("{n} people at once", 1, "1 person at once");
        check("{n} quiet hours", 1, "1 quiet hour");
        check("{n} tasksheets", 1, "1 tasksheets");
        check("{n} 条", 1, "1 条");
    }
}
