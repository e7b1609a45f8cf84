//! What `qun import` says by itself.

crate::words! {
    pub(super) enum Words {
        Missing { file } => [
            "{file}: 没有这个文件；看看名字和所在的文件夹", "{file}: 沒有這個檔案；看看名字和所在的資料夾",
            "{file}: there is no such file; look at its name and folder",
        ],
        NoPermission { file } => [
            "{file}: 没有读取权限；chmod u+r 之后再试", "{file}: 沒有讀取權限；chmod u+r 之後再試",
            "{file}: may not be read; chmod u+r it first",
        ],
        CannotRead { file, error } => ["{file}: 读不了: {error}", "{file}: 讀不了: {error}", "{file}: cannot be read: {error}"],
        NotUtf8 { file, line } => [
            "{file}:{line}: 不是 UTF-8 文件，可能是 GB18030；另存为 UTF-8 再来",
            "{file}:{line}: 不是 UTF-8 檔案，可能是 GB18030 或 Big5；另存為 UTF-8 再來",
            "{file}:{line}: this is not UTF-8, perhaps GB18030; save it as UTF-8 first",
        ],
        NoPlace => ["没有这个位置", "沒有這個位置", "there is no such place"],
        NotAllowed => ["没有写入权限", "沒有寫入權限", "permission denied"],
        CannotWrite { file, error } => ["{file}: 写不了: {error}", "{file}: 寫不了: {error}", "{file}: cannot be written: {error}"],
        Directory { file } => [
            "{file}: 这是文件夹；选里面的一个 CSV 文件", "{file}: 這是資料夾；選裡面的一個 CSV 檔案",
            "{file}: this is a folder; name a CSV file in it",
        ],
        NoFile { file } => [
            "{file}: 这是管道或设备，不是文件；先存成文件再导入", "{file}: 這是管道或裝置，不是檔案；先存成檔案再匯入",
            "{file}: this is a pipe or a device, not a file; save it as a file first",
        ],
        TooLarge { file, limit } => [
            "{file}: 超过 {limit} MB；分成几个文件导入", "{file}: 超過 {limit} MB；分成幾個檔案匯入",
            "{file}: more than {limit} MB; split it into several files",
        ],
        Changing { file } => [
            "{file}: 读的时候还在被改写；等另一个程序存完再导入", "{file}: 讀的時候還在被改寫；等另一個程式存完再匯入",
            "{file}: it changed while it was read; let the other program finish saving it",
        ],
        RejectsAreTheFile { file } => [
            "--rejects 会盖掉 {file} 本身；换一个文件名", "--rejects 會蓋掉 {file} 本身；換一個檔名",
            "--rejects would overwrite {file} itself; name another file",
        ],
        Checked { done, rows } => ["检查 {done}/{rows}", "檢查 {done}/{rows}", "checked {done}/{rows}"],
        Written { done, rows } => ["写入 {done}/{rows}", "寫入 {done}/{rows}", "written {done}/{rows}"],
        Imported { new, changed, unchanged } => [
            "新增 {new}, 更新 {changed}, 不变 {unchanged}",
            "新增 {new}, 更新 {changed}, 不變 {unchanged}",
            "{new} new, {changed} changed, {unchanged} unchanged",
        ],
        WouldImport { new, changed, unchanged } => [
            "试导入, 没有改动: 新增 {new}, 更新 {changed}, 不变 {unchanged}",
            "試匯入, 沒有改動: 新增 {new}, 更新 {changed}, 不變 {unchanged}",
            "dry run, nothing changed: {new} new, {changed} changed, {unchanged} unchanged",
        ],
        WouldTakeNothing { n, new, changed, unchanged } => [
            "试导入, 没有改动: {n} 行不对, 这样一行也不会导入; 其余的行: 新增 {new}, 更新 {changed}, 不变 {unchanged}",
            "試匯入, 沒有改動: {n} 列不對, 這樣一列也不會匯入; 其餘的列: 新增 {new}, 更新 {changed}, 不變 {unchanged}",
            "dry run, nothing changed: {n} rows are wrong, so none would be taken; of the others: {new} new, {changed} changed, {unchanged} unchanged",
        ],
        Entering { title, entering, history } => [
            "{title}: {entering} 人进入, {history} 历史成员不进入",
            "{title}: {entering} 人進入, {history} 歷史成員不進入",
            "{title}: {entering} enter, {history} earlier members do not",
        ],
        GroupsEntering { title, entering } => [
            "{title}: {entering} 个群进入", "{title}: {entering} 個群進入", "{title}: {entering} groups enter"
        ],
        AccountsEntering { title, entering } => [
            "{title}: {entering} 个账号进入", "{title}: {entering} 個帳號進入", "{title}: {entering} accounts enter"
        ],
        NewGroups { names } => ["新群: {names}", "新群: {names}", "new groups: {names}"],
        NewAccounts { names } => ["新账号: {names}", "新帳號: {names}", "new accounts: {names}"],
        AndMore { names, n } => ["{names} 等 {n} 个", "{names} 等 {n} 個", "{names} … {n} in all"],
        Rejected { n } => ["{n} 行没有导入", "{n} 列沒有匯入", "{n} rows are not taken"],
        LeftOut { n } => ["{n} 格没有用上", "{n} 格沒有用上", "{n} cells are not used"],
        MoreProblems { n } => ["还有 {n} 处", "還有 {n} 處", "{n} more"],
        Repeats { n, pairs } => [
            "{n} 行和前面的是同一个人，合在一起: {pairs}", "{n} 列和前面的是同一個人，合在一起: {pairs}",
            "{n} rows are somebody of an earlier row and taken together: {pairs}",
        ],
        Namesakes { n, pairs } => [
            "{n} 行和前面的同名: {pairs}", "{n} 列和前面的同名: {pairs}", "{n} rows have the name of an earlier one: {pairs}"
        ],
        Namesake { row, earlier, apart } => ["{row}={earlier} {apart}", "{row}={earlier} {apart}", "{row}={earlier} {apart}"],
        ApartPhone => ["手机号不同", "手機號不同", "other phone"],
        ApartHandle => ["微信号不同", "微信號不同", "other handle"],
        ApartJoined => ["入群时间不同", "入群時間不同", "joined at another time"],
        ApartGroup => ["群不同", "群不同", "other group"],
        ApartAccount => ["账号不同", "帳號不同", "other account"],
        ApartNothing => [
            "分不开，当成同一个人 (加一列手机号、微信号或入群时间)",
            "分不開，當成同一個人 (加一欄手機號、微信號或入群時間)",
            "nothing tells them apart: taken for one (add a column with phone, handle or time of joining)",
        ],
        OnlyListed { n } => [
            "{n} 行的账号只记是谁列的名单，不算好友; 是好友就加一列「添加时间」",
            "{n} 列的帳號只記是誰列的名單，不算好友; 是好友就加一欄「添加時間」",
            "the account of {n} rows only says who listed them and makes no friends; if they are, add a column \"added at\"",
        ],
        OnlyListedBy { n, account } => [
            "{n} 行是群成员名单: {account} 只记是谁列的，不算好友; 是好友就去掉群，或加一列「添加时间」",
            "{n} 列是群成員名單: {account} 只記是誰列的，不算好友; 是好友就去掉群，或加一欄「添加時間」",
            "{n} rows are a list of group members: {account} only says who listed them and makes no friends; if they are, leave out the group or add a column \"added at\"",
        ],
        TheirAccount => ["行里写的账号", "列裡寫的帳號", "the account in the row"],
        BecomeFriends { n, account } => [
            "{n} 行算 {account} 的好友", "{n} 列算 {account} 的好友", "{n} rows are friends of {account}"
        ],
        UnknownColumns { names } => ["没有用到的列: {names}", "沒有用到的欄: {names}", "columns not used: {names}"],
        Columns { list } => ["列: {list}", "欄: {list}", "columns: {list}"],
        Headers => [
            "认得的表头 (大小写、空格、标点和括号里的话不算; 昵称或姓名必须有一列):",
            "認得的表頭 (大小寫、空格、標點和括號裡的話不算; 暱稱或姓名必須有一欄):",
            "Headers that are understood (case, spaces, punctuation and what is in brackets do not count; a column of names is needed):",
        ],
        RemarkOrNote => [
            "光写 备注 的一列: 和昵称有一样的字，或好友名单里 (旁边有微信号、账号或添加时间) 像人的称呼的 (张姐、小李)，是备注名，称呼就用它; \
             别的，一句句的、几个人都一样的、或者旁边昵称和姓名都有的，是备注说明。要当备注名就写 备注名。",
            "光寫 備註 的一欄: 和暱稱有一樣的字，或好友名單裡 (旁邊有微信號、帳號或添加時間) 像人的稱呼的 (張姐、小李)，是備註名，稱呼就用它; \
             別的，一句句的、幾個人都一樣的、或者旁邊暱稱和姓名都有的，是備註說明。要當備註名就寫 備註名。",
            "A column that just says 备注 or remark holds what people are called where it shares characters with their nicknames, \
             or where, in a list of friends (beside an id, an account or a time of adding), it looks like that (张姐, 小李); \
             anything else, sentences, words that several share, or a column beside both a nickname and a name are notes. \
             Write 备注名 or remarkname where the name is meant.",
        ],
        NoteWithHeader { note } => ["{note}，连同表头", "{note}，連同表頭", "{note}, with the header before it"],
        NotTaken => ["不导入", "不匯入", "not taken"],
        Nickname => ["昵称", "暱稱", "name"],
        GroupId => ["群 ID", "群 ID", "group id"],
        IdOn { platform } => ["{platform} ID", "{platform} ID", "id on {platform}"],
        LunarBirthday => ["农历生日", "農曆生日", "lunar birthday"],
        NothingTaken => [
            "有行不对, 一行也没有导入", "有列不對, 一列也沒有匯入", "some rows are wrong, so none was taken",
        ],
        NoGoodRow => ["没有一行可以导入", "沒有一列可以匯入", "not one row can be taken"],
        HowToGoOn => [
            "改好再来; 或加 --rejects 文件: 先导入没问题的, 其余连同原因写进那个文件",
            "改好再來; 或加 --rejects 檔案: 先匯入沒問題的, 其餘連同原因寫進那個檔案",
            "mend them; or add --rejects FILE to take the good rows and have the others written there with their reasons",
        ],
        Stopped => ["导入中途被撤销", "匯入中途被復原", "the import was undone before its end"],
        GoesOn { n } => [
            "{n} 行已经收下, 下次打开时接着写入", "{n} 列已經收下, 下次開啟時接著寫入",
            "the {n} rows are safe and will be written when the store is opened next",
        ],
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_languages_say_the_same() {
        assert_eq!(crate::text::lang::faults::<super::Words>(), Vec::<String>::new());
    }
}
