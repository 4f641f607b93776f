//! The plan of cases that run, as calls of modules.

use gatewright_model::{Location, Service, ShapeId, Sources};
use serde_json::{Map, Value, json};

use super::{
    botocore, check,
    model::{Model, Operation, Refusal},
    report::Report,
    smithy, suite, values,
};

/// Cases, and the modules that their models become.
#[derive(Default)]
pub(super) struct Plan {
    models: Vec<Model>,
    /// A committed service; its module follows the modules of the suites' models.
    ours: Option<Sources>,
    suites: Vec<Suite>,
}

/// Cases whose models lack what they expect: suite, case and what is missing.
const INCOMPLETE: [(&str, &str, &str); 1] = [(
    "aws-rest-xml/requests-smithy",
    "XmlNamespaces",
    "the case expects a namespace of the root that its model does not have",
)];

struct Suite {
    name: String,
    report: Report,
    cases: Vec<Planned>,
}

/// A case that will run.
struct Planned {
    case: Value,
    check: check::Check,
    /// Index of its model.
    module: usize,
    operation: String,
}

impl Plan {
    /// Adds cases that contain their model.
    pub(super) fn protocol_cases(&mut self, name: &str, cases: &[Value]) {
        let mut suite = Suite { name: name.to_owned(), report: Report::default(), cases: Vec::new() };
        for case in cases {
            let id = suite::id(case);
            match self.protocol_case(name, case) {
                Ok(planned) => suite.cases.push(planned),
                Err(Refusal::Inexpressible(reason)) => suite.report.left_out.push((id.to_owned(), reason)),
                Err(Refusal::Malformed(fault)) => suite.report.add(id, Err(fault)),
            }
        }
        self.suites.push(suite);
    }

    fn protocol_case(&mut self, suite: &str, case: &Value) -> Result<Planned, Refusal> {
        if let Some((_, _, why)) =
            INCOMPLETE.iter().find(|known| (known.0, known.1) == (suite, suite::id(case)))
        {
            return Err(Refusal::Inexpressible((*why).to_owned()));
        }
        if case["relevance"] == "not-a-client-case" {
            return Err(Refusal::Inexpressible("about servers, not clients".to_owned()));
        }
        let (operation, model) = match case["model"]["format"].as_str() {
            Some("botocore") => botocore::convert(&case["model"])?,
            Some("smithy") => smithy::convert(&case["model"])?,
            _ => return Err(Refusal::Malformed(format!("unknown format {}", case["model"]["format"]))),
        };
        let has_own_host = case["expect"].get("resolvedHost").is_some();
        if has_own_host && model.operations.values().all(|operation| operation.host_prefix.is_none()) {
            let refusal = "addressing of buckets by host name: the model format has no such thing";
            return Err(Refusal::Inexpressible(refusal.to_owned()));
        }
        let check = match case["kind"].as_str() {
            Some("request") => check::request,
            Some("response") => check::response,
            Some("error") => check::error,
            _ => return Err(Refusal::Malformed(format!("unknown kind {}", case["kind"]))),
        };
        Ok(Planned { case: case.clone(), check, module: self.module(model), operation })
    }

    /// Adds cases of error responses, to any operation.
    pub(super) fn error_codes(&mut self, name: &str, cases: &[Value]) {
        let module = self.module(Model {
            operations: [("Fail".to_owned(), Operation::default())].into(),
            ..Model::default()
        });
        let planned = |case: &Value| Planned {
            case: case.clone(),
            check: check::error_code,
            module,
            operation: "Fail".to_owned(),
        };
        let cases = cases.iter().map(planned).collect();
        self.suites.push(Suite { name: name.to_owned(), report: Report::default(), cases });
    }

    /// Adds cases of a committed service, after all others. The header has the values that all calls share.
    pub(super) fn own_service(&mut self, name: &str, sources: Sources, head: &Value, cases: &[Value]) {
        let planned = |case: &Value| {
            let mut case = case.clone();
            case["signed"] = head.clone();
            if let Some(status) = case["response"].get("status").cloned() {
                case["response"]["status_code"] = status;
            }
            let check: check::Check = match case["kind"].as_str() {
                Some("request") => check::signed,
                Some("response") => check::response,
                _ => check::error_code,
            };
            let operation = case["operation"].as_str().unwrap_or_default().to_owned();
            Planned { case, check, module: self.models.len(), operation }
        };
        let cases = cases.iter().map(planned).collect();
        self.suites.push(Suite { name: name.to_owned(), report: Report::default(), cases });
        self.ours = Some(sources);
    }

    /// The module of a model: an existing one without contradictions, or a new one.
    fn module(&mut self, model: Model) -> usize {
        let found = self.models.iter_mut().position(|known| known.merge(&model));
        found.unwrap_or_else(|| {
            self.models.push(model);
            self.models.len() - 1
        })
    }

    /// The modules' services, in order.
    pub(super) fn services(&self) -> Result<Vec<Service>, String> {
        let parse = |sources: &Sources| {
            Service::parse(sources).map_err(|faults| format!("the models of the cases:\n{faults}"))
        };
        let models = self.models.iter().enumerate();
        let services = models.map(|(index, model)| parse(&model.sources(&format!("cases-{index}"))));
        services.chain(self.ours.iter().map(parse)).collect()
    }

    /// One line per case for the driver.
    pub(super) fn calls(&self, services: &[Service]) -> Vec<Value> {
        let call = |planned: &Planned| {
            let service = &services[planned.module];
            json!({
                "module": service.name,
                "operation": planned.operation,
                "endpoint": endpoint(&planned.case),
                "input": values::wire(service, planned.operation(services).input, &planned.input(services)),
                "response": planned.case["response"],
                "signed": planned.case["signed"],
                "credentials": planned.case["credentials"],
            })
        };
        self.suites.iter().flat_map(|suite| &suite.cases).map(call).collect()
    }

    /// Compares the results of the calls with the cases.
    pub(super) fn compare(
        self,
        services: &[Service],
        seen: &[Value],
    ) -> Result<Vec<(String, Report)>, String> {
        let planned: usize = self.suites.iter().map(|suite| suite.cases.len()).sum();
        if planned != seen.len() {
            return Err(format!("{planned} calls were planned, {} were made", seen.len()));
        }
        let mut seen = seen.iter();
        let mut compare = |suite: Suite| {
            let mut report = suite.report;
            for (planned, seen) in suite.cases.iter().zip(&mut seen) {
                let received = planned.received(services);
                let wire = |value: &Value| values::wire(&services[planned.module], received, value);
                if check::is_botocores(&planned.case, seen) {
                    let reason = "the case expects an element other than its model's, which botocore sends";
                    report.left_out.push((suite::id(&planned.case).to_owned(), reason.to_owned()));
                    continue;
                }
                let outcome = match seen.get("fault") {
                    Some(fault) => Err(fault.as_str().unwrap_or_default().to_owned()),
                    None => (planned.check)(&planned.case, seen, &wire),
                };
                report.add(suite::id(&planned.case), outcome);
            }
            (suite.name, report)
        };
        Ok(self.suites.into_iter().map(&mut compare).collect())
    }
}

/// A line for the driver, for a case that names its operation.
pub(super) fn call(service: &Service, case: &Value) -> Value {
    let input = case.get("input").cloned().unwrap_or_else(|| json!({}));
    json!({
        "module": service.name,
        "operation": case["operation"],
        "endpoint": endpoint(case),
        "input": operation(service, case).map(|operation| values::wire(service, operation.input, &input)),
        "response": case["response"],
    })
}

/// Compares the result of a call with its case, about a request or a response.
pub(super) fn outcome(service: &Service, case: &Value, seen: &Value) -> Result<(), String> {
    if let Some(fault) = seen.get("fault") {
        return Err(fault.as_str().unwrap_or_default().to_owned());
    }
    let operation = operation(service, case).ok_or("the service has no such operation")?;
    let wire = |value: &Value| values::wire(service, operation.output, value);
    let check: check::Check = if case["kind"] == "request" { check::request } else { check::response };
    check(case, seen, &wire)
}

fn operation<'a>(service: &'a Service, case: &Value) -> Option<&'a gatewright_model::Operation> {
    service.operations.iter().find(|operation| case["operation"] == operation.name)
}

impl Planned {
    fn operation<'a>(&self, services: &'a [Service]) -> &'a gatewright_model::Operation {
        let named = |operation: &&gatewright_model::Operation| operation.name == self.operation;
        services[self.module].operations.iter().find(named).expect("the module was made with this operation")
    }

    /// The structure that the response has the members of.
    fn received(&self, services: &[Service]) -> ShapeId {
        let code = &self.case["expect"]["error"]["code"];
        let errors = services[self.module].error_shapes().into_iter();
        let mut errors = errors.filter(|(_, names)| names.iter().any(|name| code == name));
        errors.next().map_or(self.operation(services).output, |(id, _)| id)
    }

    /// Cases about responses have no input, but calls have what the path needs.
    fn input(&self, services: &[Service]) -> Value {
        let labels = || {
            let members = services[self.module].shape(self.operation(services).input).members().iter();
            let labels = members.filter(|member| member.location == Some(Location::Label));
            labels.map(|member| (member.name.clone(), "label".into())).collect::<Map<_, _>>()
        };
        self.case.get("input").cloned().unwrap_or_else(|| labels().into())
    }
}

/// Host and path of the endpoint that a case is called with, if the case sets one.
fn endpoint(case: &Value) -> Option<&str> {
    let endpoint = case["client_endpoint"].as_str().or_else(|| case["expect"]["host"].as_str());
    endpoint.map(|endpoint| endpoint.trim_start_matches("https://"))
}
