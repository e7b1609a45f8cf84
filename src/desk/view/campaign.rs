//! Campaigns, and how far each has got.

use std::collections::{HashMap, HashSet};

use super::funnels::Counting;
use super::task_line::clean;
use crate::book::{Campaign, Enrolment, EnrolmentState, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::campaign::{CampaignView, TextView, WaveView};
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
        let began = inside.iter().map(|of| of.enrolled_at).chain([campaign.from]).min();
        let mut waves: Vec<WaveView> = campaign
            .waves
            .iter()
            .map(|wave| WaveView {
                chosen_at: campaign.act.map(|_| wave.begun_at.unwrap_or(self.chosen_at(campaign, wave))),
                ..WaveView::default()
            })
            .collect();
        let texts = self.text_views(campaign, &inside)?;
        let mut people: HashSet<(usize, TargetRow)> = HashSet::new();
        let mut playbooks = Vec::new();
        for id in &campaign.playbooks {
            let mut counts = vec![[0_u32; 4]; waves.len()];
            let mut came: HashMap<TargetRow, usize> = HashMap::new();
            for enrolment in inside.iter().filter(|enrolment| enrolment.playbook == *id) {
                let standing = standing_of(enrolment);
                let wave = campaign.wave_of(enrolment.status.anchor.at, enrolment.enrolled_at).unwrap_or(0);
                if let Some(count) = counts.get_mut(wave).and_then(|counts| counts.get_mut(standing)) {
                    *count += 1;
                }
                let row = columns.enrolments.by_id(enrolment.id).map(|column| column.target);
                came.extend(row.map(|row| (row, wave)));
                people.extend(row.map(|row| (wave, row)));
            }
            let position = columns.playbook_position(id);
            let mut counting = Counting::default();
            for (_, _, task) in columns.tasks.iter().filter(|(_, _, task)| task.playbook == position) {
                if let Some(wave) = came.get(&task.target).filter(|_| Some(task.fired_at) >= began) {
                    counting.take(self, task, *wave as u32);
                }
            }
            let funnels = counting.advance(self, waves.len(), &mut usize::MAX.clone())?.unwrap_or_default();
            let (mut sum, mut all) = ([0; 4], Funnel::default());
            for ((wave, counts), funnel) in waves.iter_mut().zip(counts).zip(funnels) {
                sum.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
                all.add(&funnel);
                wave.playbooks.push((counts, funnel));
            }
            playbooks.push((Ref { id: id.clone(), name: clean(&self.title(id)) }, sum, all));
        }
        for (at, wave) in waves.iter_mut().enumerate() {
            wave.people = people.iter().filter(|(of, _)| *of == at).count() as u32;
        }
        Ok(CampaignView { campaign: campaign.clone(), over: campaign.is_over(now), playbooks, waves, texts })
    }

    /// How far each text has got; `inside` is everybody in the campaign.
    fn text_views(&self, campaign: &Campaign, inside: &[Enrolment]) -> Result<Vec<TextView>, DeskError> {
        let columns = &self.store.columns;
        let mut views = Vec::new();
        for text in &campaign.texts {
            let mut view = TextView::default();
            if let Some(id) = &text.made {
                for enrolment in inside.iter().filter(|enrolment| enrolment.playbook == *id) {
                    if let Some(count) = view.counts.get_mut(standing_of(enrolment)) {
                        *count += 1;
                    }
                }
                let position = columns.playbook_position(id);
                let mut counting = Counting::default();
                for (_, _, task) in columns.tasks.iter().filter(|(_, _, task)| task.playbook == position) {
                    counting.take(self, task, 0);
                }
                let funnels = counting.advance(self, 1, &mut usize::MAX.clone())?.unwrap_or_default();
                view.funnel = funnels.into_iter().next().unwrap_or_default();
                view.made = Some(Ref { id: id.clone(), name: clean(&self.title(id)) });
            }
            views.push(view);
        }
        Ok(views)
    }
}

/// The place of an enrolment's state in the counts of a campaign.
const fn standing_of(enrolment: &Enrolment) -> usize {
    match enrolment.status.state {
        EnrolmentState::Active => 0,
        EnrolmentState::InLine => 1,
        EnrolmentState::Finished => 2,
        EnrolmentState::Stopped { .. } => 3,
    }
}
