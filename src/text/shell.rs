//! Words of a command line, written so that a shell reads them back as they are: names have spaces, quotes, emoji.

/// A word as a shell reads it back.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:+,@%".contains(c);
    if word.contains('\n') {
        let inside = word.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n");
        format!("$'{inside}'")
    } else if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_type_is_what_a_shell_reads() {
        assert_eq!(quoted("商品"), "商品");
        assert_eq!(quoted("今日 团购"), "'今日 团购'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted("一 1\n二's"), "$'一 1\\n二\\'s'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("$(rm x)"), "'$(rm x)'");
    }
}
