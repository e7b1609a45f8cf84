//! How messages go out by hand: what texts are looked at for, and how fast one account sends.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::account::Platform;

/// What texts are looked at for before they are copied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TextRules {
    /// Words that a text should not have without a second look, written `[[check]]`.
    pub lists: Vec<WordList>,
    /// The longest message and the longest post that platforms take, in characters; 0 for any.
    pub max: u32,
    pub max_moments: u32,
    /// The longest message or post on a platform that takes another length, written `[text.on]`.
    pub max_on: BTreeMap<Platform, u32>,
    /// Where the lengths come from and when they were read there.
    pub source: String,
    pub date: String,
}

/// What platforms take: warnings and defaults, never a block. Numbers change; each store has its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// How many chats one forward reaches; 1 where it is not written.
    pub forward: BTreeMap<Platform, u32>,
    /// Images and files that one message has at most; 0 for any.
    pub attachments: u32,
    /// Friends that an account has at most; any number where it is not written.
    pub friends: BTreeMap<Platform, u32>,
    /// Heads of a group whose own capacity nobody wrote down; not known where it is not written.
    pub capacity: BTreeMap<Platform, u32>,
    /// Where the numbers come from and when they were read there.
    pub source: String,
    pub date: String,
}

impl Default for Limits {
    fn default() -> Self {
        use Platform::{Qq, Wechat, Wecom};
        Self {
            forward: BTreeMap::from([(Wechat, 9), (Wecom, 9), (Qq, 9)]),
            attachments: 9,
            friends: BTreeMap::from([(Wechat, 10_000), (Wecom, 5_000)]),
            capacity: BTreeMap::from([(Wechat, 500), (Wecom, 500)]),
            source: "attachments: developer.work.weixin.qq.com/document/path/92135; the rest is practice: see in the app"
                .to_owned(),
            date: "2025-11-17".to_owned(),
        }
    }
}

/// Words of one kind, and why they are looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WordList {
    pub why: String,
    pub words: Vec<String>,
    /// Words that hold one of them and are fine: 最近 for 最.
    pub except: Vec<String>,
    pub source: String,
    pub date: String,
}

impl Default for TextRules {
    fn default() -> Self {
        let words = |words: &str| words.split(' ').map(str::to_owned).collect();
        let list = |why: &str, text: &str, source: &str, date: &str| WordList {
            why: why.to_owned(),
            words: words(text),
            except: Vec::new(),
            source: source.to_owned(),
            date: date.to_owned(),
        };
        Self {
            lists: vec![
                WordList {
                    // what people say of a day or ask for, not of what they sell
                    except: words("你最大 寿星最大 最好提前 最好先 最好是 最好在 最好不要 最好带"),
                    ..list(
                        "广告法极限词",
                        "国家级 最高级 最佳 最低 最好 最优 最便宜 最先进 最大 全网第一 全国第一 销量第一 第一品牌 顶级 极品 \
                     绝无仅有 史无前例 万能 100%有效 永久 包治 根治 特效 驰名商标 首选 独一无二",
                        "Advertising Law of the PRC, article 9",
                        "2021-04-29",
                    )
                },
                list(
                    "诱导分享、诱导关注",
                    "转发朋友圈 分享到朋友圈 转发到群 集赞 不转不是 转发有奖 分享有礼 关注公众号 关注送 邀请好友得 拉人进群送 砍一刀",
                    "rules of WeChat for shared content",
                    "2024-03-26",
                ),
                list(
                    "平台敏感词",
                    "刷单 好评返现 代开发票 博彩 赌博 时时彩 套现 荐股 稳赚不赔 内幕消息 无抵押贷款 高利贷 裸聊 代孕 办假证 翻墙 \
                     躺赚 日入过万",
                    "what platforms commonly punish; make it your own",
                    "2025-11-17",
                ),
                WordList { why: "竞品".to_owned(), source: "your own".to_owned(), ..WordList::default() },
            ],
            max: 4_000,
            max_moments: 2_000,
            max_on: BTreeMap::from([(Platform::Xiaohongshu, 1_000), (Platform::Weibo, 2_000)]),
            source: "developer.work.weixin.qq.com/document/path/92135 (message), 96351 (post); other platforms: see in the app"
                .to_owned(),
            date: "2025-11-17".to_owned(),
        }
    }
}

/// How fast one account sends before a human is warned, and how it begins again after a limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pace {
    /// Messages an hour and account from which a rest is advised; 0 never.
    pub per_hour: u32,
    /// Nearly the same text to more groups than this within an hour warns; 0 never.
    pub alike_groups: u32,
    /// Messages a day that the shares of [`Self::ramp`] are of, where no cap of the account is smaller.
    pub per_day: u32,
    /// Percent of the account's caps on the first days after a limit, then all.
    pub ramp: Vec<u32>,
    /// Where the numbers come from and when they were read there.
    pub source: String,
    pub date: String,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            per_hour: 40,
            alike_groups: 20,
            per_day: 200,
            ramp: vec![30, 60, 100],
            source: "practice of hand sending; 200 a batch (WeChat broadcast assistant)".to_owned(),
            date: "2025-11-17".to_owned(),
        }
    }
}

impl Pace {
    /// Percent of its caps, and of what is usual a day, that an account gets on a local day after the one its limit ended
    /// on, from 0; none once it is past them. A day of 100 has whole caps and still no more than is usual.
    pub fn share(&self, days: i64) -> Option<u32> {
        // a clock that was set back is still on the first of them
        usize::try_from(days.max(0)).ok().and_then(|day| self.ramp.get(day)).copied()
    }
}
