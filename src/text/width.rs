//! How many terminal columns a text takes, and cutting, padding and wrapping by columns.
//!
//! The whole program has one rule: a text is as wide as its grapheme clusters together, and a cluster is as wide as
//! the screen library draws it. All functions expect text cleaned by [`super::clean`], which removes what terminals
//! disagree about; text that is not cleaned gets a width that some terminal will not honour, and nothing worse.
//!
//! Limits: characters of ambiguous width (`…`, `—`, `“`, box drawing) count one column; [`is_ambiguous`] finds them.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub use super::wrap::wrap;

/// What a cut text ends in: plain ASCII, because the ellipsis is of ambiguous width.
const CUT: &str = "..";

/// The columns a text takes.
pub fn width(text: &str) -> usize {
    let mut columns = 0;
    for c in text.chars() {
        match simple_width(c) {
            Some(width) => columns += width,
            // Something that may join its neighbours: count by clusters.
            None => return graphemes(text).map(|(_, width)| width).sum(),
        }
    }
    columns
}

/// The grapheme clusters of a text, each with its columns. No function of this room ever splits one.
pub fn graphemes(text: &str) -> impl DoubleEndedIterator<Item = (&str, usize)> {
    text.graphemes(true).map(|cluster| (cluster, cluster_width(cluster)))
}

/// Whether some terminals give the character two columns and others one.
pub fn is_ambiguous(c: char) -> bool {
    c.width() != c.width_cjk()
}

/// A text without characters of ambiguous width: something of one column everywhere in place of each.
pub fn unambiguous(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_ambiguous) {
        return Cow::Borrowed(text);
    }
    let plain = |c: char| match c {
        _ if !is_ambiguous(c) => c,
        '\u{2018}' | '\u{2019}' | '\u{2032}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{2033}' => '"',
        '\u{2010}'..='\u{2016}' | '\u{2500}' | '\u{2501}' => '-',
        '\u{2026}' | '\u{2025}' | '\u{b7}' | '\u{2022}' => '.',
        '\u{2502}' | '\u{2503}' => '|',
        '\u{d7}' => 'x',
        '\u{2190}' => '<',
        '\u{2192}' | '\u{25b6}' => '>',
        '\u{2460}'..='\u{2468}' => char::from_digit(u32::from(c) - 0x245f, 10).unwrap_or('*'),
        '\u{2103}' => 'C',
        '\u{2460}'..='\u{27ff}' => '*',
        _ => '?',
    };
    Cow::Owned(text.chars().map(plain).collect())
}

/// Cuts a text to at most `columns`; a cut text ends in `..`, and no wide character is split.
pub fn truncate(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let Some(room) = columns.checked_sub(CUT.len()) else {
        return Cow::Borrowed(CUT.get(..columns).unwrap_or_default());
    };
    let mut used = 0;
    let mut end = 0;
    for (cluster, width) in graphemes(text) {
        if used + width > room {
            break;
        }
        used += width;
        end += cluster.len();
    }
    Cow::Owned(format!("{}{CUT}", text.get(..end).unwrap_or_default()))
}

/// The beginning of a text as far as it fits, without dots.
pub fn beginning(text: &str, columns: usize) -> &str {
    text.get(..bytes_of(graphemes(text), columns)).unwrap_or_default()
}

/// The end of a text as far as it fits, without dots.
pub fn ending(text: &str, columns: usize) -> &str {
    text.get(text.len() - bytes_of(graphemes(text).rev(), columns)..).unwrap_or_default()
}

/// Bytes of the first clusters that fit.
fn bytes_of<'t>(clusters: impl Iterator<Item = (&'t str, usize)>, columns: usize) -> usize {
    let mut used = 0;
    let fits = |(_, wide): &(&str, usize)| {
        used += wide;
        used <= columns
    };
    clusters.take_while(fits).map(|(cluster, _)| cluster.len()).sum()
}

/// Fills a text with spaces on its right to at least `columns`; a wider text stays as it is.
pub fn pad(text: &str, columns: usize) -> Cow<'_, str> {
    let missing = columns.saturating_sub(width(text));
    if missing == 0 {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + missing);
    out.push_str(text);
    out.extend(std::iter::repeat_n(' ', missing));
    Cow::Owned(out)
}

/// Cuts or fills a text to exactly `columns`.
pub fn fit(text: &str, columns: usize) -> String {
    pad(&truncate(text, columns), columns).into_owned()
}

fn cluster_width(cluster: &str) -> usize {
    let mut chars = cluster.chars();
    if let (Some(c), None) = (chars.next(), chars.next())
        && let Some(width) = simple_width(c)
    {
        return width;
    }
    UnicodeWidthStr::width(cluster)
}

/// The columns of a character that never joins another one: ASCII, common Chinese characters and punctuation.
fn simple_width(c: char) -> Option<usize> {
    match c {
        ' '..='~' => Some(1),
        '\u{3000}'..='\u{3029}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}' => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_columns() {
        let check = |text: &str, expected: usize| assert_eq!(width(text), expected, "{text:?}");
        check("", 0);
        check("abc ~", 5);
        check("宠友会：一群", 12);
        check("ＡＢＣ", 6);
        check("𠮷野家", 6);
        check("e\u{301}clair", 6);
        check("👍", 2);
        check("ｱｲｳ", 3);
        check("ｶﾞ", 2);
        check("“你好”—…", 8);
    }

    #[test]
    fn common_characters_have_the_width_of_the_full_rule() {
        for c in ('\u{20}'..='\u{ffff}').filter(|&c| simple_width(c).is_some()) {
            assert_eq!(simple_width(c), c.width(), "{c:?}");
            let pair = format!("{c}{c}a");
            assert_eq!(pair.graphemes(true).count(), 3, "{c:?} joins its neighbours");
        }
    }

    #[test]
    fn knows_ambiguous_characters() {
        for c in "│─●○■▲→…—“·×①★▶◆※℃".chars() {
            assert!(is_ambiguous(c), "{c}");
        }
        for c in "✓✔【：　群a|-+".chars() {
            assert!(!is_ambiguous(c), "{c}");
        }
    }

    #[test]
    fn truncates_without_splitting() {
        let check = |text: &str, columns, expected: &str| {
            assert_eq!(truncate(text, columns), expected, "{text:?} to {columns}");
        };
        check("张三", 4, "张三");
        check("张三丰", 5, "张..");
        check("张三丰", 4, "张..");
        check("张三丰", 3, "..");
        check("张三丰", 2, "..");
        check("张三丰", 1, ".");
        check("张三丰", 0, "");
        check("", 0, "");
        check("e\u{301}e\u{301}e\u{301}e\u{301}", 3, "e\u{301}..");
        assert!(matches!(truncate("张三", 4), Cow::Borrowed(_)));
    }

    #[test]
    fn pads_and_fits() {
        assert_eq!(pad("张三", 6), "张三  ");
        assert_eq!(pad("张三", 3), "张三");
        assert_eq!(fit("张三丰", 5), "张.. ");
        assert_eq!(fit("张", 5), "张   ");
        assert_eq!(fit("张三丰", 0), "");
    }

    proptest! {
        #[test]
        fn fit_is_exact(text in "[a-z 张三丰，👍é\u{301}𠮷ＡＢ]{0,20}", columns in 0usize..30) {
            prop_assert_eq!(width(&fit(&text, columns)), columns);
            prop_assert!(width(&truncate(&text, columns)) <= columns);
        }
    }
}
