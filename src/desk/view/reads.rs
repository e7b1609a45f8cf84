//! Requests that change nothing, answered in slices between human acts.
//!
//! A request that cannot be answered within its turn's share waits at the back of the line with what it has so far. A
//! list asked for once is scanned like a watched one and judges again what changes meanwhile, so that its answer is
//! true at the record its `rev` names.

use super::agenda::Agenda;
use super::board::Boarding;
use super::campaign::Reviewing;
use super::choices::Choosing;
use super::consequence::{Spreading, Weighing};
use super::forecast::Forecasting;
use super::live_edit::Comparing;
use super::log::Naming;
use super::name::Names;
use super::planning::Plan;
use super::trial::Trying;
use super::watch::{LiveView, rendered};
use super::who::{Listing, Meaning};
use crate::book::{TaskId, Timestamp};
use crate::desk::act::DeskError;
use crate::desk::{ClientId, Desk, Now, Output, Session, Turn};
use crate::door::detail::TaskText;
use crate::door::reply::{Spread, Window};
use crate::door::request::ListSpec;
use crate::door::{Reply, Request};

/// The most rows one answer carries; longer lists are asked for in pages.
const ROWS_MAX: u32 = 5_000;

/// What a line costs, in the steps of [`super::scan::SLICE`]: its body is read, its text is made.
pub(in crate::desk) const LINE: usize = 7_000;

/// What any other request costs: a few dozen bodies.
const REQUEST: usize = 60_000;

/// The least share of a request, however many wait.
const SHARE_MIN: usize = 10_000;

/// A request that waits for its answer.
pub(super) struct Read {
    client: ClientId,
    tag: u64,
    session: Session,
    work: Work,
}

/// What is left of a request.
enum Work {
    Whole(Request),
    List(Box<List>),
    Count { lists: std::vec::IntoIter<ListSpec>, view: Option<Box<LiveView>>, counted: Vec<u32> },
    Texts { ids: Vec<TaskId>, next: usize, texts: Vec<TaskText> },
    Names(Box<Names>),
    Forecast(Box<Forecasting>),
    Agenda(Box<Agenda>),
    Plan(Box<Plan>),
    Board(Box<Boarding>),
    Trial(Box<Trying>),
    Compare(Box<Comparing>),
    Log(Naming),
    Review(Box<Reviewing>),
    Who(Box<Meaning>),
    Choices(Choosing),
    Weigh(Box<Weighing>),
    Spread(Option<Box<Spreading>>),
    Unknown(Box<Listing>),
}

/// A list asked for once: scanned, then its rows shown.
struct List {
    view: LiveView,
    first: u32,
    rows: u32,
    texts: bool,
}

impl Read {
    /// True for a request of a client.
    pub(super) fn is_of(&self, client: ClientId) -> bool {
        self.client == client
    }

    /// The list that is being scanned for it.
    fn view(&mut self) -> Option<&mut LiveView> {
        match &mut self.work {
            Work::List(list) => Some(&mut list.view),
            Work::Count { view: Some(view), .. } => Some(view),
            _ => None,
        }
    }
}

impl Desk {
    /// Takes a request that changes nothing; it is answered by [`Desk::answer_reads`].
    pub(in crate::desk) fn begin_read(&mut self, client: ClientId, tag: u64, request: Request) {
        let Some(session) = self.sessions.get(&client).cloned() else { return };
        self.views.reads.push_back(Read { client, tag, session, work: Work::Whole(request) });
    }

    /// What a turn changed is noted by lists that are being scanned.
    pub(super) fn notice_in_reads(&mut self, changed: &crate::desk::Changed, now: Timestamp) {
        let mut reads = std::mem::take(&mut self.views.reads);
        for view in reads.iter_mut().filter_map(Read::view) {
            // nothing is shown of it yet
            view.notice(self, changed, now, &mut 0);
            view.follow(self, now);
        }
        self.views.reads = reads;
    }

    /// Answers what waits as far as one turn may.
    pub(in crate::desk) fn answer_reads(&mut self, now: Now, turn: &mut Turn) {
        let mut left = self.views.slice.0;
        let waiting = self.views.reads.len();
        let share = (left / waiting.max(1)).max(SHARE_MIN).min(left);
        self.views.wordings.load(&self.store.columns, &self.playbooks);
        for _ in 0..waiting {
            if left == 0 {
                break;
            }
            let Some(mut read) = self.views.reads.pop_front() else { break };
            let mut budget = share.min(left);
            let begun = budget;
            let answered = self.advance_read(&mut read, &mut budget, now.wall);
            left = left.saturating_sub(begun.saturating_sub(budget).max(1));
            self.views.spent += begun.saturating_sub(budget);
            let reply = match answered {
                Ok(None) => {
                    self.views.reads.push_back(read);
                    continue;
                }
                Ok(Some(reply)) => reply,
                Err(error) => Reply::Refused(error.refusal()),
            };
            let envelope = self.envelope(reply, now);
            turn.outputs.push(Output::Reply { client: read.client, tag: read.tag, envelope });
        }
    }

    /// Goes on with a request; its answer when it is done.
    fn advance_read(
        &mut self,
        read: &mut Read,
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<Option<Reply>, DeskError> {
        if let Work::Whole(request) = &mut read.work {
            let request = std::mem::replace(request, Request::Status);
            match self.begin_work(&read.session, request, now)? {
                Ok(work) => read.work = work,
                Err(request) => {
                    *budget = budget.saturating_sub(REQUEST);
                    return self.read(read.client, &read.session, request, now).map(Some);
                }
            }
        }
        match &mut read.work {
            Work::Whole(_) => Ok(None),
            Work::List(list) => self.advance_list(list, budget, now),
            Work::Count { lists, view, counted } => {
                while *budget > 0 {
                    let mut counting = match view.take() {
                        Some(view) => view,
                        None => match lists.next() {
                            Some(list) => Box::new(self.list_of(&read.session, list, now)?),
                            None => return Ok(Some(Reply::Counted(std::mem::take(counted)))),
                        },
                    };
                    if counting.scan_slice(self, budget, now) {
                        counted.push(counting.matched(self));
                        *budget = budget.saturating_sub(1);
                    } else {
                        *view = Some(counting);
                    }
                }
                Ok(None)
            }
            Work::Texts { ids, next, texts } => {
                while let Some(id) = ids.get(*next) {
                    if *budget == 0 {
                        return Ok(None);
                    }
                    *next += 1;
                    *budget = budget.saturating_sub(LINE);
                    texts.extend(self.text_by_id(*id, now, read.session.lang)?);
                }
                Ok(Some(Reply::Texts(std::mem::take(texts))))
            }
            Work::Names(names) => names.advance(self, budget, read.session.lang),
            Work::Board(boarding) => {
                let board = boarding.advance(self, budget, now, read.session.lang)?;
                Ok(board.map(|board| Reply::Board(Box::new(board))))
            }
            Work::Trial(trying) => {
                let trial = trying.advance(self, budget, now, read.session.lang)?;
                Ok(trial.map(|trial| Reply::CampaignTrial(Box::new(trial))))
            }
            Work::Who(meaning) => Ok(meaning.advance(self, budget, read.session.lang).map(Reply::Who)),
            Work::Choices(choosing) => {
                let choices = choosing.advance(self, budget, now, read.session.lang)?;
                Ok(choices.map(Reply::Choices))
            }
            Work::Weigh(weighing) => Ok(weighing.advance(self, budget, now)?.map(Reply::Consequences)),
            Work::Spread(None) => Ok(Some(Reply::Spread(Spread::default()))),
            Work::Spread(Some(spreading)) => {
                Ok(spreading.advance(self, budget, read.session.lang)?.map(Reply::Spread))
            }
            Work::Unknown(listing) => {
                let looked = listing.advance(self, budget);
                Ok(looked.then(|| Reply::Unknown(self.unknown_in(listing, read.session.lang))))
            }
            Work::Review(reviewing) => Ok(reviewing.advance(self, budget, now)?.map(Reply::Campaigns)),
            Work::Log(naming) => Ok(naming.advance(self, budget, read.session.lang)?.map(Reply::Log)),
            Work::Compare(comparing) => {
                let diff = comparing.advance(self, budget)?;
                Ok(diff.map(|diff| Reply::SopDiff(Box::new(diff))))
            }
            Work::Plan(plan) => Ok(plan.advance(self, &read.session, budget, now)?.map(Reply::Plan)),
            Work::Agenda(agenda) => Ok(agenda.advance(self, budget)?.map(Reply::Agenda)),
            Work::Forecast(forecasting) => {
                let forecast = forecasting.advance(self, budget, now, read.session.lang)?;
                Ok(forecast.map(|forecast| Reply::Forecast(Box::new(forecast))))
            }
        }
    }

    /// A request as work in slices; the request itself where it is small.
    fn begin_work(
        &mut self,
        session: &Session,
        request: Request,
        now: Timestamp,
    ) -> Result<Result<Work, Request>, DeskError> {
        Ok(Ok(match request {
            Request::List { list, first, rows, texts } => {
                let view = self.list_of(session, list, now)?;
                Work::List(Box::new(List { view, first, rows, texts }))
            }
            Request::Count { lists } => {
                for list in &lists {
                    self.asked(list, session.lang)?;
                }
                Work::Count { lists: lists.into_iter(), view: None, counted: Vec::new() }
            }
            Request::Texts(ids) => {
                Work::Texts { ids: super::detail::each_once(ids), next: 0, texts: Vec::new() }
            }
            Request::Suggest { kinds, text, limit } => {
                Work::Names(Box::new(Names::suggest(kinds, &text, limit)))
            }
            Request::Find { kind, text } if kind != crate::door::form::Kind::Product => {
                Work::Names(Box::new(Names::find(kind, &text)))
            }
            Request::Board { playbook, first, rows } => {
                Work::Board(Box::new(Boarding::begin(playbook, first, rows)))
            }
            Request::CampaignTrial(campaign) => {
                Work::Trial(Box::new(Trying::begin(self, session, &campaign, now)?))
            }
            Request::Log { before, limit, mine } => {
                Work::Log(Naming::begin(before, limit, mine.then(|| session.operator.clone())))
            }
            Request::SopDiff { toml, file } => {
                Work::Compare(Box::new(Comparing::begin(self, &toml, &file, now, session.lang)?))
            }
            Request::Who { text, group, account, limit } => {
                Work::Who(Box::new(Meaning::begin(&text, group, account, limit)))
            }
            Request::Choices(question) => Work::Choices(Choosing::begin(self, &question, now, session.lang)?),
            Request::Consequences(tasks) => Work::Weigh(Box::new(Weighing::begin(tasks))),
            Request::Spread(task) => Work::Spread(Spreading::begin(self, task)?.map(Box::new)),
            Request::Unknown { group, text } => Work::Unknown(Box::new(Listing::begin(self, &text, group))),
            Request::Campaigns(id) => Work::Review(Box::new(Reviewing::begin(self, id.as_deref()))),
            Request::Plan(ask) => Work::Plan(Box::new(Plan::begin(*ask))),
            Request::Agenda => Work::Agenda(Box::new(Agenda::begin(self, now))),
            Request::Forecast { days } => {
                Work::Forecast(Box::new(Forecasting::begin(self, session, days, None, now)))
            }
            request => return Ok(Err(request)),
        }))
    }

    fn list_of(&self, session: &Session, list: ListSpec, now: Timestamp) -> Result<LiveView, DeskError> {
        let asked = self.asked(&list, session.lang)?;
        Ok(LiveView::new(list, asked, session, now, self))
    }

    fn advance_list(
        &self,
        list: &mut List,
        budget: &mut usize,
        now: Timestamp,
    ) -> Result<Option<Reply>, DeskError> {
        let view = &mut list.view;
        if !view.scan_slice(self, budget, now) || !view.near_slice(self, budget) {
            return Ok(None);
        }
        let total = view.total(self);
        let first = list.first.min(total);
        let rows = list.rows.min(ROWS_MAX);
        let Some(shown) = view.lines_slice(self, first, rows, budget, now)? else { return Ok(None) };
        let texts = shown.iter().filter(|_| list.texts).filter_map(|line| line.text().cloned()).collect();
        let lines = rendered::lines(view.kind(), shown.into_iter());
        let (rev, nearest) = (self.store.end().seq, view.nearest(self));
        Ok(Some(Reply::Window(Window { watch: 0, rev, total, first, lines, texts, around: None, nearest })))
    }
}
