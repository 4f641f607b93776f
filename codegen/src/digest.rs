//! The API of a service's client, one line per item, to show changes at a glance.

use gatewright_model::{
    Category, Checksum, Compression, HostPart, Kind, Member, MemberPath, Operation, Service, Shape, ShapeId,
};

use crate::{
    context::Context,
    fields::{Field, Structure},
    naming,
    types::{Argument, MemberType},
};

/// Operations, types with their members, exceptions and codes.
pub fn digest(service: &Service) -> String {
    let context = Context::new(service);
    let mut lines = vec![format!("{} {}", service.title, service.version)];
    lines.extend(service.operations.iter().flat_map(|operation| self::operation(&context, operation)));
    lines.extend(context.own_files().flat_map(|id| {
        let shape = context.shape(id);
        let name = naming::ty(shape);
        if let Kind::Structure { .. } = shape.kind {
            structure(&context, &Structure::part(&context, id))
        } else {
            values(&context, shape).into_iter().map(|value| format!("{name}::{value}")).collect()
        }
    }));
    let members = |shape: Option<ShapeId>| {
        shape.map(|id| format!(" members {}", naming::ty(context.shape(id)))).unwrap_or_default()
    };
    lines.extend(service.exceptions.iter().map(|exception| {
        format!(
            "Exception::{} {} {}{}",
            naming::variant(&exception.rust_name),
            exception.status,
            category(exception.category),
            members(exception.shape)
        )
    }));
    lines.extend(service.error_codes.iter().map(|code| {
        let (name, members) = (naming::variant(&code.rust_name), members(code.shape));
        format!("ErrorCode::{name} {}{members}", category(code.category))
    }));
    lines.join("\n") + "\n"
}

fn category(category: Option<Category>) -> String {
    category.map_or_else(|| "Unknown".to_owned(), |category| format!("{category:?}"))
}

fn operation(context: &Context<'_>, operation: &Operation) -> Vec<String> {
    let codes: Vec<_> = context
        .service
        .codes_of(operation)
        .map(|code| naming::variant(&code.rust_name).to_string())
        .collect();
    let facts = [
        operation.read_only.then(|| "read-only".to_owned()),
        operation.idempotent.then(|| "idempotent".to_owned()),
        (!operation.host_prefix.is_empty()).then(|| format!("host prefix {}", host_prefix(operation))),
        operation.unsigned.then(|| "unsigned".to_owned()),
        operation.request_compression.map(|Compression::Gzip| "gzip".to_owned()),
        operation.request_checksum.map(|Checksum::Crc32| "checksum".to_owned()),
        operation.deprecated.is_some().then(|| "deprecated".to_owned()),
        operation.pagination.as_ref().map(|pagination| {
            pagination
                .items
                .as_ref()
                .map_or_else(|| "pages".to_owned(), |items| format!("pages of {}", fields(items)))
        }),
        (!codes.is_empty()).then(|| format!("codes {}", codes.join(" "))),
    ];
    let facts: Vec<_> = facts.into_iter().flatten().collect();
    let line = format!("Client::{}: {}", naming::field(&operation.rust_name), facts.join(", "));
    let waits = operation.waiters.iter().map(|waiter| {
        let deprecated = if waiter.deprecated.is_some() { ", deprecated" } else { "" };
        let (method, request) =
            (naming::wait_method(&waiter.rust_name), naming::request(&operation.rust_name));
        format!("Client::{method}: {request}{deprecated}")
    });
    [
        vec![line.trim_end_matches([' ', ':']).to_owned()],
        waits.collect(),
        structure(context, &Structure::request(context, operation)),
        structure(context, &Structure::response(context, operation)),
    ]
    .concat()
}

/// A path in names of fields.
fn fields(path: &MemberPath) -> String {
    let fields: Vec<_> = path.0.iter().map(|step| naming::field(&step.member.name).to_string()).collect();
    fields.join(".")
}

/// `data-{Name}.`
pub(crate) fn host_prefix(operation: &Operation) -> String {
    let part = |part: &HostPart| match part {
        HostPart::Text(text) => text.clone(),
        HostPart::Member(member) => format!("{{{}}}", member.name),
    };
    operation.host_prefix.iter().map(part).collect()
}

fn structure(context: &Context<'_>, structure: &Structure<'_>) -> Vec<String> {
    let Structure { name, required, fields, .. } = structure;
    let arguments = structure.arguments();
    let taken = match required {
        Some(required) => {
            let names: Vec<_> = arguments.iter().map(|field| field.name.to_string()).collect();
            format!("{required} {{ {} }}", names.join(", "))
        }
        None => {
            let argument =
                |field: &&Field<'_>| format!("{}: {}", field.name, Argument::new(context, field).ty);
            arguments.iter().map(argument).collect()
        }
    };
    let fields = fields.iter().map(|field| {
        let deprecated = if field.member.deprecated.is_some() { ", deprecated" } else { "" };
        format!("{name}.{}: {}{deprecated}", field.name, field.full_ty())
    });
    [format!("{name}::new({taken})")].into_iter().chain(fields).map(|line| tidy(&line)).collect()
}

fn values(context: &Context<'_>, shape: &Shape) -> Vec<String> {
    match &shape.kind {
        Kind::Enum { values } => values
            .iter()
            .map(|value| format!("{} = {:?}", naming::variant(&value.rust_name), value.wire))
            .collect(),
        Kind::IntEnum { values } => {
            values.iter().map(|(name, number)| format!("{} = {number}", naming::variant(name))).collect()
        }
        Kind::Union { members } => {
            let line = |member: &Member| {
                let ty = MemberType::new(context, member, shape.sensitive).ty;
                tidy(&format!("{}({ty})", naming::variant(&member.name)))
            };
            members.iter().map(line).collect()
        }
        Kind::Boolean
        | Kind::Integer { .. }
        | Kind::Float { .. }
        | Kind::String { .. }
        | Kind::Blob { .. }
        | Kind::Timestamp { .. }
        | Kind::Document
        | Kind::List { .. }
        | Kind::Map { .. }
        | Kind::Structure { .. } => Vec::new(),
    }
}

/// Tokens print with spaces between them.
fn tidy(line: &str) -> String {
    [(" <", "<"), ("< ", "<"), (" >", ">"), (" ,", ",")]
        .iter()
        .fold(line.to_owned(), |line, (from, to)| line.replace(from, to))
}
