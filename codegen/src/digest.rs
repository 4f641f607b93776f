//! The API of a service's client, one line per item, to show changes at a glance.

use gatewright_model::{Category, Compression, HostPart, Kind, Member, Operation, Service};

use crate::{
    context::Context,
    docs::Docs,
    fields::{Role, Structure},
    naming, types,
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
            structure(&context, &Structure::new(&context, name, Docs::default(), shape, Role::Part))
        } else {
            values(&context, &shape.kind).into_iter().map(|value| format!("{name}::{value}")).collect()
        }
    }));
    lines.extend(service.exceptions.iter().map(|exception| {
        format!(
            "Exception::{} {} {}",
            naming::variant(&exception.rust_name),
            exception.status,
            category(exception.category)
        )
    }));
    lines.extend(
        service.error_codes.iter().map(|code| {
            format!("ErrorCode::{} {}", naming::variant(&code.rust_name), category(code.category))
        }),
    );
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
        operation.deprecated.is_some().then(|| "deprecated".to_owned()),
        operation
            .pagination
            .as_ref()
            .map(|pagination| format!("pages of {}", naming::field(&pagination.items.name))),
        (!codes.is_empty()).then(|| format!("codes {}", codes.join(" "))),
    ];
    let facts: Vec<_> = facts.into_iter().flatten().collect();
    let line = format!("Client::{}: {}", naming::field(&operation.rust_name), facts.join(", "));
    let request = Structure::new(
        context,
        naming::request(&operation.rust_name),
        Docs::default(),
        context.shape(operation.input),
        Role::Request,
    );
    let response = Structure::new(
        context,
        naming::response(&operation.rust_name),
        Docs::default(),
        context.shape(operation.output),
        Role::Response,
    );
    [
        vec![line.trim_end_matches([' ', ':']).to_owned()],
        structure(context, &request),
        structure(context, &response),
    ]
    .concat()
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
    let name = &structure.name;
    let arguments: Vec<_> = structure
        .fields
        .iter()
        .filter(|field| field.argument)
        .map(|field| format!("{}: {}", field.name, types::argument(context, field.member).ty))
        .collect();
    let fields = structure.fields.iter().map(|field| {
        let deprecated = if field.member.deprecated.is_some() { ", deprecated" } else { "" };
        format!("{name}.{}: {}{deprecated}", field.name, field.full_ty())
    });
    let new = format!("{name}::new({})", arguments.join(", "));
    [new].into_iter().chain(fields).map(|line| tidy(&line)).collect()
}

fn values(context: &Context<'_>, kind: &Kind) -> Vec<String> {
    match kind {
        Kind::Enum { values } => values
            .iter()
            .map(|value| format!("{} = {:?}", naming::variant(&value.rust_name), value.wire))
            .collect(),
        Kind::IntEnum { values } => {
            values.iter().map(|(name, number)| format!("{} = {number}", naming::variant(name))).collect()
        }
        Kind::Union { members } => {
            let member = |member: &Member| (naming::variant(&member.name), types::ty(context, member.shape));
            members.iter().map(member).map(|(name, ty)| tidy(&format!("{name}({ty})"))).collect()
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
    [(" <", "<"), ("< ", "<"), (" >", ">")]
        .iter()
        .fold(line.to_owned(), |line, (from, to)| line.replace(from, to))
}
