//! Why a text cannot be said, and what would do.

use super::task_line::clean;
use super::words::ViewWords;
use crate::book::Task;
use crate::desk::Desk;
use crate::sop::render::{BlockWords, RenderBlock};
use crate::text::clean::for_display;
use crate::text::lang::Lang;

impl Desk {
    /// The variable that is missing, and why nothing can be copied; for `me` and `shop` with the way to fill it.
    pub(super) fn blocked(&self, task: &Task, block: &RenderBlock, lang: Lang) -> (String, String) {
        let variable = block.variable.clone().unwrap_or_default();
        let mut words = for_display(&block.show(lang)).into_owned();
        let account = task.status.account.and_then(|id| self.store.columns.accounts.by_id(id));
        // one message says it to all of them
        let is_of_one = ["name", "member"].contains(&variable.as_str());
        if let (true, BlockWords::Empty, n @ 1..) = (is_of_one, block.kind(), task.members.len()) {
            let values: [(&str, &dyn std::fmt::Display); 3] =
                [("variable", &variable), ("n", &n), ("members", &"{{ members }}")];
            words = ViewWords::NoOneMember.fill(lang, &values);
        }
        if let ("me", BlockWords::Empty, Some(account)) = (variable.as_str(), block.kind(), account) {
            let name = clean(&account.body.name);
            words = ViewWords::NoPersona
                .fill(lang, &[("account", &name), ("word", &crate::text::shell::quoted(&name))]);
        }
        if let ("shop", BlockWords::Empty) = (variable.as_str(), block.kind()) {
            ViewWords::NoShop.text(lang).clone_into(&mut words);
        }
        (for_display(&variable).into_owned(), words)
    }
}
