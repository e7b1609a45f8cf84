//! What is said of the views that only this user has: no desk knows of them, so no `qun undo` takes back what was done to
//! one, and the command that does is printed.

use serde_json::json;

use super::context::Context;
use super::json;
use crate::book::View;
use crate::text::shell::quoted;

crate::words! {
    pub(super) enum OwnWords {
        Kept { name } => ["已存视图“{name}”", "已存視圖「{name}」", "saved the view \"{name}\""],
        /// What no desk knows is taken back by no `qun undo`.
        BackBy { command } => [
            "qun undo 不管自己的视图; 要找回来: {command}",
            "qun undo 不管自己的視圖; 要找回來: {command}",
            "qun undo knows nothing of your own views; this brings it back: {command}",
        ],
        Removed { name } => ["已删视图“{name}”", "已刪視圖「{name}」", "removed the view \"{name}\""],
    }
}

/// The command that makes one of the user's own views what it was, whatever is called so by now.
pub(super) fn made_by(was: &View, called: &str) -> String {
    let columns: Vec<&str> = was.columns.iter().map(|column| column.word()).collect();
    let command = format!(
        "qun view save {} --private --kind {} -f {} --sort {} --columns {} --limit {} --key {}",
        quoted(called),
        was.kind.word(),
        quoted(&was.filter),
        was.sort.word(),
        quoted(&columns.join(",")),
        was.limit.unwrap_or(0),
        was.key.unwrap_or(0),
    );
    if was.name == called { command } else { format!("{command} --rename {}", quoted(&was.name)) }
}

/// What became of a view that no desk knows, and the command that takes it back.
pub(super) fn say_own(
    context: &mut Context,
    words: OwnWords,
    name: &str,
    back: Option<String>,
    as_json: bool,
) {
    let words = words.fill(context.lang, &[("name", &name)]);
    if as_json {
        context.out.json(json::row(&json!({"name": name, "words": words, "back": back})));
        return;
    }
    context.out.line(&words);
    if let Some(command) = back {
        context.out.line(&OwnWords::BackBy.fill(context.lang, &[("command", &command)]));
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<super::OwnWords>(), Vec::<String>::new());
    }
}
