//! Somebody may do more, or see more, than the application needs.

pub(super) mod coarse_verb;
pub(super) mod escalating_grants;
pub(super) mod idle_grant;
pub(super) mod inapplicable_native_action;
pub(super) mod missing_scope;
pub(super) mod mixed_environments;
pub(super) mod scan_for_one_row;
pub(super) mod secret_in_env;
pub(super) mod shared_identity;
pub(super) mod unknown_condition_key;
pub(super) mod unknown_native_action;
pub(super) mod unscoped_object_access;
pub(super) mod unstated_grant;
pub(super) mod wildcard_in_native_policy;
pub(super) mod write_on_read_path;
