//! The parts of generated files that differ by protocol, one file per protocol.

mod aliyun_rpc;
mod aws_ec2;
mod aws_json;
mod aws_query;
mod aws_rest_json;
mod aws_rest_xml;
mod raw_http;

use gatewright_model as model;
use proc_macro2::TokenStream;

use crate::{
    context::Context,
    diff::{Diff, Spot},
};

/// The parts of generated files that depend on the protocol.
pub(crate) trait Protocol {
    /// Type in the runtime.
    fn ty(&self) -> TokenStream;

    /// Constant of the runtime's type, with the facts about a service.
    fn settings(&self, service: &model::Service) -> TokenStream;

    /// Whether every build of the runtime has the protocol; otherwise, a feature of the protocol's name does.
    fn is_always_built(&self) -> bool {
        false
    }

    /// Call of the `FakeService` constructor, from the function's name on.
    fn fake(&self, context: &Context<'_>) -> TokenStream;

    /// Whether names of members in responses are found without regard to case.
    fn ignores_case(&self) -> bool {
        false
    }

    /// Whether members have other names in requests than in responses.
    fn renames_in_requests(&self) -> bool {
        false
    }

    /// The name of a member in requests, if it is a special one.
    fn request_name(&self, _wire: &str) -> Option<&str> {
        None
    }

    /// Whether the names of items and entries are the protocol's framing, rather than members of a JSON object.
    fn frames_lists(&self) -> bool {
        false
    }

    /// Whether an absent payload is sent as one without members.
    fn sends_empty_payload(&self) -> bool {
        true
    }

    /// The root element of an operation's requests, with the namespace that it declares.
    fn root(&self, _context: &Context<'_>, _operation: &model::Operation) -> Option<model::XmlRoot> {
        None
    }

    /// The root element of an operation's requests, as a setter of `OperationInfo`.
    fn xml_root(&self, _context: &Context<'_>, _operation: &model::Operation) -> Option<TokenStream> {
        None
    }

    /// Whether requests contain the version of the service's API.
    fn sends_version(&self) -> bool {
        false
    }

    /// Adds the differences from this protocol of a service to its later one, if both are of the same kind.
    fn compare(&self, later: &model::Protocol, at: &Spot, diff: &mut Diff<'_>);

    /// Files of services without operations, instead of the files that depend on operations.
    fn files(&self) -> Option<Vec<File<'_>>> {
        None
    }
}

/// The protocol of a service.
pub(crate) fn of(service: &model::Service) -> &dyn Protocol {
    match &service.protocol {
        model::Protocol::AwsJson(protocol) => protocol,
        model::Protocol::AwsQuery(protocol) => protocol,
        model::Protocol::AwsEc2(protocol) => protocol,
        model::Protocol::AwsRestJson(protocol) => protocol,
        model::Protocol::AwsRestXml(protocol) => protocol,
        model::Protocol::AliyunRpc(protocol) => protocol,
        model::Protocol::RawHttp(protocol) => protocol,
    }
}

/// A file of a service without operations.
pub(crate) struct File<'a> {
    pub(crate) name: &'static str,
    make: Box<dyn Fn(&Context<'_>) -> TokenStream + 'a>,
}

impl<'a> File<'a> {
    fn new(name: &'static str, make: impl Fn(&Context<'_>) -> TokenStream + 'a) -> Self {
        Self { name, make: Box::new(make) }
    }

    pub(crate) fn tokens(&self, context: &Context<'_>) -> TokenStream {
        (self.make)(context)
    }
}
