//! The vendors of services.

/// A vendor, whose environment variables and files a client of its services reads. Keys of one vendor must never be
/// sent to services of another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "matched by the layers above")]
pub enum Vendor {
    /// Amazon Web Services.
    #[default]
    Aws,
    /// Alibaba Cloud.
    AlibabaCloud,
}

impl Vendor {
    /// What to do without a region.
    pub(crate) fn set_a_region(self) -> &'static str {
        match self {
            Self::Aws => "set a region in the builder, in AWS_REGION or as `region` of the profile",
            Self::AlibabaCloud => {
                "set a region in the builder, in ALIBABA_CLOUD_REGION_ID or as `region_id` of the profile"
            }
        }
    }

    /// What to do without the FIPS or dual-stack endpoints that were asked for.
    pub(crate) fn ask_for_no_variant(self) -> &'static str {
        match self {
            Self::Aws => {
                "turn AWS_USE_FIPS_ENDPOINT or AWS_USE_DUALSTACK_ENDPOINT off, or choose another region"
            }
            Self::AlibabaCloud => "do not enable FIPS or dual-stack endpoints in the builder",
        }
    }
}
