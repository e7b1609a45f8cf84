//! Campaigns, and how far each has got.

use std::collections::HashSet;

use super::task_line::clean;
use crate::book::{Campaign, EnrolmentState, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::detail::CampaignView;
use crate::door::line::Ref;
use crate::report::funnel::Funnel;
use crate::store::columns::enrolment::RunState;
use crate::store::columns::task::TargetRow;

impl Desk {
    /// All campaigns by their beginning, or one; an id that is none gives none.
    pub(super) fn campaigns(&self, id: Option<&str>, now: Timestamp) -> Result<Vec<CampaignView>, DeskError> {
        let campaigns = &self.store.columns.campaigns;
        let mut wanted: Vec<&Campaign> =
            campaigns.values().filter(|campaign| id.is_none_or(|id| id == campaign.id)).collect();
        wanted.sort_by_key(|campaign| campaign.from);
        wanted.into_iter().map(|campaign| self.campaign_view(campaign, now)).collect()
    }

    fn campaign_view(&self, campaign: &Campaign, now: Timestamp) -> Result<CampaignView, DeskError> {
        let columns = &self.store.columns;
        let all = [RunState::Active, RunState::InLine, RunState::Finished, RunState::Stopped];
        let inside = self.enrolments_of_campaign(campaign, &all)?;
        let mut playbooks = Vec::new();
        for id in &campaign.playbooks {
            let mut counts = [0; 4];
            let mut targets: HashSet<TargetRow> = HashSet::new();
            for enrolment in inside.iter().filter(|enrolment| enrolment.playbook == *id) {
                let standing = match enrolment.status.state {
                    EnrolmentState::Active => 0,
                    EnrolmentState::InLine => 1,
                    EnrolmentState::Finished => 2,
                    EnrolmentState::Stopped { .. } => 3,
                };
                if let Some(count) = counts.get_mut(standing) {
                    *count += 1;
                }
                targets.extend(columns.enrolments.by_id(enrolment.id).map(|column| column.target));
            }
            let position = columns.playbook_position(id);
            let theirs = columns.tasks.iter().map(|(_, _, task)| task).filter(|task| {
                task.playbook == position && task.fired_at >= campaign.from && targets.contains(&task.target)
            });
            let funnel = Funnel::of(theirs.map(|task| self.owed(task)));
            playbooks.push((Ref { id: id.clone(), name: clean(&self.title(id)) }, counts, funnel));
        }
        Ok(CampaignView { campaign: campaign.clone(), over: campaign.is_over(now), playbooks })
    }
}
