//! Somebody may do more, or see more, than the application needs.

pub(super) mod coarse_verb;
pub(super) mod idle_grant;
pub(super) mod missing_scope;
pub(super) mod scan_for_one_row;
pub(super) mod secret_in_env;
pub(super) mod unscoped_object_access;
pub(super) mod write_on_read_path;
