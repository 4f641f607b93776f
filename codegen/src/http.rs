//! How operations of REST protocols are sent: the parts of `OperationInfo` about path, query, headers and body.

use gatewright_model::{
    Http, Kind, Location, Member, MemberForm, Operation, PathPart, Shape, TimestampFormat,
};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{context::Context, literal, naming, types};

/// Method and path, as arguments after the operation's name.
pub(crate) fn target(http: &Http) -> TokenStream {
    let method = naming::method(&http.method);
    let parts = http.path.iter().map(|part| match part {
        PathPart::Text(text) => quote!(protocol::PathPart::Text(#text)),
        PathPart::Label(member) => quote!(protocol::PathPart::Label(#member)),
        PathPart::Greedy(member) => quote!(protocol::PathPart::Greedy(#member)),
    });
    quote!(protocol::Method::#method, &[#(#parts),*])
}

/// The methods that describe query, bindings and bodies.
pub(crate) fn details(context: &Context<'_>, operation: &Operation, http: &Http) -> TokenStream {
    let query = (!http.query.is_empty()).then(|| {
        let query = &http.query;
        quote!(.with_query(#query))
    });
    let sent = context.shape(operation.input);
    let (input, output) = (sent.members(), context.shape(operation.output).members());
    let request = input.iter().filter_map(|member| {
        let sensitive = is_sensitive(context, member, sent).then(|| quote!(.sensitive()));
        binding(context, member).map(|binding| quote!(#binding #sensitive))
    });
    let request: Vec<_> = request.collect();
    let received = output.iter().filter(|member| in_responses(member));
    let response: Vec<_> = received.filter_map(|member| binding(context, member)).collect();
    let bindings = (!request.is_empty() || !response.is_empty())
        .then(|| quote!(.with_bindings(&[#(#request),*], &[#(#response),*])));
    let sends = input.iter().any(|member| member.location.is_none());
    let reads = output.iter().any(|member| match &member.location {
        None => true,
        Some(Location::Payload) => context.shape(member.shape).kind.media_type().is_none(),
        Some(_) => !in_responses(member),
    });
    let bodies = (sends || reads).then(|| quote!(.with_bodies(#sends, #reads)));
    let status = (http.status != 200).then(|| {
        let status = literal::integer(http.status);
        quote!(.with_status(#status))
    });
    let root = context.protocol().xml_root(context, operation);
    quote!(#query #bindings #bodies #status #root)
}

/// The members of an error that are outside of the body.
pub(crate) fn error_bindings(context: &Context<'_>, members: &[Member]) -> Vec<TokenStream> {
    members
        .iter()
        .filter(|member| in_responses(member))
        .filter_map(|member| binding(context, member))
        .collect()
}

/// Whether the location exists in responses; elsewhere, such a member is in the body.
fn in_responses(member: &Member) -> bool {
    !matches!(member.location, Some(Location::Label | Location::Query(_) | Location::QueryMap))
}

/// Whether a member outside of the members of the body is a secret.
fn is_sensitive(context: &Context<'_>, member: &Member, of: &Shape) -> bool {
    // The members of a sensitive structure are marked by their names.
    let is_marked = types::hides_itself(context.shape(member.shape));
    (of.sensitive || context.service.is_sensitive(member.shape)) && !is_marked
}

fn binding(context: &Context<'_>, member: &Member) -> Option<TokenStream> {
    let wire = &member.wire;
    let location = match member.location.as_ref()? {
        Location::Label => quote!(Label),
        Location::Query(name) => quote!(Query(#name)),
        Location::QueryMap => quote!(QueryMap),
        Location::Header(name) => header(context, member, &name.to_ascii_lowercase()),
        Location::PrefixHeaders(prefix) => quote!(PrefixHeaders(#prefix)),
        Location::StatusCode => quote!(StatusCode),
        Location::Payload => match context.shape(member.shape).kind.media_type() {
            Some(media_type) => raw_payload(context, member, media_type),
            None if has_empty_payload(context, member) => quote!(Payload),
            None => quote!(UnionPayload),
        },
        Location::PayloadOfType(media_type) => raw_payload(context, member, media_type),
    };
    Some(quote!(protocol::Binding::new(#wire, protocol::Location::#location)))
}

/// Whether an absent payload is sent as one without members.
fn has_empty_payload(context: &Context<'_>, payload: &Member) -> bool {
    context.protocol().sends_empty_payload()
        && matches!(context.shape(payload.shape).kind, Kind::Structure { .. })
}

fn raw_payload(context: &Context<'_>, member: &Member, media_type: &str) -> TokenStream {
    if matches!(context.shape(member.shape).kind, Kind::Blob { .. }) {
        quote!(RawPayload(#media_type))
    } else {
        quote!(TextPayload(#media_type))
    }
}

fn header(context: &Context<'_>, member: &Member, name: &str) -> TokenStream {
    if member.form == MemberForm::JsonText {
        return quote!(HeaderJson(#name));
    }
    let Kind::List { member: item, .. } = context.shape(member.shape).kind else {
        return quote!(Header(#name));
    };
    let is_date = |kind: &Kind| {
        matches!(kind, Kind::Timestamp { format }
            if member.form.timestamp_format(*format) == TimestampFormat::HttpDate)
    };
    if is_date(&context.shape(item).kind) { quote!(HeaderDates(#name)) } else { quote!(HeaderList(#name)) }
}
