//! Which of several messages of a plan goes first under a cap, as a tick has it.

use super::super::StepRules;
use super::{Planning, Walk};
use crate::book::{Cap, CapScope, Class, Span, Timestamp, Via};
use crate::queue::caps::{applies, speaks_for_group, waits_for, window};
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
        let is_its = |cap: &&Cap| cap.scope.of == CapScope::Member && applies(cap, class);
        rules.caps.iter().find(is_its)?;
        let end = window(Span::Day, now, course.zone).1;
        let own = importance(class, course.playbook.priority);
        let rivals = self.walks.iter().enumerate().filter(|(other, walk)| {
            let playbook = walk.way.course.playbook;
            *other != at
                && !walk.over
                && walk.next_at < end
                && matches!(playbook.class, Class::Marketing | Class::Care)
                && importance(playbook.class, playbook.priority) < own
        });
        let rivals: Vec<Timestamp> = rivals.map(|(_, walk)| walk.next_at).collect();
        self.waits_under(is_its, &rivals, at, rules, now, until)
    }

    /// When to look again at a message that waits for more important ones at these instants, under some of its caps.
    fn waits_under(
        &self,
        is_its: impl Fn(&&Cap) -> bool,
        rivals: &[Timestamp],
        at: usize,
        rules: &StepRules<'_>,
        now: Timestamp,
        until: Option<Timestamp>,
    ) -> Option<Timestamp> {
        let zone = self.walks.get(at)?.way.course.zone;
        rules.caps.iter().filter(is_its).find_map(|cap| {
            let span = window(cap.per, now, zone);
            let used = self.count(at, cap, rules, span).used;
            waits_for(rivals, cap, used, span, now, until)
        })
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
        self.waits_under(is_its, &rivals, at, rules, now, until)
    }
}
