//! Forms: which fields an object has, declared once; the screen's forms, `qun … add|set` and refusals derive.

use crate::text::lang::Lang;

closed! {
    /// What a form makes.
    pub enum Kind {
        Account = "account", "账号", "帳號", ["accounts"];
        Group = "group", "群", "群", ["groups"];
        Member = "member", "成员", "成員", ["members"];
        Contact = "contact", "好友", "好友", ["contacts"];
        Membership = "membership", "群成员", "群成員", ["memberships"];
        Task = "task", "待办", "待辦", ["tasks"];
        Playbook = "sop", "SOP", "SOP", ["playbook", "playbooks", "sops"];
        Product = "product", "商品", "商品", ["products"];
    }
}

closed! {
    /// One field of a form; the ASCII word is the option of the command line.
    pub enum Field {
        Name = "name", "名称", "名稱";
        Platform = "platform", "平台", "平台";
        Persona = "persona", "人设", "人設";
        Device = "device", "设备", "裝置";
        Holder = "holder", "持有人", "持有人";
        Health = "health", "状况", "狀況";
        Zone = "zone", "时区", "時區";
        Note = "note", "备注说明", "備註說明";
        Account = "account", "账号", "帳號";
        Speakers = "speakers", "其他账号", "其他帳號";
        Capacity = "capacity", "容量", "容量";
        HeadCount = "count", "人数", "人數";
        Tags = "tags", "标签", "標籤";
        Aliases = "aliases", "别名", "別名";
        Quiet = "quiet", "免打扰", "免打擾";
        State = "state", "状态", "狀態";
        Qr = "qr", "二维码日期", "二維碼日期";
        SearchTerm = "search-term", "查找词", "查找詞";
        Remark = "remark", "备注名", "備註名";
        Phone = "phone", "手机", "手機";
        Handles = "handles", "平台号", "平台號";
        Stage = "stage", "阶段", "階段";
        Birthday = "birthday", "生日", "生日";
        Gender = "gender", "性别", "性別";
        Needs = "needs", "需求", "需求";
        Referrer = "referrer", "介绍人", "介紹人";
        Source = "source", "来源", "來源";
        Group = "group", "所在群", "所在群";
        FriendOf = "friend-of", "好友账号", "好友帳號";
        Member = "member", "成员", "成員";
        Since = "since", "加友时间", "加友時間";
        JoinedAt = "joined", "进群时间", "進群時間";
        LeftAt = "left", "退群时间", "退群時間";
        Role = "role", "身份", "身份";
        Nickname = "nickname", "群昵称", "群暱稱";
        Inviter = "inviter", "邀请人", "邀請人";
        Unit = "unit", "单位", "單位";
        Price = "price", "价格", "價格";
        DaysOfUse = "days", "可用天数", "可用天數";
    }
}

impl Field {
    /// True for what tells one object from another: several never get the same.
    pub const fn is_ones_own(self) -> bool {
        matches!(self, Self::Name | Self::Phone | Self::Handles | Self::SearchTerm | Self::Remark)
    }
}

/// How a field is typed in.
#[derive(Clone, Copy, Debug)]
pub enum Input {
    Text,
    Number,
    /// Words split on `,，、;；`.
    List,
    /// One of a closed set: (word, label).
    Choice(fn(Lang) -> Vec<(&'static str, &'static str)>),
    /// A name found by pinyin.
    Pick(Kind),
    /// Several names found by pinyin.
    PickMany(Kind),
    /// A date in words.
    Date,
}

/// One line of a form.
#[derive(Clone, Copy, Debug)]
pub struct FieldSpec {
    pub field: Field,
    pub input: Input,
    pub required: bool,
}

const fn spec(field: Field, input: Input) -> FieldSpec {
    FieldSpec { field, input, required: false }
}

const fn required(field: Field, input: Input) -> FieldSpec {
    FieldSpec { field, input, required: true }
}

fn platforms(lang: Lang) -> Vec<(&'static str, &'static str)> {
    crate::book::Platform::ALL.iter().map(|p| (p.word(), p.label(lang))).collect()
}

fn stages(lang: Lang) -> Vec<(&'static str, &'static str)> {
    crate::book::Stage::ALL.iter().map(|s| (s.word(), s.label(lang))).collect()
}

fn contact_states(lang: Lang) -> Vec<(&'static str, &'static str)> {
    crate::book::ContactState::ALL.iter().map(|s| (s.word(), s.label(lang))).collect()
}

fn roles(lang: Lang) -> Vec<(&'static str, &'static str)> {
    crate::book::MembershipRole::ALL.iter().map(|s| (s.word(), s.label(lang))).collect()
}

closed! {
    /// States of a group as a form offers them; merging is a command of its own.
    pub enum GroupStateWord {
        Live = "live", "正常", "正常";
        Frozen = "frozen", "禁言", "禁言";
        Full = "full", "已满", "已滿";
        Dissolved = "dissolved", "已解散", "已解散";
    }
}

closed! {
    /// Health of an account as a form offers it.
    pub enum HealthWord {
        Normal = "normal", "正常", "正常";
        Limited = "limited", "受限", "受限";
        Banned = "banned", "被封", "被封";
        Retired = "retired", "停用", "停用";
    }
}

fn group_states(lang: Lang) -> Vec<(&'static str, &'static str)> {
    GroupStateWord::ALL.iter().map(|s| (s.word(), s.label(lang))).collect()
}

fn healths(lang: Lang) -> Vec<(&'static str, &'static str)> {
    HealthWord::ALL.iter().map(|s| (s.word(), s.label(lang))).collect()
}

const ACCOUNT: &[FieldSpec] = &[
    required(Field::Name, Input::Text),
    required(Field::Platform, Input::Choice(platforms)),
    spec(Field::Persona, Input::Text),
    spec(Field::Device, Input::Text),
    spec(Field::Holder, Input::Text),
    spec(Field::Health, Input::Choice(healths)),
    spec(Field::Quiet, Input::Text),
    spec(Field::Zone, Input::Text),
    spec(Field::Note, Input::Text),
];

const GROUP: &[FieldSpec] = &[
    required(Field::Name, Input::Text),
    spec(Field::Account, Input::Pick(Kind::Account)),
    spec(Field::Speakers, Input::PickMany(Kind::Account)),
    spec(Field::HeadCount, Input::Number),
    spec(Field::Capacity, Input::Number),
    spec(Field::Tags, Input::List),
    spec(Field::Aliases, Input::List),
    spec(Field::SearchTerm, Input::Text),
    spec(Field::State, Input::Choice(group_states)),
    spec(Field::Qr, Input::Text),
    spec(Field::Quiet, Input::Text),
    spec(Field::Zone, Input::Text),
    spec(Field::Note, Input::Text),
];

const MEMBER: &[FieldSpec] = &[
    required(Field::Name, Input::Text),
    spec(Field::Remark, Input::Text),
    spec(Field::Aliases, Input::List),
    spec(Field::Group, Input::PickMany(Kind::Group)),
    spec(Field::FriendOf, Input::PickMany(Kind::Account)),
    spec(Field::Phone, Input::Text),
    spec(Field::Handles, Input::List),
    spec(Field::Tags, Input::List),
    spec(Field::Stage, Input::Choice(stages)),
    spec(Field::Birthday, Input::Text),
    spec(Field::Gender, Input::Text),
    spec(Field::Needs, Input::Text),
    spec(Field::Referrer, Input::Pick(Kind::Member)),
    spec(Field::Source, Input::Text),
    spec(Field::Quiet, Input::Text),
    spec(Field::Note, Input::Text),
];

const CONTACT: &[FieldSpec] = &[
    required(Field::Member, Input::Pick(Kind::Member)),
    required(Field::Account, Input::Pick(Kind::Account)),
    spec(Field::State, Input::Choice(contact_states)),
    spec(Field::Since, Input::Date),
    spec(Field::Remark, Input::Text),
    spec(Field::SearchTerm, Input::Text),
];

const MEMBERSHIP: &[FieldSpec] = &[
    required(Field::Member, Input::Pick(Kind::Member)),
    required(Field::Group, Input::Pick(Kind::Group)),
    spec(Field::JoinedAt, Input::Date),
    spec(Field::LeftAt, Input::Date),
    spec(Field::Role, Input::Choice(roles)),
    spec(Field::Nickname, Input::Text),
    spec(Field::Inviter, Input::Pick(Kind::Member)),
];

const PRODUCT: &[FieldSpec] = &[
    required(Field::Name, Input::Text),
    spec(Field::Aliases, Input::List),
    spec(Field::Unit, Input::Text),
    spec(Field::Price, Input::Text),
    spec(Field::DaysOfUse, Input::Number),
];

/// The fields of a kind, in the order a form shows them; none for what no form makes.
pub const fn fields(kind: Kind) -> &'static [FieldSpec] {
    match kind {
        Kind::Account => ACCOUNT,
        Kind::Group => GROUP,
        Kind::Member => MEMBER,
        Kind::Contact => CONTACT,
        Kind::Membership => MEMBERSHIP,
        Kind::Product => PRODUCT,
        Kind::Task | Kind::Playbook => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_asks_for_a_name_or_whom_it_links() {
        for kind in Kind::ALL.iter().filter(|k| !fields(**k).is_empty()) {
            assert!(fields(*kind).iter().any(|f| f.required), "{kind}");
            let mut seen: Vec<Field> = fields(*kind).iter().map(|f| f.field).collect();
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), fields(*kind).len(), "{kind} asks twice");
        }
    }
}
