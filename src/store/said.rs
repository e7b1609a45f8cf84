//! What is wrong with a store, in the language of whoever asks: one sentence that says what happened to the data.
//!
//! The `Display` of the errors is for logs; it names the same places.

use std::io;

use super::StoreError;
use super::index::{IndexError, RebuildReason};
use super::journal::{Damage, JournalError};
use super::layout::LayoutError;
use super::opening::OpenNote;
use crate::text::lang::Lang;

crate::words! {
    pub(super) enum Words {
        JournalGone => [
            "日志不见了 (没有 journal/CURRENT), 什么都没有改动; 有备份就把其中的 journal/ 放回来",
            "日誌不見了 (沒有 journal/CURRENT), 什麼都沒有改動; 有備份就把其中的 journal/ 放回來",
            "the journal is gone (journal/CURRENT is missing), nothing was changed; put journal/ back from a copy",
        ],
        JournalOrphans { n } => [
            "journal/ 里有 {n} 段日志却没有 CURRENT, 什么都没有改动; 有备份就把其中的 journal/CURRENT 放回来",
            "journal/ 裡有 {n} 段日誌卻沒有 CURRENT, 什麼都沒有改動; 有備份就把其中的 journal/CURRENT 放回來",
            "journal/ holds {n} segments and no CURRENT, nothing was changed; put journal/CURRENT back from a copy",
        ],
        BadCurrent { line } => [
            "journal/CURRENT 第 {line} 行看不懂, 什么都没有改动", "journal/CURRENT 第 {line} 行看不懂, 什麼都沒有改動",
            "line {line} of journal/CURRENT cannot be read, nothing was changed",
        ],
        NewerFormat { found, known } => [
            "这份数据由更新的 qun 写成 (格式 {found}, 这个程序到 {known}): 请升级 qun",
            "這份資料由更新的 qun 寫成 (格式 {found}, 這個程式到 {known}): 請升級 qun",
            "a newer qun wrote this store (format {found}, this program knows {known}): update qun",
        ],
        Damaged { segment, offset, what } => [
            "日志第 {segment} 段在偏移 {offset} 处损坏 ({what}), 什么都没有改动; 有备份就把其中的 journal/ 放回来",
            "日誌第 {segment} 段在偏移 {offset} 處損壞 ({what}), 什麼都沒有改動; 有備份就把其中的 journal/ 放回來",
            "segment {segment} of the journal is damaged at offset {offset} ({what}), nothing was changed; put journal/ back from a copy",
        ],
        SegmentMissing => ["这一段不在了", "這一段不在了", "the segment is missing"],
        SegmentWrong => ["段头不对", "段頭不對", "its header is wrong"],
        OtherStore => ["是别的数据的一段", "是別的資料的一段", "it belongs to another store"],
        FrameWrong => ["校验不符", "校驗不符", "a checksum does not match"],
        FramesMissing => ["中间缺了一截", "中間缺了一截", "a part is missing"],
        DiskFull => ["磁盘满了，写不进去; 腾出空间再来", "磁碟滿了，寫不進去; 騰出空間再來", "the disk is full: make room and try again"],
        OutcomeUnknown => [
            "写到一半出了错，记没记下还不知道; 重新打开就能看到", "寫到一半出了錯，記沒記下還不知道; 重新開啟就能看到",
            "a write failed half-way and its outcome is unknown; opening again shows it",
        ],
        CannotOpen { error } => ["数据打不开: {error}", "資料打不開: {error}", "the store cannot be opened: {error}"],
        IndexLocked => ["索引正被另一个进程使用", "索引正被另一個程序使用", "another process has the index open"],
        IndexFails { error } => [
            "索引用不了: {error}; 日志还在，可以重建", "索引用不了: {error}; 日誌還在，可以重建",
            "the index cannot be used: {error}; it can be rebuilt from the journal",
        ],
        Network { path, kind } => [
            "{path} 在网络磁盘 ({kind}) 上，锁和写入不可靠; 请把数据放在本机磁盘",
            "{path} 在網路磁碟 ({kind}) 上，鎖和寫入不可靠; 請把資料放在本機磁碟",
            "{path} lies on {kind}, a network file system, where locks and syncs cannot be relied on; keep it on a local disk",
        ],
        OtherOwner { path, owner } => [
            "{path} 属于另一个用户 (uid {owner}), 只有它的主人能打开", "{path} 屬於另一個使用者 (uid {owner}), 只有它的主人能開啟",
            "{path} belongs to another user (uid {owner}); only its owner may open it",
        ],
        NotAStore { path } => [
            "{path} 里有别的文件，不是 qun 的数据; 换一个空目录或新目录",
            "{path} 裡有別的檔案，不是 qun 的資料; 換一個空目錄或新目錄",
            "{path} holds other files and is no store of qun; name an empty or a new directory",
        ],
        SocketPath { path } => [
            "{path} 太长，放不下套接字; 设置 XDG_RUNTIME_DIR 或 TMPDIR 为短的目录",
            "{path} 太長，放不下通訊端; 設定 XDG_RUNTIME_DIR 或 TMPDIR 為短的目錄",
            "{path} is too long for a socket; set XDG_RUNTIME_DIR or TMPDIR to a short directory",
        ],
        CannotUse { path, why } => ["{path} 用不了: {why}", "{path} 用不了: {why}", "{path} cannot be used: {why}"],
        NoPermission => ["没有权限", "沒有權限", "no permission"],
        ReadOnly => ["磁盘是只读的", "磁碟是唯讀的", "the disk is read-only"],
        Full => ["磁盘满了", "磁碟滿了", "the disk is full"],
        NotADirectory => ["路径里有一段不是目录", "路徑裡有一段不是目錄", "a part of the path is no directory"],
        Occupied => ["那里已有别的文件", "那裡已有別的檔案", "another file is there"],
        TailCut { bytes } => [
            "上次中断的一次写入没有完成 ({bytes} 字节), 已去掉; 之前确认过的都在",
            "上次中斷的一次寫入沒有完成 ({bytes} 位元組), 已去掉; 之前確認過的都在",
            "a write that was interrupted ({bytes} bytes) was cut off; all that was acknowledged is there",
        ],
        IndexRebuilt { why } => [
            "索引已从日志重建，数据没有丢 ({why})", "索引已從日誌重建，資料沒有丟 ({why})", "the index was made anew from the journal, nothing is lost ({why})",
        ],
        IndexMissing => ["原来的索引不在了", "原來的索引不在了", "there was no index"],
        IndexOther => ["原来的索引不是这份数据的", "原來的索引不是這份資料的", "the index was of another history"],
        IndexAhead { index, journal } => [
            "索引有 {index} 条记录而日志只有 {journal} 条: 日志可能被换成了旧的",
            "索引有 {index} 條記錄而日誌只有 {journal} 條: 日誌可能被換成了舊的",
            "the index knows {index} records and the journal {journal}: an older journal may have taken its place",
        ],
        IndexVersion => ["格式有更新", "格式有更新", "its format has changed"],
        IndexBroken => ["原来的索引打不开", "原來的索引打不開", "the index could not be opened"],
        IndexInterrupted => ["上次大批写入时中断了", "上次大批寫入時中斷了", "the machine stopped during bulk work"],
    }
}

/// Why the system refused, in words where they are known.
fn reason(error: &io::Error, lang: Lang) -> String {
    let words = match error.kind() {
        io::ErrorKind::PermissionDenied => Words::NoPermission,
        io::ErrorKind::ReadOnlyFilesystem => Words::ReadOnly,
        io::ErrorKind::StorageFull => Words::Full,
        io::ErrorKind::NotADirectory => Words::NotADirectory,
        io::ErrorKind::AlreadyExists => Words::Occupied,
        _ => return error.to_string(),
    };
    words.text(lang).to_owned()
}

impl StoreError {
    /// What is wrong, for a human.
    pub fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::Journal(error) => error.sentence(lang),
            Self::Index(IndexError::Locked) => Words::IndexLocked.text(lang).to_owned(),
            Self::Index(IndexError::DiskFull) => Words::DiskFull.text(lang).to_owned(),
            Self::Index(error) => Words::IndexFails.fill(lang, &[("error", error)]),
            Self::Row(error) => Words::IndexFails.fill(lang, &[("error", error)]),
            Self::Record(error) => Words::CannotOpen.fill(lang, &[("error", error)]),
        }
    }
}

impl JournalError {
    /// What is wrong, for a human.
    pub fn sentence(&self, lang: Lang) -> String {
        match self {
            _ if self.is_disk_full() => Words::DiskFull.text(lang).to_owned(),
            Self::Missing => Words::JournalGone.text(lang).to_owned(),
            Self::Orphans { segments } => Words::JournalOrphans.fill(lang, &[("n", segments)]),
            Self::BadCurrent { line, .. } => Words::BadCurrent.fill(lang, &[("line", line)]),
            Self::NewerFormat { found, known, .. } => {
                Words::NewerFormat.fill(lang, &[("found", found), ("known", known)])
            }
            Self::Damaged { segment, offset, what } => {
                let what = match what {
                    Damage::SegmentMissing | Damage::SealedLength { .. } => Words::SegmentMissing,
                    Damage::SegmentHeader => Words::SegmentWrong,
                    Damage::OtherStore => Words::OtherStore,
                    Damage::FrameHeader | Damage::FramePayload => Words::FrameWrong,
                    Damage::Chain | Damage::Gap => Words::FramesMissing,
                };
                let what = what.text(lang);
                Words::Damaged.fill(lang, &[("segment", segment), ("offset", offset), ("what", &what)])
            }
            Self::OutcomeUnknown { .. } | Self::Stopped => Words::OutcomeUnknown.text(lang).to_owned(),
            Self::Io { doing, source } => {
                Words::CannotUse.fill(lang, &[("path", doing), ("why", &reason(source, lang))])
            }
            Self::NotWritten { source, .. } => {
                Words::CannotOpen.fill(lang, &[("error", &reason(source, lang))])
            }
            Self::Exists | Self::FrameSize { .. } | Self::BeyondEnd { .. } => {
                Words::CannotOpen.fill(lang, &[("error", self)])
            }
        }
    }
}

impl LayoutError {
    /// What is wrong, for a human.
    pub fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::Network { path, kind } => {
                Words::Network.fill(lang, &[("path", &path.display()), ("kind", kind)])
            }
            Self::OtherOwner { path, owner, .. } => {
                Words::OtherOwner.fill(lang, &[("path", &path.display()), ("owner", owner)])
            }
            Self::NotAStore { path } => Words::NotAStore.fill(lang, &[("path", &path.display())]),
            Self::SocketPath { path, .. } => Words::SocketPath.fill(lang, &[("path", &path.display())]),
            Self::Io { path, source, .. } => {
                Words::CannotUse.fill(lang, &[("path", &path.display()), ("why", &reason(source, lang))])
            }
        }
    }
}

impl RebuildReason {
    /// Why, for a human.
    pub fn sentence(&self, lang: Lang) -> String {
        let words = match self {
            Self::Ahead { index, journal } => {
                return Words::IndexAhead.fill(lang, &[("index", index), ("journal", journal)]);
            }
            Self::Missing => Words::IndexMissing,
            Self::OtherLineage | Self::CrcMismatch { .. } => Words::IndexOther,
            Self::OtherVersion { .. } => Words::IndexVersion,
            Self::Unopenable(_) => Words::IndexBroken,
            Self::Dirty => Words::IndexInterrupted,
        };
        words.text(lang).to_owned()
    }
}

impl OpenNote {
    /// What opening did; none where there is nothing to know.
    pub fn sentence(&self, lang: Lang) -> Option<String> {
        match self {
            Self::Made => None,
            Self::Cut(cut) => Some(Words::TailCut.fill(lang, &[("bytes", &cut.bytes)])),
            Self::Rebuilt(reason) => Some(Words::IndexRebuilt.fill(lang, &[("why", &reason.sentence(lang))])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_whole() {
        assert_eq!(crate::text::lang::faults::<Words>(), Vec::<String>::new());
    }

    #[test]
    fn damage_names_its_place_and_says_that_nothing_was_changed() {
        let damaged = JournalError::Damaged { segment: 3, offset: 2133, what: Damage::FramePayload };
        let said = damaged.sentence(Lang::ZhCn);
        assert!(said.contains("第 3 段在偏移 2133 处") && said.contains("什么都没有改动"), "{said}");
        let full = JournalError::NotWritten { segment: 1, source: io::ErrorKind::StorageFull.into() };
        assert!(full.sentence(Lang::ZhCn).contains("磁盘满了"));
        let refused = LayoutError::Io {
            doing: "locking",
            path: "/数据/desk.lock".into(),
            source: io::ErrorKind::ReadOnlyFilesystem.into(),
        };
        assert_eq!(refused.sentence(Lang::ZhCn), "/数据/desk.lock 用不了: 磁盘是只读的");
    }

    #[test]
    fn every_note_of_an_opening_is_a_sentence() {
        let reasons = [
            RebuildReason::Missing,
            RebuildReason::OtherLineage,
            RebuildReason::Ahead { index: 13, journal: 12 },
            RebuildReason::CrcMismatch { seq: 3 },
            RebuildReason::OtherVersion { found: 1, wanted: 2 },
            RebuildReason::Unopenable("corrupted".into()),
            RebuildReason::Dirty,
        ];
        for reason in reasons {
            let said = OpenNote::Rebuilt(reason).sentence(Lang::ZhCn).unwrap();
            assert!(said.contains("数据没有丢") && !said.contains('{'), "{said}");
        }
        assert_eq!(OpenNote::Made.sentence(Lang::ZhCn), None);
    }
}
