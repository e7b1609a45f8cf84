//! What the small desk does with the lines of any kind.

use qun::book::ObjectId;
use qun::door::line::{LineId, Lines};

/// What identifies each line, in order.
pub fn ids(lines: &Lines) -> Vec<LineId> {
    match lines {
        Lines::Tasks(lines) => lines.iter().map(|l| LineId::Object(ObjectId::Task(l.id))).collect(),
        Lines::Groups(lines) => lines.iter().map(|l| LineId::Object(ObjectId::Group(l.id))).collect(),
        Lines::Members(lines) => lines.iter().map(|l| LineId::Object(ObjectId::Member(l.id))).collect(),
        Lines::Accounts(lines) => lines.iter().map(|l| LineId::Object(ObjectId::Account(l.id))).collect(),
        Lines::Playbooks(lines) => lines.iter().map(|l| LineId::Playbook(l.id.clone())).collect(),
    }
}

/// Rows from `first`, and how many there are in all.
pub fn cut(lines: Lines, first: usize, rows: usize) -> (Lines, u32) {
    fn part<T>(lines: Vec<T>, first: usize, rows: usize, of: fn(Vec<T>) -> Lines) -> (Lines, u32) {
        let total = lines.len() as u32;
        (of(lines.into_iter().skip(first).take(rows).collect()), total)
    }
    match lines {
        Lines::Tasks(lines) => part(lines, first, rows, Lines::Tasks),
        Lines::Groups(lines) => part(lines, first, rows, Lines::Groups),
        Lines::Members(lines) => part(lines, first, rows, Lines::Members),
        Lines::Accounts(lines) => part(lines, first, rows, Lines::Accounts),
        Lines::Playbooks(lines) => part(lines, first, rows, Lines::Playbooks),
    }
}

/// Where a line stands, and the first row of a window that has it: as asked, moved as little as that takes.
pub fn around(lines: &Lines, line: Option<&LineId>, first: u32, rows: u32) -> (Option<u32>, u32) {
    let at = line.and_then(|line| ids(lines).iter().position(|id| id == line)).map(|at| at as u32);
    let moved = |at: u32| first.min(at).max((at + 1).saturating_sub(rows));
    (at, at.map_or(first, moved))
}
