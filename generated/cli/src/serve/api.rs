//! Flags for APIs without operations: responses by method and path, and refusals.

use std::path::Path;

use gatewright_fake::{Fake, FakeRefusal, FakeService};
use gatewright_runtime::explain::known_responses::KnownResponse;
use http::{Method, Response, StatusCode, header::CONTENT_TYPE};

use crate::{
    arguments,
    failure::Failure,
    output::{self, note},
    services::{Program, Service},
    source,
};

/// Content types by the end of a file's name.
const CONTENT_TYPES: &[(&str, &str)] = &[
    ("css", "text/css"),
    ("csv", "text/csv"),
    ("gif", "image/gif"),
    ("htm", "text/html; charset=utf-8"),
    ("html", "text/html; charset=utf-8"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript"),
    ("json", "application/json"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("txt", "text/plain; charset=utf-8"),
    ("xml", "application/xml"),
    ("yaml", "application/yaml"),
    ("yml", "application/yaml"),
    ("zip", "application/zip"),
];

/// The response to a method and path.
struct Route {
    /// `None` for every method.
    method: Option<Method>,
    path: String,
    response: Response<Vec<u8>>,
}

/// Responses and the refusal that the flags set.
pub(super) struct Orders {
    responses: Vec<Route>,
    refusal: Option<&'static FakeRefusal>,
}

impl Orders {
    /// Reads and checks everything except paths, before there is a server.
    pub(super) fn read(
        program: &Program,
        arguments: &arguments::Serve,
        service: &Service,
    ) -> Result<Self, Failure> {
        let (respond, refuse) = (&arguments.respond, arguments.refuse.as_deref());
        let ordered = [("respond", !respond.is_empty()), ("refuse", refuse.is_some())];
        if service.client.is_some()
            && let Some((flag, _)) = ordered.iter().find(|(_, is_given)| *is_given)
        {
            let why = "works only with services without operations";
            return Err(Failure::Usage(format!("--{flag} {why}; order failures of others with --control")));
        }
        let responses = respond.iter().map(|order| route(order)).collect::<Result<_, _>>()?;
        let refusal = refuse.map(|name| refusal(program, service.fake, name)).transpose()?;
        Ok(Self { responses, refusal })
    }

    /// Configures the fake.
    pub(super) fn give(&self, fake: &Fake) -> Result<(), Failure> {
        for Route { method, path, response } in &self.responses {
            let given = fake.respond(method.clone(), path, response.clone());
            given.map_err(|error| Failure::Usage(format!("--respond: {error}")))?;
        }
        if let Some(refusal) = self.refusal {
            fake.refuse(refusal.id, usize::MAX).map_err(|error| Failure::Usage(error.to_string()))?;
        }
        Ok(())
    }

    /// Prints a request to try, and the command that explains the response.
    pub(super) fn announce(&self, program: &Program, fake: &Fake, service: &Service) {
        let info = service.fake.info();
        let request = self.refusal.map(|refusal| refusal.request);
        let host = request.and_then(|request| request.host);
        let known = host.and_then(|host| info.hosts.recognize(host, info.endpoints.partitions));
        let region = known.as_ref().and_then(|known| known.part("Region")).unwrap_or(fake.region());
        let signed_for = known.and_then(|known| known.form.signing_name).unwrap_or(info.auth.signing_name());
        let route = self.responses.first().filter(|_| request.is_none());
        // The names of parameters are values, too.
        let of_route = route.map(|route| route.path.replace("+}", "").replace(['{', '}'], ""));
        let path = request.and_then(|request| request.path).or(of_route.as_deref()).unwrap_or("/pets");
        let method = match route.and_then(|route| route.method.as_ref()) {
            None | Some(&Method::GET) => String::new(),
            Some(&Method::HEAD) => " -I".to_owned(),
            Some(method) => format!(" -X {method}"),
        };
        let sent = request.into_iter().flat_map(|request| request.sent).map(|name| format!("{name}: x"));
        let headers = host.map(|host| format!("host: {host}")).into_iter().chain(sent);
        let headers: Vec<_> = headers.map(|header| format!(" -H '{header}'")).collect();
        let headers = headers.concat();
        let [id, secret, _] = service.key_variables();
        let curl = format!(
            "  curl -si{method} {}{headers} --aws-sigv4 aws:amz:{region}:{signed_for} --user \"${id}:${secret}\"",
            output::word(&format!("{}{path}", fake.url()))
        );
        if self.refusal.is_none() {
            return note(curl);
        }
        note(format_args!("{curl} \\"));
        let facts = [
            ("host", Some(host.unwrap_or("api.example.com"))),
            ("path", request.and_then(|request| request.path)),
            ("caller", request.and_then(|request| request.caller)),
            ("owner", request.and_then(|request| request.owner)),
        ];
        let facts =
            facts.into_iter().filter_map(|(name, value)| Some(format!(" --{name} {}", output::word(value?))));
        let facts = facts.collect::<Vec<_>>().concat();
        let (command, model) = (program.command, program.model_option());
        note(format_args!("    | {command} explain{model} --message - --service {}{facts}", service.name));
    }
}

/// `GET /pets=200:pets.json`.
fn route(order: &str) -> Result<Route, Failure> {
    let wrong = |why: &str| {
        let form = r#"expected "METHOD PATH=FILE" or "METHOD PATH=STATUS:FILE""#;
        Failure::Usage(format!("--respond {order:?}: {why}; {form}"))
    };
    let (target, file) = order.split_once('=').ok_or_else(|| wrong("no file"))?;
    let (method, path) = target.split_once(' ').ok_or_else(|| wrong("no method"))?;
    let method = if method == "ANY" {
        None
    } else {
        let is_word = !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
        Some(
            is_word
                .then(|| method.parse().ok())
                .flatten()
                .ok_or_else(|| wrong("not a method in capitals"))?,
        )
    };
    let with_status = file.split_once(':').and_then(|(status, file)| Some((status.parse().ok()?, file)));
    let (status, file) = with_status.unwrap_or((StatusCode::OK.as_u16(), file));
    let status = StatusCode::from_u16(status).ok().filter(|status| status.as_u16() >= 200);
    let status = status.ok_or_else(|| wrong("a status is from 200 to 999"))?;
    let unreadable = |error| Failure::Refused(format!("--respond {order:?}: cannot read {file}: {error}"));
    let body = source::read_file(file, source::MOST).map_err(unreadable)?;
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static(content_type(file)));
    Ok(Route { method, path: path.to_owned(), response })
}

fn content_type(file: &str) -> &'static str {
    let end = Path::new(file).extension().and_then(|end| end.to_str()).unwrap_or_default();
    let known = CONTENT_TYPES.iter().find(|(known, _)| end.eq_ignore_ascii_case(known));
    known.map_or("application/octet-stream", |(_, content_type)| content_type)
}

fn refusal(
    program: &Program,
    service: &'static FakeService,
    name: &str,
) -> Result<&'static FakeRefusal, Failure> {
    if let Some(refusal) = service.refusals().iter().find(|refusal| refusal.id == name) {
        return Ok(refusal);
    }
    let entries = service.info().known_responses.entries;
    if let Some(entry) = entries.iter().find(|entry| entry.id == name) {
        let why = "ends a call without a response, so no server can send it";
        let way_out = format!("`{} explain --url URL` checks a host", program.command);
        return Err(Failure::Usage(format!("{name} {why}: {} {way_out}", entry.doc)));
    }
    let unknown = Failure::unknown("refusal", name, entries.iter().map(|entry| entry.id));
    let Failure::Usage(message) = unknown else { return Err(unknown) };
    Err(Failure::Refused(format!("{message}\n\n{}", list(service))))
}

/// Prints all refusals, if the flags request the list.
pub(super) fn list_if_asked(arguments: &arguments::Serve, service: &Service) -> Result<bool, Failure> {
    let is_asked = service.client.is_none() && matches!(arguments.refuse.as_deref(), Some("list" | "help"));
    if is_asked {
        output::print(list(service.fake))?;
    }
    Ok(is_asked)
}

/// One line per refusal: name, status and meaning.
fn list(service: &FakeService) -> String {
    let refusals = service.refusals();
    let entries = service.info().known_responses.entries;
    let width = entries.iter().map(|entry| entry.id.len()).max().unwrap_or_default();
    let line = |entry: &KnownResponse| {
        let refusal = refusals.iter().find(|refusal| refusal.id == entry.id);
        let status = refusal.map_or("-".to_owned(), |refusal| refusal.status.to_string());
        format!("{:width$}  {status:3}  {}\n", entry.id, entry.doc)
    };
    let lines: String = entries.iter().map(line).collect();
    lines + "Entries with - end a call without a response, so no server can send them.\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(order: &str, why: &str) {
        let Err(Failure::Usage(message) | Failure::Refused(message)) = route(order) else {
            panic!("{order} is taken")
        };
        assert!(message.contains(why), "{message}");
    }

    #[test]
    fn responses_are_read() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/LICENSE-MIT");
        let Route { method, path, response: made } = route(&format!("POST /pets/{{id}}=201:{file}")).unwrap();
        assert_eq!((method, path.as_str()), (Some(Method::POST), "/pets/{id}"));
        assert_eq!(
            (made.status(), made.headers()[CONTENT_TYPE].as_bytes()),
            (StatusCode::CREATED, &b"application/octet-stream"[..])
        );
        assert!(made.body().starts_with(b"MIT License"));
        let Route { method, response: made, .. } = route(&format!("ANY /={file}")).unwrap();
        assert_eq!((method, made.status()), (None, StatusCode::OK));
        assert_eq!(content_type("a/b.c.JSON"), "application/json");
        refused("GET /pets", "no file");
        refused("/pets=a.json", "no method");
        refused("get /pets=a.json", "not a method in capitals");
        refused("GET /pets=99:a.json", "a status is from 200 to 999");
        refused("GET /pets=no-such-file.json", "\": cannot read no-such-file.json: No such");
    }
}
