//! The ways in which signatures of services differ.

/// Settings of signatures that differ between services. The default is right for every service but S3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    pub(super) encoding: PathEncoding,
    pub(super) normalization: PathNormalization,
    pub(super) content_hash: ContentHash,
    pub(super) session_token: SessionToken,
}

impl Settings {
    /// The default, as a constant.
    pub(super) const USUAL: Self = Self {
        encoding: PathEncoding::Double,
        normalization: PathNormalization::Normalized,
        content_hash: ContentHash::Omitted,
        session_token: SessionToken::Signed,
    };

    /// How the canonical path is made from the path on the wire.
    #[must_use]
    pub fn path_encoding(mut self, encoding: PathEncoding) -> Self {
        self.encoding = encoding;
        self
    }

    /// Whether dot segments and doubled slashes are removed from the canonical path.
    #[must_use]
    pub fn path_normalization(mut self, normalization: PathNormalization) -> Self {
        self.normalization = normalization;
        self
    }

    /// Whether the payload's hash is sent.
    #[must_use]
    pub fn content_hash(mut self, content_hash: ContentHash) -> Self {
        self.content_hash = content_hash;
        self
    }

    /// Whether the signature covers the session token.
    #[must_use]
    pub fn session_token(mut self, session_token: SessionToken) -> Self {
        self.session_token = session_token;
        self
    }
}

/// How the canonical path is made from the path on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathEncoding {
    /// Encodes the path once more: `/a%20b` becomes `/a%2520b`. Every service but S3.
    #[default]
    Double,
    /// Takes the path unchanged.
    Single,
}

/// Whether dot segments and doubled slashes are removed from the canonical path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathNormalization {
    /// Removes them, as in RFC 3986, 5.2.4. Every service but S3.
    #[default]
    Normalized,
    /// Keeps them.
    AsIs,
}

/// Whether the payload's hash is sent in a header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentHash {
    /// Sends no header.
    #[default]
    Omitted,
    /// Sends the signed header `x-amz-content-sha256`. Presigned URLs cover no body (`UNSIGNED-PAYLOAD`), or the one that
    /// this header of the request states. `verify::Verifier` also accepts requests whose header is
    /// `UNSIGNED-PAYLOAD`, as Amazon S3 does.
    Sent,
}

/// Whether the signature covers the session token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionToken {
    /// Signs the token.
    #[default]
    Signed,
    /// Adds the token after signing.
    Unsigned,
}
