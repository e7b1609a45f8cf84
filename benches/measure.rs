//! Repeats something and prints how long it took: median, 99th percentile, longest.

use std::time::Duration;

use qun::clock::Monotonic;

/// Runs a row of the table unless the words after `cargo bench --` name others.
pub fn wanted(name: &str) -> bool {
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    asked.is_empty() || asked.iter().any(|word| name.contains(word.as_str()))
}

/// A number from the environment, else a small one that keeps a run under a minute.
pub fn size(variable: &str, usual: u32) -> u32 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Times one thing.
pub fn time<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Monotonic::start();
    let made = work();
    (begun.elapsed(), made)
}

/// Times something again and again.
pub fn times(rounds: u32, mut work: impl FnMut()) -> Vec<Duration> {
    (0..rounds).map(|_| time(&mut work).0).collect()
}

/// Prints one row. `bar` is what the row should stay under at the size it names.
pub fn print(what: &str, mut taken: Vec<Duration>, bar: &str) {
    taken.sort();
    let at =
        |share: usize| taken.get((taken.len() * share / 100).min(taken.len().saturating_sub(1))).copied();
    let shown =
        |share| at(share).map_or_else(|| "-".to_owned(), |time| format!("{:.2}", time.as_secs_f64() * 1e3));
    let [median, high, most] = [50, 99, 100].map(shown);
    println!("{what:<58} {:>5} {median:>10} {high:>10} {most:>10}   {bar}", taken.len());
}

/// Prints how much memory this process holds now and held at most, in MB, where the system says so.
pub fn print_memory(what: &str, bar: &str) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let megabytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes >> 10)
    };
    if let (Some(now), Some(most)) = (megabytes("VmRSS:"), megabytes("VmHWM:")) {
        println!(
            "{what:<58} {:>5} {:>10} {:>10} {:>10}   {bar}",
            "",
            "",
            format!("{now} MB"),
            format!("{most} MB")
        );
    }
}
