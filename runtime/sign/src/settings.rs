//! What services differ in.

/// What services differ in; the default is right for every service but S3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    pub(super) encoding: PathEncoding,
    pub(super) normalization: PathNormalization,
    pub(super) content_hash: ContentHash,
    pub(super) session_token: SessionToken,
}

impl Settings {
    /// How the path on the wire becomes the canonical one.
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

/// How the path on the wire becomes the canonical one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathEncoding {
    /// Encoded once more: `/a%20b` gives `/a%2520b`. Every service but S3.
    #[default]
    Double,
    /// As it is.
    Single,
}

/// Whether the canonical path is free of dot segments and doubled slashes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathNormalization {
    /// They are removed, as in RFC 3986, 5.2.4. Every service but S3.
    #[default]
    Normalized,
    /// They stay.
    AsIs,
}

/// Whether the payload's hash is sent beside being signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentHash {
    /// It is not.
    #[default]
    Omitted,
    /// In the signed header `x-amz-content-sha256`; not with presigned URLs.
    Sent,
}

/// Whether the signature covers the session token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionToken {
    /// It does.
    #[default]
    Signed,
    /// The token is added after signing.
    Unsigned,
}
