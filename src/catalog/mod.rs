//! Loads and checks the folder of a target: what differs between clouds, as data.
//! Knows of the language only its kinds, verbs and feature keys; decides nothing about an application.

mod actions;
mod capability;
mod documents;
mod glob;
mod lifecycle;
mod limit;
mod load;
mod manifest;
mod names;
mod options;
mod pattern;
mod permissions;
mod readback;
mod refusal;

pub use actions::{ActionGroup, Actions, Addressed, DocumentWords, Escalation, IdentityForm, KnownAction, Service};
pub use capability::{Capability, FEATURES, Level, feature_title};
pub use documents::{DocumentRule, Several};
pub use glob::Glob;
pub use lifecycle::{Expiry, Fixed, Guard, GuardOf, Lifecycle, LifecycleRow, Patches, Relocation, Renewal, Restore};
pub use limit::{
    DeadLetterOrder, DeadLetterRule, DeadLetters, Duplicates, Guarantee, Limit, LimitValue, Order, Quantity,
};
pub use load::{Target, TargetFiles, builtin, builtin_ids};
pub use manifest::{
    Adapter, Attributes as AttributeTable, Delivery, FilterDialect, Format, Manifest, NameRule, NativeForm, OneOrMany,
    Packaging, Side, Unit, ValueRule, When,
};
pub(crate) use names::{at, holds};
pub use options::{OptionRule, OptionType};
pub use pattern::{Pattern, PatternError};
pub use permissions::{Condition, IdentityKind, NativeRule, Permissions, Row};
pub use readback::{Exposing, GrantReader, ImpliedCondition, Readback};
pub use refusal::{Part, Refusal, Variables};
