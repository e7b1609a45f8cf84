//! How long a message takes by hand, of each kind: the median of what people here really needed, else a stated guess.

use serde::{Deserialize, Serialize};

use crate::book::{Timestamp, Via};

/// A longer gap is a pause, not work.
const PAUSE: i64 = 3 * 60 * 1_000;

/// Fewer samples say nothing.
const ENOUGH: usize = 5;

/// That somebody marked a message as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marked<'a> {
    pub by: &'a str,
    pub via: Via,
    pub at: Timestamp,
}

/// Seconds for one message of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    pub via: Via,
    pub seconds: u32,
    /// How many messages it was measured on; 0 where it is the guess.
    pub samples: u32,
}

/// What a kind takes where nothing was measured, in seconds: find the chat, paste, send, mark.
pub const fn guess(via: Via) -> u32 {
    match via {
        Via::Private => 40,
        Via::Group => 30,
        Via::Moments => 120,
        Via::Post => 180,
        Via::Call => 240,
        Via::Internal => 300,
    }
}

/// Marks that follow each other so fast were one key: of one command over many, or of the slices it was done in.
const TOGETHER: i64 = 1_000;

/// The pace of every kind, by the time between two marks of one person. What is marked together, after it was sent or
/// in one key, does not tell how long it took.
pub fn paces(marked: &[Marked<'_>]) -> Vec<Pace> {
    let mut sorted: Vec<&Marked<'_>> = marked.iter().collect();
    sorted.sort_by_key(|mark| (mark.by, mark.at));
    let mut samples: Vec<(Via, u32)> = Vec::new();
    let mut before: Option<(&str, Timestamp)> = None;
    let at_once =
        |one: &&Marked<'_>, other: &&Marked<'_>| one.by == other.by && other.at.since(one.at) < TOGETHER;
    for together in sorted.chunk_by(at_once) {
        let (Some(first), Some(last)) = (together.first(), together.last()) else { continue };
        let gap = before.filter(|(by, _)| *by == first.by).map(|(_, at)| first.at.since(at));
        if let Some(gap) = gap.filter(|gap| together.len() == 1 && *gap <= PAUSE) {
            samples.push((first.via, (gap / 1_000) as u32));
        }
        before = Some((last.by, last.at));
    }
    Via::ALL
        .iter()
        .map(|via| {
            let mut own: Vec<u32> =
                samples.iter().filter(|(of, _)| of == via).map(|(_, seconds)| *seconds).collect();
            own.sort_unstable();
            match own.get(own.len() / 2).filter(|_| own.len() >= ENOUGH) {
                Some(median) => Pace { via: *via, seconds: (*median).max(1), samples: own.len() as u32 },
                None => Pace { via: *via, seconds: guess(*via), samples: 0 },
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(via: Via, paces: &[Pace]) -> (u32, u32) {
        paces.iter().find(|pace| pace.via == via).map(|pace| (pace.seconds, pace.samples)).unwrap_or_default()
    }

    #[test]
    fn the_median_of_ones_own_gaps_counts_and_pauses_do_not() {
        let mark = |by, via, seconds: i64| Marked { by, via, at: Timestamp(seconds * 1_000) };
        let mut marked: Vec<Marked<'_>> =
            [0, 20, 40, 65, 90, 300, 5_000].iter().map(|at| mark("小李", Via::Private, *at)).collect();
        // somebody else between them is somebody else
        marked.extend([5, 25, 41].iter().map(|at| mark("王店长", Via::Private, *at)));
        let found = paces(&marked);
        // 20 20 25 25, a pause, and 20 16
        assert_eq!(of(Via::Private, &found), (20, 6));
        assert_eq!(of(Via::Group, &found), (guess(Via::Group), 0));
    }

    #[test]
    fn what_is_marked_together_tells_nothing() {
        let mark = |ms: i64| Marked { by: "小李", via: Via::Group, at: Timestamp(ms) };
        // all at once after one, and once more a few at a time as a long command does it
        let chunk = std::iter::repeat_n(mark(30_000), 14);
        let slices = [60_000, 60_004, 60_009].into_iter().flat_map(|at| std::iter::repeat_n(mark(at), 2));
        let mut marked: Vec<Marked<'_>> = std::iter::once(mark(0)).chain(chunk).chain(slices).collect();
        assert_eq!(of(Via::Group, &paces(&marked)), (guess(Via::Group), 0));
        // what is sent one by one afterwards is measured
        marked.extend((1..=5).map(|n| mark(60_009 + n * 25_000)));
        assert_eq!(of(Via::Group, &paces(&marked)), (25, 5));
        assert_eq!(of(Via::Group, &paces(&[])), (guess(Via::Group), 0));
    }
}
