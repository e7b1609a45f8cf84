//! What the simulation found, one named test each.

use super::faults::Fault;
use super::playbooks::PLAYBOOKS;
use super::world::World;
use crate::book::{CommandId, Group, IdGenerator, PlaybookId, TaskId};
use crate::desk::testing::{TestDesk, at};
use crate::door::command::TaskVerb;
use crate::door::{Command, Reply, Request};
use crate::store::Body;

/// A desk with a group and a playbook that owes it something at noon each day.
fn desk_with_noon() -> TestDesk {
    let mut desk = TestDesk::new();
    let now = desk.now().wall;
    let act = desk.desk.tick_act(now);
    let group = Group::new(desk.desk.ids.next(now), "宠友群", now);
    desk.desk.perform(&act, vec![Body::GroupMade(group)]).unwrap();
    desk.desk.store.commit().unwrap();
    let toml = "id = \"noon\"\ntitle = \"午安\"\nfor = \"group\"\nclass = \"service\"\n\
        start = { on = \"recurrence\", every = \"daily\" }\n\
        [[step]]\nid = \"a\"\nat = \"D0 12:00\"\nvia = \"group\"\ntext = [\"午安\"]\n";
    desk.run(Command::SopAdd {
        toml: toml.to_owned(),
        file: "noon.toml".to_owned(),
        new_only: false,
        base: None,
    })
    .unwrap();
    desk
}

fn open_tasks(desk: &TestDesk) -> Vec<TaskId> {
    let columns = &desk.desk.store.columns;
    columns.queue.rows().filter_map(|row| columns.tasks.id(row)).collect()
}

#[test]
fn a_clock_set_back_ticks_on_once_it_is_confirmed() {
    let mut desk = desk_with_noon();
    desk.at("2026-11-22 23:00").tick();
    desk.run(Command::ConfirmClock).unwrap();
    desk.at("2026-11-22 11:00").tick();
    assert!(desk.desk.tick.held.is_some());
    desk.run(Command::ConfirmClock).unwrap();
    desk.tick();
    assert_eq!(desk.desk.tick.held, None);
    assert_eq!(desk.desk.store.columns.store.last_at, desk.now().wall);
    desk.at("2026-11-22 11:30").tick();
    assert_eq!(desk.desk.tick.held, None);
    desk.restart();
    desk.tick();
    assert_eq!(desk.desk.tick.held, None);
    assert!(desk.now().wall > at("2026-11-22 11:29"));
}

#[test]
fn a_copy_reported_again_after_a_restart_is_not_written_again() {
    let mut desk = desk_with_noon();
    desk.at("2026-11-22 12:00").tick();
    let tasks = open_tasks(&desk);
    assert_eq!(tasks.len(), 1);
    let command_id: CommandId = IdGenerator::new(5).next(desk.now().wall);
    let command = Command::Task { tasks, verb: TaskVerb::Copied { part: 0 } };
    let again = Request::Do { command_id, command, saw: None };
    let act = |reply: Reply| match reply {
        Reply::Done(outcome) => outcome.act,
        other => panic!("{other:?}"),
    };
    let first = act(desk.ask(again.clone()));
    let written = desk.desk.store.end().seq;
    desk.restart();
    assert_eq!((act(desk.ask(again)), desk.desk.store.end().seq), (first, written));
}

#[test]
fn a_playbook_that_was_not_written_down_leaves_nothing_behind() {
    let mut world = World::new(1, Fault::None);
    let texts: Vec<&str> =
        PLAYBOOKS.iter().filter(|(id, _)| *id == "every-day").map(|(_, text)| *text).collect();
    let add = |text: &str| Command::SopAdd {
        toml: text.to_owned(),
        file: String::new(),
        new_only: false,
        base: None,
    };
    world.disk.fail_sync_after(0, 1);
    let refused = world.ask(0, add(texts[0]));
    assert!(matches!(world.turn(&[refused], false)[0], Reply::Refused(_)));
    let done = world.ask(0, add(texts[1]));
    assert!(matches!(world.turn(&[done], false)[0], Reply::Done(_)));
    let applied =
        world.desk.playbooks.current(&PlaybookId("every-day".to_owned()), &world.desk.store.columns);
    assert_eq!(applied.map(|p| p.steps.len()), Some(3));
}
