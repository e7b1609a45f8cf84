//! Where two texts differ, short enough to be said in a sentence.

/// Characters that are shown on each side of what differs.
const AROUND: usize = 6;
/// The most characters of what differs that are shown.
const MOST: usize = 24;

/// What differs of two texts, each with a little of what stands around it; cut where it is long.
pub fn differing(old: &str, new: &str) -> (String, String) {
    let [old, new] = [old, new].map(|text| text.trim().chars().collect::<Vec<char>>());
    let same = |pairs: &mut dyn Iterator<Item = (&char, &char)>| pairs.take_while(|(a, b)| a == b).count();
    let before = same(&mut old.iter().zip(&new));
    let rest = old.len().min(new.len()) - before;
    let after = same(&mut old.iter().rev().zip(new.iter().rev())).min(rest);
    (piece(&old, before, after), piece(&new, before, after))
}

/// A text without the first and last characters that are as in the other, but for a few.
fn piece(text: &[char], before: usize, after: usize) -> String {
    let from = before.saturating_sub(AROUND);
    let whole = (text.len() - after + AROUND).min(text.len());
    let to = whole.min(from + AROUND + MOST);
    let shown = text.get(from..to).unwrap_or_default().iter();
    let mut out = String::from(if from > 0 { "…" } else { "" });
    out.extend(shown.map(|c| if c.is_whitespace() { ' ' } else { *c }));
    out.truncate(out.trim_end().len());
    if to < text.len() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_stands_with_what_is_around_it() {
        let check = |old: &str, new: &str, expected: (&str, &str)| {
            let (before, after) = differing(old, new);
            assert_eq!((before.as_str(), after.as_str()), expected, "{old} / {new}");
        };
        check("39.8元", "36.8元", ("39.8元", "36.8元"));
        check(
            "本周团：海南小台芒，39.8元一箱\n找小完子下单，今晚截止",
            "本周团：海南小台芒，36.8元一箱\n找小完子下单，今晚截止",
            ("…南小台芒，39.8元一箱…", "…南小台芒，36.8元一箱…"),
        );
        check("早安", "", ("早安", ""));
        check("好", "好好", ("好", "好好"));
        let (long, none) = differing(&"长".repeat(90), "");
        assert_eq!((long.chars().count(), none.as_str()), (AROUND + MOST + 1, ""));
    }
}
