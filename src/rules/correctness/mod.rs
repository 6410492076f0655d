//! It does not work.

pub(super) mod narrow_cors;
