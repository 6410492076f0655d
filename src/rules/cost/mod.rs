//! It costs more than it has to.

pub(super) mod fan_out;
