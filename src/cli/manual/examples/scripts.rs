//! Of what a user sets up once, and of what other programs read.

use super::Example;

pub(super) const EXAMPLES: &[(&str, &[Example])] = &[
    (
        "config default",
        &[(
            "qun config default",
            [
                "重定向到 qun config path 说的地方，改起来就行",
                "重新導向到 qun config path 說的地方，改起來就行",
                "redirect it to where qun config path says, and edit",
            ],
        )],
    ),
    ("config check", &[("qun config check", ["我的设置对不对", "我的設定對不對", "are my settings right?"])]),
    ("config path", &[("qun config path", ["设置文件的位置", "設定檔的位置", "where the file is"])]),
    (
        "keys",
        &[
            ("qun keys", ["现在哪个键做什么", "現在哪個鍵做什麼", "which key does what by now"]),
            ("qun keys --json", ["同上，给脚本", "同上，給腳本", "the same for a script"]),
        ],
    ),
    (
        "watch",
        &[
            (
                "qun watch -f state:due",
                [
                    "到点的、改了的、做完的，各一行",
                    "到點的、改了的、做完的，各一行",
                    "what comes due, changes and is done, a line each",
                ],
            ),
            (
                "qun watch -f is:overdue --changes --count 1",
                ["等到有一条逾期", "等到有一條逾期", "wait until something is overdue"],
            ),
            (
                "qun watch members -f tag:会员 --limit 200",
                ["只跟着前 200 位", "只跟著前 200 位", "only the first 200 of them"],
            ),
            ("qun watch 大客户", ["跟着一个视图", "跟著一個視圖", "the rows of a view"]),
        ],
    ),
    (
        "copy",
        &[
            ("qun copy 3k7qd", ["输出正文，可接管道", "輸出正文，可接管線", "print the text, for a pipe"]),
            ("qun copy 3k7qd --clipboard", ["进剪贴板", "進剪貼簿", "into the clipboard"]),
        ],
    ),
    (
        "completions",
        &[(
            "qun completions bash",
            [
                "重定向到 ~/.local/share/bash-completion/completions/qun",
                "重新導向到 ~/.local/share/bash-completion/completions/qun",
                "redirect it to ~/.local/share/bash-completion/completions/qun",
            ],
        )],
    ),
    (
        "man",
        &[
            ("qun man sop add", ["一个命令的手册页", "一個命令的手冊頁", "the page of one command"]),
            ("qun man --dir man1", ["每个命令一页", "每個命令一頁", "a page for every command"]),
        ],
    ),
];
