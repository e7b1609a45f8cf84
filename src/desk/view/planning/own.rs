//! What somebody's own past says that a plan counts from.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::book::{Activity, ActivityKind, Anchor, Birthday, MemberId, Target, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::tick::silence::Quiet as Silence;
use crate::desk::view::task_line::clean;
use crate::desk::view::words::ViewWords;
use crate::door::{Refusal, RefusalKind};
use crate::sop::calendar::{day_start, instant_anchor, plus_days};
use crate::sop::format::{Playbook, Start};
use crate::store::keys;
use crate::text::lang::Lang;

impl Desk {
    /// What somebody's own past says they count from; none for what does not count from a past.
    pub(super) fn own_anchor(
        &self,
        playbook: &Playbook,
        member: MemberId,
        zone: Tz,
        lang: Lang,
    ) -> Result<Option<Anchor>, DeskError> {
        let Some(column) = self.store.columns.members.by_id(member) else { return Ok(None) };
        let at = |at: Timestamp| instant_anchor(String::new(), at, zone, playbook.day_ends);
        let on =
            |d0: NaiveDate| Anchor { key: String::new(), at: day_start(d0, zone, playbook.day_ends), d0 };
        let found = match &playbook.start {
            Start::Runout { product, offset } => {
                let Some(expected) = self.expected_run_out(playbook, member)? else {
                    let words = ViewWords::RunsOutUnknown.text(lang);
                    let hint = ViewWords::RunsOutHint
                        .fill(lang, &[("product", &crate::text::shell::quoted(&clean(product)))]);
                    return Err(Refusal::new(RefusalKind::NotFound, words).hint(hint).into());
                };
                Some(on(plus_days(expected.day, *offset)))
            }
            Start::LastReply => column.last_reply_at.map(at),
            Start::LastPurchase => column.last_order_at.map(at),
            Start::LastTouch => column.last_touch_at.map(at),
            Start::FirstPurchase => self.first_purchase(member)?.map(at),
            Start::Silence { .. } | Start::CheckinMissed { .. } => {
                Silence::of(&playbook.start).and_then(|(silence, days)| {
                    let last = silence.last(&column)?;
                    let days = i32::try_from(days).unwrap_or(i32::MAX);
                    Some(on(plus_days(silence.day(last, zone, playbook.day_ends), days)))
                })
            }
            _ => return Ok(None),
        };
        found.map_or_else(|| Err(self.nothing_to_count(member, lang)), |anchor| Ok(Some(anchor)))
    }

    pub(super) fn own_birthday(
        &self,
        playbook: &Playbook,
        member: MemberId,
        lang: Lang,
    ) -> Result<Option<Birthday>, DeskError> {
        let lunar = match &playbook.start {
            Start::Birthday { .. } => false,
            Start::LunarBirthday { .. } => true,
            _ => return Ok(None),
        };
        let column = self.store.columns.members.by_id(member);
        let birthday = column.and_then(|column| column.birthday).filter(|born| born.lunar == lunar);
        birthday.map_or_else(|| Err(self.nothing_to_count(member, lang)), |birthday| Ok(Some(birthday)))
    }

    fn nothing_to_count(&self, member: MemberId, lang: Lang) -> DeskError {
        let name = self.display_name(Target::Member(member));
        let words = ViewWords::NothingToCount.fill(lang, &[("name", &name)]);
        Refusal::new(RefusalKind::NotFound, words).hint("--anchor 2026-03-08").into()
    }

    fn first_purchase(&self, member: MemberId) -> Result<Option<Timestamp>, DeskError> {
        let told: Vec<Activity> =
            self.store.bodies.list(&keys::activities(Target::Member(member)), usize::MAX)?;
        Ok(told.iter().filter(|one| one.kind == ActivityKind::Bought).map(|one| one.at.ms).min())
    }
}
