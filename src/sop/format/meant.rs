//! Words of the format by what they mean: whoever writes `via = "私聊"` meant `private`.
//!
//! Only for hints: none of these is accepted. Where two words of the format have one meaning, the one that may stand in
//! that place is taken.

use super::problem::Expected;
use crate::sop::grammar::{At, Length, Until, WallTime};
use crate::text::fold::{fold, normalise_input};

/// A word of the format, and what people write for it.
const MEANINGS: &[(&str, &str)] = &[
    // keys
    ("title", "标题 名称 名字"),
    ("for", "对象 给谁 目标"),
    ("audience", "人群 受众 范围 筛选"),
    ("class", "类别 分类 类型"),
    ("priority", "优先级 优先"),
    ("tz", "时区"),
    ("fresh", "不重复 多久不重复"),
    ("rest", "休息 冷却 间隔"),
    ("start", "开始 触发 触发条件 起点"),
    ("on", "什么时候开始 触发 事件"),
    ("intake", "名额 每日人数 限量"),
    ("ask", "提问 要填 填写"),
    ("step", "步骤 第一步 流程"),
    ("end", "结束 结尾"),
    ("at", "时间 几点 何时 发送时间 time"),
    ("until", "截止 到期 截止时间 过期时间 deadline"),
    ("late", "迟到 过期 晚了"),
    ("via", "方式 渠道 途径 通道 channel"),
    ("as", "人设 谁发 身份 账号"),
    ("who", "谁 私聊谁"),
    ("if", "条件 如果"),
    ("note", "备注 说明 提示"),
    ("text", "文字 内容 文案 话术 正文 文本 消息 content message"),
    ("parts", "分段 段"),
    ("answers", "回答 选项 答复"),
    ("when", "当 何时"),
    ("then", "然后 那么"),
    ("every", "每 周期 频率"),
    ("image", "图片 图 照片 海报"),
    ("file", "文件 附件"),
    ("forward", "转发"),
    ("notice", "公告 群公告"),
    ("jielong", "接龙 群接龙"),
    ("redpacket", "红包"),
    ("mention", "提到 艾特 点名"),
    // whom, how, which kind
    ("member", "成员 客户 会员 个人 好友 用户 顾客 学员"),
    ("group", "群 群聊 微信群 社群 群发 群里 群名 群组"),
    ("account", "账号 帐号 号"),
    ("private", "私聊 私信 微信 单聊 私发 一对一 企微 企业微信 wechat"),
    ("moments", "朋友圈"),
    ("post", "发帖 帖子 公众号 视频号 小红书"),
    ("call", "电话 打电话 语音"),
    ("internal", "内部 自己 后台 待办"),
    ("marketing", "营销 推广 广告 促销 推销 销售"),
    ("care", "关怀 关心 维护 问候"),
    ("service", "服务 客服 售后 通知"),
    ("incident", "事故 紧急 故障 突发"),
    // what begins it
    ("added", "加好友 添加好友 新好友 加微信 通过好友 加了好友"),
    ("joined", "入群 进群 加群 新人入群"),
    ("group-created", "建群 新建群"),
    ("tag", "标签 打标签"),
    ("stage", "阶段"),
    ("first-purchase", "首单 首购 首次购买 第一次购买 首次下单"),
    ("last-purchase", "复购 上次购买 最近购买"),
    ("last-reply", "上次回复 最近回复"),
    ("last-touch", "上次触达 最近触达"),
    ("silence", "沉默 沉睡 不说话 没回复 未互动"),
    ("checkin-streak", "连续打卡"),
    ("checkin-missed", "漏打卡 断卡 缺卡 未打卡"),
    ("birthday", "生日 阳历生日 公历生日"),
    ("lunar-birthday", "农历生日 阴历生日"),
    ("festival", "节日 过节"),
    ("term", "节气"),
    ("date", "日期 固定日期 某天"),
    ("recurrence", "循环 重复 定期 每天 每周 每月 周期"),
    ("runout", "用完 快用完 吃完"),
    ("after", "之后 接着 完成后"),
    ("by-hand", "手动 手工 人工"),
    ("daily", "每天 每日 天天"),
    ("workdays", "工作日 上班日"),
    ("weekly", "每周 每星期"),
    ("monthly", "每月"),
    // what is too late, how many
    ("keep", "保留 照发 补发 继续"),
    ("drop", "丢弃 跳过 不发 放弃 作废 skip discard"),
    ("shift", "顺延 推迟 延后 往后 delay postpone"),
    ("target", "每个 各自 逐个"),
    ("run", "一次 一轮 全部"),
    ("day", "天 每天 日 每日 第几天"),
    ("week", "周 每周"),
    ("month", "月 每月"),
    ("money", "金额 钱 价格"),
    ("lines", "多行 行"),
    ("list", "列表 名单"),
    // what stops it
    ("replied", "回复 已回复 回复了 回了"),
    ("bought", "成交 购买 已购买 下单 买了 已下单"),
    ("paid", "付款 已付款 支付"),
    ("left", "退群 离开 走了"),
    ("unfriended", "被删 删好友 删了"),
    ("blocked", "拉黑 被拉黑"),
    ("complained", "投诉"),
    ("refunded", "退款 退货"),
    ("picked-up", "提货 自提 已提货"),
    ("checked-in", "打卡 签到"),
    ("leave-day", "请假"),
    ("liked", "点赞"),
    ("referred", "转介绍 推荐 介绍朋友"),
    ("finished", "走完 结束 完成 全部发完"),
    ("stop", "停止 停 退出 不再发"),
    ("goto", "跳到 跳转"),
    ("followup", "跟进 回访"),
    // variables
    ("name", "姓名 名字 昵称 称呼 客户名 微信名"),
    ("me", "我 我的名字"),
    ("members", "成员们 新人 名单"),
    ("shop", "店名 门店 店铺"),
    ("weekday", "星期 周几 星期几"),
    ("last_product", "上次商品 上次买的 商品名"),
    ("last_order", "上次订单"),
    ("next_buy", "下次购买"),
];

/// The word among these that means what was written.
pub(super) fn meant<'w>(value: &str, words: &[&'w str]) -> Option<&'w str> {
    let value = fold(value.trim());
    let (word, _) = MEANINGS.iter().find(|(word, meanings)| {
        words.contains(word) && meanings.split(' ').any(|meaning| fold(meaning) == value)
    })?;
    words.iter().copied().find(|known| known == word)
}

/// Longer than any time in words.
const SPELLED_CHARS_MAX: usize = 40;

/// A time, a length or a date as it was meant: `D0 6:30` is `D0 06:30`, `第3天 9点` is `D3 09:00`, `30天` is `30d`.
pub(super) fn spelled(value: &str, expected: Expected) -> Option<String> {
    if value.chars().nth(SPELLED_CHARS_MAX).is_some() {
        return None;
    }
    let value = time_in_words(value);
    let right = |text: &str| match expected {
        Expected::At => At::parse(text).is_ok(),
        Expected::By => At::parse(text).is_ok_and(|at| !at.days.repeats()),
        Expected::Until => Until::parse(text).is_ok(),
        Expected::DayEnds => WallTime::parse(text).is_some_and(|time| time.minutes() < 12 * 60),
        Expected::Length => Length::parse(text).is_some_and(|length| length.minutes() > 0),
        Expected::Date => text.len() == 10 && text.parse::<chrono::NaiveDate>().is_ok(),
        _ => false,
    };
    // "09:00" by itself is a time of the first day
    let tries = [value.clone(), format!("D0 {value}")];
    tries.into_iter().find(|text| right(text))
}

/// A time as a playbook spells it, as far as it was told in words: `第3天 9点半` is `D3 09:30`, `2小时` is `2h`,
/// `2026年3月8日` is `2026-03-08`. What is not understood stays.
fn time_in_words(value: &str) -> String {
    let mut plain = normalise_input(value).trim().to_owned();
    if let Some((year, rest)) = plain.split_once(['年', '/', '.', '-'])
        && year.len() == 4
        && let Some((month, day)) = rest.split_once(['月', '/', '.', '-'])
        && let (Ok(month), Ok(day)) = (month.parse::<u8>(), day.trim_end_matches(['日', '号']).parse::<u8>())
    {
        return format!("{year}-{month:02}-{day:02}");
    }
    for (word, letter) in [
        ("分钟", "m"),
        ("分鐘", "m"),
        ("个小时", "h"),
        ("小时", "h"),
        ("小時", "h"),
        ("当天", "D0 "),
        ("次日", "D1 "),
    ] {
        plain = plain.replace(word, letter);
    }
    if let Some((day, rest)) = plain.strip_prefix('第').and_then(|rest| rest.split_once('天')) {
        plain = format!("D{} {}", day.trim(), rest.trim());
    } else if let Some(days) = plain.strip_suffix('天') {
        plain = format!("{days}d");
    }
    if let Some(rest) = plain.strip_prefix('d') {
        plain = format!("D{rest}");
    }
    let (head, time) = plain.rsplit_once(' ').unwrap_or(("", plain.as_str()));
    let time = time.replace(['点', '點', '时', '時', '.'], ":").replace(":半", ":30");
    let time = time.trim_end_matches('分');
    let time = match time.split_once(':') {
        Some((hour, minute))
            if hour.len() < 3 && hour.bytes().all(|b| b.is_ascii_digit()) && !hour.is_empty() =>
        {
            format!("{hour:0>2}:{minute:0>2}")
        }
        _ => return plain,
    };
    format!("{} {time}", head.trim_end()).trim_start().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_by_its_meaning_among_those_that_may_stand_there() {
        const VIAS: &[&str] = &["private", "group", "moments"];
        assert_eq!(meant("微信", VIAS), Some("private"));
        assert_eq!(meant("群", VIAS), Some("group"));
        assert_eq!(meant("朋友圈 ", VIAS), Some("moments"));
        assert_eq!(meant("營銷", &["care", "marketing"]), Some("marketing"));
        assert_eq!(meant("SKIP", &["keep", "drop"]), Some("drop"));
        assert_eq!(meant("營銷", VIAS), None);
        assert_eq!(meant("private", VIAS), None);
    }

    #[test]
    fn times_in_words_are_spelled_as_playbooks_do() {
        for (said, spelled) in [
            ("第3天 9点半", "D3 09:30"),
            ("第0天12点", "D0 12:00"),
            ("d0 9:00", "D0 09:00"),
            ("D0 09.30", "D0 09:30"),
            ("2小时", "2h"),
            ("30天", "30d"),
            ("2026年3月8日", "2026-03-08"),
            ("2026/3/8", "2026-03-08"),
            ("D0 +5m", "D0 +5m"),
            ("看情况", "看情况"),
        ] {
            assert_eq!(time_in_words(said), spelled);
        }
    }

    #[test]
    fn every_word_stands_once_with_a_meaning() {
        for (word, meanings) in MEANINGS {
            assert!(!meanings.is_empty() && meanings.split(' ').all(|meaning| !meaning.is_empty()), "{word}");
            assert_eq!(MEANINGS.iter().filter(|(other, _)| other == word).count(), 1, "{word}");
        }
    }
}
