//! What is wrong with a TOML file, in the user's language: the reader of the files speaks English only.

use super::lang::Lang;

crate::words! {
    enum Words {
        Quote => ["文字要加引号，引号要成对", "文字要加引號，引號要成對", "texts stand in quotes, which come in pairs"],
        NoValue => ["少了等号或值，写成 名称 = 值", "少了等號或值，寫成 名稱 = 值", "an equals sign or a value is missing: name = value"],
        Duplicate => ["同一项写了两次", "同一項寫了兩次", "the same key stands there twice"],
        Unclosed => ["括号没有关上", "括號沒有關上", "a bracket is not closed"],
        Comma => ["逗号多了或少了", "逗號多了或少了", "a comma is missing, or one too many"],
        TooMuch => ["这里多了东西，一行只写一项", "這裡多了東西，一行只寫一項", "there is more here than a key and its value"],
        Number => ["数字或日期写得不对", "數字或日期寫得不對", "this number or date cannot be read"],
        UnknownField { field, known } => ["没有“{field}”这一项; 有 {known}", "沒有「{field}」這一項; 有 {known}", "there is no key {field}; there are {known}"],
        UnknownWord { field, known } => ["“{field}”不能写在这里; 可用 {known}", "「{field}」不能寫在這裡; 可用 {known}", "{field} cannot stand here; there are {known}"],
        Missing { field } => ["少了 {field} 这一项", "少了 {field} 這一項", "{field} is missing"],
        Kind => ["值的种类不对: 文字要加引号，数字不加，一列用方括号", "值的種類不對: 文字要加引號，數字不加，一列用方括號", "this is the wrong kind of value: texts stand in quotes, numbers do not, lists stand in brackets"],
        Other => ["这里写得不对", "這裡寫得不對", "this cannot be read"],
    }
}

/// The sentence for what the reader says; in English its own words where they are no worse.
pub fn sentence(said: &str, lang: Lang) -> String {
    let quoted: Vec<&str> = said.split('`').skip(1).step_by(2).collect();
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let named = |words: Words| match quoted.split_first() {
        Some((field, known)) => words.fill(lang, &[("field", field), ("known", &known.join(", "))]),
        None => Words::Other.text(lang).to_owned(),
    };
    let words = match said {
        _ if said.starts_with("unknown field") => return named(Words::UnknownField),
        _ if said.starts_with("unknown variant") => return named(Words::UnknownWord),
        _ if said.starts_with("missing field") => return named(Words::Missing),
        _ if said.starts_with("invalid type") || said.starts_with("invalid value:") => Words::Kind,
        _ if has(&["string", "quote"]) => Words::Quote,
        _ if has(&["duplicate"]) => Words::Duplicate,
        _ if has(&["unclosed"]) => Words::Unclosed,
        _ if has(&["comma"]) => Words::Comma,
        _ if has(&["no value", "missing value", "missing assignment"]) => Words::NoValue,
        _ if has(&["number", "integer", "float", "date", "leading zero", "radix", "sign"]) => Words::Number,
        _ if has(&["unexpected"]) => Words::TooMuch,
        _ => Words::Other,
    };
    let typed = said.starts_with("invalid type") || said.starts_with("invalid value:");
    if lang == Lang::En && !typed {
        said.lines().collect::<Vec<_>>().join(" ")
    } else {
        words.text(lang).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct One {
        #[serde(rename = "name")]
        _name: String,
    }

    #[test]
    fn mistakes_are_told_in_the_language_of_the_user() {
        assert_eq!(super::super::lang::faults::<Words>(), Vec::<String>::new());
        let check = |file: &str, expected: &str| {
            let error = toml::from_str::<toml::Table>(file).unwrap_err();
            assert_eq!(sentence(error.message(), Lang::ZhCn), expected, "{}", error.message());
        };
        check("a", "少了等号或值，写成 名称 = 值");
        check("a = ", "文字要加引号，引号要成对");
        check("a = 早", "文字要加引号，引号要成对");
        check("a = \"早", "文字要加引号，引号要成对");
        check("a = 1\na = 2", "同一项写了两次");
        check("a = [1", "括号没有关上");
        check("a = 1 b = 2", "这里多了东西，一行只写一项");
        let said = |file: &str| sentence(toml::from_str::<One>(file).unwrap_err().message(), Lang::ZhCn);
        assert_eq!(said("nmae = \"x\""), "没有“nmae”这一项; 有 name");
        assert_eq!(said(""), "少了 name 这一项");
        assert_eq!(said("name = 1"), "值的种类不对: 文字要加引号，数字不加，一列用方括号");
        let english = sentence(toml::from_str::<One>("name = 1").unwrap_err().message(), Lang::En);
        assert!(english.starts_with("this is the wrong kind of value"), "{english}");
    }
}
