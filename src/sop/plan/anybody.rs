//! Which rules hold for whoever a playbook speaks to, where nobody is named: those about all of a kind.
//!
//! Limits: whom an exception lets off is not known, so nobody is let off; who asks is told ([`exceptions`]).

use super::{Moved, PlanRow, Reach};
use crate::book::id::Id;
use crate::book::{Cap, CapScope, EndReason, QuietHours, RuleScope, Rules, WaitReason};
use crate::sop::format::{Playbook, Step, TargetKind};

/// What one step is held by.
#[derive(Clone, Debug, Default)]
pub struct OfAnybody {
    pub hours: Vec<QuietHours>,
    pub caps: Vec<Cap>,
    pub reach: Reach,
}

/// Whom the rules let off that some rows of a plan wait for, each filter once.
pub fn exceptions<'r>(rules: &'r Rules, playbook: &Playbook, rows: &[PlanRow]) -> Vec<&'r str> {
    let waits_for = |is: fn(&WaitReason) -> bool| {
        rows.iter().any(|row| match &row.reason {
            Some(Moved::Wait(why) | Moved::Expired(EndReason::Held { why })) => is(why),
            Some(Moved::Never) => is(&WaitReason::QuietHours),
            _ => false,
        })
    };
    let quiet = waits_for(|why| *why == WaitReason::QuietHours);
    let capped = waits_for(|why| matches!(why, WaitReason::Cap { .. }));
    let mut found: Vec<&str> = Vec::new();
    for step in &playbook.steps {
        let OfAnybody { hours, caps, .. } = rules_of_anybody(rules, playbook, step);
        let of_hours = rules.quiet.iter().filter(|rule| quiet && hours.contains(&rule.hours()));
        let of_caps = rules.caps.iter().filter(|cap| capped && caps.contains(cap));
        let of = of_hours.map(|rule| rule.except.as_str()).chain(of_caps.map(|cap| cap.except.as_str()));
        for except in of.filter(|except| !except.is_empty()) {
            if !found.contains(&except) {
                found.push(except);
            }
        }
    }
    found
}

/// The rules of a step for whoever it speaks to.
pub fn rules_of_anybody(rules: &Rules, playbook: &Playbook, step: &Step) -> OfAnybody {
    let reach = Reach::of_anybody(playbook.target, step.via);
    let is_about = |scope: &RuleScope, of_member: bool| match scope.of {
        CapScope::Store => true,
        CapScope::Playbook => {
            scope.name.is_empty() || scope.name == playbook.id.0 || scope.name == playbook.title
        }
        CapScope::Member => scope.name.is_empty() && (of_member || reach.member.is_some()),
        CapScope::Group => scope.name.is_empty() && reach.group.is_some(),
        CapScope::Account => scope.name.is_empty(),
    };
    let of_member = playbook.target == TargetKind::Member;
    let hours = rules.quiet.iter().filter(|rule| is_about(&rule.scope, of_member));
    let caps = rules.caps.iter().filter(|cap| is_about(&cap.scope, false));
    OfAnybody {
        hours: hours.map(crate::book::QuietRule::hours).collect(),
        caps: caps.cloned().collect(),
        reach: Reach { account: reach.account.or(Some(Id::from_bits(0))), ..reach },
    }
}
