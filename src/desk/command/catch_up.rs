//! After an absence, and after the clock jumped.

use super::super::Desk;
use super::super::Now;
use super::super::act::{Act, DeskError};
use super::super::words::Words;
use super::super::words::book::BookWords;
use crate::book::{PlaybookId, Timestamp};
use crate::door::command::CatchUp;
use crate::door::reply::Outcome;
use crate::store::Body;
use crate::store::record::Work;

impl Desk {
    /// Decides about what an absence left: sent after all, moved to the same time tomorrow, or ended.
    pub(super) fn catch_up(
        &mut self,
        act: &Act,
        playbook: Option<&PlaybookId>,
        choice: CatchUp,
    ) -> Result<Outcome, DeskError> {
        let Some(digest) = self.tick.digest.clone() else {
            return Ok(Outcome {
                words: Words::NothingMissed.text(act.lang).to_owned(),
                ..Outcome::default()
            });
        };
        let meant: Vec<PlaybookId> = digest
            .rows
            .iter()
            .map(|row| row.playbook.clone())
            .filter(|id| playbook.is_none_or(|only| only == id))
            .collect();
        let lang = act.lang;
        self.works.say(act, move |counts| Words::CaughtUp.fill(lang, &[("n", &counts.done)]));
        // what came due before the last tick began
        let before = self.tick.ticked_at.unwrap_or(Timestamp(i64::MAX));
        let playbooks = meant.clone();
        match choice {
            CatchUp::Send => {}
            CatchUp::Expire => self.undertake(act, Work::ExpireMissed { playbooks, before })?,
            CatchUp::Shift => self.undertake(act, Work::ShiftMissed { playbooks, before })?,
        }
        let rest: Vec<_> = digest.rows.into_iter().filter(|row| !meant.contains(&row.playbook)).collect();
        self.tick.digest =
            (!rest.is_empty()).then_some(crate::door::reply::Digest { away_ms: digest.away_ms, rows: rest });
        Ok(Outcome::default())
    }

    /// A human has seen the clock and says it is right: the tick goes on. Where it is set back, what came meanwhile comes
    /// at its time.
    pub(super) fn confirm_clock(&mut self, act: &Act, now: Now) -> Result<Outcome, DeskError> {
        let is_set_back = self.is_behind(now.wall);
        // before the confirmation is the last that happened
        self.begin_absence(now.wall);
        self.perform(act, vec![Body::ClockConfirmed { up_to: now.wall }])?;
        self.tick.held = None;
        self.tick.last = Some(now);
        self.tick.due = true;
        let words = Words::ClockConfirmed.text(act.lang);
        if is_set_back {
            let lang = act.lang;
            self.works.say(act, move |counts| match counts.done {
                0 => words.to_owned(),
                n => format!("{words}; {}", BookWords::ClockTookBack.fill(lang, &[("n", &n)])),
            });
            self.undertake(act, Work::SetBack { to: now.wall })?;
        }
        Ok(Outcome { words: words.to_owned(), ..Outcome::default() })
    }
}
