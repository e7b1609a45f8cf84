//! Of how a screen begins, of what a user sets up once, and of what other programs read.

use super::Text;

pub(super) const TEXTS: &[Text] = &[
    (
        "Explain every mistake in files; needs no desk. How long a text may be goes by the platforms of `as`, or of 'platform:' in `audience`; where a file names none, nobody knows",
        "检查文件，列出所有错处。字数按 as 的账号、或 audience 里 platform: 的平台算；文件没写平台的，到发的时候才知道",
        "檢查檔案，列出所有錯處。字數按 as 的帳號、或 audience 裡 platform: 的平台算；檔案沒寫平台的，到發的時候才知道",
    ),
    // how the screen begins
    (
        "Begin with this filter: beside a view's name it narrows that view",
        "打开就用这个筛选; 写了视图名就在那个视图里再筛",
        "打開就用這個篩選; 寫了視圖名就在那個視圖裡再篩",
    ),
    (
        "Begin with the cursor there: an id, its last characters, or a name",
        "光标一开始停在这一条: 编号、编号的末几位，或名称",
        "游標一開始停在這一條: 編號、編號的末幾位，或名稱",
    ),
    (
        "What is typed after ':' first of all; may be given several times",
        "打开就执行的命令，同 : 后面写的; 可写几个",
        "打開就執行的命令，同 : 後面寫的; 可寫幾個",
    ),
    // watch, copy, completions, man
    (
        "What changes in a filter, a JSON line each, until stopped",
        "盯着一个筛选: 有变化就输出一行 JSON，直到停下",
        "盯著一個篩選: 有變化就輸出一行 JSON，直到停下",
    ),
    ("Follow only the first rows of the list", "只跟着前面这么多条", "只跟著前面這麼多條"),
    ("End after so many lines", "输出这么多行就结束", "輸出這麼多行就結束"),
    (
        "Members as a file for a spreadsheet, which qun import reads back: a row for each of their groups and accounts",
        "成员写成表格文件，qun import 读得回来: 每个群、每个账号一行",
        "成員寫成表格檔案，qun import 讀得回來: 每個群、每個帳號一列",
    ),
    ("Leave out the rows that are there at the beginning", "一开始就有的不输出", "一開始就有的不輸出"),
    (
        "Print the text of a task, ready to be sent, and note that it was copied",
        "输出一条待办的正文，并记下已复制",
        "輸出一則待辦的正文，並記下已複製",
    ),
    ("An id of a task, or its last characters", "待办编号，或末几位", "待辦編號，或末幾位"),
    (
        "Which part, from 1; the one at hand if left out",
        "第几段，从 1 数; 不写就是当前这段",
        "第幾段，從 1 數; 不寫就是目前這段",
    ),
    (
        "To the clipboard of this terminal instead of stdout",
        "进这个终端的剪贴板，不输出",
        "進這個終端機的剪貼簿，不輸出",
    ),
    ("Print what a shell completes by", "输出 shell 的补全脚本", "輸出 shell 的補全腳本"),
    ("For which shell", "哪种 shell", "哪種 shell"),
    ("Print a manual page, or write them all", "输出手册页，或全部写成文件", "輸出手冊頁，或全部寫成檔案"),
    (
        "A command, such as 'sop add'; the whole program if left out",
        "哪个命令，如 'sop add'; 不写就是整个程序",
        "哪個命令，如 'sop add'; 不寫就是整個程式",
    ),
    (
        "Write a page for every command into this directory",
        "每个命令一页，写进这个目录",
        "每個命令一頁，寫進這個目錄",
    ),
    // config, keys
    (
        "Your own settings: theme, language, layout, keys",
        "自己的设置: 配色、语言、布局、按键",
        "自己的設定: 配色、語言、版面、按鍵",
    ),
    (
        "Print a file with every setting, each switched off and explained",
        "打印一份设置文件: 每一项都有说明，都关着",
        "印出一份設定檔: 每一項都有說明，都關著",
    ),
    (
        "Say what is wrong in the file, and in the themes beside it",
        "设置和旁边的配色文件哪里不对",
        "設定和旁邊的配色檔哪裡不對",
    ),
    ("Another file than the usual one", "换一个文件", "換一個檔案"),
    ("Say where the file is, or would be", "设置文件在哪里", "設定檔在哪裡"),
    (
        "Every action of the screen with the keys it has",
        "界面的每个动作和它现在的按键",
        "介面的每個動作和它現在的按鍵",
    ),
];
