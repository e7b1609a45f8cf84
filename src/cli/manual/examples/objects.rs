//! Of what the book holds: accounts, groups, members, products, and who belongs where.

use super::Example;

pub(super) const EXAMPLES: &[(&str, &[Example])] = &[
    (
        "account add",
        &[(
            "qun account add 手机1 --platform wechat --persona 小完子",
            ["加一个微信号", "加一個微信號", "an account on WeChat"],
        )],
    ),
    (
        "account set",
        &[("qun account set 手机1 --holder 王店长", ["改持有人", "改持有人", "who holds the device"])],
    ),
    ("account list", &[("qun account list", ["所有账号", "所有帳號", "every account"])]),
    (
        "account rm",
        &[("qun account rm 手机1", ["收起来，可撤销", "收起來，可撤銷", "out of sight, can be undone"])],
    ),
    (
        "account limit",
        &[
            (
                "qun account limit 小完子 --what private --for 3d --dry-run",
                ["先看各有几条", "先看各有幾條", "count first"],
            ),
            (
                "qun account limit 小完子 --what private --for 3d --move",
                [
                    "等它发的移给也认识对方的账号",
                    "等它發的移給也認識對方的帳號",
                    "move what waits to accounts that know them too",
                ],
            ),
        ],
    ),
    ("account lift", &[("qun account lift 小完子", ["提前解除", "提前解除", "over before its time"])]),
    (
        "group move",
        &[(
            "qun group move 宠友1群 --to 宠友2群 --dry-run",
            ["先看有哪些 SOP", "先看有哪些 SOP", "see first which playbooks go"],
        )],
    ),
    (
        "group pause",
        &[(
            "qun group pause 宠友1群 宠友2群 --until 周一",
            ["这两个群先停，周一接着走", "這兩個群先停，週一接著走", "these two wait until Monday"],
        )],
    ),
    ("group resume", &[("qun group resume 宠友1群", ["接着走", "接著走", "it goes on"])]),
    (
        "member pause",
        &[(
            "qun member pause 张三 --for 3d",
            ["三天内什么都不发", "三天內什麼都不發", "nothing for three days"],
        )],
    ),
    ("member resume", &[("qun member resume 张三", ["接着走", "接著走", "goes on"])]),
    ("account restore", &[("qun account restore 手机1", ["恢复", "恢復", "bring it back"])]),
    ("account show", &[("qun account show 手机1", ["看它的资料", "看它的資料", "its fields"])]),
    (
        "group add",
        &[(
            "qun group add 宠友交流1群 --account 手机1 --count 186",
            ["加一个 186 人的群", "加一個 186 人的群", "a group of 186"],
        )],
    ),
    ("group set", &[("qun group set 宠友交流1群 --tags 宠物,老客", ["改标签", "改標籤", "its tags"])]),
    (
        "group list",
        &[("qun group list -f tag:会员", ["带这个标签的群", "帶這個標籤的群", "groups of that tag"])],
    ),
    (
        "group rm",
        &[("qun group rm 宠友交流1群", ["收起来，可撤销", "收起來，可撤銷", "out of sight, can be undone"])],
    ),
    ("group restore", &[("qun group restore 宠友交流1群", ["恢复", "恢復", "bring it back"])]),
    ("group show", &[("qun group show 宠友交流1群", ["看它的资料", "看它的資料", "its fields"])]),
    (
        "member add",
        &[(
            "qun member add 张三 --group 宠友交流1群 --friend-of 手机1",
            ["加一个成员", "加一個成員", "a member, in a group and a friend"],
        )],
    ),
    (
        "member set",
        &[(
            "qun member set 张三 --birthday 农历八月十五 --tags 老客",
            ["改生日和标签", "改生日和標籤", "birthday and tags"],
        )],
    ),
    (
        "member list",
        &[("qun member list -f 'silent>=30d'", ["30 天没动静的", "30 天沒動靜的", "silent for 30 days"])],
    ),
    (
        "member rm",
        &[("qun member rm 张三", ["收起来，可撤销", "收起來，可撤銷", "out of sight, can be undone"])],
    ),
    ("member restore", &[("qun member restore 张三", ["恢复", "恢復", "bring them back"])]),
    ("member show", &[("qun member show 张三", ["看资料", "看資料", "their fields"])]),
    (
        "product add",
        &[(
            "qun product add 奶粉 --days 25 --price 258",
            ["一罐大约吃 25 天", "一罐大約吃 25 天", "one lasts for about 25 days"],
        )],
    ),
    ("product set", &[("qun product set 奶粉 --days 30", ["改可用天数", "改可用天數", "how long it lasts"])]),
    (
        "product rm",
        &[("qun product rm 奶粉", ["收起来，可撤销", "收起來，可撤銷", "out of sight, can be undone"])],
    ),
    ("product restore", &[("qun product restore 奶粉", ["恢复", "恢復", "bring it back"])]),
    ("product show", &[("qun product show 奶粉", ["看它的资料", "看它的資料", "its fields"])]),
    ("product list", &[("qun product list", ["全部商品", "全部商品", "all of them"])]),
    (
        "contact set",
        &[(
            "qun contact set --member 张三 --account 手机1 --state deleted-us",
            ["被张三删了", "被張三刪了", "张三 has deleted us"],
        )],
    ),
    (
        "contact rm",
        &[(
            "qun contact rm --member 张三 --account 手机1",
            ["去掉这层关系", "去掉這層關係", "no contact any more"],
        )],
    ),
    (
        "contact show",
        &[("qun contact show --member 张三 --account 手机1", ["看关系", "看關係", "how they stand"])],
    ),
    (
        "membership set",
        &[(
            "qun membership set --member 张三 --group 宠友交流1群 --nickname 三哥",
            ["记下群昵称", "記下群暱稱", "the nickname there"],
        )],
    ),
    (
        "membership rm",
        &[(
            "qun membership rm --member 张三 --group 宠友交流1群",
            ["移出这个群", "移出這個群", "not in it any more"],
        )],
    ),
    (
        "membership show",
        &[(
            "qun membership show --member 张三 --group 宠友交流1群",
            ["看群内资料", "看群內資料", "how they are there"],
        )],
    ),
];
