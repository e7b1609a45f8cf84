//! `closed!` declares a closed set of words once; filters, forms, JSON and the screen all read it from there.

/// Declares an enum whose values are words people type and read.
///
/// Each value has its ASCII word (JSON, journal, filters), its zh-CN and zh-TW words and further accepted
/// spellings. The journal and the wire carry the ASCII word.
macro_rules! closed {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$vmeta:meta])* $value:ident = $word:literal, $zh:literal, $tw:literal $(, [$($alias:literal),*])?;)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $value,)+ }

        impl $name {
            /// Every value, in the order shown to people.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];

            /// The ASCII word: JSON, journal, filters.
            pub const fn word(self) -> &'static str { match self { $(Self::$value => $word),+ } }

            /// The word shown in a language.
            pub const fn label(self, lang: $crate::text::lang::Lang) -> &'static str {
                use $crate::text::lang::Lang;
                match (self, lang) {
                    $((Self::$value, Lang::ZhCn) => $zh, (Self::$value, Lang::ZhTw) => $tw,
                      (Self::$value, Lang::En) => $word),+
                }
            }

            /// Every spelling people may type for this value.
            pub const fn spellings(self) -> &'static [&'static str] {
                match self { $(Self::$value => &[$word, $zh, $tw $($(, $alias)*)?]),+ }
            }

            /// Finds a value by any of its spellings; ASCII letters in any case.
            pub fn parse(text: &str) -> Option<Self> {
                let text = text.trim();
                Self::ALL.iter().copied()
                    .find(|value| value.spellings().iter().any(|s| s.eq_ignore_ascii_case(text)))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.word()) }
        }
    };
}
