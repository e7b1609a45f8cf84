//! A queue as it looks in a working shop: for measuring what a screen writes.

use super::desk::{Desk, at, member_id, task_id};
use qun::book::Via;
use qun::door::detail::Past;
use qun::door::line::{Fact, Ref};

impl Desk {
    /// Private tasks as a queue of friends to look after has them: no two names, texts or histories are alike.
    pub fn believable(tasks: u32) -> Self {
        const SURNAMES: [&str; 11] = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "欧阳"];
        const NAMES: [&str; 13] = [
            "芊芊妈",
            "一诺爸",
            "3栋1204",
            "雨桐",
            "阿珍",
            "小满",
            "团团",
            "建国",
            "Lucy",
            "子涵妈妈",
            "果果",
            "晓东",
            "婷",
        ];
        const GOODS: [&str; 7] = ["叶菜", "土鸡蛋", "车厘子", "纯牛奶", "婴儿湿巾", "猫粮", "五常大米"];
        const ENDS: [&str; 5] = [
            "用得上就留着～",
            "有问题随时喊我。",
            "不想收到回一声就行",
            "明天十点开团，要的话先给您留一份！",
            "您看合适吗？",
        ];
        let mut desk = Self::small();
        for n in 0..tasks {
            let of = |words: &[&str], step: u32| words[(n / step) as usize % words.len()].to_owned();
            let name = format!("{}{} {}", of(&SURNAMES, 1), of(&NAMES, 1), 100 + n * 37 % 900);
            let text = format!(
                "{}，上回您买的{}差不多该用完了吧？今天说个小窍门：{}用厨房纸包一下再进冰箱，一周都不蔫，第{}天再看还是新鲜的。{}",
                of(&NAMES, 1),
                of(&GOODS, 1),
                of(&GOODS, 3),
                n % 9 + 2,
                of(&ENDS, 1),
            );
            desk.add_task(
                1 + n as usize % 6,
                i64::from(n) - 40,
                &text,
                &text,
                None,
                vec![Fact::LateDays(n % 3 + 1)],
            );
            if let Some(task) = desk.tasks.last_mut() {
                task.via = Via::Private;
                task.member = Some(Ref { id: member_id(1), name: name.clone() });
                task.target_name = name;
            }
            let pasts = (0..2 + n % 4).map(|ago| Past {
                at: at(-1440 * i64::from(ago + 1) - i64::from(n * 13 % 600)),
                what: ["已发", "回复", "下单", "进群"][((n + ago) % 4) as usize].into(),
                word: ["touch", "replied", "bought", "joined"][((n + ago) % 4) as usize].into(),
                source: String::new(),
                by: ["小李", "王店长"][(n % 2) as usize].into(),
                text: format!("{} {}.{}", of(&GOODS, ago + 1), n % 90, ago),
            });
            desk.pasts.insert(task_id(desk.tasks.len() as u32), pasts.collect());
        }
        desk
    }
}
