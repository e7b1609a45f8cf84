//! People, places and wares, as chat groups have them: remarks with room numbers, children's names, emoji,
//! traditional characters, advertising in nicknames, surnames that are read in their own way.

use fastrand::Rng;

/// Surnames by how common they are; the last row is read otherwise as a surname than elsewhere.
const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何",
    "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹", "袁", "邓",
    "许", "傅", "沈", "彭", "吕", "苏", "卢", "蒋", "蔡", "贾", "丁", "魏", "薛", "叶", "阎", "余", "潘",
    "杜", "戴", "夏", "钟", "汪", "田", "单", "解", "仇", "查", "曾", "区", "盖", "朴", "任", "华", "尉迟",
    "欧阳", "万俟", "长孙",
];

const GIVEN: &[&str] = &[
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "洋", "艳", "勇", "军", "杰", "娟", "涛", "明", "超",
    "秀英", "霞", "平", "刚", "桂英", "建华", "玉兰", "婷婷", "雪梅", "晓东", "志强", "美玲", "佳怡", "子涵",
    "雨桐", "欣怡", "浩然", "梓萱", "宇轩", "思琪", "文静", "海燕", "春梅", "国庆", "立新", "晓燕", "小红",
    "丹丹", "倩", "莹", "蕾", "嘉乐", "重阳", "乐", "行之", "朝霞", "长乐", "柏林", "卓君",
];

/// Names as they stand in Taiwan and Hong Kong.
const TRADITIONAL: &[&str] = &[
    "陳怡君",
    "林淑芬",
    "張雅婷",
    "黃志豪",
    "劉曉麗",
    "吳嘉惠",
    "鄭國榮",
    "蕭敬騰",
    "葉美華",
    "許瑋甯",
    "羅慧娟",
    "龔麗萍",
];

const CHILDREN: &[&str] = &[
    "小雨", "乐乐", "果果", "豆豆", "糖糖", "一诺", "子轩", "安安", "多多", "可乐", "米粒", "朵朵", "小宝",
    "阳阳", "团子", "依依", "天天", "芊芊", "石头", "元宝",
];

const EMOJI: &[&str] = &["🌸", "🌻", "☀️", "🍀", "🐱", "👩‍👧", "❤️", "🌙", "✨", "🍓", "🐶", "👨‍👩‍👧‍👦"];

const FREE: &[&str] = &[
    "岁月静好",
    "随遇而安",
    "Lily",
    "Amy🌸",
    "平安是福",
    "简单爱",
    "阿珍",
    "小鱼儿",
    "云淡风轻",
    "Kevin.陈",
    "momo",
    "桃子",
    "向日葵🌻",
    "大橙子",
    "A00水果批发阿强",
    "A小丽美甲15857100000",
    "海阔天空",
    "晴天娃娃",
    "豆腐脑",
    "Grace",
    "老街坊",
    "小確幸",
    "夜貓子",
    "愛吃魚的貓🐱",
    "静待花开",
    "不吃香菜",
    "加油鸭🦆",
    "~小米粥~",
];

/// Products: name, unit, price in fen, days of use (0: it does not run out).
pub(super) const PRODUCTS: &[(&str, &str, i64, u32)] = &[
    ("赣南脐橙 5 斤", "箱", 3_990, 0),
    ("有机土鸡蛋 30 枚", "盒", 4_580, 15),
    ("五常大米 10 斤", "袋", 6_900, 30),
    ("山东大樱桃 3 斤", "箱", 8_800, 0),
    ("鲜牛奶 950ml", "瓶", 1_680, 5),
    ("婴儿奶粉 3 段 800g", "罐", 29_800, 24),
    ("全价猫粮 2kg", "袋", 12_900, 35),
    ("猫砂 6L×4", "箱", 9_900, 28),
    ("纸尿裤 L 码 46 片", "包", 10_900, 20),
    ("现切牛腩 2 斤", "份", 7_600, 0),
    ("云南鲜花饼 10 枚", "盒", 3_200, 0),
    ("洗衣液 3kg", "桶", 4_290, 60),
];

pub(super) const TAGS: &[&str] = &[
    "宝妈",
    "老客",
    "VIP",
    "价格敏感",
    "爱吃水果",
    "养猫",
    "养狗",
    "团长推荐",
    "周末提货",
    "上班族",
    "开发票",
    "怕辣",
];

/// Groups: name, tags. The third lies in another zone.
pub(super) const GROUPS: &[(&str, &[&str])] = &[
    ("翠苑小区团购①群", &["团购", "预告"]),
    ("紫荆花园团购群🍎", &["团购", "预告"]),
    ("东京华人好物团", &["团购", "海外"]),
    ("宠友交流一群🐱", &["宠物", "停团", "不早安"]),
    ("二(3)班家长群", &["家长", "停团", "不早安"]),
    ("21 天早起打卡营·第 6 期", &["打卡", "停团", "不早安"]),
    ("文三路上班族水果群", &["团购", "预告"]),
    ("羣友會·台灣", &["停团", "不早安"]),
    ("老客 VIP 福利群", &["团购", "预告"]),
    ("宝妈互助群", &["宝妈", "停团"]),
    ("西溪北苑邻里群", &["团购", "预告"]),
    ("养猫新手答疑群", &["宠物", "停团", "不早安"]),
];

const PLACES: &[&str] = &[
    "翠苑",
    "紫荆",
    "文三路",
    "西溪",
    "古荡",
    "留下",
    "三墩",
    "良渚",
    "滨江",
    "彭埠",
    "九堡",
    "下沙",
    "临平",
    "闲林",
    "城西",
    "望江",
    "四季青",
    "长河",
    "浦沿",
    "祥符",
];

/// The name and tags of the n-th group.
pub(super) fn group(number: u32) -> (String, Vec<String>) {
    let at = number as usize;
    if let Some((name, tags)) = GROUPS.get(at) {
        return ((*name).to_owned(), tags.iter().map(|tag| (*tag).to_owned()).collect());
    }
    let place = PLACES.get(at % PLACES.len()).copied().unwrap_or_default();
    let (kind, tags): (&str, &[&str]) = match at % 4 {
        0 => ("团购群", &["团购", "预告"]),
        1 => ("邻里群", &["邻里", "停团"]),
        2 => ("宝妈群", &["宝妈", "停团", "不早安"]),
        _ => ("水果群🍊", &["团购"]),
    };
    (format!("{place}{kind}{}", at / PLACES.len() + 1), tags.iter().map(|tag| (*tag).to_owned()).collect())
}

/// What somebody is called: nickname, remark, other names.
pub(super) struct Called {
    pub nickname: String,
    pub remark: String,
    pub aliases: Vec<String>,
}

fn one(random: &mut Rng, of: &[&str]) -> String {
    random.choice(of).copied().unwrap_or_default().to_owned()
}

/// Somebody's names.
pub(super) fn person(random: &mut Rng) -> Called {
    let surname = one(random, SURNAMES);
    let full = format!("{surname}{}", one(random, GIVEN));
    let room = format!("{}-{}0{}", random.u32(1..19), random.u32(1..19), random.u32(1..5));
    match random.u32(0..20) {
        0..=5 => Called { nickname: full, remark: String::new(), aliases: Vec::new() },
        6..=9 => {
            let child = one(random, CHILDREN);
            let parent = if random.u32(0..5) == 0 { "爸" } else { "妈" };
            let mark = if random.bool() { one(random, EMOJI) } else { String::new() };
            let remark = if random.bool() { format!("{child}{parent} {full}") } else { String::new() };
            Called { nickname: format!("{child}{mark}{parent}"), remark, aliases: vec![child] }
        }
        10..=12 => {
            let title = if random.bool() { "姐" } else { "阿姨" };
            let remark = format!("{room}{surname}{title}");
            Called { nickname: one(random, FREE), remark, aliases: vec![room] }
        }
        13..=14 => Called { nickname: one(random, TRADITIONAL), remark: String::new(), aliases: Vec::new() },
        15..=17 => {
            let mark = one(random, EMOJI);
            Called { nickname: format!("{full}{mark}"), remark: String::new(), aliases: Vec::new() }
        }
        _ => {
            let nickname = format!("{}{}", one(random, FREE), random.u32(1..100));
            Called { nickname, remark: full, aliases: Vec::new() }
        }
    }
}
