//! `qun demo`: a store of believable data, made once.

use std::mem::ManuallyDrop;
use std::process::ExitCode;
use std::sync::Arc;

use super::args::DemoArgs;
use super::context::Context;
use super::error::{CliError, Kind};
use super::reach::{self, Waited};
use crate::demo::{self, Sizes};
use crate::store;

crate::words! {
    enum Words {
        Ready { members, groups, tasks } => [
            "演示数据已就绪: {members} 位成员, {groups} 个群, {tasks} 条待发, 时间停在 3 月 10 日 09:10",
            "演示資料已就緒: {members} 位成員, {groups} 個群, {tasks} 條待發, 時間停在 3 月 10 日 09:10",
            "the demo is ready: {members} members, {groups} groups, {tasks} open tasks, on March 10, 09:10",
        ],
        Open { command } => ["打开: {command}", "開啟: {command}", "open it: {command}"],
        Exists { path } => [
            "{path} 已经有数据，没有改动", "{path} 已經有資料，沒有改動", "there is a store at {path} already; it was left as it is",
        ],
    }
}

pub(super) fn run(context: &mut Context, args: &DemoArgs) -> Result<ExitCode, CliError> {
    let lang = context.lang;
    let path = context.store.path().display().to_string();
    let quoted = crate::text::shell::quoted(&path);
    let name = if context.name == demo::STORE_NAME { context.name.clone() } else { quoted.clone() };
    let open = Words::Open.fill(lang, &[("command", &format!("qun --store {name}"))]);
    let wants =
        args.members.is_some() || args.groups.is_some() || args.tasks.is_some() || args.seed.is_some();
    if context.store.has_journal() {
        let words = Words::Exists.fill(lang, &[("path", &path)]);
        if wants {
            return Err(CliError::new(Kind::Store, words).hint(format!("rm -r {quoted}")));
        }
        context.out.line(&words);
        context.out.line(&open);
        return Ok(ExitCode::SUCCESS);
    }
    let usual = Sizes::default();
    let sizes = Sizes {
        members: args.members.unwrap_or(usual.members),
        groups: args.groups.unwrap_or(usual.groups),
        tasks: args.tasks.unwrap_or(usual.tasks),
    }
    .possible();
    let seed = args.seed.unwrap_or(1);
    let failed = |error: &dyn std::fmt::Display| CliError::new(Kind::Store, error).hint("qun doctor");

    let dir = reach::prepare(context)?;
    let lock = match reach::wait_for_lock(context, &dir)? {
        Waited::Held(lock) => lock,
        Waited::Running(_) => return Err(failed(&Words::Exists.fill(lang, &[("path", &path)]))),
    };
    demo::write(Arc::new(dir.disk()), seed, sizes, &mut progress("members")).map_err(|e| failed(&e))?;
    let (mut store, _) = store::open(&dir, seed, &mut progress("index")).map_err(|e| failed(&e))?;
    store.leave_index().map_err(|e| failed(&e))?;
    // a columns file that cannot be written only makes the next opening slower
    store.keep_columns_at_end();
    let columns = &store.columns;
    let (members, groups, tasks) = (columns.members.len(), columns.groups.len(), columns.queue.len());
    let values: [(&str, &dyn std::fmt::Display); 3] =
        [("members", &members), ("groups", &groups), ("tasks", &tasks)];
    context.out.line(&Words::Ready.fill(lang, &values));
    context.out.line(&open);
    // dropping sled costs as much as opening it; both end with the process
    let _ = (ManuallyDrop::new(store), ManuallyDrop::new(lock));
    Ok(ExitCode::SUCCESS)
}

/// Tells on stderr how far large data is, ten times at most.
fn progress(what: &'static str) -> impl FnMut(u64, u64) {
    let mut told = 0;
    move |done, of| {
        let tenth = (done * 10).checked_div(of).unwrap_or(0);
        if of >= 100_000 && tenth > told {
            told = tenth;
            super::out::complain(&format!("{what}: {done}/{of}"));
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<super::Words>(), Vec::<String>::new());
    }
}
