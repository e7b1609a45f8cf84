//! What is said of a text before it is copied, and of whom it goes to: slips, near-identical texts, how often, how fast.

use std::collections::{BTreeMap, HashSet};

use super::words::ViewWords;
use crate::book::time::{DAY, MINUTE};
use crate::book::{CapScope, GroupId, Span, Target, Task, TaskKind, Timestamp, Via};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::recovering::whom_of;
use crate::desk::words::Words;
use crate::door::compose::is_one_off;
use crate::door::detail::{PartView, TextWarning};
use crate::door::line::Fact;
use crate::queue::caps::{Allowance, Count, allow, applies, most, window};
use crate::queue::check::{NEARLY, Slip, alike, slips};
use crate::text::clean::for_display;
use crate::text::lang::Lang;

/// For how long a one-off says to nobody what they were told already without a word of it: as long as playbooks usually keep a
/// text fresh.
const TOLD: i64 = 30 * DAY;

/// From how many messages an hour on the pace is said beside a task.
const PACE_SAID: u32 = 10;

/// A slip with the code that acknowledges it.
fn told(slip: &Slip, lang: Lang) -> TextWarning {
    let shown = |words: &[String]| for_display(&words.join(" ")).into_owned();
    let (code, words) = match slip {
        Slip::Words { why, words } => {
            let said = Words::SlipWords.fill(lang, &[("why", &for_display(why)), ("words", &shown(words))]);
            (format!("words {}", words.join(" ")), said)
        }
        Slip::Brackets { found } => {
            let said = Words::SlipBrackets.fill(lang, &[("found", &shown(found))]);
            (format!("brackets {}", found.join(" ")), said)
        }
        Slip::TooLong { n, most } => {
            (format!("long {n}"), Words::SlipLong.fill(lang, &[("n", n), ("most", most)]))
        }
    };
    TextWarning { code, words }
}

impl Desk {
    /// What a human should see before a task's text is copied and has not let stand.
    pub(super) fn text_warnings(
        &self,
        task: &Task,
        parts: &[PartView],
        now: Option<Timestamp>,
        lang: Lang,
    ) -> Result<Vec<TextWarning>, DeskError> {
        if !task.status.state.is_open() {
            return Ok(Vec::new());
        }
        let rules = &self.store.columns.rules.text;
        let mut warnings: Vec<TextWarning> = Vec::new();
        let texts = || parts.iter().filter(|part| !part.done).filter_map(|part| part.copy.as_deref());
        let account = task.status.account.and_then(|id| self.store.columns.accounts.by_id(id));
        let platform = account.map(|account| account.body.platform);
        for text in texts() {
            warnings.extend(slips(text, task.via, platform, rules).iter().map(|slip| told(slip, lang)));
        }
        if let Some(text) = texts().next() {
            warnings.extend(self.said_alike(task, text, lang)?);
        }
        if texts().next().is_some() {
            warnings.extend(self.same_chat(task, lang)?);
            warnings.extend(self.outsider(task, lang));
            if let Some(now) = now {
                warnings.extend(self.said_again(task, now, lang)?);
                if let Some(text) = texts().next() {
                    warnings.extend(self.told_before(task, text, now, lang)?);
                }
                warnings.extend(self.full_by_now(task, now, lang)?);
                warnings.extend(self.not_meant(task, now)?.map(|who| TextWarning {
                    code: "not meant".to_owned(),
                    words: ViewWords::NotMeant.fill(lang, &[("who", &for_display(&who))]),
                }));
            }
        }
        warnings.retain(|warning| !task.status.acknowledged.contains(&warning.code));
        Ok(warnings)
    }

    /// The account that speaks is none of those that are known to be in the group.
    fn outsider(&self, task: &Task, lang: Lang) -> Option<TextWarning> {
        let columns = &self.store.columns;
        let account = task.status.account.filter(|_| task.via == Via::Group)?;
        let group = &columns.groups.by_id(task.group?)?.body;
        // of a group without accounts nobody said who is in it
        let known = group.account.is_some() && group.account != Some(account);
        if !known || group.speakers.contains(&account) {
            return None;
        }
        let name = self.display_name(Target::Account(account));
        let words = Words::SlipOutsider.fill(lang, &[("name", &name), ("group", &for_display(&group.name))]);
        Some(TextWarning { code: format!("outsider {account}"), words })
    }

    /// Nearly the same text went to many groups from its account within the hour, as sent or as its template says.
    fn said_alike(&self, task: &Task, text: &str, lang: Lang) -> Result<Option<TextWarning>, DeskError> {
        let columns = &self.store.columns;
        let most = columns.rules.pace.alike_groups;
        let account = task.status.account.filter(|_| most > 0 && task.via == Via::Group);
        let Some(account) = account.and_then(|id| columns.accounts.row(id).map(|row| (id, row))) else {
            return Ok(None);
        };
        let mut groups: HashSet<GroupId> = HashSet::new();
        // what fills variables in is as long as it likes: what the templates say is compared besides, each of them once
        let template = self.template(task);
        let mut judged: BTreeMap<&str, bool> = BTreeMap::new();
        let said = self.said_lately(account.1, most as usize)?;
        for ((said, of), to) in said.iter() {
            let same_template = template.as_deref().zip(of.as_deref()).is_some_and(|(template, of)| {
                *judged.entry(of).or_insert_with(|| alike(of, template) >= NEARLY)
            });
            if same_template || alike(said, text) >= NEARLY {
                groups.extend(to.iter().filter(|group| Some(**group) != task.group));
            }
        }
        let n = groups.len();
        // the one at hand is one more
        if n < most as usize {
            return Ok(None);
        }
        let name = self.display_name(Target::Account(account.0));
        let words = Words::SlipAlike.fill(lang, &[("name", &name), ("n", &n)]);
        Ok(Some(TextWarning { code: "alike".to_owned(), words }))
    }

    /// Its target was told the same within the freshness span, or is about to be by a task that came first, however
    /// long ago that was: there are fewer wordings than messages.
    fn said_again(&self, task: &Task, now: Timestamp, lang: Lang) -> Result<Option<TextWarning>, DeskError> {
        let TaskKind::Step { key, version, variant } = &task.kind else { return Ok(None) };
        let columns = &self.store.columns;
        let Some(playbook) = self.playbooks.get(&key.playbook, *version) else { return Ok(None) };
        let Some((_, step)) = playbook.step_by_id(&key.step) else { return Ok(None) };
        let Some(span) = playbook.fresh_of(step).filter(|_| task.status.edited.is_none()) else {
            return Ok(None);
        };
        let zone = columns.store.zone;
        let since = Timestamp(now.0.saturating_sub(i64::from(span.minutes()) * MINUTE));
        let said = |at: Timestamp| at.local(zone).format("%m-%d %H:%M").to_string();
        let had = self.wordings_had(&playbook, step, key.target, since)?;
        if let Some((_, at)) = had.iter().filter(|(had, _)| had == variant).max_by_key(|(_, at)| *at) {
            let words = Words::SlipHad.fill(lang, &[("at", &said(*at))]);
            return Ok(Some(TextWarning { code: format!("had {}", at.0), words }));
        }
        let place = (task.status.due_at, columns.tasks.row(task.id));
        let first = self
            .wordings_open(&playbook, step, key.target)
            .filter(|(row, of, at)| of == variant && (*at, Some(*row)) < place)
            .map(|(_, _, at)| at)
            .max();
        Ok(first.map(|at| {
            let words = Words::SlipToBeSaid.fill(lang, &[("at", &said(at))]);
            TextWarning { code: format!("to be said {}", at.0), words }
        }))
    }

    /// A one-off whose target was told exactly this not long ago.
    fn told_before(
        &self,
        task: &Task,
        text: &str,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Option<TextWarning>, DeskError> {
        let TaskKind::Step { key, .. } = &task.kind else { return Ok(None) };
        if !is_one_off(&key.playbook) {
            return Ok(None);
        }
        Ok(self.told_last(key.target, text, now)?.map(|at| {
            let said = at.local(self.store.columns.store.zone).format("%m-%d %H:%M");
            TextWarning {
                code: format!("told {}", at.0),
                words: Words::SlipTold.fill(lang, &[("at", &said)]),
            }
        }))
    }

    /// When a target was told exactly this last, within thirty days.
    pub(in crate::desk) fn told_last(
        &self,
        target: Target,
        text: &str,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, DeskError> {
        let since = Timestamp(now.0.saturating_sub(TOLD));
        if self.last_touch(target).is_none_or(|at| at < since) {
            return Ok(None);
        }
        let touches = self.touches_since(target, since)?;
        Ok(touches.iter().filter(|touch| touch.text == text).map(|touch| touch.sent_at.ms).max())
    }

    /// A cap that was sent full since the task fired: counted by what was sent alone.
    fn full_by_now(&self, task: &Task, now: Timestamp, lang: Lang) -> Result<Option<TextWarning>, DeskError> {
        if task.via == Via::Internal {
            return Ok(None);
        }
        let Some(whom) = whom_of(task) else { return Ok(None) };
        let whom = whom.touched_by(task.via);
        let columns = &self.store.columns;
        let zone = whom.account.and_then(|id| columns.account_zone(id)).unwrap_or(columns.store.zone);
        let mut failed = None;
        let allowance = allow(&self.caps_about(&whom, now)?, task.class, now, zone, |cap, window| {
            // asked of every line on a screen: nothing is read of whom nobody wrote to since
            let written_to = |target: &Target| match target {
                Target::Account(_) => true,
                one => {
                    let since = cap.keeps_from(window.0).unwrap_or(window.0);
                    self.last_touch(*one).is_some_and(|at| at >= since)
                }
            };
            let sent = whom.of(cap.scope.of).filter(written_to);
            let sent = sent.map_or(Ok(Count::default()), |target| self.sent_within(cap, target, window));
            sent.unwrap_or_else(|error| {
                failed = Some(error);
                Count::default()
            })
        });
        if let Some(error) = failed {
            return Err(error);
        }
        let Allowance::Full { usage, .. } = allowance else { return Ok(None) };
        let words = Words::SlipFull.fill(lang, &[("usage", &usage.words(lang))]);
        Ok(Some(TextWarning { code: format!("cap {}", usage.code()), words }))
    }

    /// When a member or a group was last sent something; of accounts that is not kept.
    fn last_touch(&self, target: Target) -> Option<Timestamp> {
        let columns = &self.store.columns;
        match target {
            Target::Member(id) => columns.members.by_id(id).and_then(|member| member.last_touch_at),
            Target::Group(id) => columns.groups.by_id(id).and_then(|group| group.last_touch_at),
            Target::Account(_) => None,
        }
    }

    /// How often the target of a task was told something today and this month, and when last.
    pub(super) fn touched_fact(&self, task: &Task, now: Timestamp) -> Option<Fact> {
        let columns = &self.store.columns;
        let zone = columns.store.zone;
        let (target, scope) = match (task.target, task.via, task.group) {
            (_, Via::Group, Some(group)) => (Target::Group(group), CapScope::Group),
            (Target::Member(member), ..) => (Target::Member(member), CapScope::Member),
            _ => return None,
        };
        let last_at = self.last_touch(target)?;
        let this_month = window(Span::Month, now, zone);
        let (month_from, _) = this_month;
        let (day_from, _) = window(Span::Day, now, zone);
        let (mut today, mut month) = (0, 0);
        if last_at >= month_from {
            // what cannot be read is not counted; whoever asks next is told that the index is broken
            for touch in self.touches_since(target, month_from).unwrap_or_default() {
                if !touch.duplicate && touch.with.is_none() {
                    month += 1;
                    today += u32::from(touch.sent_at.ms >= day_from);
                }
            }
        }
        let caps = columns.rules.caps.iter();
        let monthly =
            caps.filter(|cap| cap.per == Span::Month && cap.scope.of == scope && applies(cap, task.class));
        let of = monthly
            .filter(|cap| cap.except.is_empty() && cap.scope.name.is_empty())
            .map(|cap| most(cap, this_month))
            .min();
        Some(Fact::Touched { today, month, of, last_at: Some(last_at) })
    }

    /// How many messages a task's account sent in the last hour, where they are many.
    pub(super) fn pace_fact(&self, task: &Task, now: Timestamp) -> Option<Fact> {
        let row = self.store.columns.accounts.row(task.status.account?)?;
        let n = self.pace_of(row, now);
        let per_hour = self.store.columns.rules.pace.per_hour;
        // where a rest is advised from fewer on, from that many
        let said = if per_hour > 0 { PACE_SAID.min(per_hour) } else { PACE_SAID };
        (n >= said).then_some(Fact::Pace(n))
    }
}
