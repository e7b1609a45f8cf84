//! The desk against a naive book, on a machine that fails: seeded histories of weeks.
//!
//! Three operators, a clock that is set forward and back, a disk that loses what was not synced and an index that
//! falls behind; after every step the desk must show what was acknowledged and what the rules say, and nothing
//! else. A seed makes one history; a failure prints its seed, its step and the last things done. Planted faults
//! prove that the simulation would notice.
//!
//! - [`world`]: disk, index, clocks, crashes;
//! - [`driver`]: what happens next, by the roll of the seed;
//! - [`book`] and [`predict`]: the naive book, and what commands make so;
//! - [`invariants`] and [`reading`]: what must hold, and how the desk is read;
//! - [`faults`]: faults planted on purpose;
//! - [`absence`]: the same weeks with the program on and off;
//! - [`found`]: what it has found, a named test each;
//! - [`playbooks`], [`people`]: what the histories are about.
//!
//! `QUN_SIM_SEEDS=100 QUN_SIM_STEPS=2000 cargo test simulation` runs longer; `QUN_SIM_SEED=7` runs one seed alone.
//! `QUN_SIM_ABSENCES=2000` draws more absences; `QUN_SIM_ABSENCE=7` lives through one alone.

mod absence;
mod book;
mod driver;
mod faults;
mod found;
mod invariants;
mod people;
mod playbooks;
mod predict;
mod reading;
mod world;

use driver::Driver;
use faults::Fault;

/// Who works at the desk.
const OPERATORS: [&str; 3] = ["王店长", "小李", "阿梅"];

/// Something that must not be.
#[derive(Debug)]
struct Violation(String);

impl Violation {
    fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

/// Runs one history; the violation comes with seed, step and the last things done.
fn run(seed: u64, steps: u32, fault: Fault) -> Result<(), String> {
    let mut driver = Driver::new(seed, fault);
    for step in 0..steps {
        if let Err(Violation(words)) = driver.step() {
            return Err(format!("seed {seed}, step {step}: {words}\n  {}", driver.history.join("\n  ")));
        }
    }
    driver.end().map_err(|Violation(words)| {
        format!("seed {seed}, at the end: {words}\n  {}", driver.history.join("\n  "))
    })
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn histories_keep_every_promise() {
    let steps = number("QUN_SIM_STEPS", 120) as u32;
    let only = std::env::var("QUN_SIM_SEED").ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = only.map_or(1..=number("QUN_SIM_SEEDS", 4), |seed| seed..=seed);
    let failures: Vec<String> = seeds.filter_map(|seed| run(seed, steps, Fault::None).err()).collect();
    assert!(failures.is_empty(), "{} histories fail:\n{}", failures.len(), failures.join("\n\n"));
}

/// Runs histories with a fault until one notices; it must say so in the words expected.
fn finds(fault: Fault, words: &[&str]) {
    let mut said = Vec::new();
    for seed in 1..=20 {
        let Err(violation) = run(seed, 150, fault) else { continue };
        if words.iter().any(|words| violation.contains(words)) {
            return;
        }
        said.push(violation);
    }
    panic!("{fault:?} was not found as {words:?}, but: {}", said.join("\n"));
}

#[test]
fn a_skipped_sync_is_found() {
    finds(Fault::SkippedSync, &["acknowledged records are lost", "does not open after a restart"]);
}

#[test]
fn a_double_firing_is_found() {
    finds(Fault::DoubleFiring, &["fired twice"]);
}
#[test]
fn a_lost_undo_is_found() {
    finds(Fault::LostUndo, &["and should be"]);
}
