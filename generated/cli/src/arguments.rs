//! Arguments of the verbs. They are read without the verbs' code, so that help and mistakes need no client.

#![allow(clippy::doc_markdown, reason = "doc comments are help texts, whose readers see no Markdown")]

use std::{
    fmt::{self, Debug, Formatter},
    net::IpAddr,
    num::NonZeroU32,
    str::FromStr,
    time::Duration,
};

#[cfg(feature = "completions")]
use clap::{
    Arg, Command, CommandFactory,
    builder::{PossibleValue, PossibleValuesParser},
};
use clap::{ArgGroup, Args};
#[cfg(feature = "completions")]
pub use clap_complete::Shell;

#[cfg(feature = "completions")]
use crate::{failure::Failure, output};

/// Call an operation, with JSON as input and output
///
/// Prints the response as JSON. A failure is explained on standard error; the exit code is 1, or 2 if the input or a setting is invalid and no
/// request was sent.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  {program} call aws-storage-gateway ListGateways --input '{\"Limit\": 5}' --fake
  {program} call aws-sts GetCallerIdentity --region eu-west-1 --record failed.json")]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Call {
    /// Name of the service, such as aws-storage-gateway
    pub service: String,
    /// Name of the operation, such as ListGateways
    pub operation: String,
    /// Input of the operation: JSON, @FILE to read a file, or - for standard input
    #[arg(long, value_name = "JSON", default_value = "{}")]
    pub input: String,
    /// Send the request to this URL
    #[arg(long, value_name = "URL", conflicts_with = "fake")]
    pub endpoint: Option<String>,
    /// Region of the service
    #[arg(long)]
    pub region: Option<String>,
    /// Profile in the files of the vendor's command line tool
    #[arg(long, conflicts_with = "fake")]
    pub profile: Option<String>,
    /// Timeout of the whole call
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub timeout: Option<Duration>,
    /// Timeout of each attempt
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub attempt_timeout: Option<Duration>,
    /// Maximum number of attempts
    #[arg(long, value_name = "NUMBER", value_parser = attempts)]
    pub max_attempts: Option<NonZeroU32>,
    /// Send the request even if it violates constraints of the model
    #[arg(long)]
    pub unchecked: bool,
    /// Call a fake that runs for this call only, and needs no account
    #[arg(long)]
    pub fake: bool,
    /// Save the call for `explain`, without secrets and without the request's body
    #[arg(long, value_name = "FILE")]
    pub record: Option<String>,
    /// Save the request's body, too, without its sensitive members
    #[arg(long, requires = "record")]
    pub record_input: bool,
    /// Print a failure as JSON
    #[arg(long)]
    pub json: bool,
}

/// Explain why a call failed, and what to do
///
/// Explains a call that `call --record` saved, a response that you paste, or the state of a host.
#[derive(Args, Clone, Debug)]
#[command(
    group = ArgGroup::new("subject").required(true).args(["saved", "message", "url"]),
    after_help = "\
Examples:
  {program} explain failed.json
  echo '{\"message\": \"Forbidden\"}' | {program} explain --message - --status 403 --service api-gateway
  {program} explain --url https://api.example.com/ --clock")]
pub struct Explain {
    /// Saved call, or - for standard input
    #[arg(value_name = "FILE")]
    pub saved: Option<String>,
    /// Response or error, as a service, curl, an SDK or a log shows it, or only its message; - for standard input
    #[arg(long, value_name = "FILE", help_heading = "Response")]
    pub message: Option<String>,
    /// Facts about the response and its request.
    #[command(flatten)]
    pub facts: Facts,
    /// Check the host of a URL: addresses, TLS, and names of the certificate. Connects to no other host, and calls no API
    #[arg(long, value_name = "URL", help_heading = "Host")]
    pub url: Option<String>,
    /// How the host is checked.
    #[command(flatten)]
    pub host: Host,
    /// Service of the call, such as api-gateway; a saved call contains it
    #[arg(long, value_name = "SERVICE", conflicts_with = "url")]
    pub service: Option<String>,
    /// Print the explanation as JSON, with the verdict on the signature
    #[arg(long)]
    pub json: bool,
}

/// Facts about a pasted response and its request.
#[derive(Args, Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Status of the response
    #[arg(long, value_name = "NUMBER", help_heading = "Response")]
    pub status: Option<u16>,
    /// Name of the error
    #[arg(long, value_name = "NAME", help_heading = "Response")]
    pub code: Option<String>,
    /// Date header of the response, like "Sun, 22 Nov 2026 12:00:01 GMT"
    #[arg(long, value_name = "DATE", help_heading = "Response")]
    pub date: Option<String>,
    /// Canonical request that was signed; - for standard input
    #[arg(long, value_name = "FILE", help_heading = "Request")]
    pub canonical_request: Option<String>,
    /// String to sign; - for standard input
    #[arg(long, value_name = "FILE", help_heading = "Request")]
    pub string_to_sign: Option<String>,
    /// Access key id that signed the request
    #[arg(long, value_name = "ID", help_heading = "Request")]
    pub access_key_id: Option<String>,
    /// The request had a session token
    #[arg(long, help_heading = "Request")]
    pub session_token_sent: bool,
    /// First word of the Authorization header
    #[arg(long, value_name = "SCHEME", help_heading = "Request")]
    pub authorization_scheme: Option<String>,
    /// X-Amz-Target header
    #[arg(long, value_name = "TARGET", help_heading = "Request")]
    pub target: Option<String>,
    /// Host that was called
    #[arg(long = "host", value_name = "HOST", help_heading = "Request")]
    pub called_host: Option<String>,
    /// HTTP method; a canonical request contains it
    #[arg(long, value_name = "METHOD", help_heading = "Request")]
    pub method: Option<String>,
    /// Path; a canonical request contains it
    #[arg(long, value_name = "PATH", help_heading = "Request")]
    pub path: Option<String>,
    /// ARN of the caller
    #[arg(long, value_name = "ARN", help_heading = "Request")]
    pub caller: Option<String>,
    /// Account of the API's owner
    #[arg(long, value_name = "ACCOUNT", help_heading = "Request")]
    pub owner: Option<String>,
    /// The request had no signature
    #[arg(long, help_heading = "Request")]
    pub unsigned: bool,
}

/// How a host is checked.
#[derive(Args, Clone, Debug)]
#[group(multiple = true, requires = "url", conflicts_with_all = ["saved", "message"])]
pub struct Host {
    /// Compare the host's clock with this machine's, by one HEAD request without credentials for a host name that does not exist. Always
    /// done for hosts of API Gateway and Lambda function URLs, which do not count this request as a call
    #[arg(long, help_heading = "Host")]
    pub clock: bool,
    /// Connect to this address
    #[arg(long, value_name = "IP", help_heading = "Host")]
    pub address: Option<IpAddr>,
    /// Trust the certificates of this file, instead of the system's
    #[arg(long, value_name = "FILE", help_heading = "Host")]
    pub root_certificates: Option<String>,
}

/// Show which credentials a client uses here
///
/// Prints the access key id, the source, and when the credentials expire. If no source has credentials, prints each source that was
/// tried, with exit code 1.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  {program} credentials
  {program} credentials --profile production --json
  {program} credentials --vendor alibaba-cloud")]
pub struct Credentials {
    /// Profile in the files of the vendor's command line tool
    #[arg(long)]
    pub profile: Option<String>,
    /// Vendor whose services the client calls
    #[arg(long, value_enum, default_value_t)]
    pub vendor: Vendor,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// A vendor of services.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub enum Vendor {
    /// Amazon Web Services
    #[default]
    Aws,
    /// Alibaba Cloud
    AlibabaCloud,
}

/// Run the fake of a service on this machine, until Ctrl-C
///
/// The first line of the output is the URL. The fake checks signatures and constraints like the service. An API without operations,
/// such as api-gateway, echoes signed requests.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  {program} serve aws-storage-gateway --port 4566
  echo '{\"name\": \"Rex\"}' > pet.json; {program} serve api-gateway --respond \"GET /pets/{id}=pet.json\"
  {program} serve api-gateway --refuse throttled")]
pub struct Serve {
    /// Name of the service, such as aws-storage-gateway
    pub service: String,
    /// Port of the fake; 0 for a free one
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub port: u16,
    /// Access key id that requests must be signed with
    #[arg(long, value_name = "ID", requires = "secret_access_key")]
    pub access_key_id: Option<String>,
    /// Secret access key that requests must be signed with
    #[arg(long, value_name = "KEY", requires = "access_key_id")]
    pub secret_access_key: Option<Hidden>,
    /// Session token that requests must have
    #[arg(long, value_name = "TOKEN", requires = "access_key_id")]
    pub session_token: Option<Hidden>,
    /// Only region that requests may be signed for
    #[arg(long)]
    pub region: Option<String>,
    /// Let other programs order failures: POST /__gatewright/fail {"operation": NAME, "code": CODE}, or, for APIs without
    /// operations, {"code": NAME, "times": NUMBER}
    #[arg(long)]
    pub control: bool,
    /// Respond with a file: "METHOD PATH=FILE" or "METHOD PATH=STATUS:FILE". ANY is every method, {name} one segment of the path,
    /// {name+} all remaining segments
    #[arg(long, value_name = "RESPONSE")]
    pub respond: Vec<String>,
    /// Refuse every request in this way; "list" prints all ways
    #[arg(long, value_name = "NAME")]
    pub refuse: Option<String>,
}

/// A secret on the command line, never shown.
#[derive(Clone)]
pub struct Hidden(
    #[cfg_attr(not(feature = "verbs"), expect(dead_code, reason = "only a verb reads it"))] pub(crate) String,
);

impl FromStr for Hidden {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() { Err("a value is required") } else { Ok(Self(text.to_owned())) }
    }
}

impl Debug for Hidden {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(feature = "completions")]
/// Print the completion script of a shell
///
/// The shell's documentation says where such scripts belong.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  source <({program} completions bash)
  {program} completions fish | source")]
pub struct Completions {
    /// Shell that reads the script
    pub shell: Shell,
}

#[cfg(feature = "completions")]
impl Completions {
    /// Prints the script for the command line `C` of a program with this name, which knows these services.
    ///
    /// # Errors
    /// The failure to write.
    pub fn print<C: CommandFactory>(&self, program: &str, services: &[&'static str]) -> Result<(), Failure> {
        let mut script = Vec::new();
        let with_services = |argument: Arg| match argument.get_id().as_str() {
            "service" => argument.value_parser(PossibleValuesParser::new(services)),
            _ => argument,
        };
        let mut command = C::command().mut_subcommands(|verb| verb.mut_args(with_services));
        clap_complete::generate(self.shell, &mut command, program, &mut script);
        let values = if self.shell == Shell::Fish { fish_values(&command, program) } else { String::new() };
        output::print(String::from_utf8_lossy(&script) + values.as_str())
    }
}

/// What clap's script for fish lacks: the values of the arguments of verbs that have no name, such as services.
#[cfg(feature = "completions")]
fn fish_values(program: &Command, name: &str) -> String {
    let verbs = program.get_subcommands().map(|verb| (verb.get_name(), verb.get_positionals()));
    let arguments = verbs.flat_map(|(verb, arguments)| arguments.map(move |argument| (verb, argument)));
    let line = |(verb, argument): (&str, &Arg)| {
        let values = argument.get_possible_values();
        let values: Vec<_> = values.iter().map(PossibleValue::get_name).collect();
        let values = (!values.is_empty()).then(|| values.join(" "))?;
        let condition =
            format!("__fish_{name}_using_subcommand {verb}; and not __fish_seen_subcommand_from {values}");
        Some(format!("complete -c {name} -n \"{condition}\" -f -a \"{values}\"\n"))
    };
    arguments.filter_map(line).collect()
}

/// A number of attempts.
fn attempts(text: &str) -> Result<NonZeroU32, &'static str> {
    text.parse().map_err(|_| "not a number from 1")
}

/// A duration in seconds.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.ok_or_else(|| "not a number of seconds from 0".to_owned())
}
