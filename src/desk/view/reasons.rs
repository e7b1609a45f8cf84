//! Why a task is held, was moved or is over, in words.

use super::task_line::clean;
use super::words::ViewWords;
use crate::book::{AccountId, EndReason, EnrolmentState, Health, Refused, Upkeep};
use crate::desk::Desk;
use crate::desk::anchors::{AGAIN, ROUNDS};
use crate::desk::command::CAMPAIGN_OVER;
use crate::desk::command::HELD_CORRECTION;
use crate::desk::command::merge::merged_into;
use crate::desk::command::transfer::MOVED;
use crate::desk::enrolling::{REMOVED, TAKEN_OUT};
use crate::desk::follow::{HELD_ACCOUNT, HELD_LOOKALIKE};
use crate::desk::recovering::held_by_cap;
use crate::desk::standing::{GONE, GONE_ACCOUNT};
use crate::desk::tick::turns::HELD_TURN;
use crate::desk::upkeep::QR_GONE;
use crate::desk::words::book::BookWords;
use crate::text::lang::Lang;

/// As [`HELD_ACCOUNT`], of an account that is banned: told, never kept.
pub(super) const HELD_BANNED: &str = "account-banned";

impl Desk {
    /// Why a task is held; of an account which one, and until when.
    pub(super) fn hold_words(&self, held: &str, account: Option<AccountId>, lang: Lang) -> String {
        let columns = &self.store.columns;
        let known = account.and_then(|id| columns.accounts.by_id(id)).filter(|_| held == HELD_ACCOUNT);
        let Some(account) = known else { return held_words(held, lang) };
        let name = clean(&account.body.name);
        match &account.body.health {
            Health::Banned => ViewWords::BannedNamed.fill(lang, &[("account", &name)]),
            Health::Limited { until: Some(until), .. } => {
                let until = super::short_time(*until, columns.store.zone);
                ViewWords::LimitedNamedUntil.fill(lang, &[("account", &name), ("until", &until)])
            }
            _ => ViewWords::LimitedNamed.fill(lang, &[("account", &name)]),
        }
    }

    /// What an account holds its tasks by.
    pub(super) fn account_holds_by(&self, account: Option<AccountId>) -> &'static str {
        let account = account.and_then(|id| self.store.columns.accounts.by_id(id));
        let banned = account.is_some_and(|account| matches!(account.body.health, Health::Banned));
        if banned { HELD_BANNED } else { HELD_ACCOUNT }
    }
}

/// Why a task is held, in words; a reason that is no known one is already words.
pub(super) fn held_words(held: &str, lang: Lang) -> String {
    match held {
        HELD_BANNED => ViewWords::AccountBanned.text(lang).to_owned(),
        HELD_ACCOUNT => ViewWords::AccountLimited.text(lang).to_owned(),
        HELD_CORRECTION => ViewWords::Correcting.text(lang).to_owned(),
        HELD_TURN => ViewWords::Turn.text(lang).to_owned(),
        HELD_LOOKALIKE => ViewWords::Lookalike.text(lang).to_owned(),
        merged if merged_into(merged).is_some() => {
            crate::desk::words::Words::MergedInto.text(lang).to_owned()
        }
        other => match held_by_cap(other) {
            Some("") => ViewWords::Ramp.text(lang).to_owned(),
            Some(code) => {
                let words = clean(&crate::queue::caps::held_words(code, lang));
                ViewWords::Cap.fill(lang, &[("words", &words)])
            }
            None => clean(other),
        },
    }
}

/// Why a rule moved a task, from the word that its record keeps.
pub(super) fn moved_words(word: &str, lang: Lang) -> String {
    match word {
        "quiet" => ViewWords::Quiet.text(lang).to_owned(),
        "paused" => ViewWords::Paused.text(lang).to_owned(),
        "clock" => ViewWords::Clock.text(lang).to_owned(),
        "intake" => ViewWords::Intake.text(lang).to_owned(),
        cap => clean(&crate::queue::caps::held_words(cap, lang)),
    }
}

/// Why a task ended, in words.
pub(super) fn reason(end: &EndReason, lang: Lang) -> String {
    match end {
        EndReason::Sent => ViewWords::Sent.text(lang).to_owned(),
        EndReason::Skip { reason, words } if words.is_empty() => reason.label(lang).to_owned(),
        EndReason::Skip { reason, words } => format!("{}: {}", reason.label(lang), clean(words)),
        EndReason::SpanOver => ViewWords::SpanOver.text(lang).to_owned(),
        EndReason::Held { why } => {
            format!("{} ({})", ViewWords::SpanOver.text(lang), super::coming::wait_words(why, lang))
        }
        EndReason::TooLate => ViewWords::TooLate.text(lang).to_owned(),
        EndReason::Condition => ViewWords::Condition.text(lang).to_owned(),
        EndReason::AlreadyDone { what } if Upkeep::parse(what) == Some(Upkeep::NearlyFull) => {
            ViewWords::NotNearlyFull.text(lang).to_owned()
        }
        EndReason::AlreadyDone { what } if what == QR_GONE => BookWords::QrGone.text(lang).to_owned(),
        EndReason::AlreadyDone { what } => {
            let upkeep = Upkeep::parse(what).map(|what| what.label(lang));
            let what = upkeep.map_or_else(|| activity_words(what, lang), str::to_owned);
            ViewWords::AlreadyDone.fill(lang, &[("what", &what)])
        }
        EndReason::Stopped { rule } => {
            ViewWords::Stopped.fill(lang, &[("rule", &activity_words(rule, lang))])
        }
        EndReason::TargetGone => ViewWords::TargetGone.text(lang).to_owned(),
        EndReason::NotFresh => ViewWords::NotFresh.text(lang).to_owned(),
        EndReason::Undone => ViewWords::Undone.text(lang).to_owned(),
        EndReason::PlaybookRemoved => ViewWords::PlaybookRemoved.text(lang).to_owned(),
        EndReason::Withdrawn => ViewWords::Withdrawn.text(lang).to_owned(),
        EndReason::AccountRefused { why } => refused(*why).text(lang).to_owned(),
        EndReason::DayOff => BookWords::DayOff.text(lang).to_owned(),
        EndReason::Resting { until } => ViewWords::RestsUntil.fill(lang, &[("day", until)]),
        EndReason::NotYet => ViewWords::NotYet.text(lang).to_owned(),
        EndReason::NotMeant { who } => ViewWords::NotMeant.fill(lang, &[("who", &clean(who))]),
    }
}

const fn refused(why: Refused) -> ViewWords {
    match why {
        Refused::Limited => ViewWords::AccountLimited,
        Refused::Banned => ViewWords::AccountBanned,
        Refused::Unused => ViewWords::AccountUnused,
    }
}

/// The label of a word of an activity; other words cleaned as they are.
pub(in crate::desk) fn activity_words(word: &str, lang: Lang) -> String {
    // a stop rule that asks for no more than the state of a group
    let word = word.strip_prefix("filter:").filter(|rest| rest.starts_with("state:")).unwrap_or(word);
    let own = match word {
        GONE => Some(ViewWords::TargetGone),
        GONE_ACCOUNT => Some(ViewWords::AccountGone),
        "state:archived" => Some(ViewWords::GroupArchived),
        TAKEN_OUT => Some(ViewWords::TakenOut),
        AGAIN => Some(ViewWords::BegunAgain),
        EnrolmentState::UNDONE => Some(ViewWords::TakenBack),
        REMOVED => Some(ViewWords::PlaybookGone),
        MOVED => Some(ViewWords::MovedOn),
        CAMPAIGN_OVER => Some(ViewWords::CampaignOver),
        ROUNDS => Some(ViewWords::TooManyRounds),
        _ => None,
    };
    if let (None, Some(state)) = (&own, word.strip_prefix("state:")) {
        let merged = crate::query::closed::GroupWord::parse(state).map(|state| state.label(lang));
        let state = crate::door::form::GroupStateWord::parse(state).map(|state| state.label(lang)).or(merged);
        return ViewWords::GroupIs.fill(lang, &[("state", &state.unwrap_or(word))]);
    }
    match (own, crate::book::ActivityKind::parse(word)) {
        (Some(own), _) => own.text(lang).to_owned(),
        (None, Some(kind)) => kind.label(lang).to_owned(),
        (None, None) => clean(word),
    }
}
