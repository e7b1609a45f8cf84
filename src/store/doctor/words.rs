//! Sentences of what is found in a store.

crate::words! {
    /// What was found.
    pub(super) enum Words {
        Directory { path } => ["数据目录 {path}", "資料目錄 {path}", "store directory {path}"],
        Missing { path } => [
            "还没有数据目录 {path}，第一次使用时会建立", "還沒有資料目錄 {path}，第一次使用時會建立",
            "there is no store at {path} yet; the first use makes it",
        ],
        NotADirectory { path } => ["{path} 不是目录", "{path} 不是目錄", "{path} is not a directory"],
        Private => ["只有自己能读写", "只有自己能讀寫", "readable and writable by its owner only"],
        OtherOwner { owner } => ["数据属于另一个用户 (uid {owner})", "資料屬於另一個使用者 (uid {owner})", "the store belongs to another user (uid {owner})"],
        ClosedToUs { mode } => ["自己也不能读写 (权限 {mode})", "自己也不能讀寫 (權限 {mode})", "not readable and writable by its owner (mode {mode})"],
        OpenToOthers { mode } => ["别人也能看到数据 (权限 {mode})", "別人也能看到資料 (權限 {mode})", "open to other users (mode {mode})"],
        NotWritable { path } => ["{path} 不能写", "{path} 不能寫", "{path} cannot be written"],
        Network { kind } => [
            "数据在网络文件系统 {kind} 上，锁和写入不可靠；换到本机磁盘", "資料在網路檔案系統 {kind} 上，鎖和寫入不可靠；換到本機磁碟",
            "the store lies on {kind}, a network file system; keep it on a local disk",
        ],
        Local => ["在本机磁盘上", "在本機磁碟上", "on a local disk"],
        SpaceUnknown => ["查不到剩余空间", "查不到剩餘空間", "free space cannot be told"],
        Space { mb } => ["磁盘剩余 {mb} MB", "磁碟剩餘 {mb} MB", "{mb} MB free on the disk"],
        Free => ["没有进程占用", "沒有程序佔用", "no process has it"],
        Held { pid, since } => ["进程 {pid} 正在使用 ({since})", "程序 {pid} 正在使用 ({since})", "process {pid} has it ({since})"],
        HeldByOther => ["被别的程序占用，它不是值守进程", "被別的程式佔用，它不是值守程序", "another program has it, which is no desk"],
        Whole { seq, mb } => ["日志完整: {seq} 条记录, {mb} MB", "日誌完整: {seq} 條記錄, {mb} MB", "the journal is whole: {seq} records, {mb} MB"],
        NoJournal => ["还没有日志，第一次使用时会建立", "還沒有日誌，第一次使用時會建立", "there is no journal yet; the first use makes it"],
        Torn { bytes } => [
            "最后一次写入中断 ({bytes} 字节，未曾确认)，下次打开会截掉并留底", "最後一次寫入中斷 ({bytes} 位元組，未曾確認)，下次開啟會截掉並留底",
            "the last write was interrupted ({bytes} bytes, never acknowledged); the next opening cuts it off and keeps a copy",
        ],
        Damaged { error } => [
            "{error}；先留一份副本", "{error}；先留一份副本", "{error}; keep a copy first",
        ],
        IndexInUse => ["索引正在使用", "索引正在使用", "the index is in use"],
        IndexFits => ["索引与日志一致", "索引與日誌一致", "the index agrees with the journal"],
        WouldRebuild { reason } => [
            "下次打开会从日志重建索引: {reason}", "下次開啟會從日誌重建索引: {reason}",
            "the next opening rebuilds the index from the journal: {reason}",
        ],
        IndexUnknown { error } => ["查不了索引: {error}", "查不了索引: {error}", "the index cannot be looked at: {error}"],
    }
}
