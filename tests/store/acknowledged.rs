//! kill -9 at any moment: what a command reported as done is there afterwards, once.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::common::Environment;

const ROUNDS: u64 = 30;

#[test]
fn what_was_acknowledged_survives_kill_nine() {
    let environment = Environment::new();
    let mut random = fastrand::Rng::with_seed(0x9115);
    let mut tried = 0;
    let mut acknowledged = Vec::new();
    for round in 0..ROUNDS {
        let mut desk = environment.serve();
        let moment = Duration::from_millis(random.u64(5..250));
        let killed = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(moment);
                desk.0.kill().unwrap();
                desk.0.wait().unwrap();
                killed.store(true, Ordering::SeqCst);
            });
            while !killed.load(Ordering::SeqCst) {
                tried += 1;
                let name = format!("第{tried}群");
                if environment.run(&["group", "add", &name]).code == 0 {
                    acknowledged.push(name);
                }
            }
        });
        let mut found = BTreeMap::new();
        for name in environment.groups() {
            *found.entry(name).or_insert(0) += 1;
        }
        for name in &acknowledged {
            assert_eq!(found.get(name), Some(&1), "round {round}, {moment:?} after the start: {name}");
        }
        assert!(
            found.values().all(|&times| times == 1),
            "round {round}: something was done twice: {found:?}"
        );
    }
    assert!(acknowledged.len() > 10, "only {} of {tried} commands came through", acknowledged.len());
}

/// A command that finds no desk works in its own process, which may be killed just as well.
#[test]
fn a_killed_command_loses_nothing_that_was_done_before() {
    let environment = Environment::new();
    let mut random = fastrand::Rng::with_seed(0x9116);
    let mut acknowledged = Vec::new();
    for round in 0..12 {
        let name = format!("第{round}群");
        let mut child = environment
            .command(&["group", "add", &name])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(random.u64(0..120)));
        let _ = child.kill();
        if child.wait().unwrap().success() {
            acknowledged.push(name);
        }
        let found = environment.groups();
        for name in &acknowledged {
            assert!(found.contains(name), "round {round}: {name} is gone: {found:?}");
        }
    }
}
