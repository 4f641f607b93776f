//! Exceptions and operation error codes.

use std::collections::BTreeSet;

use gatewright_model::{Category, ErrorCode, Exception, Operation, Service, ShapeId};

use super::{Diff, Fact, Place, Spot, code, matched, rules};
use crate::{errors, naming, ordered::Ordered as _};

impl<'a> Diff<'a> {
    pub(super) fn errors(&mut self) {
        self.exceptions();
        let [old, new] = [self.old.service, self.new.service];
        self.codes(&old.error_codes, &new.error_codes, true);
        self.codes(&old.code_families, &new.code_families, false);
    }

    fn exceptions(&mut self) {
        let by_name = |exceptions: &'a [Exception]| {
            exceptions.iter().map(|exception| (exception.name.as_str(), exception))
        };
        let [old, new] = [self.old.service, self.new.service];
        for (name, exceptions) in matched(by_name(&old.exceptions), by_name(&new.exceptions)) {
            let variant = rust_variant(exceptions, |exception| &exception.rust_name);
            let operations = users([old, new], |service, operation| {
                service.exceptions_of(operation).any(|known| known.name == name)
            });
            let at = Spot { place: Place::Variant { ty: "Exception".to_owned(), variant }, operations };
            match exceptions {
                (Some(before), Some(after)) => {
                    let Exception {
                        name: _,
                        rust_name,
                        aliases,
                        status,
                        message,
                        doc,
                        shape,
                        category,
                        carries_code,
                        causes,
                        remedies,
                    } = before;
                    self.renamed(&at, rust_name, &after.rust_name);
                    self.names(&at, [&rules::ALIAS_ADDED, &rules::ALIAS_REMOVED], aliases, &after.aliases);
                    self.differs(&at, &rules::STATUS, code(status), code(&after.status));
                    self.members(&at, [*shape, after.shape]);
                    self.categories(&at, *category, after.category);
                    let rules = [&rules::CODE_CARRIED, &rules::CODE_NOT_CARRIED];
                    self.gained_or_lost(&at, rules, *carries_code, after.carries_code);
                    self.explanations(
                        &at,
                        [doc, &after.doc],
                        [message.as_ref(), after.message.as_ref()],
                        [causes, &after.causes],
                        [remedies, &after.remedies],
                    );
                }
                (None, Some(_)) => self.add(&at, &rules::EXCEPTION_ADDED, None, None),
                (Some(_), None) => self.add(&at, &rules::EXCEPTION_REMOVED, None, None),
                (None, None) => {}
            }
        }
    }

    /// Codes, each a variant, or families of codes.
    fn codes(&mut self, before: &'a [ErrorCode], after: &'a [ErrorCode], is_variant: bool) {
        let by_value = |codes: &'a [ErrorCode]| codes.iter().map(|code| (code.value.as_str(), code));
        for (value, codes) in matched(by_value(before), by_value(after)) {
            let (place, rules) = if is_variant {
                let variant = rust_variant(codes, |code| &code.rust_name);
                let place = Place::Variant { ty: "ErrorCode".to_owned(), variant };
                (place, [&rules::CODE_ADDED, &rules::CODE_REMOVED])
            } else {
                (Place::Family(value.to_owned()), [&rules::FAMILY_ADDED, &rules::FAMILY_REMOVED])
            };
            let services = [self.old.service, self.new.service];
            let operations = users(services, |service, operation| {
                is_variant && service.codes_of(operation).any(|known| known.value == value)
            });
            let at = Spot { place, operations };
            match codes {
                (Some(before), Some(after)) => {
                    let ErrorCode {
                        value: _,
                        rust_name,
                        aliases,
                        status,
                        message,
                        doc,
                        shape,
                        category,
                        causes,
                        remedies,
                    } = before;
                    if is_variant {
                        self.renamed(&at, rust_name, &after.rust_name);
                    }
                    self.names(&at, [&rules::ALIAS_ADDED, &rules::ALIAS_REMOVED], aliases, &after.aliases);
                    if *status != after.status {
                        self.add(
                            &at,
                            &rules::STATUS,
                            status.as_ref().map(code),
                            after.status.as_ref().map(code),
                        );
                    }
                    self.members(&at, [*shape, after.shape]);
                    self.categories(&at, *category, after.category);
                    self.explanations(
                        &at,
                        [doc, &after.doc],
                        [message.as_ref(), after.message.as_ref()],
                        [causes, &after.causes],
                        [remedies, &after.remedies],
                    );
                }
                (None, Some(_)) => self.add(&at, rules[0], None, None),
                (Some(_), None) => self.add(&at, rules[1], None, None),
                (None, None) => {}
            }
        }
    }

    /// Types of the members of an error.
    fn members(&mut self, at: &Spot, [before, after]: [Option<ShapeId>; 2]) {
        let before = before.map(|id| code(&naming::ty(self.old.shape(id))));
        let after = after.map(|id| code(&naming::ty(self.new.shape(id))));
        match (&before, &after) {
            (None, Some(_)) => self.add(at, &rules::ERROR_MEMBERS_ADDED, None, after),
            (Some(one), other) if Some(one) != other.as_ref() => {
                self.add(at, &rules::ERROR_MEMBERS_REMOVED, before, after);
            }
            (None, None) | (Some(_), _) => {}
        }
    }

    fn categories(&mut self, at: &Spot, before: Option<Category>, after: Option<Category>) {
        let is_retried = |category| matches!(category, Some(Category::Throttling | Category::Transient));
        let rule = match (is_retried(before), is_retried(after)) {
            (false, true) => &rules::CATEGORY_RETRIED,
            (true, false) => &rules::CATEGORY_NOT_RETRIED,
            (true, true) | (false, false) => &rules::CATEGORY,
        };
        let fact = |category| code(&errors::category(category));
        if before != after {
            self.add(at, rule, before.map(fact), after.map(fact));
        }
    }

    /// Texts of explanations and documentation.
    fn explanations(
        &mut self,
        at: &Spot,
        [doc, new_doc]: [&String; 2],
        [message, new_message]: [Option<&String>; 2],
        causes: [&Vec<String>; 2],
        remedies: [&Vec<String>; 2],
    ) {
        self.texts(at, doc, new_doc);
        let text = |message: Option<&String>| message.cloned().unwrap_or_default();
        self.texts(at, &text(message), &text(new_message));
        for [before, after] in [causes, remedies] {
            if before != after {
                let fact = |texts: &[String]| (!texts.is_empty()).then(|| Fact::Text(texts.join(" ")));
                self.add(at, &rules::DOC, fact(before), fact(after));
            }
        }
    }
}

/// Names of the operations for which something holds, before or after.
fn users(services: [&Service; 2], holds: impl Fn(&Service, &Operation) -> bool) -> Vec<String> {
    let operations = services.into_iter().flat_map(|service| {
        service
            .operations
            .iter()
            .filter(|operation| holds(service, operation))
            .map(|operation| &operation.name)
    });
    operations.ordered::<BTreeSet<_>>().into_iter().cloned().collect()
}

/// The variant in the new model, or else in the old one.
fn rust_variant<T>((before, after): (Option<&T>, Option<&T>), name: impl Fn(&T) -> &String) -> String {
    after.or(before).map(|item| naming::variant(name(item)).to_string()).unwrap_or_default()
}
