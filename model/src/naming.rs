//! Rust names for the names of models. Every function returns a valid ASCII identifier for any input.

use std::borrow::Cow;

use heck::{ToShoutySnakeCase as _, ToSnakeCase as _, ToUpperCamelCase as _};

/// Type: `CachediSCSIVolume` gives `CachedIscsiVolume`.
pub fn ty(name: &str) -> String {
    identifier(&words(name).to_upper_camel_case())
}

/// Type with an ending, with which no name is a keyword.
fn ty_with(name: &str, end: &str) -> String {
    identifier(&(words(name).to_upper_camel_case() + end))
}

/// Field, setter, or method: `SMBACLEnabled` gives `smb_acl_enabled`, `Type` gives `type_`.
pub fn field(name: &str) -> String {
    identifier(&words(name).to_snake_case())
}

/// Enum variant: `DEEP_ARCHIVE` gives `DeepArchive`, `100` gives `_100`.
pub fn variant(value: &str) -> String {
    ty(value)
}

/// Module and its file: `aws-storage-gateway` gives `aws_storage_gateway`. A type of digits and small letters gives its name to no
/// module beside it, and no module has the name of a device of Windows.
pub fn module(name: &str) -> String {
    let module = field(name);
    if module == ty(name) || is_device(&module) { module + "_" } else { module }
}

/// Windows opens a device of this name instead of a file, whatever the file's ending.
fn is_device(name: &str) -> bool {
    let number = name.strip_prefix("com").or_else(|| name.strip_prefix("lpt")).map(str::as_bytes);
    matches!(name, "aux" | "con" | "nul" | "prn") || matches!(number, Some([b'0'..=b'9']))
}

/// Constant: `StorageGateway` gives `STORAGE_GATEWAY`.
pub fn constant(name: &str) -> String {
    identifier(&words(name).to_shouty_snake_case())
}

/// Request type of an operation: `AddCache` gives `AddCacheRequest`.
pub fn request_ty(operation: &str) -> String {
    ty_with(operation, "Request")
}

/// Response type of an operation: `AddCache` gives `AddCacheResponse`.
pub fn response_ty(operation: &str) -> String {
    ty_with(operation, "Response")
}

/// Type whose fields are the required members of an operation's request or of a shape: `AddCache` gives `AddCacheRequired`.
pub fn required_ty(name: &str) -> String {
    ty_with(name, REQUIRED)
}

/// Error type of an operation: `AddCache` gives `AddCacheError`.
pub fn error_ty(operation: &str) -> String {
    ty_with(operation, "Error")
}

/// The end of the name of a type whose fields are required members.
pub const REQUIRED: &str = "Required";

/// Method of a client that waits: `TableExists` gives `wait_until_table_exists`.
pub fn wait_method(waiter: &str) -> String {
    field(&format!("WaitUntil{waiter}"))
}

/// Methods of every client.
pub const RESERVED_METHODS: &[&str] = &["builder", "clone", "config", "from_env", "new"];

/// Fields that structures cannot have: the constructor of requests.
pub const RESERVED_FIELDS: &[&str] = &["new"];

/// Variants that hold values that the model does not know.
pub const RESERVED_VARIANTS: &[&str] = &["Unknown"];

/// Variants that exceptions cannot be.
pub const RESERVED_EXCEPTIONS: &[&str] = RESERVED_VARIANTS;

/// Variants that error codes cannot be: within an operation's error, `Other` holds the codes not listed for it.
pub const RESERVED_CODES: &[&str] = &["Other", "Unknown"];

/// Spellings whose word boundaries cannot be derived.
const SPELLINGS: [(&str, &str); 4] =
    [("iSCSI", "Iscsi"), ("ARNs", "Arns"), ("NFSv", "Nfsv"), ("SMBACL", "SmbAcl")];

/// The words of a name, with letters and digits only; a name without any is spelled out. Most names stay as they are.
fn words(name: &str) -> Cow<'_, str> {
    let mut words = Cow::Borrowed(name);
    for (from, to) in SPELLINGS {
        if words.contains(from) {
            words = words.replace(from, to).into();
        }
    }
    if !words.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        words = words.replace(|c: char| !c.is_ascii_alphanumeric(), " ").trim().to_owned().into();
    }
    match &*words {
        "" if name.is_empty() => "Empty".into(),
        "" => name.chars().map(symbol).collect(),
        _ => words,
    }
}

fn symbol(symbol: char) -> String {
    match symbol {
        '*' => "Star ".into(),
        _ => format!("U{:04X} ", u32::from(symbol)),
    }
}

fn identifier(name: &str) -> String {
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        format!("_{name}")
    } else if KEYWORDS.contains(&name) {
        format!("{name}_")
    } else {
        name.into()
    }
}

/// Keywords of the 2024 edition, in use or reserved.
const KEYWORDS: [&str; 52] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

#[cfg(test)]
mod tests;
