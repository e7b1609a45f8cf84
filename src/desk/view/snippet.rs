//! 话术 to choose from, filled for whom the cursor stands on.

use super::task_line::clean;
use crate::book::{ObjectId, Timestamp};
use crate::desk::Desk;
use crate::desk::act::DeskError;
use crate::door::detail::SnippetView;
use crate::store::columns::SnippetColumn;
use crate::text::clean::{for_clipboard, for_display_lines};
use crate::text::lang::Lang;
use crate::text::pinyin::Needle;

/// The most that one answer offers.
const OFFERED_MAX: usize = 200;

impl Desk {
    /// Snippets whose name, tags or text a word finds, also by pinyin; `#` looks among the tags alone. Those with the
    /// word in their name first, of these the most used.
    pub(super) fn snippets(
        &self,
        text: &str,
        on: Option<ObjectId>,
        limit: u16,
        now: Timestamp,
        lang: Lang,
    ) -> Result<Vec<SnippetView>, DeskError> {
        let text = text.trim().replace('＃', "#");
        let (word, tags_only) = text.strip_prefix('#').map_or((text.as_str(), false), |tag| (tag, true));
        let needle = Needle::new(word.trim());
        let mut found: Vec<(u8, u32, &SnippetColumn)> = Vec::new();
        for (name, column) in &self.store.columns.snippets {
            let used = self.store.columns.snippet_uses.get(name).map_or(0, |(n, _)| *n);
            let place = if needle.is_empty() || (!tags_only && name == word) {
                0
            } else if !tags_only && needle.matches(&column.name_key) {
                1
            } else if needle.matches(&column.tags_key) {
                2
            } else if !tags_only && needle.matches(&column.text_key) {
                3
            } else {
                continue;
            };
            found.push((place, used, column));
        }
        found.sort_by(|a, b| {
            (a.0, std::cmp::Reverse(a.1), &a.2.body.name).cmp(&(b.0, std::cmp::Reverse(b.1), &b.2.body.name))
        });
        found.truncate(usize::from(limit).min(OFFERED_MAX));
        let about = on.map(|on| self.about(on, now, lang)).transpose()?;
        found
            .into_iter()
            .map(|(_, used, column)| {
                let body = &column.body;
                let filled = match &about {
                    Some(task) => self.filled(task, &body.text, lang)?,
                    None => self.filled_for_nobody(&body.text, lang),
                };
                let (text, blocked) = match filled {
                    Ok(text) => (text, None),
                    Err(why) => (body.text.clone(), Some(why)),
                };
                Ok(SnippetView {
                    name: clean(&body.name),
                    tags: body.tags.iter().map(|tag| clean(tag)).collect(),
                    page: body.to_page(),
                    show: for_display_lines(&text).into_owned(),
                    copy: blocked.is_none().then(|| for_clipboard(&text).into_owned()),
                    blocked,
                    used,
                    used_at: self.store.columns.snippet_uses.get(&body.name).map(|(_, at)| *at),
                })
            })
            .collect()
    }
}
