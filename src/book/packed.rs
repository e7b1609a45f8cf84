//! MessagePack back into types: what the journal, the index and the socket read.
//!
//! `rmp-serde` writes it. Its reader lets a value decide what it is and asks the type to refuse what does not fit, which
//! comes to a dozen functions for every type that is read: a tenth of the program. Here the type says what it expects
//! and anything else is a mistake, as all that is read was written from the same types.
//!
//! The format is the one of <https://github.com/msgpack/msgpack/blob/master/spec.md>, in these shapes: a struct is a
//! map by field names or an array in their order, a variant is its name or a map of one from its name, an absent value
//! is nil. A field that is not known is passed over; what stands behind the value is not looked at.
//!
//! One file because it is one reader: the traits of `serde` over one place in the bytes.

use std::fmt::Display;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};

/// How deep values may stand in each other.
const DEPTH_MAX: u16 = 1_024;

/// Why bytes are not what was expected.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnpackError {
    #[error("it ends in the middle")]
    Short,
    #[error("{expected} should stand where there is {found}")]
    Found { expected: &'static str, found: &'static str },
    #[error("{0} values too many")]
    Left(u32),
    #[error("a variant of {0} parts")]
    Variant(u32),
    #[error("text that is no UTF-8")]
    Utf8,
    #[error("more than {DEPTH_MAX} values in each other")]
    Deep,
    #[error("{0}")]
    Other(String),
}

impl Error for UnpackError {
    fn custom<T: Display>(words: T) -> Self {
        Self::Other(words.to_string())
    }

    /// Beside the provided one: it is called in as many places as there are types, and not put into each.
    #[cold]
    #[inline(never)]
    fn invalid_type(found: Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Self::Other(format!("invalid type: {found}, expected {expected}"))
    }
}

/// Reads a value as its type.
///
/// # Errors
/// The first thing that does not fit.
pub fn unpack<'de, T: serde::Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, UnpackError> {
    T::deserialize(&mut Unpacker { rest: bytes, depth: DEPTH_MAX })
}

/// What a value begins with; a plain one whole.
enum Head<'de> {
    Nil,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(&'de str),
    Bytes(&'de [u8]),
    Array(u32),
    Map(u32),
}

impl Head<'_> {
    const fn word(&self) -> &'static str {
        match self {
            Self::Nil => "nil",
            Self::Bool(_) => "a bool",
            Self::Unsigned(_) | Self::Signed(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Text(_) => "a text",
            Self::Bytes(_) => "bytes",
            Self::Array(_) => "an array",
            Self::Map(_) => "a map",
        }
    }

    #[cold]
    #[inline(never)]
    fn instead_of(&self, expected: &'static str) -> UnpackError {
        UnpackError::Found { expected, found: self.word() }
    }
}

struct Unpacker<'de> {
    rest: &'de [u8],
    /// How much deeper it may go.
    depth: u16,
}

impl<'de> Unpacker<'de> {
    fn take(&mut self, n: usize) -> Result<&'de [u8], UnpackError> {
        let (taken, rest) = self.rest.split_at_checked(n).ok_or(UnpackError::Short)?;
        self.rest = rest;
        Ok(taken)
    }

    fn number<const N: usize>(&mut self) -> Result<[u8; N], UnpackError> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(UnpackError::Short)?;
        self.rest = rest;
        Ok(*taken)
    }

    /// A length of as many bytes as its mark says: 0, 1 and 2 for one, two and four.
    fn length(&mut self, width: u8) -> Result<u32, UnpackError> {
        Ok(match width {
            0 => u32::from(u8::from_be_bytes(self.number()?)),
            1 => u32::from(u16::from_be_bytes(self.number()?)),
            _ => u32::from_be_bytes(self.number()?),
        })
    }

    fn text(&mut self, bytes: u32) -> Result<Head<'de>, UnpackError> {
        let bytes = self.take(bytes as usize)?;
        std::str::from_utf8(bytes).map(Head::Text).map_err(|_| UnpackError::Utf8)
    }

    /// The next head; of the marks of the format those of extensions are never written.
    #[inline(never)]
    fn head(&mut self) -> Result<Head<'de>, UnpackError> {
        let [mark] = self.number()?;
        Ok(match mark {
            0x00..=0x7f => Head::Unsigned(u64::from(mark)),
            0x80..=0x8f => Head::Map(u32::from(mark & 0x0f)),
            0x90..=0x9f => Head::Array(u32::from(mark & 0x0f)),
            0xa0..=0xbf => self.text(u32::from(mark & 0x1f))?,
            0xc0 => Head::Nil,
            0xc2 | 0xc3 => Head::Bool(mark == 0xc3),
            0xc4..=0xc6 => {
                let bytes = self.length(mark - 0xc4)?;
                Head::Bytes(self.take(bytes as usize)?)
            }
            0xca => Head::Float(f64::from(f32::from_be_bytes(self.number()?))),
            0xcb => Head::Float(f64::from_be_bytes(self.number()?)),
            0xcc => Head::Unsigned(u64::from(u8::from_be_bytes(self.number()?))),
            0xcd => Head::Unsigned(u64::from(u16::from_be_bytes(self.number()?))),
            0xce => Head::Unsigned(u64::from(u32::from_be_bytes(self.number()?))),
            0xcf => Head::Unsigned(u64::from_be_bytes(self.number()?)),
            0xd0 => Head::Signed(i64::from(i8::from_be_bytes(self.number()?))),
            0xd1 => Head::Signed(i64::from(i16::from_be_bytes(self.number()?))),
            0xd2 => Head::Signed(i64::from(i32::from_be_bytes(self.number()?))),
            0xd3 => Head::Signed(i64::from_be_bytes(self.number()?)),
            0xd9..=0xdb => {
                let bytes = self.length(mark - 0xd9)?;
                self.text(bytes)?
            }
            0xdc | 0xdd => Head::Array(self.length(mark - 0xdc + 1)?),
            0xde | 0xdf => Head::Map(self.length(mark - 0xde + 1)?),
            0xe0..=0xff => Head::Signed(i64::from(mark.cast_signed())),
            0xc1 | 0xc7..=0xc9 | 0xd4..=0xd8 => {
                return Err(UnpackError::Found { expected: "a value", found: "an extension" });
            }
        })
    }

    /// The next value, if it is nil, is passed over.
    fn nil(&mut self) -> bool {
        let is_nil = self.rest.first() == Some(&0xc0);
        if is_nil {
            self.rest = self.rest.get(1..).unwrap_or_default();
        }
        is_nil
    }

    /// Passes over a whole value, whatever stands in it.
    #[inline(never)]
    fn skip(&mut self) -> Result<(), UnpackError> {
        let mut open = 1_u64;
        while open > 0 {
            open -= 1;
            open += match self.head()? {
                Head::Array(n) => u64::from(n),
                Head::Map(n) => 2 * u64::from(n),
                _ => 0,
            };
        }
        Ok(())
    }

    fn deeper(&mut self) -> Result<(), UnpackError> {
        self.depth = self.depth.checked_sub(1).ok_or(UnpackError::Deep)?;
        Ok(())
    }

    fn array<V: Visitor<'de>>(&mut self, n: u32, visitor: V) -> Result<V::Value, UnpackError> {
        self.deeper()?;
        let mut parts = Parts { of: self, left: n };
        let value = visitor.visit_seq(&mut parts)?;
        parts.all()?;
        Ok(value)
    }

    fn map<V: Visitor<'de>>(&mut self, n: u32, visitor: V) -> Result<V::Value, UnpackError> {
        self.deeper()?;
        let mut parts = Parts { of: self, left: n };
        let value = visitor.visit_map(&mut parts)?;
        parts.all()?;
        Ok(value)
    }
}

/// A reader of one kind of value.
macro_rules! whole_numbers {
    ($($name:ident)+) => {$(
        fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
            match self.head()? {
                Head::Unsigned(n) => visitor.visit_u64(n),
                Head::Signed(n) => visitor.visit_i64(n),
                head => Err(head.instead_of("a whole number")),
            }
        }
    )+};
}

impl<'de> Deserializer<'de> for &mut Unpacker<'de> {
    type Error = UnpackError;

    fn is_human_readable(&self) -> bool {
        false
    }

    whole_numbers! {
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        match self.head()? {
            Head::Nil => visitor.visit_unit(),
            Head::Bool(value) => visitor.visit_bool(value),
            Head::Unsigned(n) => visitor.visit_u64(n),
            Head::Signed(n) => visitor.visit_i64(n),
            Head::Float(n) => visitor.visit_f64(n),
            Head::Text(text) => visitor.visit_borrowed_str(text),
            Head::Bytes(bytes) => visitor.visit_borrowed_bytes(bytes),
            Head::Array(n) => self.array(n, visitor),
            Head::Map(n) => self.map(n, visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        match self.head()? {
            Head::Bool(value) => visitor.visit_bool(value),
            head => Err(head.instead_of("a bool")),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        match self.head()? {
            Head::Float(n) => visitor.visit_f64(n),
            Head::Unsigned(n) => visitor.visit_u64(n),
            Head::Signed(n) => visitor.visit_i64(n),
            head => Err(head.instead_of("a number")),
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        match self.head()? {
            Head::Text(text) => visitor.visit_borrowed_str(text),
            head => Err(head.instead_of("a text")),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        match self.head()? {
            Head::Bytes(bytes) => visitor.visit_borrowed_bytes(bytes),
            Head::Array(n) => self.array(n, visitor),
            head => Err(head.instead_of("bytes")),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        if self.nil() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        match self.head()? {
            Head::Nil | Head::Array(0) => visitor.visit_unit(),
            head => Err(head.instead_of("nil")),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, UnpackError> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, UnpackError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        match self.head()? {
            Head::Array(n) => self.array(n, visitor),
            head => Err(head.instead_of("an array")),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, UnpackError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, UnpackError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        match self.head()? {
            Head::Map(n) => self.map(n, visitor),
            head => Err(head.instead_of("a map")),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, UnpackError> {
        match self.head()? {
            Head::Map(n) => self.map(n, visitor),
            Head::Array(n) => self.array(n, visitor),
            head => Err(head.instead_of("a map")),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, UnpackError> {
        match self.head()? {
            Head::Text(name) => visitor.visit_enum(name.into_deserializer()),
            Head::Map(1) => {
                self.deeper()?;
                let value = visitor.visit_enum(&mut *self)?;
                self.depth += 1;
                Ok(value)
            }
            Head::Map(n) => Err(UnpackError::Variant(n)),
            head => Err(head.instead_of("a variant")),
        }
    }

    /// The name of a field or a variant.
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, UnpackError> {
        self.skip()?;
        visitor.visit_unit()
    }
}

/// What stands in an array or a map.
struct Parts<'a, 'de> {
    of: &'a mut Unpacker<'de>,
    left: u32,
}

impl Parts<'_, '_> {
    fn one(&mut self) -> bool {
        let is_one = self.left > 0;
        self.left = self.left.saturating_sub(1);
        is_one
    }

    /// Every part must have been read.
    fn all(self) -> Result<(), UnpackError> {
        self.of.depth += 1;
        if self.left == 0 { Ok(()) } else { Err(UnpackError::Left(self.left)) }
    }
}

impl<'de> SeqAccess<'de> for &mut Parts<'_, 'de> {
    type Error = UnpackError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, UnpackError> {
        if self.one() { seed.deserialize(&mut *self.of).map(Some) } else { Ok(None) }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left as usize)
    }
}

impl<'de> MapAccess<'de> for &mut Parts<'_, 'de> {
    type Error = UnpackError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, UnpackError> {
        if self.one() { seed.deserialize(&mut *self.of).map(Some) } else { Ok(None) }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, UnpackError> {
        seed.deserialize(&mut *self.of)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left as usize)
    }
}

impl<'de> EnumAccess<'de> for &mut Unpacker<'de> {
    type Error = UnpackError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), UnpackError> {
        let name = seed.deserialize(&mut *self)?;
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for &mut Unpacker<'de> {
    type Error = UnpackError;

    fn unit_variant(self) -> Result<(), UnpackError> {
        if self.nil() { Ok(()) } else { Err(self.head()?.instead_of("nil")) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, UnpackError> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, UnpackError> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, UnpackError> {
        self.deserialize_struct("", fields, visitor)
    }
}

#[cfg(test)]
mod tests;
