//! Sentences of a menu and the lists among them: where there is no room for all, the lists give way, and say for how many.

/// A list among the sentences.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Before which sentence it stands.
    pub at: usize,
    pub lines: Vec<String>,
    /// How many there are besides.
    pub more: usize,
}

/// The rows of sentences and lists that have room; `wrap` breaks a line into rows, `more` says how many are not shown.
pub fn fit(
    notes: &[String],
    lists: &[Listed],
    room: usize,
    wrap: impl Fn(&str) -> Vec<String>,
    more: impl Fn(usize) -> String,
) -> Vec<String> {
    let notes: Vec<Vec<String>> = notes.iter().map(|note| wrap(note)).collect();
    let whole: Vec<Vec<String>> =
        lists.iter().map(|list| shown(list, list.lines.len(), &wrap, &more)).collect();
    let said: usize = notes.iter().map(Vec::len).sum();
    let mut left = room.saturating_sub(said);
    let mut wanted: usize = whole.iter().map(Vec::len).sum();
    let mut rows = Vec::new();
    let mut waiting = (1..=lists.len()).rev();
    let mut parts = lists.iter().zip(whole).peekable();
    for at in 0..=notes.len() {
        while let Some((list, whole)) = parts.next_if(|(list, _)| list.at == at || at == notes.len()) {
            // each its part, and what the others do not need
            wanted -= whole.len();
            let part = (left / waiting.next().unwrap_or(1)).max(left.saturating_sub(wanted));
            let part = if whole.len() <= part {
                whole
            } else {
                let mut kept = list.lines.len();
                let mut cut = whole;
                while kept > 0 && cut.len() > part {
                    kept -= 1;
                    cut = shown(list, kept, &wrap, &more);
                }
                cut
            };
            left = left.saturating_sub(part.len());
            rows.extend(part);
        }
        rows.extend(notes.get(at).into_iter().flatten().cloned());
    }
    rows.truncate(room);
    rows
}

/// The first lines of a list, and of how many it says no more.
fn shown(
    list: &Listed,
    kept: usize,
    wrap: impl Fn(&str) -> Vec<String>,
    more: impl Fn(usize) -> String,
) -> Vec<String> {
    let mut rows: Vec<String> = list.lines.iter().take(kept).flat_map(|line| wrap(line)).collect();
    let besides = list.more + list.lines.len().saturating_sub(kept);
    rows.extend((besides > 0).then(|| more(besides)));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lists: &[Listed], room: usize) -> String {
        let notes = ["one".to_owned(), "two".to_owned()];
        let wrap = |line: &str| vec![line.to_owned()];
        fit(&notes, lists, room, wrap, |n| format!("+{n}")).join(" ")
    }

    #[test]
    fn lists_give_way_to_sentences() {
        let list = |at, letters: &str, more| Listed {
            at,
            lines: letters.chars().map(|c| c.to_string()).collect(),
            more,
        };
        let one = [list(1, "abcd", 3)];
        assert_eq!(rows(&one, 9), "one a b c d +3 two");
        assert_eq!(rows(&one, 6), "one a b c +4 two");
        assert_eq!(rows(&one, 3), "one +7 two");
        let two = [list(1, "abcd", 0), list(2, "xyz", 0)];
        assert_eq!(rows(&two, 9), "one a b c d two x y z");
        assert_eq!(rows(&two, 8), "one a b +2 two x y z");
        assert_eq!(rows(&two, 6), "one a +3 two x +2");
    }
}
