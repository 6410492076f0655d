//! Somebody may do more, or see more, than the application needs.

pub(super) mod secret_in_env;
pub(super) mod unscoped_object_access;
