//! Tells a program of the user's what the desk wants told: JSON on its standard input, no shell.
//!
//! One runs at a time and has five seconds; while it runs, sixteen more may wait, and what comes then is dropped:
//! the queue is the truth, a notification is a hint.

use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::sync::mpsc;

/// Program and arguments; empty for none. The file that names it may change while a desk runs.
pub type Hook = Arc<Mutex<Vec<String>>>;

/// How long one may run.
pub const TIME_LIMIT: Duration = Duration::from_secs(5);

/// How many wait while one runs.
pub const WAITING: usize = 16;

/// Runs the hook for each JSON text until the sender is gone; without one the texts are dropped.
pub async fn run(hook: Hook, mut texts: mpsc::Receiver<String>, log: impl Fn(&str)) {
    while let Some(json) = texts.recv().await {
        let argv = hook.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((program, arguments)) = argv.split_first() {
            match tokio::time::timeout(TIME_LIMIT, tell(program, arguments, &json)).await {
                Ok(Ok(status)) if status.success() => {}
                Ok(Ok(status)) => log(&format!("hook {program}: {status}")),
                Ok(Err(error)) => log(&format!("hook {program}: {error}")),
                Err(_) => log(&format!("hook {program}: ended after {} s", TIME_LIMIT.as_secs())),
            }
        }
    }
}

async fn tell(program: &str, arguments: &[String], json: &str) -> std::io::Result<std::process::ExitStatus> {
    let mut child = tokio::process::Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // A program may end without reading; that is its own affair.
        let _ = input.write_all(json.as_bytes()).await;
    }
    child.wait().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn json_reaches_the_program_untouched_by_a_shell() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("got; rm -rf $HOME");
        let argv = ["tee", file.to_str().unwrap()].map(str::to_owned).to_vec();
        let (sender, texts) = mpsc::channel(WAITING);
        sender.send(r#"{"due":3,"群":"宠友"}"#.to_owned()).await.unwrap();
        drop(sender);
        run(Arc::new(Mutex::new(argv)), texts, |line| panic!("{line}")).await;
        assert_eq!(std::fs::read_to_string(file).unwrap(), r#"{"due":3,"群":"宠友"}"#);
    }

    #[tokio::test]
    async fn a_failing_program_is_logged() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        for program in ["/no/such/program", "false"] {
            let (sender, texts) = mpsc::channel(WAITING);
            sender.send("{}".to_owned()).await.unwrap();
            drop(sender);
            let lines = lines.clone();
            let hook = Arc::new(Mutex::new(vec![program.to_owned()]));
            run(hook, texts, move |line| lines.lock().unwrap().push(line.to_owned())).await;
        }
        let lines = lines.lock().unwrap();
        assert!(lines.len() == 2 && lines[0].contains("/no/such/program") && lines[1].contains("false"));
    }
}
