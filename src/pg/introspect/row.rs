//! Rows as definitions: a serde deserializer over the columns of one row, by name.

use serde::de::value::{SeqDeserializer, StrDeserializer};
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Type};

/// What goes wrong between a row and a definition: always a bug, so a text is enough.
pub(super) type RowError = serde::de::value::Error;

/// The value of a column.
pub(super) fn get<'a, T: FromSql<'a>>(row: &'a Row, index: usize) -> Result<T, RowError> {
    row.try_get(index).map_err(|error| {
        de::Error::custom(format!("column {}: {error}", row.columns()[index].name()))
    })
}

/// A row as a map from column name to value.
pub(super) struct RowDeserializer<'a>(pub(super) &'a Row);

impl<'de> Deserializer<'de> for RowDeserializer<'_> {
    type Error = RowError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        visitor.visit_map(Columns {
            row: self.0,
            next: 0,
        })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, RowError> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Columns<'a> {
    row: &'a Row,
    next: usize,
}

impl<'de> MapAccess<'de> for Columns<'_> {
    type Error = RowError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, RowError> {
        match self.row.columns().get(self.next) {
            Some(column) => {
                let name: StrDeserializer<'_, RowError> = column.name().into_deserializer();
                seed.deserialize(name).map(Some)
            }
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, RowError> {
        let index = self.next;
        self.next += 1;
        seed.deserialize(Value {
            row: self.row,
            index,
        })
        .map_err(|error| {
            de::Error::custom(format!(
                "column {}: {error}",
                self.row.columns()[index].name()
            ))
        })
    }
}

#[derive(Clone, Copy)]
struct Value<'a> {
    row: &'a Row,
    index: usize,
}

/// Whatever it is, to ask for null only.
struct Null(bool);

impl<'a> FromSql<'a> for Null {
    fn from_sql(_: &Type, _: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Null(false))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Null(true))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl Value<'_> {
    fn is_null(self) -> Result<bool, RowError> {
        get::<Null>(self.row, self.index).map(|null| null.0)
    }

    fn json(self) -> Result<Option<serde_json::Value>, RowError> {
        match *self.row.columns()[self.index].type_() {
            Type::JSON | Type::JSONB => get::<Option<serde_json::Value>>(self.row, self.index),
            _ => Ok(None),
        }
    }
}

impl<'de> Deserializer<'de> for Value<'_> {
    type Error = RowError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        if self.is_null()? {
            return visitor.visit_unit();
        }
        let (row, index) = (self.row, self.index);
        match *row.columns()[index].type_() {
            Type::BOOL => visitor.visit_bool(get(row, index)?),
            Type::INT2 => visitor.visit_i64(get::<i16>(row, index)?.into()),
            Type::INT4 => visitor.visit_i64(get::<i32>(row, index)?.into()),
            Type::INT8 => visitor.visit_i64(get(row, index)?),
            Type::OID => visitor.visit_u64(get::<u32>(row, index)?.into()),
            Type::FLOAT4 => visitor.visit_f64(get::<f32>(row, index)?.into()),
            Type::FLOAT8 => visitor.visit_f64(get(row, index)?),
            Type::TEXT_ARRAY | Type::NAME_ARRAY | Type::VARCHAR_ARRAY => {
                let items: Vec<String> = get(row, index)?;
                visitor.visit_seq(SeqDeserializer::new(items.into_iter()))
            }
            Type::JSON | Type::JSONB => match self.json()? {
                Some(value) => value.deserialize_any(visitor).map_err(de::Error::custom),
                None => visitor.visit_unit(),
            },
            Type::CHAR => {
                let byte: i8 = get(row, index)?;
                visitor.visit_string(char::from(byte.cast_unsigned()).to_string())
            }
            _ => visitor.visit_str(get(row, index)?),
        }
    }

    /// The columns that say where an object stands are no part of its definition.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, RowError> {
        if self.is_null()? {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, RowError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, RowError> {
        match self.json()? {
            Some(value) => value
                .deserialize_struct(name, fields, visitor)
                .map_err(de::Error::custom),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, RowError> {
        match self.json()? {
            Some(value) => value
                .deserialize_enum(name, variants, visitor)
                .map_err(de::Error::custom),
            None => {
                let text: &str = get(self.row, self.index)?;
                visitor.visit_enum(text.into_deserializer())
            }
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map identifier
    }
}
