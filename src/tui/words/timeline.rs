//! Words of the day hour by hour.

crate::words! {
    /// What the screen says about today.
    pub enum TimelineWords {
        Hour { hour, bar, n } => ["{hour}  {bar} {n} 条", "{hour}  {bar} {n} 條", "{hour}  {bar} {n}"],
        InHour { hour, n } => ["{hour}点 {n}条", "{hour}點 {n}條", "{hour}h ({n})"],
        EmptyHour { hour } => ["{hour}点", "{hour}點", "{hour}h"],
        Now => ["现在", "現在", "now"],
        Nothing => ["今天没有了", "今天沒有了", "nothing more today"],
        NextOnly => [
            "正在算今天其余的步骤; 现在只有各自的下一步", "正在算今天其餘的步驟; 現在只有各自的下一步",
            "planning the rest of today; so far each one's next step alone"],
        StripAll => ["今日时间轴 (本列表, 加各自的下一步)", "今日時間軸 (本列表, 加各自的下一步)", "today: this list, and each one's next step"],
        StripList => ["今日时间轴 (只算本列表)", "今日時間軸 (只算本列表)", "today: this list alone"],
        Earlier { n } => [
            "今天以前到点的还有 {n} 条没发", "今天以前到點的還有 {n} 條沒發", "{n} more are owed from before today"],
        Head => ["今日时间轴", "今日時間軸", "today"],
    }
}
