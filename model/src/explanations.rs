//! What explanations say about errors of any service.

use crate::Category;
use crate::json::object;

object! {
    /// Causes and remedies that do not depend on a service.
    #[derive(Clone, Debug)]
    pub struct Explanations {
        /// Errors that services share, sorted by name.
        pub errors: Vec<SharedError>,
        /// Statuses of responses that name no error.
        pub statuses: Vec<StatusText>,
        /// Why signatures are refused.
        pub verdicts: Vec<VerdictText>,
        /// Details that make a verdict more precise.
        pub hints: Vec<HintText>,
        /// Failures to get a response.
        pub failures: Vec<FailureText>,
    }
}

object! {
    /// An error that services share, whether or not they declare it.
    #[derive(Clone, Debug)]
    pub struct SharedError {
        /// Name on the wire.
        pub name: String,
        /// Further names on the wire with the same meaning.
        pub aliases: Vec<String> = Vec::new(),
        /// What it means for the caller.
        pub category: Category,
        /// HTTP status, if it is known.
        pub status: Option<u16>,
        /// Why it happens, each a sentence.
        pub causes: Vec<String>,
        /// What to do, each a sentence.
        pub remedies: Vec<String>,
    }
}

object! {
    /// What statuses mean if nothing else of the error is known.
    #[derive(Clone, Debug)]
    pub struct StatusText {
        /// The statuses; a single digit is all others that begin with it, 0 an unknown status, and no status all others.
        pub statuses: Vec<u16>,
        /// Why it happens, each a sentence.
        pub causes: Vec<String>,
        /// What to do, each a sentence.
        pub remedies: Vec<String>,
    }
}

object! {
    /// A reason for refusing a signature.
    #[derive(Clone, Debug)]
    pub struct VerdictText {
        /// Identifier, in snake case.
        pub id: String,
        /// What it means, in a sentence.
        pub doc: String,
        /// What happened, in half a line.
        pub summary: String,
        /// Why it happens, each a sentence.
        pub causes: Vec<String>,
        /// What to do, each a sentence.
        pub remedies: Vec<String>,
    }
}

object! {
    /// A detail that makes a verdict more precise.
    #[derive(Clone, Debug)]
    pub struct HintText {
        /// Identifier, in snake case.
        pub id: String,
        /// What it means, in a sentence.
        pub doc: String,
        /// Why it happens, if that is more specific than the causes of the verdict.
        pub cause: Option<String>,
        /// What to do.
        pub remedy: String,
    }
}

object! {
    /// A failure to get a response. In texts, `{name}` is a fact about the failure.
    #[derive(Clone, Debug)]
    pub struct FailureText {
        /// Identifier, in snake case.
        pub id: String,
        /// What happened, in half a line.
        pub summary: String,
        /// Why it happens, each a sentence.
        pub causes: Vec<String>,
        /// What to do, each a sentence.
        pub remedies: Vec<String>,
    }
}
