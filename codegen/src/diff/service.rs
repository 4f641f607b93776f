//! Facts about a service as a whole: protocol, signature, settings, regions, known responses.

use gatewright_model::{Auth, Endpoints, KnownResponse, KnownResponses, Protocol, ResponseSource, Service};

use super::{Diff, Place, Spot, code, matched, names, rules};
use crate::protocol;

impl<'a> Diff<'a> {
    pub(super) fn service(&mut self) {
        let at = &Spot::new(Place::Service);
        let [old, new] = [self.old.service, self.new.service];
        let Service {
            name: _,
            title,
            doc,
            version,
            settings_id,
            protocol,
            auth,
            endpoints,
            error_body,
            in_runtime,
            operations: _,
            shapes: _,
            exceptions: _,
            error_codes: _,
            code_families: _,
            known_responses,
            // Derived from the other facts.
            ..
        } = old;
        // It gives way to types of the same name.
        let [marker, new_marker] = [&self.old, &self.new].map(|side| code(&side.context.marker));
        self.differs(at, &rules::RENAMED, marker, new_marker);
        self.differs(at, &rules::TITLE, code(title), code(&new.title));
        self.texts(at, doc, &new.doc);
        let sends_version = protocol::of(new).sends_version();
        let rule = if sends_version { &rules::API_VERSION_SENT } else { &rules::API_VERSION };
        self.differs(at, rule, code(version), code(&new.version));
        self.differs(at, &rules::SETTINGS_ID, code(settings_id), code(&new.settings_id));
        self.protocols(at, protocol, &new.protocol);
        self.signatures(at, auth, &new.auth);
        if *error_body != new.error_body {
            self.add(at, &rules::ERROR_BODY, None, None);
        }
        if *in_runtime != new.in_runtime {
            self.add(at, &rules::IN_RUNTIME, None, None);
        }
        let Endpoints { rules: _, partitions: _, regions } = endpoints;
        for (region, offered) in matched(
            regions.iter().map(|region| (region.as_str(), ())),
            new.endpoints.regions.iter().map(|region| (region.as_str(), ())),
        ) {
            let at = Spot::new(Place::Region(region.to_owned()));
            let rules = [&rules::REGION_ADDED, &rules::REGION_REMOVED];
            self.gained_or_lost(&at, rules, offered.0.is_some(), offered.1.is_some());
        }
        self.endpoints(endpoints, &new.endpoints);
        self.known_responses(known_responses.as_ref(), new.known_responses.as_ref());
    }

    fn protocols(&mut self, at: &Spot, before: &Protocol, after: &Protocol) {
        if before.name() == after.name() {
            protocol::of(self.old.service).compare(after, at, self);
        } else {
            self.add(at, &rules::PROTOCOL, code(before.name()), code(after.name()));
        }
    }

    fn signatures(&mut self, at: &Spot, before: &Auth, after: &Auth) {
        match (before, after) {
            (
                Auth::SigV4 {
                    signing_name,
                    window_minutes,
                    ignores_expires,
                    signs_path_as_sent,
                    sends_content_hash,
                },
                Auth::SigV4 {
                    signing_name: new_name,
                    window_minutes: new_window,
                    ignores_expires: new_ignores,
                    signs_path_as_sent: new_path,
                    sends_content_hash: new_hash,
                },
            ) => {
                self.differs(at, &rules::SIGNING_NAME, code(signing_name), code(new_name));
                if (signs_path_as_sent, sends_content_hash) != (new_path, new_hash) {
                    self.add(at, &rules::SIGNATURE_FORM, None, None);
                }
                if (window_minutes, ignores_expires) != (new_window, new_ignores) {
                    self.add(
                        at,
                        &rules::SIGNING_WINDOW,
                        window_minutes.as_ref().map(code),
                        new_window.as_ref().map(code),
                    );
                }
            }
            (Auth::RpcV1, Auth::RpcV1) => {}
            (Auth::SigV4 { .. } | Auth::RpcV1, _) => {
                let name = |auth: &Auth| match auth {
                    Auth::SigV4 { .. } => code("sigv4"),
                    Auth::RpcV1 => code("rpc-v1"),
                };
                self.add(at, &rules::SIGNATURE, name(before), name(after));
            }
        }
    }

    fn known_responses(&mut self, before: Option<&'a KnownResponses>, after: Option<&'a KnownResponses>) {
        let sources = |known: Option<&'a KnownResponses>| {
            let sources = known.into_iter().flat_map(|known| &known.sources);
            sources.map(|source| (source.id.as_str(), source)).collect::<Vec<_>>()
        };
        let entries = |known: Option<&'a KnownResponses>| {
            let entries = known.into_iter().flat_map(|known| &known.entries);
            entries.map(|entry| (entry.id.as_str(), entry)).collect::<Vec<_>>()
        };
        let come_and_go = [&rules::RESPONSE_KNOWN, &rules::RESPONSE_FORGOTTEN];
        for (id, (before, after)) in matched(sources(before), sources(after)) {
            let at = Spot::new(Place::KnownResponse(id.to_owned()));
            self.gained_or_lost(&at, come_and_go, before.is_some(), after.is_some());
            if let (Some(before), Some(after)) = (before, after) {
                let ResponseSource { id: _, doc, headers, without } = before;
                self.texts(&at, doc, &after.doc);
                if (headers, without) != (&after.headers, &after.without) {
                    self.add(&at, &rules::RESPONSE_CHANGED, None, None);
                }
            }
        }
        for (id, (before, after)) in matched(entries(before), entries(after)) {
            let at = Spot::new(Place::KnownResponse(id.to_owned()));
            self.gained_or_lost(&at, come_and_go, before.is_some(), after.is_some());
            if let (Some(before), Some(after)) = (before, after) {
                let KnownResponse { id: _, doc, category, when, causes, remedies, repairs, example } = before;
                self.texts(&at, doc, &after.doc);
                self.texts(&at, &causes.join(" "), &after.causes.join(" "));
                self.texts(&at, &remedies.join(" "), &after.remedies.join(" "));
                if (category, when, repairs, example)
                    != (&after.category, &after.when, &after.repairs, &after.example)
                {
                    self.add(&at, &rules::RESPONSE_CHANGED, None, None);
                }
            }
        }
        let ids = |entries: Vec<(&'a str, _)>| -> Vec<String> {
            entries.into_iter().map(|(id, _)| id.to_owned()).collect()
        };
        let [old, new] = [ids(entries(before)), ids(entries(after))];
        let of_both = |ids: &[String], others: &[String]| -> Vec<String> {
            ids.iter().filter(|id| others.contains(id)).cloned().collect()
        };
        let [old, new] = [of_both(&old, &new), of_both(&new, &old)];
        if old != new {
            // Of entries that fit equally well, the first counts.
            self.add(&Spot::new(Place::Service), &rules::RESPONSE_CHANGED, names(&old), names(&new));
        }
    }
}
