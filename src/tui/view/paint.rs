//! Painting text into cells: every text is cleaned and cut by columns before a cell sees it.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

use super::super::theme::{Role, Theme};
use super::super::veil::Veil;
use crate::text::lang::Lang;
use crate::text::{clean, width};

/// A brush over one buffer.
pub struct Paint<'a> {
    pub buffer: &'a mut Buffer,
    pub theme: &'a Theme,
    /// Who is not to be read.
    pub veil: Option<&'a Veil>,
    /// Characters of ambiguous width have two columns here.
    pub wide: bool,
}

impl Paint<'_> {
    /// Writes a text at a place, cut to `columns`; gives the column after it.
    pub fn text(&mut self, x: u16, y: u16, columns: u16, text: &str, role: Role) -> u16 {
        let style = self.theme.style(role);
        // keys, headings, names of views are nobody, whoever is called so
        let is_ours = matches!(role, Role::Key | Role::Column | Role::Head | Role::View);
        let veil = self.veil.take_if(|_| is_ours);
        let after = self.styled(x, y, columns, text, style);
        self.veil = veil.or(self.veil);
        after
    }

    /// As [`Self::text`], in a style of its own.
    pub fn styled(&mut self, x: u16, y: u16, columns: u16, text: &str, style: Style) -> u16 {
        let area = self.buffer.area;
        if y >= area.bottom() || x >= area.right() || columns == 0 {
            return x;
        }
        let columns = columns.min(area.right() - x);
        let clean = clean::for_display(text);
        let seen = self.veil.map_or(Cow::Borrowed(clean.as_ref()), |veil| veil.over(&clean));
        let plain = if self.wide { width::unambiguous(&seen) } else { Cow::Borrowed(seen.as_ref()) };
        let cut = width::truncate(&plain, usize::from(columns));
        let (after, _) = self.buffer.set_stringn(x, y, cut.as_ref(), usize::from(columns), style);
        after
    }

    /// Writes a text right-aligned so that it ends before `right`.
    pub fn right(&mut self, right: u16, y: u16, columns: u16, text: &str, role: Role) -> u16 {
        let clean = clean::for_display(text);
        // what is cut is no name any more
        let seen = self.veil.map_or(Cow::Borrowed(clean.as_ref()), |veil| veil.over(&clean));
        let cut = width::truncate(&seen, usize::from(columns));
        let x = right.saturating_sub(width::width(&cut) as u16);
        let style = self.theme.style(role);
        self.styled(x, y, columns, &cut, style);
        x
    }

    /// Writes a text into a column of fixed width; gives the column after it.
    pub fn cell(&mut self, x: u16, y: u16, columns: u16, text: &str, role: Role) -> u16 {
        self.text(x, y, columns, text, role);
        x.saturating_add(columns)
    }

    /// Lays a style over a whole row.
    pub fn row(&mut self, area: Rect, y: u16, role: Role) {
        // One colour for the whole row: reversed, every other would become a patch of background.
        let style = self.theme.style(role).fg(Color::Reset);
        let row = Rect { y, height: 1, ..area }.intersection(self.buffer.area);
        self.buffer.set_style(row, style);
    }

    /// A rule of dashes with a title in it.
    pub fn rule(&mut self, area: Rect, title: &str) {
        let line = "-".repeat(usize::from(area.width));
        self.text(area.x, area.y, area.width, &line, Role::Rule);
        if !title.is_empty() && area.width > 6 {
            let titled = format!(" {title} ");
            self.text(area.x + 2, area.y, area.width - 4, &titled, Role::Title);
        }
    }

    /// Empties an area.
    pub fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                }
            }
        }
    }
}

/// A name for a list: cleaned, emoji are as wide everywhere as on cards and in texts. Where a terminal draws them otherwise,
/// what is painted over later would stand askew: for those emoji runs become a word.
pub fn list_text(text: &str, emoji: bool, lang: Lang) -> Cow<'_, str> {
    let text = clean::for_display(text);
    if emoji || !text.chars().any(is_emoji) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        if is_emoji(c) || (inside && matches!(c, '\u{200d}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')) {
            if !inside {
                out.push_str(if lang == Lang::En { "[emoji]" } else { "[表情]" });
            }
            inside = true;
        } else {
            inside = false;
            out.push(c);
        }
    }
    Cow::Owned(out)
}

const fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{fe0f}' | '\u{20e3}' | '\u{e0020}'..='\u{e007f}')
        && !matches!(c, '\u{2713}' | '\u{2714}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_are_a_word_of_the_language() {
        let check = |lang, expected: &str| assert_eq!(list_text("薛欣怡🌸🌸", false, lang), expected);
        check(Lang::ZhCn, "薛欣怡[表情]");
        check(Lang::ZhTw, "薛欣怡[表情]");
        check(Lang::En, "薛欣怡[emoji]");
        assert_eq!(list_text("薛欣怡🌸", true, Lang::En), "薛欣怡🌸");
    }
}
