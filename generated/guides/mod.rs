//! Guides, task by task.
//!
#![doc = include_str!("index.md")]
#![doc = include_str!("links.md")]

/// A module per guide. As files, the guides link to each other by their paths; `links.md` has the modules for the same labels, and
/// Markdown uses the first definition of a label. Their examples are compiled if the features that they need are enabled.
macro_rules! guides {
    ($($name:ident: $file:literal;)*) => {$(
        #[cfg(any(
            not(doctest),
            all(
                feature = "blocking",
                feature = "credentials",
                feature = "fake",
                feature = "patterns",
                feature = "services",
                feature = "tracing",
            )
        ))]
        #[doc = include_str!("links.md")]
        #[doc = include_str!($file)]
        pub mod $name {}
    )*};
}

guides! {
    alibaba: "alibaba.md";
    api_gateway: "api-gateway.md";
    client: "client.md";
    command_line: "command-line.md";
    connections: "connections.md";
    credentials: "credentials.md";
    errors: "errors.md";
    features: "features.md";
    from_aws_sdk: "from-aws-sdk.md";
    from_boto3: "from-boto3.md";
    logging: "logging.md";
    own_transport: "own-transport.md";
    presigning: "presigning.md";
    testing: "testing.md";
}

/// The examples of the repository's README are compiled as doc tests; packages do not have that file.
#[cfg(all(doctest, gatewright_repository))]
#[doc = include_str!("../../README.md")]
mod readme {}
