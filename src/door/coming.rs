//! What comes next for somebody, as every screen and command says it.

use serde::{Deserialize, Serialize};

use super::line::Ref;
use crate::book::{EnrolmentId, PlaybookId, Timestamp};
use crate::text::lang::Lang;

/// A step to come, or the reason why none comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coming {
    /// When the step is said; none where nothing is, or where it cannot be as things stand.
    pub at: Option<Timestamp>,
    /// Questions that are asked before it: when each form opens, and its key.
    pub asks: Vec<(Timestamp, String)>,
    pub playbook: Ref<PlaybookId>,
    pub enrolment: EnrolmentId,
    pub step: String,
    /// Which step of the playbook it is, from 1, and how many there are; (0, 0) where nothing comes.
    pub step_number: (u16, u16),
    /// How what it says begins, as far as it can be filled in now; empty where nothing comes.
    pub says: String,
    /// Why it comes then: what it counts from, and how the playbook spells its time.
    pub since: String,
    /// Why it waits, was moved or has stopped.
    pub why: String,
}

impl Coming {
    /// The playbook, and which step of it where there are several, for humans: `新好友三天 第 2 步`.
    pub fn what(&self, lang: Lang) -> String {
        match self.step_number {
            (n, all) if n > 0 && all > 1 => format!("{} {}", self.playbook.name, step_words(n, lang)),
            _ => self.playbook.name.clone(),
        }
    }

    /// What comes, how it reads and why, for humans; when is said beside it.
    pub fn told(&self, lang: Lang) -> String {
        // what was written for this once is called by its own beginning
        let says = Some(self.says.as_str()).filter(|says| !says.starts_with(&self.playbook.name));
        let reasons: Vec<&str> =
            [self.since.as_str(), self.why.as_str()].into_iter().filter(|words| !words.is_empty()).collect();
        let why = if reasons.is_empty() { String::new() } else { format!("({})", reasons.join("; ")) };
        let words = [&self.what(lang), says.unwrap_or_default(), &why];
        let words: Vec<&str> = words.into_iter().filter(|words| !words.is_empty()).collect();
        words.join("  ")
    }
}

/// A step as sentences name it, from 1: `第 2 步`.
pub fn step_words(n: u16, lang: Lang) -> String {
    Words::NthStep.fill(lang, &[("n", &n)])
}

crate::words! {
    enum Words {
        NthStep { n } => ["第 {n} 步", "第 {n} 步", "step {n}"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::id::Id;

    #[test]
    fn every_sentence_is_whole() {
        assert_eq!(crate::text::lang::faults::<super::Words>(), Vec::<String>::new());
    }

    #[test]
    fn what_comes_is_told_with_its_words_and_its_reasons() {
        let check = |says: &str, since: &str, why: &str, expected: &str| {
            let coming = Coming {
                at: None,
                asks: Vec::new(),
                playbook: Ref { id: PlaybookId("a".to_owned()), name: "关怀".to_owned() },
                enrolment: EnrolmentId::from_bits(1),
                step: "b".to_owned(),
                step_number: (2, 3),
                says: says.to_owned(),
                since: since.to_owned(),
                why: why.to_owned(),
            };
            assert_eq!(coming.told(Lang::ZhCn), expected);
        };
        check("还好吗", "进群 11-22, D1 10:00", "", "关怀 第 2 步  还好吗  (进群 11-22, D1 10:00)");
        check("还好吗", "D1", "免打扰", "关怀 第 2 步  还好吗  (D1; 免打扰)");
        check("关怀一下大家", "", "", "关怀 第 2 步");
        check("", "", "已停止", "关怀 第 2 步  (已停止)");
    }
}
