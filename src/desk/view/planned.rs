//! What one enrolment plans up to an instant.

use chrono_tz::Tz;

use crate::book::{AccountId, Enrolment, QuietHours, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::desk::tick::limits::Whom;
use crate::queue::caps::Count;
use crate::queue::quiet::{Quiet, quiets};
use crate::sop::format::Playbook;
use crate::sop::plan::{Limits, PlanRow, Planning, Reach, StepRules, Way, nothing_known};
use crate::sop::schedule::Course;

/// Messages of one enrolment.
const ROWS: usize = 1_000;

/// Quiet hours about what one account says, to one or to each of many, each in its zone.
pub(in crate::desk) type HoursOf = ((Option<AccountId>, bool), Vec<(Tz, Vec<QuietHours>)>);

/// What an enrolment plans up to an instant, quiet hours obeyed, and these; what is due already comes now.
pub(in crate::desk) fn rows_of(
    desk: &Desk,
    enrolment: &Enrolment,
    playbook: &Playbook,
    end: Timestamp,
    now: Timestamp,
) -> Result<(Vec<PlanRow>, Vec<HoursOf>), DeskError> {
    let columns = &desk.store.columns;
    let zone = columns.zone_of(enrolment);
    let whoms: Vec<Whom> = playbook.steps.iter().map(|step| desk.protected(enrolment, step)).collect();
    // they differ in the account that speaks, and in whether each is spoken to
    let mut hours: Vec<HoursOf> = Vec::new();
    for whom in &whoms {
        let of = (whom.account, whom.each);
        if hours.iter().all(|(known, _)| *known != of) {
            hours.push((of, desk.quiet_about(whom, zone, now)?));
        }
    }
    let calendar = &*columns.holidays;
    let quiet: Vec<Vec<Quiet<'_>>> = hours.iter().map(|(_, hours)| quiets(hours, calendar)).collect();
    let rules_of = |whom: &Whom| {
        let at = hours.iter().position(|(of, _)| *of == (whom.account, whom.each));
        let quiet = at.and_then(|at| quiet.get(at)).map_or(&[][..], Vec::as_slice);
        StepRules { quiet, caps: &[], reach: Reach::default(), passes_by: false, fresh: None }
    };
    let rules: Vec<StepRules<'_>> = whoms.iter().map(rules_of).collect();
    let status = &enrolment.status;
    let course = Course { playbook, anchor: &status.anchor, zone, holidays: calendar };
    let limits = Limits { from: Timestamp(i64::MIN), until: Some(end), rows: ROWS };
    let stands = status.next_at.filter(|_| status.waiting.is_some()).map_or(now, |at| at.max(now));
    let mut planning = Planning::new(&|_, _, _| Count::default(), &nothing_known, limits);
    let way = Way::new(course, status.progress.clone(), &rules);
    planning.follow(Way { looks_at: Some(stands), ..way });
    let rows = planning.done();
    Ok((rows, hours))
}

/// True where nothing of an enrolment is planned after an instant.
pub(super) fn ends_by(
    desk: &Desk,
    enrolment: &Enrolment,
    playbook: &Playbook,
    zone: Tz,
    end: Timestamp,
) -> bool {
    let holidays = &*desk.store.columns.holidays;
    let course = Course { playbook, anchor: &enrolment.status.anchor, zone, holidays };
    let mut progress = enrolment.status.progress.clone();
    for _ in 0..ROWS {
        match course.next(&progress) {
            Some(planned) if planned.due_at <= end => progress = course.pass(&progress, &planned),
            Some(_) => return false,
            None => return true,
        }
    }
    false
}
