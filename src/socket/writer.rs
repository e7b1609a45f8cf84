//! The one thread that owns the desk: it hands over what waits, carries out what comes back, and sleeps.
//!
//! Inputs that wait together go into one turn, so that commands share one sync of the journal. Background work runs
//! in slices, one between any two batches, so that neither starves. It never waits for a client, and never sleeps
//! longer than [`SLEEP_MAX`]: after a suspend or a clock that was set, it looks again soon.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use crate::clock::Clock;
use crate::door::turn::{Input, Now, Output, Turn};

/// The longest sleep; a wake-up may come too early, never much too late.
pub const SLEEP_MAX: Duration = Duration::from_secs(20);

/// The least time between two ticks: a wish that a tick did not satisfy must not make this loop a busy one.
const PAUSE_MS: i64 = 50;

/// How many inputs share one turn at most.
const BATCH_MAX: usize = 256;

/// Drives the desk until it wishes to end, or every sender of inputs is gone and all inputs are done.
///
/// `turn` is the desk; `carry_out` must not block. True when the desk wished to end.
pub fn run(
    inputs: &Receiver<Input>,
    clock: &Clock,
    mut turn: impl FnMut(Vec<Input>, Now) -> Turn,
    mut carry_out: impl FnMut(Output),
) -> bool {
    let mut rest = Rest::default();
    loop {
        let mut batch = Vec::new();
        match inputs.recv_timeout(rest.sleep(clock.now())) {
            Ok(first) => {
                batch.push(first);
                batch.extend(inputs.try_iter().take(BATCH_MAX - 1));
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return false,
        }
        let now = clock.now();
        if rest.tick_is_due(now) {
            batch.push(Input::Tick);
            rest.ticked_ms = Some(now.boot_ms);
        }
        let mut idle = rest.more;
        if !batch.is_empty() {
            let done = turn(batch, now);
            idle |= done.more;
            if rest.take(done, &mut carry_out) {
                return true;
            }
        }
        if idle {
            rest.take(turn(vec![Input::Idle], clock.now()), &mut carry_out);
        }
    }
}

/// What the last turn said about the next.
#[derive(Default)]
struct Rest {
    wake_at: Option<crate::book::Timestamp>,
    more: bool,
    /// The boot clock at the last tick; none before the first.
    ticked_ms: Option<i64>,
}

impl Rest {
    /// True when the desk wishes to end.
    fn take(&mut self, turn: Turn, carry_out: &mut impl FnMut(Output)) -> bool {
        self.wake_at = turn.wake_at;
        self.more = turn.more;
        turn.outputs.into_iter().for_each(carry_out);
        turn.leave
    }

    fn sleep(&self, now: Now) -> Duration {
        if self.more || self.tick_is_due(now) {
            return Duration::ZERO;
        }
        let until = self.wake_at.map_or(SLEEP_MAX, |at| millis(at.since(now.wall)));
        let since = self.ticked_ms.map_or(0, |at| now.boot_ms.saturating_sub(at));
        until.max(millis(PAUSE_MS - since)).min(SLEEP_MAX.saturating_sub(millis(since)))
    }

    /// True at the desk's wish and every [`SLEEP_MAX`], also while requests keep the thread awake.
    fn tick_is_due(&self, now: Now) -> bool {
        let Some(ticked_ms) = self.ticked_ms else { return true };
        let since = now.boot_ms.saturating_sub(ticked_ms);
        let wished = self.wake_at.is_some_and(|at| at <= now.wall) && since >= PAUSE_MS;
        wished || millis(since) >= SLEEP_MAX
    }
}

fn millis(span: i64) -> Duration {
    Duration::from_millis(u64::try_from(span).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::Timestamp;
    use crate::door::turn::ClientId;
    use std::sync::mpsc;

    fn ask(tag: u64) -> Input {
        let request = crate::door::Request::Status;
        Input::Request { client: ClientId(1), tag, request }
    }

    #[test]
    fn waiting_inputs_share_a_turn_and_background_work_gets_its_slices() {
        let (sender, inputs) = mpsc::channel();
        for tag in 0..300 {
            sender.send(ask(tag)).unwrap();
        }
        drop(sender);
        let (mut sizes, mut slices, mut told) = (Vec::new(), 0, 0);
        let wished = run(
            &inputs,
            &Clock::system(),
            |batch, _| {
                let idle = batch == [Input::Idle];
                if idle {
                    slices += 1;
                } else {
                    sizes.push(batch.len());
                }
                Turn {
                    outputs: vec![Output::Log("做完".into())],
                    wake_at: None,
                    more: slices < 5,
                    leave: false,
                }
            },
            |_| told += 1,
        );
        assert!(!wished);
        // 256 and the first tick, then the rest; a slice after each batch.
        assert_eq!((sizes, slices, told), (vec![257, 44], 2, 4));
    }

    #[test]
    fn it_sleeps_until_the_wish_but_never_long() {
        let now = Now { wall: Timestamp(1_000_000), boot_ms: 500_000 };
        let check = |wake_at: Option<i64>, ticked_ms, expected_ms| {
            let rest = Rest { wake_at: wake_at.map(Timestamp), more: false, ticked_ms };
            assert_eq!(rest.sleep(now), Duration::from_millis(expected_ms), "{wake_at:?} {ticked_ms:?}");
        };
        check(None, None, 0);
        check(None, Some(500_000), 20_000);
        check(Some(1_003_000), Some(500_000), 3_000);
        check(Some(9_000_000), Some(495_000), 15_000);
        check(Some(900_000), Some(499_000), 0);
        check(Some(900_000), Some(499_980), 30);
        check(None, Some(400_000), 0);
    }
}
