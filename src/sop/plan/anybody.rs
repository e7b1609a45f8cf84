//! Which rules hold for whoever a playbook speaks to, where nobody is named: those about all of a kind.
//!
//! Limits: whom an exception lets off is not known, so nobody is let off.

use super::Reach;
use crate::book::id::Id;
use crate::book::{Cap, CapScope, QuietHours, RuleScope, Rules};
use crate::sop::format::{Playbook, Step, TargetKind};

/// What one step is held by.
#[derive(Clone, Debug, Default)]
pub struct OfAnybody {
    pub hours: Vec<QuietHours>,
    pub caps: Vec<Cap>,
    pub reach: Reach,
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
