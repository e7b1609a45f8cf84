use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::*;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Whole {
    small: i8,
    large: u64,
    below: i64,
    part: f64,
    narrow: f32,
    sign: char,
    text: String,
    bytes: crate::book::TaskId,
    maybe: Option<u8>,
    list: Vec<Kind>,
    pair: (bool, u16),
    nothing: (),
    map: BTreeMap<String, i32>,
    one: One,
    #[serde(default)]
    later: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct One(u32);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Kind {
    Plain,
    Held(String),
    Two(u8, i16),
    Named { a: Option<String>, b: Vec<u8> },
    Deep(Box<Kind>),
}

fn kind() -> impl Strategy<Value = Kind> {
    let flat = prop_oneof![
        Just(Kind::Plain),
        any::<String>().prop_map(Kind::Held),
        any::<(u8, i16)>().prop_map(|(a, b)| Kind::Two(a, b)),
        any::<(Option<String>, Vec<u8>)>().prop_map(|(a, b)| Kind::Named { a, b }),
    ];
    flat.prop_recursive(3, 8, 1, |inner| inner.prop_map(|kind| Kind::Deep(Box::new(kind))))
}

prop_compose! {
    fn whole()(
        (small, large, below, part, narrow) in any::<(i8, u64, i64, i32, i16)>(),
        (sign, text, bytes, maybe) in any::<(char, String, u128, Option<u8>)>(),
        (pair, map, one, later) in any::<((bool, u16), BTreeMap<String, i32>, u32, u8)>(),
        long in prop::sample::select(vec![0_usize, 31, 32, 255, 256, 65_536]),
        list in prop::collection::vec(kind(), 0..20),
    ) -> Whole {
        Whole {
            small, large, below, sign, map, pair, list, later,
            part: f64::from(part) / 7.0, narrow: f32::from(narrow) / 3.0,
            text: text + &"长".repeat(long), bytes: crate::book::id::Id::from_bits(bytes),
            maybe, nothing: (), one: One(one),
        }
    }
}

proptest! {
    #[test]
    fn what_was_written_is_read_by_names_and_by_order(value in whole()) {
        let named = rmp_serde::to_vec_named(&value).unwrap();
        prop_assert_eq!(&unpack::<Whole>(&named).unwrap(), &value);
        let ordered = rmp_serde::to_vec(&value).unwrap();
        prop_assert_eq!(&unpack::<Whole>(&ordered).unwrap(), &value);
        // cut short it is a mistake and nothing else
        prop_assert!(unpack::<Whole>(&named[..named.len() - 1]).is_err());
    }

    #[test]
    fn any_bytes_are_read_or_refused_as_by_the_library(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let (ours, theirs) = (unpack::<Kind>(&bytes), rmp_serde::from_slice::<Kind>(&bytes));
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            prop_assert_eq!(ours, theirs);
        }
        let _ = unpack::<Whole>(&bytes);
        let _ = unpack::<Vec<Option<Whole>>>(&bytes);
    }
}

#[derive(Serialize)]
struct Newer {
    a: Option<String>,
    more: Vec<BTreeMap<String, Kind>>,
    b: Vec<u8>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Older {
    a: Option<String>,
    b: Vec<u8>,
    #[serde(default)]
    c: u8,
}

#[test]
fn fields_that_are_not_known_are_passed_over_and_late_ones_have_a_default() {
    let kinds = vec![Kind::Plain, Kind::Named { a: None, b: vec![1, 200] }];
    let more = vec![kinds.into_iter().map(|kind| (format!("{kind:?}"), kind)).collect()];
    let newer = Newer { a: Some("群".to_owned()), more, b: vec![7] };
    let bytes = rmp_serde::to_vec_named(&newer).unwrap();
    let older = Older { a: Some("群".to_owned()), b: vec![7], c: 0 };
    assert_eq!(unpack::<Older>(&bytes), Ok(older));
    // by order there is no telling which is which
    let bytes = rmp_serde::to_vec(&("群", vec![7_u8], 1_u8, 2_u8)).unwrap();
    assert_eq!(unpack::<Older>(&bytes), Err(UnpackError::Left(1)));
}

#[test]
fn what_does_not_fit_says_so() {
    let check = |bytes: &[u8], expected: &str| {
        assert_eq!(unpack::<Kind>(bytes).unwrap_err().to_string(), expected);
    };
    check(&[], "it ends in the middle");
    check(&[0x2a], "a variant should stand where there is a whole number");
    check(&[0x82], "a variant of 2 parts");
    check(
        &[0xa5, b'O', b't', b'h', b'e', b'r'],
        "unknown variant `Other`, expected one of `Plain`, `Held`, `Two`, `Named`, `Deep`",
    );
    check(&[0xa1, 0xff], "text that is no UTF-8");
    check(&[0xc7, 1, 1, 1], "a value should stand where there is an extension");
    let deep: Vec<u8> = (0..3_000).flat_map(|_| [0x81, 0xa4, b'D', b'e', b'e', b'p']).collect();
    check(&deep, "more than 1024 values in each other");
    // a length that nothing stands behind takes no room
    assert_eq!(unpack::<Vec<u64>>(&[0xdd, 0xff, 0xff, 0xff, 0xff]), Err(UnpackError::Short));
    assert!(unpack::<u8>(&rmp_serde::to_vec(&300_u16).unwrap()).is_err());
}
