//! Which of several messages of a plan goes first under a cap, as a tick has it.

use super::super::StepRules;
use super::{Planning, Walk};
use crate::book::{Cap, CapScope, Class, Span, Timestamp, Via};
use crate::queue::caps::{applies, can_wait_for, looks_again, most, speaks_for_group, waits_for, window};
use crate::queue::order::importance;
use crate::sop::format::Step;

impl Planning<'_> {
    /// When to look again at a message that more important ones to the same person come after on this day, where a cap
    /// has no room for all; none where it goes now.
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
        if rules.reach.member.is_none() || step.via == Via::Internal {
            return self.gives_way_in_group(at, class, rules, now, until);
        }
        let is_daily =
            |cap: &&Cap| cap.scope.of == CapScope::Member && cap.per == Span::Day && applies(cap, class);
        rules.caps.iter().find(is_daily)?;
        let day = window(Span::Day, now, course.zone);
        let own = importance(class, course.playbook.priority);
        let rivals = self.walks.iter().enumerate().filter(|(other, walk)| {
            let playbook = walk.way.course.playbook;
            *other != at
                && !walk.over
                && walk.next_at < day.1
                && matches!(playbook.class, Class::Marketing | Class::Care)
                && importance(playbook.class, playbook.priority) < own
        });
        let rivals = rivals.map(|(_, walk)| walk.next_at).filter(|at| can_wait_for(*at, now, until));
        let rivals: Vec<Timestamp> = rivals.collect();
        let again = looks_again(*rivals.iter().max()?, now);
        let is_full = |cap: &&Cap| {
            let used = self.count(at, cap, rules, day).used;
            used.saturating_add(u32::try_from(rivals.len()).unwrap_or(u32::MAX)) >= most(cap, day)
        };
        rules.caps.iter().filter(is_daily).find(is_full).map(|_| again)
    }

    /// The same of what is said in a group, beside what else is said there.
    fn gives_way_in_group(
        &self,
        at: usize,
        class: Class,
        rules: &StepRules<'_>,
        now: Timestamp,
        until: Option<Timestamp>,
    ) -> Option<Timestamp> {
        rules.reach.group?;
        let course = &self.walks.get(at)?.way.course;
        let is_its = |cap: &&Cap| speaks_for_group(cap) && applies(cap, class);
        rules.caps.iter().find(is_its)?;
        let end = window(Span::Day, now, course.zone).1;
        let own = importance(class, course.playbook.priority);
        let says_more = |walk: &Walk<'_>| {
            let course = &walk.way.course;
            let step = course.next(&walk.way.progress).and_then(|next| course.playbook.step(next.step));
            step.is_some_and(|step| {
                let class = course.playbook.class_of(step);
                step.via == Via::Group
                    && matches!(class, Class::Marketing | Class::Care)
                    && importance(class, course.playbook.priority) < own
            })
        };
        let others = self.walks.iter().enumerate().filter(|(other, walk)| {
            *other != at && !walk.over && walk.next_at < end && walk.way.stuck.is_none() && says_more(walk)
        });
        let rivals: Vec<Timestamp> = others.map(|(_, walk)| walk.next_at).collect();
        rules.caps.iter().filter(is_its).find_map(|cap| {
            let span = window(cap.per, now, course.zone);
            let used = self.count(at, cap, rules, span).used;
            waits_for(&rivals, cap, used, span, now, until)
        })
    }
}
