//! Tasks that end without being sent, by a human's reason or because it is done already, and what each reason changes
//! in the book.

use super::super::Desk;
use super::super::act::{Act, DeskError};
use super::super::words::Words;
use super::limit::health_changes;
use super::task::next_rev;
use crate::book::{
    Activity, ActivityKind, Channel, Contact, ContactState, EndReason, GroupState, Health, MemberId,
    SkipReason, Source, Stated, Task, TaskState, TaskStatus, Timestamp,
};
use crate::door::{Refusal, RefusalKind};
use crate::sop::format::Check;
use crate::store::Body;
use crate::store::record::{Change, Edited};

/// The tag that stops all marketing to somebody, everywhere.
pub(crate) const DO_NOT_DISTURB: &str = "勿扰";

impl Desk {
    /// Ends a task by a human's reason; each reason has its consequences.
    pub(super) fn skip(
        &mut self,
        act: &Act,
        task: &Task,
        reason: SkipReason,
        words: &str,
    ) -> Result<(), DeskError> {
        self.must_be_open(act, task)?;
        let end = EndReason::Skip { reason, words: words.to_owned() };
        let after = task.status.ended(reason.end_state(), end, act.at, &act.by.operator);
        let mut bodies = vec![Body::TaskChanged { task: task.id, before: task.status.clone(), after }];
        bodies.extend(self.taken_out(task)?);
        let member = task.member();
        match reason {
            SkipReason::Talked => {
                bodies.extend(member.map(|m| self.activity(act, m, task, ActivityKind::Replied)));
            }
            SkipReason::Bought => {
                bodies.extend(member.map(|m| self.activity(act, m, task, ActivityKind::Bought)));
            }
            SkipReason::Unfriended => {
                if let Some(member) = member {
                    bodies.extend(self.contact_becomes(member, task, ContactState::DeletedUs, None)?);
                    bodies.push(self.activity(act, member, task, ActivityKind::Unfriended));
                }
            }
            SkipReason::DoNotDisturb => {
                if let Some(member) = member {
                    bodies.extend(self.tag_change(member, DO_NOT_DISTURB, true)?);
                    bodies.push(self.activity(act, member, task, ActivityKind::Complained));
                }
            }
            SkipReason::AccountLimited => bodies.extend(self.account_limited(task)),
            SkipReason::GroupGone => bodies.extend(self.group_gone(task)),
            SkipReason::Unfit | SkipReason::Other => {}
        }
        self.perform(act, bodies)
    }

    /// What becomes of the account that could not say it; none where it is limited already.
    pub(in crate::desk) fn account_limited(&self, task: &Task) -> Option<Body> {
        let account = &self.store.columns.accounts.by_id(task.status.account?)?.body;
        if !matches!(account.health, Health::Normal | Health::Recovering { .. }) {
            return None;
        }
        let what = Channel::of(task).unwrap_or(Channel::All).word().to_owned();
        Some(health_changes(account, Health::Limited { what, until: None }))
    }

    /// What becomes of the group that is gone; none where that is known, or where nothing was to be said in it.
    pub(in crate::desk) fn group_gone(&self, task: &Task) -> Option<Body> {
        let group = &self.store.columns.groups.by_id(task.said_in()?)?.body;
        if group.state == GroupState::Dissolved {
            return None;
        }
        let before = crate::book::Fields::field(group, "state").unwrap_or_default();
        Some(Body::Edited {
            object: Edited::Group(group.id),
            changes: vec![Change { field: "state".into(), before, after: "dissolved".into() }],
        })
    }

    /// An activity that a human's act on a task implies.
    pub(crate) fn activity(&mut self, act: &Act, member: MemberId, task: &Task, kind: ActivityKind) -> Body {
        Body::Happened(Activity {
            id: self.ids.next(act.at),
            kind,
            member: Some(member),
            // an order counts for the group that they are of, wherever it was told
            group: if kind == ActivityKind::Bought { task.group } else { task.said_in() },
            account: task.status.account,
            at: Stated::new(act.at, self.store.columns.store.zone),
            source: Source::Answer,
            reference: task.id.to_string(),
            amount: None,
            number: None,
            text: String::new(),
        })
    }

    /// The change of how a member and a task's account stand; none when there is no account or no change.
    pub(crate) fn contact_becomes(
        &self,
        member: MemberId,
        task: &Task,
        state: ContactState,
        since: Option<Timestamp>,
    ) -> Result<Option<Body>, DeskError> {
        let Some(account) = task.status.account else { return Ok(None) };
        let before: Option<Contact> =
            self.store.bodies.read(&crate::store::keys::contact(member, account))?;
        if before.as_ref().is_some_and(|c| c.state == state) {
            return Ok(None);
        }
        let blank = Contact {
            member,
            account,
            since: None,
            state,
            remark: String::new(),
            search_term: String::new(),
        };
        let known = before.clone().unwrap_or(blank);
        let after = Contact { state, since: since.or(known.since), ..known };
        Ok(Some(Body::ContactSet { before, after: Some(after) }))
    }

    /// The change that gives or takes a member's tag; none when nothing would change.
    pub(crate) fn tag_change(
        &self,
        member: MemberId,
        tag: &str,
        give: bool,
    ) -> Result<Option<Body>, DeskError> {
        let Some(body) = self.store.member(member)? else { return Ok(None) };
        let has = body.tags.iter().any(|t| t == tag);
        if has == give {
            return Ok(None);
        }
        let mut tags = body.tags.clone();
        if give {
            tags.push(tag.to_owned());
        } else {
            tags.retain(|t| t != tag);
        }
        let change = Change { field: "tags".into(), before: body.tags.join(","), after: tags.join(",") };
        Ok(Some(Body::Edited { object: Edited::Member(member), changes: vec![change] }))
    }

    /// The step's `check` was answered: yes records it and ends the task, no lets it be copied.
    pub(super) fn checked(&mut self, act: &Act, task: &Task, yes: bool) -> Result<(), DeskError> {
        self.must_be_open(act, task)?;
        let check = self.step_of(task).and_then(|(playbook, position)| playbook.step(position)?.check);
        let Some(check) = check else {
            return Err(Refusal::new(RefusalKind::State, Words::NothingToCheck.text(act.lang)).into());
        };
        if !yes {
            let after = TaskStatus { checked: Some(false), ..next_rev(&task.status) };
            return self.change_by_hand(act, task, after);
        }
        let kind = match check {
            Check::Replied => ActivityKind::Replied,
            Check::Bought | Check::Paid => ActivityKind::Bought,
        };
        let end = EndReason::AlreadyDone { what: check.word().to_owned() };
        let mut after = task.status.ended(TaskState::Skipped, end, act.at, &act.by.operator);
        after.checked = Some(true);
        let mut bodies = vec![Body::TaskChanged { task: task.id, before: task.status.clone(), after }];
        if let Some(member) = task.member() {
            bodies.push(self.activity(act, member, task, kind));
        }
        self.perform(act, bodies)
    }
}
