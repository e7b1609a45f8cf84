//! One turn: take what came, commit once, answer.

use super::act::{Act, DeskError};
use super::session::Session;
use super::told::Unwritable;
use super::{Changed, ClientId, Desk, Input, Now, Output, Turn};
use crate::book::Timestamp;
use crate::door::reply::Counts;
use crate::door::{Envelope, Push, Refusal, RefusalKind, Reply, Request, WIRE};
use crate::store::index::IndexError;
use crate::store::{Body, By, StoreError};
use crate::text::lang::Lang;

/// A reply that waits for the commit.
struct Waiting {
    client: ClientId,
    tag: u64,
    reply: Reply,
    /// True when it acknowledges records of this turn.
    acknowledges: bool,
}

impl Desk {
    /// Takes what came in, decides, commits with one sync, and gives what goes out.
    ///
    /// Inputs are taken in order. A tick or an idle slice does a bounded piece of work; `more` says that more
    /// waits.
    pub fn turn(&mut self, inputs: Vec<Input>, now: Now) -> Turn {
        let mut turn = Turn::default();
        let mut waiting: Vec<Waiting> = Vec::new();
        let mut leave = None;
        let mut newcomers: Vec<ClientId> = Vec::new();
        self.look_for_room();
        self.works.begin_turn();
        let remembered = self.tick.remember();
        self.recover_index(&mut turn);
        for input in inputs {
            match input {
                Input::Connect { client, operator, .. } => {
                    let session = Session {
                        operator,
                        via: String::new(),
                        program: String::new(),
                        lang: Lang::default(),
                        greeted: false,
                        screen: false,
                    };
                    self.sessions.insert(client, session);
                }
                Input::Disconnect { client } => {
                    self.sessions.remove(&client);
                    self.views.forget(client);
                }
                Input::Tick => {
                    self.tick.due = true;
                    self.views.stay();
                }
                Input::Idle => {}
                Input::RulesFile { text } => {
                    if let Err(error) = self.rules_file(&text, now.wall, &mut turn) {
                        turn.outputs.push(Output::Log(error.to_string()));
                    }
                }
                Input::Request { client, tag, request } => {
                    let Some(session) = self.sessions.get(&client).cloned() else { continue };
                    match request {
                        Request::Hello { wire, program, operator, lang } => {
                            let reply = self.hello(client, wire, program, operator, lang, now);
                            waiting.push(Waiting { client, tag, reply, acknowledges: false });
                            newcomers.push(client);
                        }
                        _ if !session.greeted => {
                            let refusal = Refusal::new(RefusalKind::Protocol, "hello comes first");
                            waiting.push(Waiting {
                                client,
                                tag,
                                reply: Reply::Refused(refusal),
                                acknowledges: false,
                            });
                        }
                        Request::Do { command_id, command, saw } => {
                            if self.rehearsals.join(command_id, client, tag)
                                || self.works.join(command_id, client, tag)
                            {
                                continue;
                            }
                            match self.do_command(&session, command_id, command, saw.as_ref(), now) {
                                Some(reply) => {
                                    waiting.push(Waiting { client, tag, reply, acknowledges: true });
                                }
                                None if self.works.answer_to(client, tag) => {}
                                None => self.rehearsals.answer_to(client, tag),
                            }
                        }
                        Request::Rows { import, rows } => {
                            let reply = self.import_rows(&session, import, &rows, now);
                            waiting.push(Waiting { client, tag, reply, acknowledges: true });
                        }
                        Request::Leave { force } => {
                            leave = Some(force);
                            waiting.push(Waiting { client, tag, reply: Reply::Fine, acknowledges: false });
                        }
                        read => self.begin_read(client, tag, read),
                    }
                }
            }
        }

        turn.more = self.background(now, &mut turn);
        let answers = std::mem::take(&mut self.answers);
        let committed = self.commit();
        let worked = match &committed {
            Err(refusal) => {
                self.answers = self.rehearsals.refuse_all(refusal);
                self.works_hold(refusal)
            }
            Ok(()) => self.finished_works(),
        };
        let answers = answers.into_iter().chain(std::mem::take(&mut self.answers));
        waiting.extend(answers.map(|(client, tag, reply)| Waiting {
            client,
            tag,
            reply,
            acknowledges: true,
        }));
        // what these tell of is durable, whatever became of this turn
        waiting.extend(worked.into_iter().map(|(client, tag, reply)| Waiting {
            client,
            tag,
            reply,
            acknowledges: false,
        }));
        if committed.is_err() {
            self.views.take_back();
            self.note_snoozed();
            self.tick.take_back(remembered, now.wall);
            turn.more = false;
        }
        for push in std::mem::take(&mut self.tick.says) {
            self.push_screens(&push, &mut turn);
        }
        if self.tick.tells_held {
            let words = |lang| self.held_words(now.wall, lang).unwrap_or_default();
            self.push_each(&mut turn, |lang| Push::ClockHeld { words: words(lang) });
        }
        self.tick.tells_held = false;
        for Waiting { client, tag, reply, acknowledges } in waiting {
            let reply = match (&committed, acknowledges) {
                (Err(refusal), true) if !matches!(reply, Reply::Refused(_)) => {
                    Reply::Refused(refusal.clone())
                }
                _ => reply,
            };
            turn.outputs.push(Output::Reply { client, tag, envelope: self.envelope(reply, now) });
        }
        if committed.is_ok() {
            self.tell_overtaken(&mut turn);
        }
        self.overtaken.clear();
        for client in newcomers {
            self.tell_newcomer(client, now.wall, &mut turn);
        }
        self.tell_writable(&mut turn);
        self.refresh_views(now, &mut turn);
        self.answer_reads(now, &mut turn);
        turn.more |= self.views.has_more();
        // A tick that finds no room would be wished for again and again; the next one comes by itself.
        turn.wake_at = self.next_wake(now).filter(|_| !self.is_full());
        turn.leave |= leave.is_some_and(|force| force || (self.options.attached && self.screens() == 0));
        turn
    }

    /// How many screens are connected.
    pub fn screens(&self) -> usize {
        self.sessions.values().filter(|s| s.screen).count()
    }

    pub(super) fn envelope(&self, reply: Reply, now: Now) -> Envelope {
        Envelope { now: now.wall, ticked_at: self.tick.ticked_at, reply }
    }

    fn hello(
        &mut self,
        client: ClientId,
        wire: u32,
        program: String,
        operator: String,
        lang: Lang,
        now: Now,
    ) -> Reply {
        if wire != WIRE {
            let words = format!("this desk speaks wire {WIRE}, the program {wire}");
            return Reply::Refused(Refusal::new(RefusalKind::Protocol, words).hint("qun serve"));
        }
        // the header of a screen shows them
        let counts =
            if program == "screen" { self.counts_to_begin_with(now.wall) } else { Counts::default() };
        let zone = self.store.columns.store.zone.name().to_owned();
        let demo = self.store.columns.store.demo.is_some();
        let name = self.options.name.clone();
        let Some(session) = self.sessions.get_mut(&client) else { return Reply::Fine };
        session.greeted = true;
        session.lang = lang;
        session.screen = program == "screen";
        session.via.clone_from(&program);
        session.program = program;
        if !operator.is_empty() {
            session.operator = operator;
        }
        let operator = session.operator.clone();
        let forward = self.store.columns.rules.limits.forward.clone();
        let program = "qun".to_owned();
        let store_id = self.store.columns.store.id.map(|id| id.to_string()).unwrap_or_default();
        Reply::Welcome { wire, program, store: name, store_id, zone, operator, demo, counts, forward }
    }

    /// An act of a session.
    pub(crate) fn act(
        &mut self,
        session: &Session,
        command_id: Option<crate::book::CommandId>,
        now: Timestamp,
    ) -> Act {
        Act {
            id: self.ids.next(now),
            by: By {
                operator: session.operator.clone(),
                from: session.program.clone(),
                via: session.via.clone(),
            },
            command_id,
            undo_of: None,
            at: now,
            lang: session.lang,
        }
    }

    /// Brings an index that failed back before anything is decided on it.
    fn recover_index(&mut self, turn: &mut Turn) {
        if self.store.is_index_behind() && !self.is_full() {
            match self.store.recover() {
                Ok(()) => self.unwritable = None,
                Err(error) => {
                    // Only another process can open it: its screens start one.
                    turn.leave |= matches!(error, StoreError::Index(IndexError::Stuck));
                    turn.outputs.push(Output::Log(error.to_string()));
                    self.unwritable = Some(Unwritable::Failed(error.to_string()));
                }
            }
        }
    }

    /// Makes this turn durable, or takes it back whole.
    fn commit(&mut self) -> Result<(), Refusal> {
        if !self.store.is_staged() {
            return Ok(());
        }
        let Err(error) = self.store.commit() else {
            self.unwritable = None;
            self.tick.retry_at = None;
            self.outcomes.settle_turn();
            return Ok(());
        };
        let words = error.to_string();
        self.changed = Changed { all: true, ..Changed::default() };
        self.outcomes.forget_last_turn();
        if let Err(again) = self.store.take_back() {
            self.unwritable = Some(Unwritable::Failed(format!("{words}; {again}")));
        } else {
            self.unwritable = Some(Unwritable::Failed(words.clone()));
        }
        // a version that was not written down must not be taken for another that gets its number
        self.playbooks = super::playbooks::Playbooks::default();
        self.playbooks.load(&self.store.columns);
        Err(Refusal::new(RefusalKind::Store, words).hint("qun doctor"))
    }

    /// The first record of a new store.
    pub(super) fn make_store(&mut self, now: Timestamp) -> Result<(), DeskError> {
        if self.store.columns.store.id.is_some() {
            return Ok(());
        }
        let act = self.tick_act(now);
        let zone = crate::store::columns::parse_zone(&self.options.zone)
            .unwrap_or(chrono_tz::Tz::Asia__Shanghai)
            .name()
            .to_owned();
        let store = self.ids.next(now);
        let made = Body::StoreMade { store, name: self.options.name.clone(), zone, demo: None };
        self.stage(&act, made)?;
        self.store.commit()?;
        Ok(())
    }

    /// Pushes something to every screen.
    pub(crate) fn push_screens(&self, push: &Push, turn: &mut Turn) {
        for (client, _) in self.sessions.iter().filter(|(_, s)| s.screen && s.greeted) {
            turn.outputs.push(Output::Push { client: *client, push: push.clone() });
        }
    }
}
