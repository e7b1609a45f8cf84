//! How fast it is, in milliseconds: `cargo bench`, or `cargo bench -- filter tick` for the rows whose names have these words.
//!
//! Small by default, so that a run takes about a minute; the sizes that the bars speak of are asked for with
//! `QUN_BENCH_MEMBERS=100000 QUN_BENCH_DUE=10000 QUN_BENCH_ROWS=100000 QUN_BENCH_ENROLMENTS=1000000 cargo
//! bench`. The data is that of `qun demo --seed 1`: a member
//! has 2 handles, 2 memberships, 1 contact, 5 activities and 3 touches. Temporary files lie where `TMPDIR` says: on a
//! memory disk the rows that sync say little. Nothing here fails for being slow; tests never look at a clock.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark prints its table and stops at what it did not expect"
)]

#[path = "../tests/common/mod.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod common;
mod desk;
mod import;
mod measure;
mod program;
mod schedule;
mod store;

fn main() {
    println!("{:<58} {:>5} {:>10} {:>10} {:>10}   bar", "milliseconds", "times", "median", "99 %", "longest");
    store::run();
    schedule::run();
    desk::run();
    program::run();
    import::run();
}
