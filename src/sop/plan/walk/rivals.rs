//! Which of several messages of a plan goes first under a cap, as a tick has it.

use super::super::StepRules;
use super::{Planning, Walk};
use crate::book::{AccountId, Class, Span, Timestamp, Via};
use crate::queue::caps::{applies, window};
use crate::queue::order::importance;
use crate::queue::rivals::{Rival, Waiting, gives_way_under};
use crate::sop::format::Step;

impl Planning<'_> {
    /// When to look again at a message that more important ones to the same person, or in the same group, come after on
    /// this day, where a cap has no room for all; none where it goes now.
    pub(super) fn gives_way(
        &self,
        at: usize,
        step: &Step,
        rules: &StepRules<'_>,
        now: Timestamp,
        until: Option<Timestamp>,
    ) -> Option<Timestamp> {
        let course = &self.walks.get(at)?.way.course;
        let class = course.playbook.class_of(step);
        let in_group = rules.reach.member.is_none() || step.via == Via::Internal;
        if in_group {
            rules.reach.group?;
        }
        let its = || rules.caps.iter().filter(|cap| gives_way_under(cap, in_group) && applies(cap, class));
        its().next()?;
        let end = window(Span::Day, now, course.zone).1;
        let own = importance(class, course.playbook.priority);
        let comes = |walk: &Walk<'_>| {
            if in_group { says_there(walk, own) } else { is_told(walk, own) }
        };
        let others = self.walks.iter().enumerate();
        let others = others.filter(|(other, walk)| *other != at && !walk.over && walk.next_at < end);
        let rivals: Vec<Rival<AccountId>> = others.filter_map(|(_, walk)| comes(walk)).collect();
        let waiting = Waiting { account: rules.reach.account, now, until };
        its().find_map(|cap| {
            let span = window(cap.per, now, course.zone);
            let others = self.walks.iter().enumerate();
            let others = others.filter(|(other, walk)| *other != at && !walk.over && walk.next_at < span.1);
            waiting.looks_at(&rivals, cap, self.count(at, cap, rules, span).used, others.count(), span)
        })
    }
}

/// What a way says next, where that is more important to the same person.
fn is_told(walk: &Walk<'_>, own: (u8, i32)) -> Option<Rival<AccountId>> {
    let playbook = walk.way.course.playbook;
    let outranks = matches!(playbook.class, Class::Marketing | Class::Care)
        && importance(playbook.class, playbook.priority) < own;
    outranks.then(|| Rival { at: walk.next_at, account: speaks_from(walk) })
}

/// What a way says next in a group, where that is more important there.
fn says_there(walk: &Walk<'_>, own: (u8, i32)) -> Option<Rival<AccountId>> {
    let course = &walk.way.course;
    let next = course.next(&walk.way.progress).filter(|_| walk.way.stuck.is_none())?;
    let step = course.playbook.step(next.step).filter(|step| step.via == Via::Group)?;
    let class = course.playbook.class_of(step);
    let outranks =
        matches!(class, Class::Marketing | Class::Care) && importance(class, course.playbook.priority) < own;
    outranks.then(|| Rival { at: walk.next_at, account: speaks_from(walk) })
}

/// The account that says what a way says next.
fn speaks_from(walk: &Walk<'_>) -> Option<AccountId> {
    let next = walk.way.course.next(&walk.way.progress)?;
    walk.way.rules.get(usize::from(next.step))?.reach.account
}
