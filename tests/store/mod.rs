//! Damage done to a store from outside, seen through the real program: nothing acknowledged is lost, and what happened
//! is said in a sentence.

mod acknowledged;
mod attached;
mod full;
mod index;
mod journal;
mod kept;
mod told;

use std::fs;
use std::path::{Path, PathBuf};

use qun::store::disk::RealDisk;
use qun::store::journal::verify;

use crate::common::{Environment, Ran};

/// Bytes in front of the first frame of a segment.
const SEGMENT_HEADER: usize = 64;

/// A store with twelve groups, written by a desk that ended well.
fn with_groups() -> (Environment, Vec<String>) {
    let environment = Environment::new();
    let desk = environment.serve();
    add_groups(&environment, 0..12);
    stop(&environment, desk);
    let groups = environment.groups();
    assert_eq!(groups.len(), 12);
    (environment, groups)
}

fn add_groups(environment: &Environment, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let ran = environment.run(&["group", "add", &format!("团购{number}群")]);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
}

fn stop(environment: &Environment, mut desk: crate::common::Serving) {
    assert_eq!(environment.run(&["serve", "--stop"]).code, 0);
    assert!(desk.0.wait().unwrap().success());
}

fn first_segment(environment: &Environment) -> PathBuf {
    environment.store().join("journal/000001.qj")
}

/// The bytes of the first segment up to the end of its last frame: what is behind is room kept free. Read frame by
/// frame: a checksum may end with a zero.
fn written(environment: &Environment) -> usize {
    let report = verify(&RealDisk::new(environment.store()), &mut |_, _| {}).unwrap();
    SEGMENT_HEADER + usize::try_from(report.bytes).unwrap()
}

fn copy_directory(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_directory(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Asserts that a command failed with a sentence for humans and not with a panic.
fn assert_told(ran: &Ran, words: &str) {
    assert!(ran.code != 0 && ran.code != 101 && ran.code != -1, "{ran:?}");
    assert!(ran.err.contains(words) && !ran.err.contains("panicked"), "no {words:?} in {ran:?}");
}
