//! The real program on a pseudo terminal: keys in, pictures out. Waits for words, never for time.

use std::io::{Read as _, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};

use super::Environment;

/// How long a word may take to appear on a loaded machine before the test fails with the picture.
const PATIENCE: Duration = Duration::from_secs(30);
/// ECHO and ICANON of termios: on in a terminal that belongs to a shell.
const COOKED: u32 = 0o12;

/// Lets the reader of a terminal through, or not.
#[derive(Default)]
struct Gate {
    /// Whether it is closed, and whether the reader stands before it.
    state: Mutex<(bool, bool)>,
    changed: Condvar,
}

impl Gate {
    fn pass(&self) {
        let mut state = self.state.lock().unwrap();
        state.1 = true;
        let mut state = self.changed.wait_while(state, |(closed, _)| *closed).unwrap();
        state.1 = false;
    }

    fn close(&self, closed: bool) {
        self.state.lock().unwrap().0 = closed;
        self.changed.notify_all();
    }

    fn holds(&self) -> bool {
        *self.state.lock().unwrap() == (true, true)
    }
}

/// A program on a terminal of 80 by 24.
pub struct Screen {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    bytes: Vec<u8>,
    parser: vt100::Parser,
    lost: Arc<AtomicBool>,
    gate: Arc<Gate>,
    reads: Option<JoinHandle<()>>,
    // Both ends stay open, so that the terminal can be asked how it was left.
    terminal: Option<(Box<dyn MasterPty + Send>, Box<dyn SlavePty + Send>)>,
}

impl Screen {
    /// `qun` with these arguments.
    #[must_use]
    pub fn start(environment: &Environment, arguments: &[&str]) -> Self {
        Self::start_program(environment, Path::new(env!("CARGO_BIN_EXE_qun")), arguments, &[])
    }

    /// Any program, with some variables more.
    #[must_use]
    pub fn start_program(
        environment: &Environment,
        program: &Path,
        arguments: &[&str],
        more: &[(&str, &str)],
    ) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let alone = super::starting();
        let pair = native_pty_system().openpty(size).unwrap();
        drop(alone);
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        for (name, value) in environment.variables() {
            command.env(name, value);
        }
        command.env("TERM", "xterm-256color");
        for (name, value) in more {
            command.env(name, value);
        }
        command.cwd(environment.path());
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let (sender, output) = channel();
        let (lost, gate) = (Arc::new(AtomicBool::new(false)), Arc::new(Gate::default()));
        let reads = {
            let (lost, gate) = (lost.clone(), gate.clone());
            std::thread::spawn(move || {
                let mut buffer = [0; 4096];
                while let Ok(n @ 1..) = reader.read(&mut buffer) {
                    if lost.load(Ordering::SeqCst) || sender.send(buffer[..n].to_vec()).is_err() {
                        return;
                    }
                    gate.pass();
                }
            })
        };
        let terminal = Some((pair.master, pair.slave));
        let [rows, columns] = [24, 80].map(|n| NonZeroU16::new(n).unwrap());
        let parser = vt100::Parser::new(rows, columns, 0);
        Self { child, writer, output, bytes: Vec::new(), parser, lost, gate, reads: Some(reads), terminal }
    }

    pub fn pid(&self) -> rustix::process::Pid {
        let pid = self.child.process_id().unwrap();
        rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap()
    }

    pub fn keys(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// What is on the screen now.
    pub fn picture(&self) -> String {
        self.parser.screen().contents()
    }

    /// Reads until the picture is as wanted.
    pub fn wait_until(&mut self, what: &str, wanted: impl Fn(&str) -> bool) {
        let begun = Instant::now();
        while !wanted(&self.picture()) {
            assert!(self.read() && begun.elapsed() <= PATIENCE, "waiting for {what}:\n{}", self.picture());
        }
    }

    /// What was written so far, as it came.
    pub fn written(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }

    pub fn wait_for(&mut self, words: &str) {
        self.wait_until(words, |picture| picture.contains(words));
    }

    /// Takes what has come; false when nothing more can come.
    fn read(&mut self) -> bool {
        match self.output.recv_timeout(Duration::from_millis(100)) {
            Ok(bytes) => {
                self.parser.process(&bytes);
                self.bytes.extend(bytes);
                true
            }
            Err(RecvTimeoutError::Timeout) => true,
            Err(RecvTimeoutError::Disconnected) => false,
        }
    }

    /// Waits for the program's end; its exit code.
    pub fn end(&mut self) -> u32 {
        let begun = Instant::now();
        loop {
            if !self.read() {
                std::thread::sleep(Duration::from_millis(10));
            }
            if let Some(status) = self.child.try_wait().unwrap() {
                // What it wrote last may still be on its way.
                while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(200)) {
                    self.parser.process(&bytes);
                    self.bytes.extend(bytes);
                }
                return status.exit_code();
            }
            assert!(begun.elapsed() < PATIENCE, "it does not end:\n{}", self.picture());
        }
    }

    /// Nobody reads the terminal any more, though it is there, and it is full: what is written next waits.
    pub fn stop_reading(&mut self) {
        use rustix::fs::{Mode, OFlags};
        let (master, _) = self.terminal.as_ref().unwrap();
        let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::NOCTTY;
        let near = rustix::fs::open(master.tty_name().unwrap(), flags, Mode::empty()).unwrap();
        self.gate.close(true);
        let begun = Instant::now();
        // what has been written is passed on a moment later, which makes room once more
        let mut full = 0;
        while full < 20 {
            // no terminal shows these; few at a time, as there is room for those when there is none for many
            match rustix::io::write(&near, &[0; 16]) {
                Ok(_) => full = 0,
                Err(error) => {
                    assert_eq!(error, rustix::io::Errno::AGAIN);
                    full += usize::from(self.gate.holds());
                    std::thread::sleep(Duration::from_millis(5));
                }
            }
            assert!(begun.elapsed() < PATIENCE, "the terminal does not become full");
        }
    }

    /// What waits in the terminal is read again.
    pub fn read_on(&mut self) {
        self.gate.close(false);
    }

    /// The terminal goes away under the program, as when a window is closed or a connection is lost.
    pub fn hang_up(&mut self) {
        // The reader holds the terminal open until it reads once more: a repaint makes it.
        self.lost.store(true, Ordering::SeqCst);
        self.keys("\x0c");
        self.reads.take().unwrap().join().unwrap();
        self.writer = Box::new(std::io::sink());
        self.terminal = None;
    }

    /// Asserts that a shell would find the terminal as it was: cooked, on its own page, with a cursor, without modes.
    pub fn assert_given_back(&self) {
        let (master, _) = self.terminal.as_ref().unwrap();
        let modes = master.get_termios().unwrap().local_flags.bits();
        assert_eq!(modes & COOKED, COOKED, "echo and line editing are on");
        let screen = self.parser.screen();
        assert!(!screen.alternate_screen(), "the first page is shown");
        assert!(!screen.hide_cursor(), "the cursor is shown");
        assert!(!screen.bracketed_paste(), "pastes come bare");
        // vt100 does not know focus reports: the last word about them must be off.
        let sent = self.written();
        let last = |mode: &str| sent.rfind(mode);
        assert!(last("\x1b[?1049h").is_some(), "it had entered");
        assert!(last("\x1b[?1004l") >= last("\x1b[?1004h"), "no focus reports");
        assert!(last("\x1b[?2026l") >= last("\x1b[?2026h"), "no frame is held back");
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
