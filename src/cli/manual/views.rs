//! Of views and one-offs: what their commands and options are, and lines to copy.

use super::examples::Example;

/// English, simplified, traditional.
pub(super) const TEXTS: &[(&str, &str, &str)] = &[
    // view
    (
        "Views: filters with a name, an order, columns and a digit",
        "视图: 起了名的筛选，带排序、列和按键",
        "視圖: 起了名的篩選，帶排序、欄和按鍵",
    ),
    (
        "All views: the store's, one's own, those of the program; how many rows each has",
        "全部视图: 共用的、自己的、自带的，各有几条",
        "全部視圖: 共用的、自己的、自帶的，各有幾條",
    ),
    (
        "What a view lists, by which filter, in which order",
        "一个视图列什么、怎么筛、怎么排",
        "一個視圖列什麼、怎麼篩、怎麼排",
    ),
    ("The view's name", "视图名称", "視圖名稱"),
    (
        "Save a view, or change what is given of one",
        "存一个视图，或改写出的部分",
        "存一個視圖，或改寫出的部分",
    ),
    (
        "Remove a view; one of the store comes back by `qun undo`, of one's own the command that brings it back is printed",
        "删一个视图; 共用的可用 `qun undo` 找回，自己的会印出找回的命令",
        "刪一個視圖; 共用的可用 `qun undo` 找回，自己的會印出找回的命令",
    ),
    (
        "Columns from left to right, separated by commas; \"\" for the list's own",
        "从左到右的列，用逗号隔开; \"\" 用列表自己的",
        "從左到右的欄，用逗號隔開; \"\" 用清單自己的",
    ),
    (
        "Columns from left to right, separated by commas",
        "从左到右的列，用逗号隔开",
        "從左到右的欄，用逗號隔開",
    ),
    ("At most so many rows; 0 for all", "最多几行; 0 全部", "最多幾行; 0 全部"),
    ("The digit 1-9 that shows it; 0 for none", "按数字 1-9 打开; 0 不用", "按數字 1-9 打開; 0 不用"),
    (
        "Only for oneself: kept in the configuration directory",
        "只有自己用: 存在自己的配置目录",
        "只有自己用: 存在自己的設定目錄",
    ),
    (
        "tasks, members, groups, accounts or sops; or the name of a view",
        "tasks 待办, members 成员, groups 群, accounts 账号, sops，或视图名称",
        "tasks 待辦, members 成員, groups 群, accounts 帳號, sops，或視圖名稱",
    ),
    (
        "A filter, such as 'state:due group:宠友'; of a view, what is left of it. Without one only open tasks are listed; a filter finds those that ended as well",
        "过滤，如 'state:due group:宠友'; 对视图是再筛一次。不写时待办只列没结束的; 写了筛选，已结束的也会列出",
        "過濾，如 'state:due group:寵友'; 對視圖是再篩一次。不寫時待辦只列沒結束的; 寫了篩選，已結束的也會列出",
    ),
    (
        "natural, due, name, account, recent or spent; the view's own if left out",
        "natural, due, name, account, recent 或 spent; 不写就用视图的",
        "natural, due, name, account, recent 或 spent; 不寫就用視圖的",
    ),
    // compose
    (
        "One text to whatever a filter matches, at one time; looked at first, withdrawn whole",
        "一次性的消息: 筛出来的人或群，到点各一条; 先看再排，可整批撤回",
        "一次性的訊息: 篩出來的人或群，到點各一則; 先看再排，可整批撤回",
    ),
    (
        "To whom: a filter over members, or over groups with --groups",
        "发给谁: 筛成员的条件，加 --groups 就是筛群",
        "發給誰: 篩成員的條件，加 --groups 就是篩群",
    ),
    ("Said in the groups that the filter matches", "发到筛出来的群里", "發到篩出來的群裡"),
    (
        "When: 明天 9点, fri 10:00, +2h",
        "什么时候: 明天 9点、周五 10:00、+2h",
        "什麼時候: 明天 9點、週五 10:00、+2h",
    ),
    (
        "When it is over; it stays until somebody ends it if left out",
        "什么时候过期; 不写就一直留着",
        "什麼時候過期; 不寫就一直留著",
    ),
    ("A file with the text; - for standard input", "正文文件; - 读标准输入", "正文檔案; - 讀標準輸入"),
    (
        "What it is called; the beginning of the text if left out",
        "叫什么; 不写就用正文开头",
        "叫什麼; 不寫就用正文開頭",
    ),
    (
        "marketing, care, service or incident",
        "marketing 营销, care 关怀, service 服务, incident 突发",
        "marketing 行銷, care 關懷, service 服務, incident 突發",
    ),
    (
        "Our account that says it; whichever knows them if left out",
        "用哪个账号发; 不写就用认识他们的",
        "用哪個帳號發; 不寫就用認識他們的",
    ),
    (
        "Only say whom it reaches and what would keep it back",
        "只看会发给谁、谁会被拦住",
        "只看會發給誰、誰會被攔住",
    ),
    (
        "Take one back whole: what nobody has sent is cancelled",
        "整批撤回: 没发的都取消",
        "整批撤回: 沒發的都取消",
    ),
    ("Its id, or what it is called", "编号或名称", "編號或名稱"),
    ("One-offs that are planned or not sent yet", "排着的和没发完的", "排著的和沒發完的"),
];

/// Command lines by command.
pub(super) const EXAMPLES: &[(&str, &[Example])] = &[
    (
        "view list",
        &[("qun view list", ["有哪些视图，各几条", "有哪些視圖，各幾條", "which there are, with counts"])],
    ),
    ("view show", &[("qun view show 大客户", ["怎么筛、怎么排", "怎麼篩、怎麼排", "its filter and order"])]),
    (
        "view save",
        &[
            (
                "qun view save 大客户 --kind members -f 'spent>=500' --sort spent --key 5",
                ["存下来，按 5 打开", "存下來，按 5 打開", "kept, on the digit 5"],
            ),
            (
                "qun view save 手机1 -f '@待发 account:手机1' --sort account --private",
                [
                    "只给自己: 手机1 的待发，按聊天排",
                    "只給自己: 手機1 的待發，按聊天排",
                    "for oneself: what 手机1 owes, chat by chat",
                ],
            ),
        ],
    ),
    ("view rm", &[("qun view rm 大客户", ["删掉，可撤销", "刪掉，可撤銷", "removed, can be undone"])]),
    (
        "compose",
        &[
            (
                "qun compose --to 'spent>=500 -#勿扰' --at '明天 10:00' --text 店庆.txt --dry-run",
                [
                    "先看会发给谁、谁会被拦住",
                    "先看會發給誰、誰會被攔住",
                    "whom it would reach and what would keep it back",
                ],
            ),
            (
                "qun compose --to '宠友' --groups --at '周五 20:00' --text 通知.txt --class service",
                ["发到各宠友群里", "發到各寵友群裡", "said in all groups of that name"],
            ),
        ],
    ),
    (
        "compose withdraw",
        &[(
            "qun compose withdraw compose-20261123-1000",
            ["整批撤回，可撤销", "整批撤回，可撤銷", "taken back whole, can be undone"],
        )],
    ),
    ("compose list", &[("qun compose list", ["排着哪些", "排著哪些", "which are planned"])]),
];
