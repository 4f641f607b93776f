//! From a resolved model to the sources of a client, without any I/O.
//!
//! [`generate`] is the whole flow: a `Context` says which shapes are emitted; each pass makes the tokens of one file
//! of it, by a template that reads like its output; `render` adds the imports that the tokens ask for, and formats.

#![deny(missing_docs, clippy::wildcard_enum_match_arm)]
#![forbid(unsafe_code)]
#![expect(clippy::single_match_else, reason = "both cases are output")]

mod answers;
mod client;
mod codec;
mod constraints;
mod context;
mod digest;
mod docs;
mod dynamic;
mod endpoints;
mod enums;
mod errors;
mod example;
mod fields;
mod http;
mod imports;
mod items;
mod krate;
mod limits;
mod literal;
mod naming;
mod operation;
mod pages;
mod render;
mod sample;
mod service;
mod shape;
mod structure;
mod types;
mod validate;

use std::{collections::BTreeMap, num::NonZero, thread};

use gatewright_model::{Operation, Protocol, Service, ShapeId};

use crate::context::Context;
pub use crate::{digest::digest, service::runtime_features};

/// Text of files by their path below the sources of the generated crate, with `/` between its parts.
pub type Files = BTreeMap<String, String>;

/// The whole crate: its root and a client a service.
pub fn generate_crate(services: &[Service]) -> Files {
    let root = ("lib.rs".to_owned(), render::crate_file(krate::file(services)));
    services.iter().flat_map(generate).chain([root]).collect()
}

/// The client of a service.
#[expect(clippy::missing_panics_doc, reason = "a resolved model leaves no pass a reason to")]
pub fn generate(service: &Service) -> Files {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    // Each takes every n-th file. Tokens do not cross threads, so that each has a context of its own.
    let work = |first| {
        let context = Context::new(service);
        let passes = passes(&context).into_iter().skip(first).step_by(workers);
        passes.map(|pass| (pass.path(&context), pass.text(&context))).collect::<Files>()
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|first| scope.spawn(move || work(first))).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("passes do not panic")).collect()
    })
}

/// The path and text of the file called `name`: that of an operation or shape, or one of [`file_names`].
pub fn generate_file(service: &Service, name: &str) -> Option<(String, String)> {
    let context = Context::new(service);
    let is_called = |pass: &Pass<'_>| pass.name(&context) == name || pass.is_part(&context, name);
    let pass = passes(&context).into_iter().find(is_called)?;
    Some((pass.path(&context), pass.text(&context)))
}

/// Names of operations, shapes and other files, as [`generate_file`] takes them.
pub fn file_names(service: &Service) -> Vec<String> {
    let context = Context::new(service);
    passes(&context).iter().map(|pass| pass.name(&context).to_owned()).collect()
}

/// What a file is made from.
#[derive(Clone, Copy)]
enum Pass<'a> {
    Service,
    Client,
    Answers,
    Endpoints,
    Errors,
    Hosts,
    Items,
    Limits,
    Dynamic,
    Fake,
    Operations,
    Operation(&'a Operation),
    Shapes,
    Shape(ShapeId),
}

/// The files of a service, in reading order.
fn passes<'a>(context: &Context<'a>) -> Vec<Pass<'a>> {
    let answers = context.service.answers.as_ref().map(|_| Pass::Answers);
    if let Protocol::Http { .. } = context.service.protocol {
        let fixed = [Pass::Service, Pass::Client, Pass::Endpoints, Pass::Errors, Pass::Fake, Pass::Hosts];
        return fixed.into_iter().chain(answers).collect();
    }
    let fixed = [Pass::Service, Pass::Client, Pass::Endpoints, Pass::Errors, Pass::Dynamic, Pass::Operations];
    let items = items::are_there(context).then_some(Pass::Items);
    let limits = (!context.checked.is_empty()).then_some(Pass::Limits);
    let operations = context.service.operations.iter().map(Pass::Operation);
    let shapes: Vec<_> = context.own_files().map(Pass::Shape).collect();
    let list = (!shapes.is_empty()).then_some(Pass::Shapes);
    fixed
        .into_iter()
        .chain(answers)
        .chain(items)
        .chain(limits)
        .chain(operations)
        .chain(list)
        .chain(shapes)
        .collect()
}

impl<'a> Pass<'a> {
    fn name(self, context: &Context<'a>) -> &'a str {
        match self {
            Self::Service => "mod",
            Self::Client => "client",
            Self::Answers => "answers",
            Self::Endpoints => "endpoints",
            Self::Errors => "error",
            Self::Hosts => "hosts",
            Self::Items => "items",
            Self::Limits => "limits",
            Self::Dynamic => "dynamic",
            Self::Fake => "fake",
            Self::Operations => "operation",
            Self::Operation(operation) => &operation.name,
            Self::Shapes => "shape",
            Self::Shape(id) => &context.shape(id).name,
        }
    }

    /// Whether a shape is emitted with an operation.
    fn is_part(self, context: &Context<'_>, name: &str) -> bool {
        let Self::Operation(operation) = self else { return false };
        [operation.input, operation.output].iter().any(|id| context.shape(*id).name == name)
    }

    fn path(self, context: &Context<'a>) -> String {
        let file = match self {
            Self::Service => "mod".to_owned(),
            Self::Operations => "operation/mod".to_owned(),
            Self::Operation(Operation { name, .. }) => format!("operation/{}", naming::module(name)),
            Self::Shapes => "shape/mod".to_owned(),
            Self::Shape(id) => format!("shape/{}", naming::module(&context.shape(id).name)),
            Self::Client
            | Self::Answers
            | Self::Endpoints
            | Self::Errors
            | Self::Hosts
            | Self::Items
            | Self::Limits
            | Self::Dynamic
            | Self::Fake => self.name(context).to_owned(),
        };
        format!("{}/{file}.rs", context.module)
    }

    fn text(self, context: &Context<'_>) -> String {
        let tokens = match self {
            Self::Service => service::file(context),
            Self::Client => client::file(context),
            Self::Answers => answers::file(context),
            Self::Endpoints => endpoints::file(context),
            Self::Errors => errors::file(context),
            Self::Hosts => http::hosts(context),
            Self::Items => items::file(context),
            Self::Limits => limits::file(context),
            Self::Dynamic => dynamic::file(context),
            Self::Fake => http::fake(context),
            Self::Operations => service::operations(context),
            Self::Operation(operation) => operation::file(context, operation),
            Self::Shapes => service::shapes(context),
            Self::Shape(id) => shape::file(context, id),
        };
        render::service_file(context, tokens)
    }
}
