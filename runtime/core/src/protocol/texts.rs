//! Shared code of serializers of texts.

/// Methods that write single values by the serializer's own `text`, `display` and `nothing`, and methods for values that no
/// model has, which its `refused` refuses.
macro_rules! texts {
    ($ok:ty) => {
        type Ok = $ok;
        type Error = EncodeError;
        type SerializeTuple = Impossible<$ok, EncodeError>;
        type SerializeTupleStruct = Impossible<$ok, EncodeError>;
        type SerializeTupleVariant = Impossible<$ok, EncodeError>;
        type SerializeStructVariant = Impossible<$ok, EncodeError>;

        texts! {
            $ok: display: serialize_bool(bool), serialize_char(char), serialize_f32(f32), serialize_f64(f64),
            serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64),
            serialize_u8(u8), serialize_u16(u16), serialize_u32(u32), serialize_u64(u64),
        }
        texts! { $ok: text: serialize_str(&str), }

        fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<$ok, EncodeError> {
            self.text(name)
        }

        fn serialize_none(self) -> Result<$ok, EncodeError> {
            Ok(self.nothing())
        }

        fn serialize_unit(self) -> Result<$ok, EncodeError> {
            Ok(self.nothing())
        }

        fn serialize_unit_struct(self, _: &'static str) -> Result<$ok, EncodeError> {
            Ok(self.nothing())
        }

        fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<$ok, EncodeError> {
            value.serialize(self)
        }

        fn serialize_newtype_variant<T: Serialize + ?Sized>(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: &T,
        ) -> Result<$ok, EncodeError> {
            self.refused("a union")
        }

        texts! {
            "a tuple": serialize_tuple(usize) -> Impossible<$ok, EncodeError>;
            "a tuple": serialize_tuple_struct(&'static str, usize) -> Impossible<$ok, EncodeError>;
            "a union": serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Impossible<$ok, EncodeError>;
            "a union": serialize_struct_variant(&'static str, u32, &'static str, usize) -> Impossible<$ok, EncodeError>;
        }
    };
    ($ok:ty: $write:ident: $($method:ident($type:ty),)*) => {
        $(fn $method(self, value: $type) -> Result<$ok, EncodeError> {
            self.$write(value)
        })*
    };
    ($($what:literal: $method:ident($($type:ty),*) -> $impossible:ty;)*) => {
        $(fn $method(self, $(_: $type),*) -> Result<$impossible, EncodeError> {
            self.refused($what)
        })*
    };
}
pub(super) use texts;
