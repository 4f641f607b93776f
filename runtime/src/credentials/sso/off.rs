//! The replacement of `sso` without the feature `sso`.

use super::{
    disabled,
    profile::{Finder, Found},
};
use crate::profile::Profile;

#[expect(clippy::unused_self, reason = "same signature as with the feature")]
impl Finder<'_> {
    pub(super) fn sso(&self, profile: &Profile<'_>) -> Found {
        Err(disabled::of_profile(profile, "sso_account_id", "sso"))
    }
}
