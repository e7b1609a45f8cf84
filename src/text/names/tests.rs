//! What lists of names are read as.

use super::*;

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(person_names(text), expected, "{text:?}");
}

#[test]
fn typed_names_are_split_and_quotes_keep_blanks() {
    check("小雨 阿珍、王姐，李哥\n老张", &["小雨", "阿珍", "王姐", "李哥", "老张"]);
    check("\"Mary Ann\" “小 雨” 阿珍", &["Mary Ann", "小 雨", "阿珍"]);
    check("@小雨\u{2005}@阿珍 小雨", &["小雨", "阿珍"]);
    check("1. 小雨\n2. 阿珍", &["小雨", "阿珍"]);
    check("“没关上 的", &["没关上 的"]);
    check(" 、，\n", &[]);
    check("8000", &["8000"]);
    check("Tom Jerry", &["Tom", "Jerry"]);
    check("3栋201", &["3栋201"]);
    check("张三/李四", &["张三", "李四"]);
    check("张三，李四,王五\n赵六，小美", &["张三", "李四", "王五", "赵六", "小美"]);
    check("张三，王三元，3栋的阿珍", &["张三", "王三元", "3栋的阿珍"]);
    check("3栋201，3栋202", &["3栋201", "3栋202"]);
    check("Tom, Jerry2", &["Tom", "Jerry2"]);
}

#[test]
fn a_jielong_gives_its_names() {
    check(
        "#接龙\n周六鸡蛋团，30枚一板\n例：昵称 份数\n\n1. 吴宇航妈妈 2份\n2. 罗雨桐妈妈\n3. @小雨妈 已付\n58. 陈艳+1\n",
        &["吴宇航妈妈", "罗雨桐妈妈", "小雨妈", "陈艳"],
    );
    check("2、罗雨桐妈妈 鸡蛋两份，不要葱", &["罗雨桐妈妈"]);
    check("58. 吴宇航妈妈", &["吴宇航妈妈"]);
    check("（1）张三\n（2）李四 x2\n(3) 王五×3", &["张三", "李四", "王五"]);
    check("①张三②李四", &["张三", "李四"]);
    check("1、张三 2、李四 3、王五", &["张三", "李四", "王五"]);
    check("1.张三2份 2.李四（1份） 3.王五*2", &["张三", "李四", "王五"]);
    check("1 张三\n2 李四\n3 王五", &["张三", "李四", "王五"]);
    check("1) Mary Ann 2份\n2) 🌸 小雨妈 1", &["Mary Ann", "🌸 小雨妈"]);
    check("1. 张三：鸡蛋2份\n2. 李四：牛奶\n1. 张三", &["张三", "李四"]);
    check("报名接龙：\n1. 王芳（3栋）\n2. 小雨妈Max2", &["王芳（3栋）", "小雨妈Max2"]);
    check("1. 张三\n2. 李四\n王五\n以上都要，谢谢大家！", &["张三", "李四", "王五"]);
}

#[test]
fn what_stands_beside_a_name_is_kept() {
    let check = |text: &str, expected: &[(&str, &str)]| {
        let found = people_listed(text);
        let found: Vec<_> = found.iter().map(|l| (l.name.as_str(), l.said.as_str())).collect();
        assert_eq!(found, expected, "{text:?}");
    };
    check(
        "1. 张三 鸡蛋2\n2. 小芳🌸 苹果1\n4、王阿姨 3栋502 鸡蛋1 苹果2\n5. 张三 苹果1",
        &[("张三", "鸡蛋2 苹果1"), ("小芳🌸", "苹果1"), ("王阿姨", "3栋502 鸡蛋1 苹果2")],
    );
    check(
        "1. 张三：鸡蛋2份\n2. 李四+1\n3. 王五（2份）",
        &[("张三", "鸡蛋2份"), ("李四", "+1"), ("王五", "2份")],
    );
    check("1. Mary Ann 2份 已付\n2. 小雨妈 已打卡", &[("Mary Ann", "2份 已付"), ("小雨妈", "")]);
    check("张三 2份\n李四 打卡", &[("张三", "2份"), ("李四", "")]);
    check("张三、李四", &[("张三", ""), ("李四", "")]);
    check("吴九，草莓1\n张三,鸡蛋2份、牛奶1", &[("吴九", "草莓1"), ("张三", "鸡蛋2份 牛奶1")]);
    check("吴九，草莓1，李四，鸡蛋2", &[("吴九", "草莓1"), ("李四", "鸡蛋2")]);
    check("1. 吴九，草莓1 已付\n2. 李四，2份", &[("吴九", "草莓1 已付"), ("李四", "2份")]);
    check(
        "小明妈妈（鸡蛋3 牛奶1）\n王芳（3栋）\n1. 李四(草莓1，葱2)\n",
        &[("小明妈妈", "鸡蛋3 牛奶1"), ("王芳（3栋）", ""), ("李四", "草莓1，葱2")],
    );
    check("小明妈妈（鸡蛋3 牛奶1）", &[("小明妈妈", "鸡蛋3 牛奶1")]);
    check("吴九 草莓1\n王芳 3栋201", &[("吴九", "草莓1"), ("王芳", "3栋201")]);
    check("张三", &[("张三", "")]);
}

#[test]
fn plain_lines_lose_headings_amounts_and_remarks() {
    check("今日打卡名单：\n张三 已打卡\n李四 打卡\n------\n\n@王五", &["张三", "李四", "王五"]);
    check("Mary Ann\nTom Lee 2份", &["Mary Ann", "Tom Lee"]);
    check("张三 2份\n李四 三斤\n3栋201", &["张三", "李四", "3栋201"]);
    check("大家早上好，今天开始打卡了！\n张三丰\n李四", &["张三丰", "李四"]);
    check("老王1号\n张三2", &["老王1号", "张三2"]);
}

#[test]
fn lists_are_split_as_people_type_them() {
    let check = |text: &str, expected: &[&str]| assert_eq!(list_items(text), expected, "{text:?}");
    check("@张三 @李四", &["张三", "李四"]);
    check("@张三\u{2005}@Tom Lee\u{2005}@李四\u{2005}", &["张三", "Tom Lee", "李四"]);
    check("@王五 李四", &["王五", "李四"]);
    check("@王五 李四 @Tom Lee @赵六", &["王五", "李四", "Tom Lee", "赵六"]);
    check("@Tom Lee\u{2005}张三", &["Tom Lee", "张三"]);
    check("赵六、小美", &["赵六", "小美"]);
    check("张三 李四 罗雨桐妈妈", &["张三", "李四", "罗雨桐妈妈"]);
    check("张三, 李四;王五\n@赵六", &["张三", "李四", "王五", "赵六"]);
    check("张三 李四\n王五", &["张三", "李四", "王五"]);
    check("Mary Ann\n鸡蛋 30枚", &["Mary Ann", "鸡蛋 30枚"]);
    check("小 雨、阿珍", &["小 雨", "阿珍"]);
    check("1. 张三\n2. 李四", &["张三", "李四"]);
    check("1.5 升牛奶", &["1.5 升牛奶"]);
    check(" \n", &[]);
}

proptest::proptest! {
    #[test]
    fn any_text_gives_clean_names_once(text: String) {
        let names = person_names(&text);
        for (at, name) in names.iter().enumerate() {
            proptest::prop_assert!(!name.trim().is_empty() && !names[..at].contains(name));
            proptest::prop_assert!(!name.chars().any(char::is_control));
        }
        let _ = list_items(&text);
    }
}
