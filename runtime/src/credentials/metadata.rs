//! The metadata of containers and instances, which has credentials of their roles.

mod container;
mod instance;

use std::sync::Arc;

pub(super) use self::instance::{is_name, text as role_name};
pub use self::{
    container::ContainerCredentials,
    instance::{InstanceCredentials, InstanceMetadata},
};
use super::{ProvideCredentials, Setup};

/// The sources of container and instance.
pub(super) fn sources(setup: &Setup) -> [Arc<dyn ProvideCredentials>; 2] {
    let instance = InstanceMetadata::of(setup.clone());
    [Arc::new(ContainerCredentials::of(setup.clone())), Arc::new(InstanceCredentials::new(instance))]
}
