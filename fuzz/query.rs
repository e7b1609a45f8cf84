//! Any text as a filter and as a moment: `cargo +nightly fuzz run query -- -max_total_time=600`, with `cargo install cargo-fuzz`.
//!
//! What it finds goes into `src/query/tests/` as a text of its own.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Err(broken) = qun::query::trial::withstand(text) {
        panic!("{broken}: {text:?}");
    }
});
