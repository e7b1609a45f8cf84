//! Words of the day hour by hour.

crate::words! {
    /// What the screen says about today.
    pub enum TimelineWords {
        Hour { hour, bar, n } => ["{hour}  {bar} {n} 条", "{hour}  {bar} {n} 條", "{hour}  {bar} {n}"],
        InHour { hour, n } => ["{hour}点 {n}条", "{hour}點 {n}條", "{hour}h ({n})"],
        Now => ["现在", "現在", "now"],
        Nothing => ["今天没有了", "今天沒有了", "nothing more today"],
        Head => ["今日时间轴", "今日時間軸", "today"],
    }
}
