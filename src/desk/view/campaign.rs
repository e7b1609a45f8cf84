//! Campaigns, and how far each has got: who is in it, what is owed to them and what came of it, looked at in slices.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::funnels::Counting;
use super::task_line::clean;
use crate::book::time::DAY;
use crate::book::{Campaign, Enrolment, EnrolmentId, EnrolmentState, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::campaign::{CampaignView, TextView, WaveView};
use crate::door::line::Ref;
use crate::queue::caps::is_cap;
use crate::report::funnel::Funnel;
use crate::store::columns::task::TargetRow;

/// What reading an enrolment costs, in the steps of a slice.
const READ: usize = 600;

/// Campaigns that are being looked at, one after the other.
pub(super) struct Reviewing {
    wanted: std::vec::IntoIter<Campaign>,
    at: Option<Review>,
    views: Vec<CampaignView>,
}

/// How far one is looked at.
struct Review {
    campaign: Campaign,
    /// Its playbooks by position, and behind them what was made of its texts; none for one that is not in the book.
    playbooks: Vec<Option<u16>>,
    enrolment: u32,
    task: u32,
    began: Timestamp,
    /// By playbook and wave, all as one where it is of a text: active, in line, finished, stopped.
    counts: Vec<Vec<[u32; 4]>>,
    people: HashSet<(usize, TargetRow)>,
    /// The enrolments that are of it, whatever else their targets are in, and the wave that each came with.
    own: HashMap<EnrolmentId, usize>,
    /// Of those who wait for a cap: what they were not sent yet, and how many others.
    unsent: BTreeMap<String, u32>,
    capped: u32,
    counting: Vec<Counting>,
    /// By playbook and wave, as far as they are counted.
    funnels: Vec<Vec<Funnel>>,
}

impl Reviewing {
    /// All campaigns by their beginning, or one; an id that is none gives none.
    pub(super) fn begin(desk: &Desk, id: Option<&str>) -> Self {
        let campaigns = desk.store.columns.campaigns.values();
        let mut wanted: Vec<Campaign> =
            campaigns.filter(|campaign| id.is_none_or(|id| id == campaign.id)).cloned().collect();
        wanted.sort_by_key(|campaign| campaign.from);
        Self { wanted: wanted.into_iter(), at: None, views: Vec::new() }
    }

    /// Goes on; all of them when they were looked at.
    pub(super) fn advance(
        &mut self,
        desk: &Desk,
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<Option<Vec<CampaignView>>, DeskError> {
        loop {
            let Some(review) = &mut self.at else {
                let Some(next) = self.wanted.next() else { return Ok(Some(std::mem::take(&mut self.views))) };
                self.at = Some(Review::begin(desk, next));
                continue;
            };
            if !review.advance(desk, budget, now)? {
                return Ok(None);
            }
            if let Some(review) = self.at.take() {
                self.views.push(review.view(desk, now));
            }
        }
    }
}

impl Review {
    fn begin(desk: &Desk, campaign: Campaign) -> Self {
        let columns = &desk.store.columns;
        let playbooks: Vec<Option<u16>> =
            campaign.all_playbooks().map(|id| columns.playbook_position(id)).collect();
        let many = playbooks.len();
        let waves = |place: usize| if place < campaign.playbooks.len() { campaign.waves.len() } else { 1 };
        Self {
            enrolment: 0,
            task: 0,
            began: campaign.from,
            counts: (0..many).map(|place| vec![[0; 4]; waves(place)]).collect(),
            people: HashSet::new(),
            own: HashMap::new(),
            unsent: BTreeMap::new(),
            capped: 0,
            counting: (0..many).map(|_| Counting::default()).collect(),
            funnels: Vec::new(),
            playbooks,
            campaign,
        }
    }

    /// Goes on; true when all was looked at.
    fn advance(&mut self, desk: &Desk, budget: &mut usize, now: Timestamp) -> Result<bool, DeskError> {
        let columns = &desk.store.columns;
        while self.enrolment < columns.enrolments.len() as u32 {
            if *budget == 0 {
                return Ok(false);
            }
            *budget -= 1;
            self.place(desk, budget, now)?;
            self.enrolment += 1;
        }
        while self.task < columns.tasks.len() as u32 {
            if *budget == 0 {
                return Ok(false);
            }
            *budget -= 1;
            let (row, task) = (self.task, columns.tasks.get(self.task));
            self.task += 1;
            let Some(task) = task else { continue };
            let known = self.playbooks.iter().position(|of| of.is_some() && *of == task.playbook);
            let Some(place) = known else { continue };
            let of_wave = if self.is_text(place) {
                Some(0)
            } else if task.fired_at < self.began || self.own.is_empty() {
                None
            } else {
                // its target may go through the playbook without it as well, and be another than who came with a wave
                *budget = budget.saturating_sub(READ);
                let owed = desk.store.task_at(row)?;
                owed.and_then(|task| task.of.iter().find_map(|id| self.own.get(id)).copied())
            };
            if let (Some(wave), Some(counting)) = (of_wave, self.counting.get_mut(place)) {
                counting.take(desk, &task, wave as u32);
            }
        }
        while let Some(counting) = self.counting.get_mut(self.funnels.len()) {
            let many = self.counts.get(self.funnels.len()).map_or(1, Vec::len);
            let Some(funnels) = counting.advance(desk, many, budget)? else {
                return Ok(false);
            };
            self.funnels.push(funnels);
        }
        Ok(true)
    }

    /// True where a playbook was made of one of its texts.
    fn is_text(&self, place: usize) -> bool {
        place >= self.campaign.playbooks.len()
    }

    /// Counts the enrolment whose turn it is where it is one of the campaign's.
    fn place(&mut self, desk: &Desk, budget: &mut usize, now: Timestamp) -> Result<(), DeskError> {
        let columns = &desk.store.columns;
        let column = columns.enrolments.get(self.enrolment);
        let Some((column, id)) = column.zip(columns.enrolments.id(self.enrolment)) else { return Ok(()) };
        let Some(place) = self.playbooks.iter().position(|of| *of == Some(column.playbook)) else {
            return Ok(());
        };
        *budget = budget.saturating_sub(READ);
        let key = self.campaign.key();
        let is_of = |of: &Enrolment| of.status.anchor.key == key && !of.status.state.is_undone();
        let Some(enrolment) = desk.store.enrolment(id)?.filter(is_of) else { return Ok(()) };
        self.began = self.began.min(enrolment.enrolled_at);
        let standing = match enrolment.status.state {
            EnrolmentState::Active => 0,
            EnrolmentState::InLine => 1,
            EnrolmentState::Finished => 2,
            EnrolmentState::Stopped { .. } => 3,
        };
        let waits = enrolment.status.waiting.as_ref().filter(|_| standing == 0);
        if waits.is_some_and(is_cap) {
            let class = desk.playbooks.of(&enrolment, columns).map(|playbook| playbook.class);
            // what is over within a day keeps nobody back for longer
            let later = Timestamp(now.0.saturating_add(DAY));
            match class.and_then(|class| desk.unsent_before(enrolment.target, class, later)) {
                Some(title) => *self.unsent.entry(title).or_default() += 1,
                None => self.capped += 1,
            }
        }
        let of_text = self.is_text(place);
        let wave = self.campaign.wave_of(enrolment.status.anchor.at, enrolment.enrolled_at);
        let wave = wave.filter(|_| !of_text).unwrap_or(0);
        let counts = self.counts.get_mut(place).and_then(|counts| counts.get_mut(wave));
        if let Some(count) = counts.and_then(|counts| counts.get_mut(standing)) {
            *count += 1;
        }
        self.own.insert(id, wave);
        if !of_text {
            self.people.insert((wave, column.target));
        }
        Ok(())
    }

    fn view(self, desk: &Desk, now: Timestamp) -> CampaignView {
        let campaign = self.campaign;
        let mut waves: Vec<WaveView> = campaign
            .waves
            .iter()
            .map(|wave| WaveView {
                chosen_at: campaign.act.map(|_| wave.begun_at.unwrap_or(desk.chosen_at(&campaign, wave))),
                ..WaveView::default()
            })
            .collect();
        let mut playbooks = Vec::new();
        let mut counted = self.counts.into_iter().zip(self.funnels);
        for (id, (counts, funnels)) in campaign.playbooks.iter().zip(counted.by_ref()) {
            let (mut sum, mut all) = ([0; 4], Funnel::default());
            for ((wave, counts), funnel) in waves.iter_mut().zip(counts).zip(funnels) {
                sum.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
                all.add(&funnel);
                wave.playbooks.push((counts, funnel));
            }
            playbooks.push((Ref { id: id.clone(), name: clean(&desk.title(id)) }, sum, all));
        }
        for (at, wave) in waves.iter_mut().enumerate() {
            wave.people = self.people.iter().filter(|(of, _)| *of == at).count() as u32;
        }
        let texts = campaign.texts.iter().map(|text| {
            let made = text.made.as_ref()?;
            let (counts, funnels) = counted.next()?;
            Some(TextView {
                made: Some(Ref { id: made.clone(), name: clean(&desk.title(made)) }),
                counts: counts.first().copied().unwrap_or_default(),
                funnel: funnels.first().copied().unwrap_or_default(),
            })
        });
        let texts = texts.map(Option::unwrap_or_default).collect();
        let refilled = desk.refilled(&campaign);
        let (unsent, capped) = (self.unsent.into_iter().collect(), self.capped);
        CampaignView {
            over: campaign.is_over(now),
            refilled,
            unsent,
            capped,
            campaign,
            playbooks,
            waves,
            texts,
        }
    }
}
