//! Anchors: what happened, and which playbooks begin with it.
//!
//! An anchor's key is a spell, a number or the id of what happened, never an instant, so that the same thing told twice
//! begins nothing twice. Where a playbook counts from the *last* purchase, reply or touch, a new one begins it anew
//! and ends the round before. An import is not news: tags, stages and groups that a file brings have no time of their
//! own and begin nothing.

use std::sync::Arc;

use chrono::NaiveDate;

use super::Desk;
use super::act::{Act, DeskError};
use super::enrolling::Entry;
use crate::book::{
    Activity, ActivityKind, Anchor, Enrolment, EnrolmentState, EnrolmentStatus, GroupId, MemberId,
    PlaybookId, Target, Timestamp, Touch,
};
use crate::sop::calendar::{local_day, plus_days};
use crate::sop::format::{Playbook, ROUNDS_A_DAY, Start};
use crate::store::record::Change;
use crate::store::{Body, keys};

/// The rule of a round that ended because its last purchase, reply or touch is not the last any more.
pub(crate) const AGAIN: &str = "again";

/// The rule of a round that did not begin because it would have been one too many on its day.
pub(crate) const ROUNDS: &str = "rounds";

impl Desk {
    /// Something happened that playbooks may wait for.
    pub(super) fn anchors(&mut self, act: &Act, activity: &Activity) -> Result<(), DeskError> {
        let Some(member) = activity.member else { return Ok(()) };
        for (id, playbook) in self.running_playbooks() {
            let key = match (&playbook.start, activity.kind) {
                (Start::Joined, ActivityKind::Joined) => self.joined_key(member, activity.group)?,
                (Start::Added, ActivityKind::Added) => self.added_key(member, activity)?,
                (Start::FirstPurchase, ActivityKind::Bought) if self.is_first_order(member) => {
                    "first-purchase".to_owned()
                }
                (Start::LastPurchase, ActivityKind::Bought) | (Start::LastReply, ActivityKind::Replied) => {
                    if !self.begins_again(act, &id, Target::Member(member), activity.at.ms)? {
                        continue;
                    }
                    format!("{}:{}", activity.kind.word(), activity.id)
                }
                (Start::Runout { .. }, ActivityKind::Bought | ActivityKind::Refunded) => {
                    self.runs_out(act, &id, &playbook, member)?;
                    continue;
                }
                (Start::CheckinMissed { .. }, ActivityKind::CheckedIn | ActivityKind::LeaveDay) => {
                    self.not_missed(act, &id, Target::Member(member), activity.at.ms)?;
                    continue;
                }
                (Start::CheckinStreak { k }, ActivityKind::CheckedIn) => {
                    match self.streak_key(&id, &playbook, member, *k, activity.at.ms)? {
                        Some(key) => key,
                        None => continue,
                    }
                }
                _ => continue,
            };
            let entry = Entry {
                playbook: id,
                target: Target::Member(member),
                group: activity.group.or_else(|| self.only_group(member)),
                account: activity.account,
                key,
                at: activity.at.ms,
                by_hand: false,
                again: false,
            };
            let entered = self.enter(act, &entry)?;
            self.imports.note_entry(&entry.playbook, entered.err());
        }
        Ok(())
    }

    /// A tag was gained or a stage entered.
    pub(super) fn anchored_by_edit(
        &mut self,
        act: &Act,
        member: MemberId,
        changes: &[Change],
    ) -> Result<(), DeskError> {
        if self.imports.is_applying() || !changes.iter().any(|c| c.field == "tags" || c.field == "stage") {
            return Ok(());
        }
        let target = Target::Member(member);
        for (id, playbook) in self.running_playbooks() {
            let what = match &playbook.start {
                Start::Tag { tag } if changes.iter().any(|change| gains(change, tag)) => {
                    format!("tag:{tag}:")
                }
                Start::Stage { stage }
                    if changes.iter().any(|c| c.field == "stage" && c.after == stage.word()) =>
                {
                    format!("stage:{}:", stage.word())
                }
                _ => continue,
            };
            let known = self.anchor_keys(&id, target)?;
            let times = known.iter().filter(|key| key.starts_with(&what)).count() + 1;
            let at = self.brought_at(act);
            let entry = begins(at, id, target, self.only_group(member), format!("{what}{times}"));
            if self.rules_deep > 0 {
                self.follows_on(act, &entry)?;
            } else {
                let _ = self.enter(act, &entry)?;
            }
        }
        Ok(())
    }

    /// A group was made by hand.
    pub(super) fn anchored_by_group(&mut self, act: &Act, group: GroupId) -> Result<(), DeskError> {
        if self.imports.is_applying() {
            return Ok(());
        }
        for (id, playbook) in self.running_playbooks() {
            if playbook.start == Start::GroupCreated {
                let entry = begins(act.at, id, Target::Group(group), None, "created".to_owned());
                let _ = self.enter(act, &entry)?;
            }
        }
        Ok(())
    }

    /// Somebody was written to. What a playbook itself sent is none of its anchors.
    pub(super) fn anchored_by_touch(&mut self, act: &Act, touch: &Touch) -> Result<(), DeskError> {
        let Some(member) = touch.member.filter(|_| !touch.duplicate) else { return Ok(()) };
        let (target, at) = (Target::Member(member), touch.sent_at.ms);
        for (id, playbook) in self.running_playbooks() {
            let is_own = touch.playbook.as_ref() == Some(&id);
            if playbook.start != Start::LastTouch || is_own || !self.begins_again(act, &id, target, at)? {
                continue;
            }
            let entry = Entry {
                playbook: id,
                target,
                group: touch.group.or_else(|| self.only_group(member)),
                account: touch.account,
                key: format!("touch:{}", touch.id),
                at,
                by_hand: false,
                again: false,
            };
            let _ = self.enter(act, &entry)?;
        }
        Ok(())
    }

    /// A playbook was gone through to its end: those that come after it begin.
    pub(super) fn anchored_by_end(&mut self, act: &Act, ended: &Enrolment) -> Result<(), DeskError> {
        for (id, playbook) in self.running_playbooks() {
            let Start::After { playbook: before } = &playbook.start else { continue };
            if *before == ended.playbook {
                let key = format!("after:{}", ended.id);
                let at = self.brought_at(act);
                self.follows_on(act, &begins(at, id, ended.target, ended.group, key))?;
            }
        }
        Ok(())
    }

    /// Lets a target enter by what a playbook did, judged by what held then. One that has entered too often on that day
    /// does not, and that is said once where its playbooks are shown: an enrolment that ends as it begins.
    pub(crate) fn follows_on(&mut self, act: &Act, entry: &Entry) -> Result<(), DeskError> {
        let zone = self.store.columns.store.zone;
        let today = entry.at.day(zone);
        let (mut of_today, mut is_told) = (0, false);
        let prefix = keys::enrolled_any(&entry.playbook, entry.target);
        for (_, id) in self.store.bodies.range(&prefix, &[], usize::MAX)? {
            let Some(enrolment) =
                keys::id_from(&id).map(|id| self.store.enrolment(id)).transpose()?.flatten()
            else {
                continue;
            };
            let Anchor { key, at, .. } = &enrolment.status.anchor;
            let follows = ["after:", "tag:", "stage:"].iter().any(|what| key.starts_with(what));
            if follows && at.day(zone) == today {
                of_today += 1;
                is_told |=
                    matches!(&enrolment.status.state, EnrolmentState::Stopped { rule } if rule == ROUNDS);
            }
        }
        if of_today < ROUNDS_A_DAY {
            let _ = self.enter_as_of(act, entry, entry.at)?;
        } else if !is_told && let Ok(enrolment) = self.would_enter_as_of(entry, entry.at, act.at)? {
            let status = EnrolmentStatus {
                state: EnrolmentState::Stopped { rule: ROUNDS.to_owned() },
                next_at: None,
                ended_at: Some(entry.at),
                ..enrolment.status
            };
            self.stage(act, Body::Enrolled(Enrolment { status, ..enrolment }))?;
        }
        Ok(())
    }

    /// True where something is the last of its kind so far; the round that counted from the one before ends.
    fn begins_again(
        &mut self,
        act: &Act,
        playbook: &PlaybookId,
        target: Target,
        at: Timestamp,
    ) -> Result<bool, DeskError> {
        for enrolment in self.running(target)?.into_iter().filter(|e| e.playbook == *playbook) {
            if enrolment.status.anchor.at > at {
                return Ok(false);
            }
            self.cut_short(act, &enrolment, AGAIN)?;
        }
        Ok(true)
    }

    /// Who checks in after midnight on a day that ends later has not missed it: a round that was to begin with its end
    /// does not.
    fn not_missed(
        &mut self,
        act: &Act,
        playbook: &PlaybookId,
        target: Target,
        at: Timestamp,
    ) -> Result<(), DeskError> {
        let rounds = self.running(target)?.into_iter();
        for enrolment in rounds.filter(|e| e.playbook == *playbook && e.status.anchor.at > at) {
            self.cut_short(act, &enrolment, AGAIN)?;
        }
        Ok(())
    }

    fn is_first_order(&self, member: MemberId) -> bool {
        self.store.columns.members.by_id(member).is_some_and(|column| column.orders == 1)
    }

    /// The first day of a streak that has just become `k` days long; none where it has not, or has begun one before.
    fn streak_key(
        &self,
        id: &PlaybookId,
        playbook: &Arc<Playbook>,
        member: MemberId,
        k: u32,
        at: Timestamp,
    ) -> Result<Option<String>, DeskError> {
        let Some((first, last)) = self.streak_around(playbook, member, at) else { return Ok(None) };
        if (last - first).num_days() + 1 < i64::from(k) {
            return Ok(None);
        }
        let begun = |key: &String| {
            let day = key.strip_prefix("streak:").and_then(|day| day.parse::<NaiveDate>().ok());
            day.is_some_and(|day| (first..=last).contains(&day))
        };
        let known = self.anchor_keys(id, Target::Member(member))?.iter().any(begun);
        Ok((!known).then(|| format!("streak:{first}")))
    }

    /// The first and the last day of the check-ins day by day around an instant.
    fn streak_around(
        &self,
        playbook: &Playbook,
        member: MemberId,
        at: Timestamp,
    ) -> Option<(NaiveDate, NaiveDate)> {
        let columns = &self.store.columns;
        let zone = playbook.tz.unwrap_or(columns.store.zone);
        let column = columns.members.by_id(member)?;
        let day_of = |at: Timestamp| local_day(at, zone, playbook.day_ends);
        let minute = |minute: &u32| Timestamp(i64::from(*minute) * crate::book::time::MINUTE);
        let days: std::collections::BTreeSet<NaiveDate> =
            column.checkins().map(|at| day_of(minute(&at))).collect();
        let (mut first, mut last) = (day_of(at), day_of(at));
        while days.contains(&plus_days(first, -1)) {
            first = plus_days(first, -1);
        }
        while days.contains(&plus_days(last, 1)) {
            last = plus_days(last, 1);
        }
        Some((first, last))
    }

    /// How many days running somebody has checked in up to today, or up to yesterday.
    pub(in crate::desk) fn streak_of(&self, playbook: &Playbook, member: MemberId, now: Timestamp) -> u32 {
        let zone = playbook.tz.unwrap_or(self.store.columns.store.zone);
        let minutes = self.store.columns.members.by_id(member).and_then(|column| column.checkins().last());
        let Some(at) = minutes.map(|at| Timestamp(i64::from(at) * crate::book::time::MINUTE)) else {
            return 0;
        };
        let yesterday = plus_days(local_day(now, zone, playbook.day_ends), -1);
        let days = self.streak_around(playbook, member, at).filter(|(_, last)| *last >= yesterday);
        days.map_or(0, |(first, last)| u32::try_from((last - first).num_days() + 1).unwrap_or(0))
    }

    /// The keys of every anchor that brought a target into a playbook.
    fn anchor_keys(&self, playbook: &PlaybookId, target: Target) -> Result<Vec<String>, DeskError> {
        let prefix = keys::enrolled_any(playbook, target);
        let rows = self.store.bodies.range(&prefix, &[], usize::MAX)?;
        let text =
            |key: &[u8]| String::from_utf8_lossy(key.get(prefix.len()..).unwrap_or_default()).into_owned();
        Ok(rows.iter().map(|(key, _)| text(key)).collect())
    }

    /// The spell of membership: a second stay anchors anew.
    fn joined_key(&self, member: MemberId, group: Option<GroupId>) -> Result<String, DeskError> {
        let Some(group) = group else { return Ok("joined".to_owned()) };
        let stays: Vec<crate::book::Membership> =
            self.store.bodies.list(&keys::memberships(member), usize::MAX)?;
        let spell = stays.iter().filter(|s| s.group == group).map(|s| s.spell).max().unwrap_or(1);
        Ok(format!("joined:{group}:{spell}"))
    }

    /// How often they were added by that account, this time included.
    fn added_key(&self, member: MemberId, activity: &Activity) -> Result<String, DeskError> {
        let known: Vec<Activity> =
            self.store.bodies.list(&keys::activities(Target::Member(member)), usize::MAX)?;
        let times = known
            .iter()
            .filter(|a| a.kind == ActivityKind::Added && a.account == activity.account)
            .filter(|a| (a.at.ms, a.id) <= (activity.at.ms, activity.id))
            .count();
        let account = activity.account.map(|a| a.to_string()).unwrap_or_default();
        Ok(format!("added:{account}:{times}"))
    }

    /// The one group a member is in; several leave it open where group steps belong.
    pub(crate) fn only_group(&self, member: MemberId) -> Option<GroupId> {
        let column = self.store.columns.members.by_id(member)?;
        let mut inside = column.stays().filter(|s| s.left_at.is_none());
        match (inside.next(), inside.next()) {
            (Some(only), None) => self.store.columns.groups.id(only.group),
            _ => None,
        }
    }
}

/// What begins at an instant because of something that was said or done.
pub(super) fn begins(
    at: Timestamp,
    playbook: PlaybookId,
    target: Target,
    group: Option<GroupId>,
    key: String,
) -> Entry {
    Entry { playbook, target, group, account: None, key, at, by_hand: false, again: false }
}

/// True where a change of the tags brings this one.
fn gains(change: &Change, tag: &str) -> bool {
    let has = |tags: &str| tags.split(',').any(|known| known == tag);
    change.field == "tags" && has(&change.after) && !has(&change.before)
}
