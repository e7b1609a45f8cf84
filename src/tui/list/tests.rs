//! Cursor, marks and patches of a list that the desk holds.

use super::*;
use crate::book::{AccountId, ObjectId, Platform, id::Id};
use crate::door::form::Kind;
use crate::door::line::{AccountLine, Lines};
use crate::door::request::Sort;
use proptest::prelude::*;

fn account(n: u32) -> AccountLine {
    AccountLine {
        id: AccountId::from_bits(u128::from(n)),
        name: format!("手机{n}"),
        platform: Platform::Wechat,
        persona: String::new(),
        device: String::new(),
        holder: String::new(),
        health: String::new(),
        health_word: String::new(),
        groups: 0,
        friends: 0,
        friends_max: None,
        due: 0,
        sent_today: 0,
        quiet: String::new(),
        note: String::new(),
        past: Vec::new(),
    }
}

fn id(n: u32) -> LineId {
    LineId::Object(ObjectId::Account(AccountId::from_bits(u128::from(n))))
}

fn window(first: u32, numbers: &[u32], total: u32) -> Window {
    Window {
        watch: 1,
        rev: 7,
        total,
        first,
        lines: Lines::Accounts(numbers.iter().copied().map(account).collect()),
        texts: Vec::new(),
        around: None,
        nearest: Vec::new(),
    }
}

fn patch(rev: u64, numbers: &[u32], new: &[u32]) -> Patch {
    Patch {
        watch: 1,
        rev,
        total: numbers.len() as u32,
        order: numbers.iter().copied().map(id).collect(),
        upserts: Lines::Accounts(new.iter().copied().map(account).collect()),
        texts: Vec::new(),
    }
}

fn list(numbers: &[u32]) -> List {
    let spec = ListSpec { kind: Kind::Account, filter: String::new(), sort: Sort::Natural, limit: None };
    let mut list = List::new(1, spec);
    list.take_window(window(0, numbers, numbers.len() as u32));
    list
}

#[test]
fn the_cursor_follows_its_line() {
    let mut list = list(&[1, 2, 3]);
    list.move_by(1);
    assert_eq!(list.take_patch(patch(8, &[9, 3, 2, 1], &[9])), Patched::Applied);
    assert_eq!((list.row, list.cursor.clone()), (2, Some(id(2))));
    // Gone: the next one has moved up.
    assert_eq!(list.take_patch(patch(9, &[9, 3, 1], &[])), Patched::Applied);
    assert_eq!((list.row, list.cursor.clone()), (2, Some(id(1))));
    assert_eq!(list.take_patch(patch(10, &[], &[])), Patched::Applied);
    assert_eq!(list.cursor, None);
}

#[test]
fn a_gap_asks_for_the_window() {
    let mut list = list(&[1, 2, 3]);
    assert_eq!(list.take_patch(patch(9, &[1], &[])), Patched::Gap);
    assert_eq!(list.take_patch(patch(8, &[1, 5], &[])), Patched::Gap, "5 was never sent");
}

#[test]
fn marks_never_reach_what_is_hidden() {
    let mut list = list(&[1, 2, 3]);
    list.toggle_mark();
    list.move_by(2);
    list.toggle_mark();
    assert_eq!(list.mark_count(), 2);
    list.take_patch(patch(8, &[2, 3], &[]));
    assert_eq!(list.acted_on().iter().map(|l| l.id()).collect::<Vec<_>>(), [id(3)]);
    list.take_patch(patch(9, &[1, 2, 3], &[1]));
    assert_eq!(list.mark_count(), 1, "a forgotten mark does not come back");
}

#[test]
fn ranges_and_inversion() {
    let mut list = list(&[1, 2, 3, 4]);
    list.anchor = list.cursor.clone();
    list.move_by(2);
    list.mark_range();
    assert_eq!(list.mark_count(), 3);
    assert!(!list.invert_all());
    assert_eq!(list.acted_on().iter().map(|l| l.id()).collect::<Vec<_>>(), [id(4)]);
    list.set_height(2);
    list.move_by(-2);
    assert!(!list.invert_all());
    assert_eq!(list.mark_count(), 3, "all but 4, although two lines fit on the screen");
}

#[test]
fn all_of_a_long_list_is_marked_once_it_is_held() {
    let mut list = list(&[]);
    list.take_window(window(0, &(0..200).collect::<Vec<_>>(), 300));
    assert!(list.invert_all());
    let Request::Watch { first: 0, rows: LARGEST, .. } = list.request() else { panic!() };
    list.take_window(window(0, &(0..300).collect::<Vec<_>>(), 300));
    assert_eq!(list.mark_count(), 300);
    // more than can be held: those around the cursor
    list.take_window(window(0, &(0..200).collect::<Vec<_>>(), 1000));
    list.clear_marks();
    assert!(list.invert_all());
    list.take_window(window(0, &(0..500).collect::<Vec<_>>(), 1000));
    assert_eq!(list.mark_count(), 500);
}

#[test]
fn leaving_the_window_asks_for_another() {
    let mut list = list(&[1, 2, 3]);
    list.take_window(window(0, &(0..200).collect::<Vec<_>>(), 1000));
    assert!(!list.move_by(10));
    assert!(list.move_by(150), "near the end of what is held");
    assert!(list.move_to(999));
    let Request::Watch { first, around: None, .. } = list.request() else { panic!() };
    assert_eq!(first, 899);
    list.take_window(window(800, &(800..1000).collect::<Vec<_>>(), 1000));
    assert_eq!((list.absolute_row(), list.cursor.clone()), (999, Some(id(999))));
}

#[test]
fn the_first_row_is_gone_to_from_a_list_held_from_the_cursor_on() {
    let mut list = list(&[]);
    list.take_window(window(9, &(9..52).collect::<Vec<_>>(), 52));
    assert!(list.move_to(0));
    list.take_window(window(0, &(0..52).collect::<Vec<_>>(), 52));
    assert_eq!((list.absolute_row(), list.cursor.clone()), (0, Some(id(0))));
    // and on from there before its window has come
    list.take_window(window(9, &(9..52).collect::<Vec<_>>(), 52));
    assert!(list.move_to(0) && list.move_by(2));
    list.take_window(window(0, &(0..52).collect::<Vec<_>>(), 52));
    assert_eq!((list.absolute_row(), list.cursor.clone()), (2, Some(id(2))));
}

#[test]
fn the_first_window_is_small_and_then_there_are_more() {
    let mut list = list(&[]);
    list.show(list.spec.clone());
    list.set_height(30);
    let rows = |list: &List| match list.request() {
        Request::Watch { rows, .. } => rows,
        other => panic!("{other:?}"),
    };
    assert_eq!(rows(&list), 50);
    list.take_window(window(0, &(0..50).collect::<Vec<_>>(), 1000));
    assert!(list.wants_more());
    assert_eq!(rows(&list), WINDOW_ROWS);
    list.take_window(window(0, &(0..200).collect::<Vec<_>>(), 1000));
    assert!(!list.wants_more());
    list.take_window(window(0, &(0..50).collect::<Vec<_>>(), 50));
    assert!(!list.wants_more(), "that is all of it");
    // Rows of another filter are wanted as soon.
    list.take_window(window(0, &(0..200).collect::<Vec<_>>(), 1000));
    let filtered = ListSpec { filter: "张".to_owned(), ..list.spec.clone() };
    list.filter_by(filtered, true);
    assert_eq!((rows(&list), list.lines.len()), (50, 200));
    list.take_window(window(0, &(0..50).collect::<Vec<_>>(), 1000));
    assert!(list.wants_more() && rows(&list) == WINDOW_ROWS);
    // Asked for before the size of the terminal was known.
    list.show(list.spec.clone());
    list.set_height(10);
    assert_eq!(rows(&list), 30);
    list.set_height(50);
    list.take_window(window(0, &(0..30).collect::<Vec<_>>(), 52));
    assert!(list.wants_more());
}

#[test]
fn stepping_over_what_is_done() {
    let mut list = list(&[1, 2, 3]);
    list.set_leaving(id(1), true);
    list.step_over(&[id(2)]);
    assert_eq!(list.cursor, Some(id(3)));
    list.set_leaving(id(3), true);
    list.step_over(&[]);
    assert_eq!(list.cursor, Some(id(2)));
}

proptest! {
    #[test]
    fn cursor_and_scroll_stay_inside(moves in proptest::collection::vec(-30isize..30, 0..40), height in 0usize..30,
                                     orders in proptest::collection::vec(proptest::collection::vec(0u32..20, 0..20), 0..8)) {
        let mut list = list(&(0..20).collect::<Vec<_>>());
        list.set_height(height);
        let mut rev = 7;
        for (at, delta) in moves.iter().enumerate() {
            list.move_by(*delta);
            if let Some(order) = orders.get(at % 8) {
                let mut order = order.clone();
                order.sort_unstable();
                order.dedup();
                rev += 1;
                list.take_patch(patch(rev, &order, &order));
            }
            prop_assert_eq!(list.selected().map(Line::id), list.cursor.clone());
            prop_assert!(list.lines.is_empty() || list.row < list.lines.len());
            prop_assert!(list.top <= list.row);
            prop_assert!(list.row < list.top + list.height.max(1));
        }
    }
}

#[test]
fn in_another_list_the_cursor_goes_next_to_where_its_line_would_stand() {
    let mut list = list(&[1, 2, 3, 4, 5, 6, 7, 8, 9]);
    list.move_to(6);
    assert_eq!(list.cursor, Some(id(7)));
    // of the new list half is known at first
    list.take_window(Window { around: Some(1), ..window(0, &[1, 3], 2) });
    assert_eq!(list.cursor, Some(id(3)));
    list.take_window(Window { around: Some(3), ..window(0, &[1, 3, 6, 8, 9], 5) });
    assert_eq!((list.cursor.clone(), list.row), (Some(id(8)), 3));
    // a line that goes leaves the cursor on its row
    list.take_window(window(0, &[1, 3, 6, 9], 4));
    assert_eq!(list.cursor, Some(id(9)));
    // who moved meanwhile is not moved again
    list.take_window(Window { around: Some(0), ..window(0, &[1, 3], 2) });
    list.move_to(1);
    list.take_window(Window { around: Some(0), ..window(0, &[1, 3, 6], 3) });
    assert_eq!(list.cursor, Some(id(3)));
}
