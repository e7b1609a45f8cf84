//! Wrapping a text into lines of a given number of columns.
//!
//! Chinese breaks anywhere, but closing punctuation does not begin a line and opening punctuation does not end one;
//! ASCII words stay whole where they fit, and so does what stands apart by two blanks. Nothing is ever lost: the lines joined together are the text without its
//! newlines, spaces included, so that an editor can find the cursor in them.
//!
//! Limits: no hyphenation and no justification; a space that no longer fits begins the next line.

use super::width::{graphemes, width};

/// Punctuation that must not begin a line.
const CLOSING: &str = "，。、；：？！）】》〉」』〕｝］”’…—％℃·～‥,.;:?!)]}%";
/// Punctuation that must not end a line.
const OPENING: &str = "（【《〈「『〔｛［“‘￥＃＠([{";

/// Wraps a text into lines of at most `columns`; a newline always ends a line, and an empty text is one empty line.
///
/// A glyph wider than `columns` stands alone on its line, which is then too wide; zero columns count as one.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut page = Page { lines: &mut lines, line: String::new(), used: 0, columns: columns.max(1) };
        for item in items(paragraph) {
            page.begin(item);
            for piece in pieces(item) {
                page.place(&piece);
            }
        }
        page.end_line();
    }
    lines
}

/// A stretch of text without a place to break, with its columns.
struct Piece<'a> {
    text: &'a str,
    width: usize,
}

struct Page<'a> {
    lines: &'a mut Vec<String>,
    line: String,
    used: usize,
    columns: usize,
}

impl Page<'_> {
    /// What stands apart goes to a line of its own where it has no room behind what stands there.
    fn begin(&mut self, item: &str) {
        let wide = width(item.trim_end());
        if self.used > 0 && self.used + wide > self.columns && wide <= self.columns {
            self.end_line();
        }
    }

    fn place(&mut self, piece: &Piece<'_>) {
        if self.used + piece.width <= self.columns {
            self.put(piece.text, piece.width);
        } else if piece.width <= self.columns {
            self.end_line();
            self.put(piece.text, piece.width);
        } else {
            // Too long for any line: a web address, or a pair of brackets in a very narrow pane.
            for (cluster, width) in graphemes(piece.text) {
                if self.used + width > self.columns && !self.line.is_empty() {
                    self.end_line();
                }
                self.put(cluster, width);
            }
        }
    }

    fn put(&mut self, text: &str, width: usize) {
        self.line.push_str(text);
        self.used += width;
    }

    fn end_line(&mut self) {
        self.lines.push(std::mem::take(&mut self.line));
        self.used = 0;
    }
}

/// What stands apart in a paragraph, by two blanks or more, with the blanks behind it.
fn items(paragraph: &str) -> impl Iterator<Item = &str> {
    let mut rest = paragraph;
    std::iter::from_fn(move || {
        let blanks = rest.find("  ").unwrap_or(rest.len());
        let end = rest.get(blanks..)?.find(|c| c != ' ').map_or(rest.len(), |behind| blanks + behind);
        let (item, behind) = rest.split_at_checked(end)?;
        rest = behind;
        (!item.is_empty()).then_some(item)
    })
}

/// Cuts a paragraph wherever a line may break.
fn pieces(paragraph: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut start, mut end, mut columns) = (0, 0, 0);
    let mut before: Option<(&str, usize)> = None;
    // a key stays with the word that tells to press it
    let mut presses = false;
    for (cluster, width) in graphemes(paragraph) {
        presses = before.is_some_and(|(left, _)| left == "按" || left == " " && presses);
        if !presses && before.is_some_and(|before| may_break(before, (cluster, width))) {
            pieces.push(Piece { text: paragraph.get(start..end).unwrap_or_default(), width: columns });
            (start, columns) = (end, 0);
        }
        end += cluster.len();
        columns += width;
        before = Some((cluster, width));
    }
    if start < end {
        pieces.push(Piece { text: paragraph.get(start..end).unwrap_or_default(), width: columns });
    }
    pieces
}

fn may_break((left, left_width): (&str, usize), (right, right_width): (&str, usize)) -> bool {
    let is = |set: &str, cluster: &str| cluster.chars().next().is_some_and(|c| set.contains(c));
    if right_width == 0 || is(CLOSING, right) || is(OPENING, left) {
        return false;
    }
    left == " " || right == " " || left_width > 1 || right_width > 1
}

#[cfg(test)]
mod tests {
    use super::super::width::width;
    use super::*;
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;

    #[track_caller]
    fn check(text: &str, columns: usize, expected: &[&str]) {
        assert_eq!(wrap(text, columns), expected, "{text:?} in {columns}");
    }

    #[test]
    fn breaks_chinese_anywhere_and_words_nowhere() {
        check("", 10, &[""]);
        check("今天开团了", 4, &["今天", "开团", "了"]);
        check("今天开团了", 5, &["今天", "开团", "了"]);
        check("say hello world", 9, &["say hello", " world"]);
        check("say hello world", 10, &["say hello ", "world"]);
        check("群里hello大家", 8, &["群里", "hello大", "家"]);
        check("第一行\n\n第三行\n", 20, &["第一行", "", "第三行", ""]);
        check("https://example.com/a", 8, &["https://", "example.", "com/a"]);
    }

    #[test]
    fn keeps_whole_what_stands_apart() {
        check("r 已回复  + 跟进  o 备注", 15, &["r 已回复  ", "+ 跟进  o 备注"]);
        check("r 已回复  + 跟进", 14, &["r 已回复  ", "+ 跟进"]);
        check("  今天开团了  好", 8, &["  今天开", "团了  好"]);
    }

    #[test]
    fn keeps_a_key_with_the_word_before_it() {
        check("发完了再按 d", 11, &["发完了再", "按 d"]);
        check("再按 Esc 放弃", 7, &["再", "按 Esc ", "放弃"]);
        check("按时吃饭", 4, &["按时", "吃饭"]);
    }

    #[test]
    fn keeps_punctuation_where_it_belongs() {
        check("你好，世界", 4, &["你", "好，", "世界"]);
        check("你好。", 5, &["你", "好。"]);
        check("他说“好的”了", 6, &["他说", "“好的”", "了"]);
        check("看《红楼梦》", 4, &["看", "《红", "楼", "梦》"]);
        check("等等……好", 6, &["等等……", "好"]);
        check("price (100) ok", 8, &["price ", "(100) ok"]);
    }

    #[test]
    fn survives_columns_that_are_too_few() {
        check("张a三", 1, &["张", "a", "三"]);
        check("张三", 0, &["张", "三"]);
        check("《你》", 2, &["《", "你", "》"]);
        check("", 0, &[""]);
    }

    proptest! {
        #[test]
        fn loses_nothing_and_stays_inside(
            text in "[a-z ,.“”（）张三丰，。！《》👍e\u{301}𠮷\n]{0,40}",
            columns in 0usize..20,
        ) {
            let lines = wrap(&text, columns);
            prop_assert_eq!(lines.concat(), text.replace('\n', ""));
            for line in &lines {
                let one_glyph = line.graphemes(true).count() == 1;
                prop_assert!(width(line) <= columns.max(1) || one_glyph, "{:?}", line);
            }
        }
    }
}
