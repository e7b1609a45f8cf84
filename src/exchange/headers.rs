//! What a column is, by its header.
//!
//! The words are those of the customer lists that openscrm, LinkWechat and MarketGo write, of WeCom's interface
//! (`external_user_id`, `chat_id`, `createtime`) and of tables people make by hand. Case, width, spaces, punctuation
//! and a remark in brackets ("手机号（必填）") make no difference; simplified and traditional words are both listed.

use unicode_normalization::UnicodeNormalization;

use crate::book::Platform;

/// What a column feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    Name,
    Remark,
    Aliases,
    Phone,
    /// An id on this platform. A unionid counts as WeChat's, an openid as an official account's.
    Handle(Platform),
    Group,
    GroupRef,
    Account,
    Tags,
    Stage,
    JoinedAt,
    AddedAt,
    Birthday,
    /// A birthday that is lunar because the header says so.
    LunarBirthday,
    Gender,
    Inviter,
    GroupNickname,
    Source,
    /// Free text, taken as it stands.
    Note,
    /// Taken into the note with its header before it.
    Detail,
    /// Known and not wanted: running numbers, the reason column of a file of rejects.
    Passed,
}

/// The words of the one column no file can do without, as the error names them.
pub const NAME_WORDS: [&str; 5] = ["姓名", "昵称", "客户名称", "客户姓名", "name"];

/// The header as it is looked up: no case, width, space, punctuation, brackets.
pub(super) fn fold(header: &str) -> String {
    let mut depth = 0_u32;
    let mut folded = String::new();
    for c in header.nfkc().flat_map(char::to_lowercase) {
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            _ if depth == 0 && c.is_alphanumeric() => folded.push(c),
            _ => {}
        }
    }
    folded
}

/// Every column that is understood: what it feeds, and the headers that say so, as [`fold`] leaves them.
pub const HEADERS: &[(Field, &str)] = &[
    (
        Field::Name,
        "姓名 昵称 名字 名称 称呼 网名 客户 客户名称 客户姓名 客户昵称 微信昵称 微信名 微信名称 \
         成员 成员名称 成员姓名 成员昵称 群成员 用户名 用户昵称 用户姓名 会员姓名 会员昵称 好友 \
         好友昵称 好友名称 名稱 暱稱 客戶 客戶名稱 客戶姓名 客戶暱稱 微信暱稱 成員 name nickname \
         nick displayname membername customername username fullname",
    ),
    (
        Field::Remark,
        "备注 客户备注 备注名 备注名称 好友备注 微信备注 備註 客戶備註 備註名 remark remarkname \
         remarks",
    ),
    (
        Field::Aliases,
        "别名 孩子 孩子姓名 孩子名 孩子名字 宝宝 宝宝姓名 学生 学生姓名 学员 学员姓名 房号 门牌 \
         门牌号 房间号 別名 房號 學生 學生姓名 alias aliases child room",
    ),
    (
        Field::Phone,
        "手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 客户手机 客户电话 手机电话 家长电话 \
         家长手机 家长手机号 联系手机 收货电话 聯絡電話 聯繫電話 家長電話 家長手機 手機 手機號 \
         手機號碼 電話 電話號碼 phone mobile tel telephone phonenumber mobilephone remarkmobiles",
    ),
    (
        Field::Handle(Platform::Wechat),
        "微信号 微信 微信id 微信账号 微信號 wechat wechatid weixin wxid unionid 微信unionid",
    ),
    (
        Field::Handle(Platform::Wecom),
        "userid externaluserid externalid 外部联系人id 外部联系人userid 客户id 客户userid 企微id \
         wecom wecomid",
    ),
    (Field::Handle(Platform::OfficialAccount), "openid 微信openid"),
    (Field::Handle(Platform::Qq), "qq qq号 qq号码 qq號 qqnumber"),
    (Field::Handle(Platform::Douyin), "抖音 抖音号 抖音id douyin"),
    (Field::Handle(Platform::Kuaishou), "快手 快手号 快手id kuaishou"),
    (Field::Handle(Platform::Xiaohongshu), "小红书 小红书号 小红书id xiaohongshu"),
    (Field::Handle(Platform::Weibo), "微博 微博id 微博昵称 weibo"),
    (Field::Handle(Platform::Taobao), "淘宝 淘宝id 淘宝号 旺旺 旺旺号 taobao"),
    (Field::Handle(Platform::App), "memberid 会员id 会员号 会员编号 会员卡号"),
    (
        Field::Group,
        "群 群名 群名称 群聊 群聊名称 所在群 所在群聊 所属群 所属群聊 客户群 客户群名称 微信群 \
         微信群名称 群组 群组名称 群名稱 群組 所在群組 group groupname chatname roomname",
    ),
    (Field::GroupRef, "群id 群聊id 客户群id 群编号 chatid groupid roomid chatroomid"),
    (
        Field::Account,
        "添加人 账号 所属账号 微信账号名 跟进员工 跟进人 跟进成员 添加员工 添加成员 所属客服 \
         所属员工 归属员工 归属人 负责人 服务人员 員工 帳號 賬號 添加帳號 account owner follower \
         followuser",
    ),
    (Field::Tags, "企业标签 标签 客户标签 个人标签 用户标签 企業標籤 標籤 客戶標籤 tags tag labels label"),
    (Field::Stage, "阶段 客户阶段 商机阶段 跟进阶段 生命周期 客户状态 階段 stage lifecycle"),
    (
        Field::JoinedAt,
        "入群时间 进群时间 加群时间 入群日期 进群日期 入群時間 進群時間 jointime joinedat \
         joindate",
    ),
    (
        Field::AddedAt,
        "添加时间 添加日期 加好友时间 加好友日期 好友时间 加微时间 加微信时间 创建时间 添加時間 \
         創建時間 加好友時間 createtime createdat addtime addedat",
    ),
    (Field::Birthday, "生日 出生日期 客户生日 公历生日 阳历生日 孩子生日 宝宝生日 birthday birthdate birth"),
    (Field::LunarBirthday, "农历生日 阴历生日 农历 農曆生日 lunarbirthday"),
    (Field::Gender, "性别 性別 gender sex"),
    (Field::Inviter, "邀请人 拉群人 推荐人 介绍人 邀請人 推薦人 inviter invitor"),
    (Field::GroupNickname, "群昵称 群内昵称 群名片 群暱稱 groupnickname"),
    (Field::Source, "来源 添加渠道 添加方式 渠道 客户来源 入群方式 进群方式 來源 addway source channel"),
    (Field::Note, "描述 客户描述 说明 备注说明 客户说明 描述信息 說明 客戶描述 description note notes desc"),
    (
        Field::Detail,
        "地址 详细地址 收货地址 住址 家庭地址 所在省市县 地区 所在地 小区 企业名称 所属企业 公司 \
         公司名称 所属职位 职位 邮箱 电子邮箱 年龄 詳細地址 收貨地址 公司名稱 年齡 address region \
         corpname company position email age",
    ),
    (Field::Passed, "原因 序号 編號 编号 序號 reason no index"),
];

/// The field of a header, `None` when nobody here knows it.
pub(super) fn field(header: &str) -> Option<Field> {
    let header = fold(header);
    HEADERS.iter().find(|(_, words)| words.split(' ').any(|word| word == header)).map(|(field, _)| *field)
}

/// The headers of a file that come nearest to a name column, the nearest first.
pub(super) fn nearest_to_name(headers: &[String]) -> Vec<String> {
    let mut scored: Vec<(usize, &String)> = headers
        .iter()
        .filter_map(|header| {
            let folded: Vec<char> = fold(header).chars().take(40).collect();
            let best = NAME_WORDS.iter().map(|word| distance(&folded, word)).min()?;
            // without a letter in common it is no misspelt header
            (best < folded.len()).then_some((best, header))
        })
        .collect();
    scored.sort_by_key(|(score, _)| *score);
    scored.into_iter().take(3).map(|(_, header)| header.clone()).collect()
}

/// Levenshtein's distance in characters.
fn distance(left: &[char], right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut diagonal = i;
        let mut before = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(&right) {
            let here = (diagonal + usize::from(a != b)).min(before + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = here;
            before = here;
        }
    }
    row.last().copied().unwrap_or_default().max(if right.is_empty() { left.len() } else { 0 })
}

/// The name a spreadsheet gives the column: 0 is `A`, 26 is `AA`.
pub fn letter(index: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = index + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, expected: Option<Field>) {
        assert_eq!(field(header), expected, "{header:?} folded {:?}", fold(header));
    }

    #[test]
    fn headers_of_known_systems_are_known() {
        for header in ["客户名称", "客户姓名", "姓名", "昵称", "Name", " 昵 称 ", "ＮＡＭＥ", "暱稱", "昵称*"]
        {
            check(header, Some(Field::Name));
        }
        check("手机号（必填）", Some(Field::Phone));
        check("手机号【11位】", Some(Field::Phone));
        for header in ["家长电话", "联系电话", "手机", "手机号码", "电话", "聯絡電話"] {
            check(header, Some(Field::Phone));
        }
        check("external_user_id", Some(Field::Handle(Platform::Wecom)));
        check("External-UserID", Some(Field::Handle(Platform::Wecom)));
        check("QQ号", Some(Field::Handle(Platform::Qq)));
        check("chat_id", Some(Field::GroupRef));
        check("群 ID", Some(Field::GroupRef));
        check("createtime", Some(Field::AddedAt));
        check("join_time", Some(Field::JoinedAt));
        check("企业标签", Some(Field::Tags));
        check("备注名", Some(Field::Remark));
        check("详细地址", Some(Field::Detail));
        check("流失状态", None);
        check("", None);
    }

    #[test]
    fn every_header_stands_once_as_it_is_looked_up() {
        let mut seen = std::collections::HashSet::new();
        for (expected, words) in HEADERS {
            for word in words.split(' ') {
                assert_eq!(fold(word), word);
                assert!(seen.insert(word), "{word} stands twice");
                check(word, Some(*expected));
            }
        }
        assert!(NAME_WORDS.iter().all(|word| field(word) == Some(Field::Name)));
    }

    #[test]
    fn nearest_headers_are_named_nearest_first() {
        let headers = ["姓明", "手机号", "客户名字", "x"].map(String::from);
        assert_eq!(nearest_to_name(&headers).first().map(String::as_str), Some("姓明"));
        assert!(nearest_to_name(&headers).contains(&"客户名字".to_owned()));
    }

    #[test]
    fn columns_are_named_as_a_spreadsheet_does() {
        for (index, expected) in
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
        {
            assert_eq!(letter(index), expected);
        }
    }
}
