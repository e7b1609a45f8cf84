//! Where everything stands, for a size and what is open. Pure arithmetic; drawing and scrolling both read it.
//!
//! ```text
//! below 60x12   one sentence and the counts
//! to 99         stacked: list above, text below
//! to 159        two panes: list | text, the group's news under the list
//! from 160      three: groups | list | text and members
//! ```
//! The text stands beside the list from 80 columns, or below it in any window, where its user wants that.
//! First row: views and counts. Second: filter or prompt, because the window of an input method opens below the cursor.
//! Last two: messages and hints; a message of several parts takes a few rows where one is too narrow.

use ratatui::layout::Rect;

use super::super::config::PreviewAt;
use super::super::state::{Pane, State};
use crate::door::form::Kind;

/// The least window.
pub const LEAST: (u16, u16) = (60, 12);

/// The most columns of a text that has the screen to itself.
const SOLO_COLUMNS: u16 = 100;

/// So far below it stands what comes after it at most: what belongs together is seen together.
const SOLO_ROWS: u16 = 28;

/// The least columns in which a text stands beside a list, where that is wanted.
const BESIDE: u16 = 80;

/// The least rows of the text below a list, with its heading.
const TEXT_LEAST: u16 = 4;

/// The rectangles of one frame; an empty one is not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    pub too_small: bool,
    pub header: Rect,
    pub prompt: Rect,
    /// Headings of the columns of the list in the middle.
    pub heads: Rect,
    pub queue: Rect,
    pub groups_head: Rect,
    pub groups: Rect,
    pub preview_head: Rect,
    pub preview: Rect,
    pub members_head: Rect,
    pub members: Rect,
    /// The group's news under the list, or the day's timeline.
    pub news: Rect,
    /// Columns that hold a `|` from `rules.y` down.
    pub rules: [Rect; 2],
    pub message: Rect,
    pub hints: Rect,
}

impl Layout {
    /// Lays out what a state shows.
    pub fn of(state: &State) -> Self {
        let (width, height) = state.size;
        let row = |y: u16| Rect::new(0, y, width, 1);
        if width < LEAST.0 || height < LEAST.1 {
            return Self { too_small: true, header: row(0), ..Self::default() };
        }
        let said = super::notes::rows(state).1.len() as u16;
        let mut layout = Self {
            header: row(0),
            prompt: row(1),
            message: Rect::new(0, height - 1 - said, width, said),
            hints: row(height - 1),
            ..Self::default()
        };
        let body = Rect::new(0, 2, width, height - 3 - said);
        if state.is_solo() {
            layout.solo(body);
        } else if state.zoom {
            layout.give(state.focus, body);
        } else {
            let right = match state.preview_at {
                PreviewAt::Auto => width >= 100,
                PreviewAt::Right => width >= BESIDE,
                PreviewAt::Below => false,
            };
            match (width >= 160, right && state.preview) {
                (true, _) if state.preview_at == PreviewAt::Below => layout.three_stacked(state, body),
                (true, _) => layout.three(state, body),
                (false, true) => layout.two(state, body),
                (false, false) => layout.stacked(state, body),
            }
        }
        layout
    }

    /// One task: how far one is above it, what comes after it below, the text not wider than is read with ease.
    fn solo(&mut self, body: Rect) {
        let (top, rest) = split_top(body, 1);
        let (middle, bottom) = split_top(rest, rest.height.saturating_sub(1).min(SOLO_ROWS));
        let columns = middle.width.min(SOLO_COLUMNS);
        let middle = Rect { x: (middle.width - columns) / 2, width: columns, ..middle };
        (self.heads, self.news) = (top, bottom);
        self.give(Pane::Preview, middle);
    }

    /// The whole of an area to one pane: its first row is the heading.
    fn give(&mut self, pane: Pane, area: Rect) {
        let (head, rest) = split_top(area, 1);
        match pane {
            Pane::List => (self.heads, self.queue) = (head, rest),
            Pane::Groups => (self.groups_head, self.groups) = (head, rest),
            Pane::Members => (self.members_head, self.members) = (head, rest),
            Pane::Preview => (self.preview_head, self.preview) = (head, rest),
        }
    }

    /// Which pane has the place of the list: the side panes take turns where they have no place of their own.
    fn list_pane(state: &State) -> Pane {
        match state.focus {
            Pane::Groups | Pane::Members => state.focus,
            Pane::List | Pane::Preview => Pane::List,
        }
    }

    fn stacked(&mut self, state: &State, body: Rect) {
        let open = state.focus == Pane::Preview;
        if !state.preview && !open {
            self.give(Self::list_pane(state), body);
            return;
        }
        // 11 of 20 rows at 80x24: ten tasks and their headings. Opened, the text gets the larger half.
        let list = if open { body.height / 3 } else { (body.height * 11).div_ceil(20) };
        // in a low window the rows of the list give way first: below them is a heading, two rows of text, what to do next
        let (top, bottom) = split_top(body, list.min(body.height.saturating_sub(TEXT_LEAST)).max(4));
        self.give(Self::list_pane(state), top);
        self.give(Pane::Preview, bottom);
    }

    fn two(&mut self, state: &State, body: Rect) {
        let left = if body.width < 100 { body.width * 55 / 100 } else { (body.width * 62 / 120).max(58) };
        let (list, text) = split_left(body, left);
        self.rules[0] = Rect::new(left, body.y, 1, body.height);
        let is_task = state.view_kind() == Kind::Task;
        let (list, news) = if is_task && body.height >= 24 {
            split_top(list, body.height - 6)
        } else {
            (list, Rect::default())
        };
        self.news = news;
        self.give(Self::list_pane(state), list);
        self.give(Pane::Preview, text);
    }

    fn three(&mut self, state: &State, body: Rect) {
        let (groups, rest) = split_left(body, 30);
        let is_task = state.view_kind() == Kind::Task;
        let has_text = state.preview || state.focus == Pane::Preview;
        let has_members = is_task || state.focus == Pane::Members;
        // without the text the list has its place, beside the members where they are shown
        let middle = match (has_text, has_members) {
            (true, _) => rest.width * 92 / 169,
            (false, true) => rest.width.saturating_sub(41),
            (false, false) => rest.width,
        };
        let (list, right) = split_left(rest, middle);
        self.rules =
            [Rect::new(30, body.y, 1, body.height), Rect::new(rest.x + middle, body.y, 1, body.height)];
        if middle == rest.width {
            self.rules[1] = Rect::default();
        }
        self.give(Pane::Groups, groups);
        let (list, news) = if is_task && body.height >= 24 {
            split_top(list, body.height - 4)
        } else {
            (list, Rect::default())
        };
        self.news = news;
        self.give(Pane::List, list);
        if !has_text {
            if has_members {
                self.give(Pane::Members, right);
            }
        } else if has_members {
            let (text, members) = split_top(right, right.height * 2 / 3);
            self.give(Pane::Preview, text);
            self.give(Pane::Members, members);
        } else {
            self.give(Pane::Preview, right);
        }
    }

    /// Groups, list above text, members: three columns with the text below.
    fn three_stacked(&mut self, state: &State, body: Rect) {
        let (groups, rest) = split_left(body, 30);
        let middle = rest.width.saturating_sub(41);
        let (stack, members) = split_left(rest, middle);
        self.rules =
            [Rect::new(30, body.y, 1, body.height), Rect::new(rest.x + middle, body.y, 1, body.height)];
        self.give(Pane::Groups, groups);
        self.give(Pane::Members, members);
        if !state.preview && state.focus != Pane::Preview {
            self.give(Pane::List, stack);
            return;
        }
        let open = state.focus == Pane::Preview;
        let (list, text) =
            split_top(stack, if open { stack.height / 3 } else { stack.height * 11 / 20 }.max(4));
        self.give(Pane::List, list);
        self.give(Pane::Preview, text);
    }

    /// The list in the middle: in narrow windows whichever side pane took its place.
    pub const fn list_of(&self, pane: Pane) -> Rect {
        match pane {
            Pane::Groups => self.groups,
            Pane::Members => self.members,
            Pane::Preview => self.preview,
            Pane::List => self.queue,
        }
    }
}

fn split_top(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (Rect { height: rows, ..area }, Rect { y: area.y + rows, height: area.height - rows, ..area })
}

/// Splits off the left columns; one column between is the rule's.
fn split_left(area: Rect, columns: u16) -> (Rect, Rect) {
    let columns = columns.min(area.width);
    let rest = area.width.saturating_sub(columns + 1);
    (Rect { width: columns, ..area }, Rect { x: area.x + area.width - rest, width: rest, ..area })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::state::Start;

    fn layout(size: (u16, u16), focus: Pane) -> Layout {
        let mut state = State::new(Start::default());
        state.size = size;
        state.focus = focus;
        Layout::of(&state)
    }

    #[test]
    fn eighty_by_twenty_four_is_the_drawing() {
        let layout = layout((80, 24), Pane::List);
        assert_eq!((layout.heads.y, layout.queue.y, layout.queue.height), (2, 3, 10));
        assert_eq!((layout.preview_head.y, layout.preview.height), (13, 8));
        assert_eq!((layout.message.y, layout.hints.y), (22, 23));
    }

    #[test]
    fn the_text_stands_where_it_is_wanted() {
        let place = |size, at| {
            let mut state = State::new(Start::default());
            (state.size, state.preview_at) = (size, at);
            let layout = Layout::of(&state);
            (layout.preview.x > layout.queue.x, layout.preview.y > layout.queue.bottom())
        };
        let (right, below) = ((true, false), (false, true));
        assert_eq!(place((80, 24), PreviewAt::Auto), below);
        assert_eq!(place((80, 24), PreviewAt::Right), right);
        assert_eq!(place((70, 24), PreviewAt::Right), below, "too narrow for two");
        for size in [(100, 30), (120, 40), (200, 60)] {
            assert_eq!(place(size, PreviewAt::Auto), right);
            assert_eq!(place(size, PreviewAt::Right), right);
            assert_eq!(place(size, PreviewAt::Below), below);
        }
    }

    #[test]
    fn without_the_text_the_list_has_its_place_at_every_size() {
        for size in [(80, 24), (100, 30), (120, 40), (200, 60)] {
            for at in PreviewAt::ALL {
                let mut state = State::new(Start::default());
                (state.size, state.preview_at) = (size, at);
                let with = Layout::of(&state);
                state.preview = false;
                let without = Layout::of(&state);
                assert!(without.preview.height == 0 && with.preview.height > 0, "{size:?} {at:?}");
                let cells = |area: Rect| u32::from(area.width) * u32::from(area.height);
                assert!(cells(without.queue) > cells(with.queue), "{size:?} {at:?}");
                state.focus = Pane::Preview;
                assert!(Layout::of(&state).preview.height > 0, "what the focus is in is shown");
            }
        }
    }

    #[test]
    fn no_pane_is_lost_at_any_size() {
        for width in (0..260).step_by(7) {
            for height in 0..70 {
                let all = [Pane::List, Pane::Groups, Pane::Members, Pane::Preview];
                for (focus, at) in all.into_iter().flat_map(|pane| PreviewAt::ALL.map(|at| (pane, at))) {
                    let mut state = State::new(Start::default());
                    (state.size, state.focus, state.preview_at) = ((width, height), focus, at);
                    let layout = Layout::of(&state);
                    if layout.too_small {
                        continue;
                    }
                    let has = layout.list_of(focus);
                    assert!(has.height > 0 && has.width > 20, "{width}x{height} {focus:?} {has:?}");
                    assert!(has.right() <= width && has.bottom() <= height);
                }
            }
        }
    }
}
