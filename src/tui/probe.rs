//! How wide this terminal draws the characters that some draw one column wide and others two.
//!
//! One of them is written and the terminal asked where its cursor stands, before the desk is reached; when that is done
//! the answer is there or not. Nobody waits for it: a terminal that does not answer costs nothing, and one that answers later
//! is taken for one that draws them narrow (what comes late is no key). Until then the terminal gives what is typed as it is
//! and echoes nothing, and its interrupt key is a key. Keys that came with the answer are given back. Where no screen comes of it the answer
//! is waited for a moment all the same: whoever has the terminal next would find it typed.

use std::io;
use std::os::fd::AsFd;
use std::time::Duration;

use rustix::io::{ioctl_fionread, read};
use rustix::termios::{
    LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios, tcflush, tcgetattr, tcsetattr,
};

use crate::clock::Monotonic;

/// The character that is tried, where the cursor is asked for, and the line made empty again.
const QUESTION: &[u8] = "\r\u{2502}\x1b[6n\r\x1b[K".as_bytes();

/// So long an answer is waited for that nobody is there to take.
const OWED_FOR: Duration = Duration::from_millis(400);

/// A question under way; dropped, it takes its answer from the terminal and gives that back as it was.
#[derive(Debug)]
pub struct Probe<T: AsFd = io::Stdin> {
    terminal: T,
    before: Termios,
    came: Vec<u8>,
    /// Somebody is there to take what comes late.
    ended: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Two columns for what counts as one; none when nothing was answered.
    pub wide: Option<bool>,
    /// What was typed meanwhile.
    pub typed: String,
}

impl Probe {
    /// Asks the terminal of this process. None where it cannot be asked, or somebody is typing already.
    pub fn begin() -> Option<Self> {
        Self::begin_on(io::stdin(), &mut io::stdout())
    }
}

impl Answer {
    /// Whoever sits there wanted to leave before it had begun.
    pub fn interrupts(&self) -> bool {
        self.typed.contains('\x03')
    }
}

impl<T: AsFd> Probe<T> {
    fn begin_on(terminal: T, out: &mut impl io::Write) -> Option<Self> {
        let before = tcgetattr(&terminal).ok()?;
        if ioctl_fionread(&terminal).ok()? > 0 {
            return None;
        }
        let mut modes = before.clone();
        // a key that ended the process would leave the terminal as it is now
        modes.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG);
        modes.special_codes[SpecialCodeIndex::VMIN] = 0;
        modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(&terminal, OptionalActions::Now, &modes).ok()?;
        let probe = Self { terminal, before, came: Vec::new(), ended: false };
        out.write_all(QUESTION).and_then(|()| out.flush()).ok()?;
        Some(probe)
    }

    /// What was answered by now.
    pub fn end(mut self) -> Answer {
        self.ended = true;
        self.take()
    }

    /// Takes what has come.
    fn take(&mut self) -> Answer {
        let mut bytes = vec![0; ioctl_fionread(&self.terminal).unwrap_or(0).min(4_096) as usize];
        let n = if bytes.is_empty() { 0 } else { read(&self.terminal, &mut bytes[..]).unwrap_or(0) };
        self.came.extend(bytes.iter().take(n));
        answer(&String::from_utf8_lossy(&self.came))
    }

    /// Takes the answer from the terminal, for no longer than this.
    fn settle(&mut self, within: Duration) {
        let since = Monotonic::start();
        while self.take().wide.is_none() && since.elapsed() < within {
            // a read that waits a tenth of a second for a byte
            let mut modes = self.before.clone();
            modes.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG);
            modes.special_codes[SpecialCodeIndex::VMIN] = 0;
            modes.special_codes[SpecialCodeIndex::VTIME] = 1;
            let mut byte = [0; 1];
            let waits = tcsetattr(&self.terminal, OptionalActions::Now, &modes).is_ok();
            match read(&self.terminal, &mut byte[..]) {
                Ok(n) if waits => self.came.extend(byte.iter().take(n)),
                _ => break,
            }
        }
        self.ended = true;
    }
}

impl<T: AsFd> Drop for Probe<T> {
    fn drop(&mut self) {
        if !self.ended {
            self.settle(OWED_FOR);
        }
        let _ = tcsetattr(&self.terminal, OptionalActions::Now, &self.before);
    }
}

/// Throws away what lies in this process's terminal, where a question had no answer and no screen comes that would take it.
pub fn discard() {
    let _ = tcflush(io::stdin(), QueueSelector::IFlush);
}

/// Finds `ESC [ row ; column R` among what came.
fn answer(came: &str) -> Answer {
    for (at, _) in came.match_indices("\x1b[") {
        let rest = came.get(at + 2..).unwrap_or_default();
        let Some((place, after)) = rest.split_once('R') else { continue };
        let Some((row, column)) = place.split_once(';') else { continue };
        let (Ok(_), Ok(column)) = (row.parse::<u16>(), column.parse::<u16>()) else { continue };
        let typed = format!("{}{after}", came.get(..at).unwrap_or_default());
        return Answer { wide: Some(column > 2), typed };
    }
    // the beginning of an answer is no key
    let typed = came.split('\x1b').next().unwrap_or_default().to_owned();
    Answer { wide: None, typed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::io::{Read as _, Write as _};

    #[test]
    fn answers_are_told_from_keys() {
        let check = |came: &str, wide: Option<bool>, typed: &str| {
            assert_eq!(answer(came), Answer { wide, typed: typed.to_owned() }, "{came:?}");
        };
        check("\x1b[1;2R", Some(false), "");
        check("\x1b[24;3R", Some(true), "");
        check("j\x1b[1;3Rdd", Some(true), "jdd");
        check("jj", None, "jj");
        check("", None, "");
        check("j\x1b[1;", None, "j");
        check("\x1b[A", None, "");
        assert!(answer("\x03\x1b[1;2R").interrupts() && answer("j\x03").interrupts());
        assert!(!answer("\x1b[1;2R").interrupts());
    }

    /// A terminal of our own: its far end, and two handles on its near end.
    fn terminal() -> (portable_pty::PtyPair, File, File) {
        let pair = portable_pty::native_pty_system().openpty(portable_pty::PtySize::default()).unwrap();
        let name = pair.master.tty_name().unwrap();
        let near = File::options().read(true).write(true).open(name).unwrap();
        (pair, near.try_clone().unwrap(), near)
    }

    #[test]
    fn a_terminal_is_asked_and_given_back_whether_it_answers_or_not() {
        for (reply, expected) in [("\x1b[1;3R", Some(true)), ("\x1b[1;2R", Some(false)), ("", None)] {
            let (far, near, mut out) = terminal();
            let (mut reader, mut writer) =
                (far.master.try_clone_reader().unwrap(), far.master.take_writer().unwrap());
            let modes = || tcgetattr(&out).unwrap().local_modes;
            let before = modes();
            let probe = Probe::begin_on(near, &mut out.try_clone().unwrap()).unwrap();
            assert!(!modes().intersects(LocalModes::ECHO | LocalModes::ISIG));
            let mut asked = [0; 64];
            let n = reader.read(&mut asked).unwrap();
            assert!(String::from_utf8_lossy(&asked[..n]).contains("\x1b[6n"));
            writer.write_all(reply.as_bytes()).unwrap();
            while !reply.is_empty() && ioctl_fionread(&out).unwrap() < reply.len() as u64 {
                std::thread::yield_now();
            }
            assert_eq!(probe.end().wide, expected);
            assert_eq!(tcgetattr(&out).unwrap().local_modes, before);
            out.flush().unwrap();
        }
    }

    #[test]
    fn an_answer_that_nobody_waits_for_is_not_left_in_the_terminal() {
        let (far, near, out) = terminal();
        let (mut reader, mut writer) =
            (far.master.try_clone_reader().unwrap(), far.master.take_writer().unwrap());
        let modes = || tcgetattr(&out).unwrap().local_modes;
        let before = modes();
        let mut probe = Probe::begin_on(near, &mut out.try_clone().unwrap()).unwrap();
        let answers = std::thread::spawn(move || {
            let mut asked = [0; 64];
            let _ = reader.read(&mut asked).unwrap();
            writer.write_all(b"j\x1b[1;2R").unwrap();
            writer
        });
        // the patience of a machine that does much else
        probe.settle(Duration::from_secs(20));
        drop(probe);
        let _writer = answers.join().unwrap();
        assert_eq!(ioctl_fionread(&out).unwrap(), 0);
        assert_eq!(modes(), before);
    }

    #[test]
    fn who_types_already_is_not_asked() {
        let (far, near, mut out) = terminal();
        far.master.take_writer().unwrap().write_all(b"j\n").unwrap();
        while ioctl_fionread(&out).unwrap() == 0 {
            std::thread::yield_now();
        }
        assert!(Probe::begin_on(near, &mut out).is_none());
    }
}
