//! `target.yaml`: the closed vocabulary in which a folder says what each construct becomes.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{
    Capability, DeadLetters, DocumentRule, Guarantee, Lifecycle, Limit, LimitValue, OptionRule, Pattern, Readback,
    Refusal, Variables,
};

/// Syntax of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// HCL, formatted as `terraform fmt` does.
    Hcl,
    /// YAML documents.
    Yaml,
    /// JSON.
    Json,
}

/// Language of `where` on the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FilterDialect {
    /// JSON patterns over a whole event.
    EventPattern,
    /// Attributes of an event's header only.
    Attributes,
}

/// How code reaches the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Packaging {
    /// One archive a folder of code.
    #[default]
    Zip,
    /// The files themselves, for an image that is built from them.
    Folder,
}

/// A conjunction of equalities over view fields.
pub type When = BTreeMap<String, Value>;

/// Which template renders which kind.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Unit {
    /// Kind of view.
    #[serde(rename = "for")]
    pub kind: String,
    /// Only for views whose fields have these values.
    #[serde(default)]
    pub when: When,
    /// `x.tf` is `templates/x.tf.hbs`.
    pub template: String,
    /// File of the output.
    pub file: Pattern,
}

/// One or several of something; written alone or as a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(untagged, expecting = "what is expected is one value of its kind, or a list of such")]
pub enum OneOrMany<T> {
    /// One.
    One(T),
    /// Several.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// All of them.
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

impl<T: PartialEq> OneOrMany<T> {
    /// Whether `wanted` is one of them.
    pub fn has(&self, wanted: &T) -> bool {
        self.as_slice().contains(wanted)
    }
}

/// How a product is named.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NameRule {
    /// Kinds of views.
    #[serde(rename = "for")]
    pub kinds: OneOrMany<String>,
    /// Only for views whose fields have these values.
    #[serde(default)]
    pub when: When,
    /// The field below `names`.
    pub product: String,
    /// The name before suffix and truncation.
    pub pattern: Pattern,
    /// Put behind, never cut.
    #[serde(default)]
    pub suffix: String,
    /// Most characters, suffix included.
    #[serde(default)]
    pub max: Option<usize>,
    /// Characters that may occur, as the inside of a bracket expression: `a-zA-Z0-9_-`.
    #[serde(default)]
    pub charset: Option<String>,
    /// Where length and characters are from.
    #[serde(default)]
    pub fact: Option<String>,
}

/// A derived string.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueRule {
    /// Kinds of views.
    #[serde(rename = "for")]
    pub kinds: OneOrMany<String>,
    /// Only for views whose fields have these values.
    #[serde(default)]
    pub when: When,
    /// The field below `values`.
    pub name: String,
    /// What it is.
    pub pattern: Pattern,
}

/// Attributes of one kind, or of its variants.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(
    untagged,
    expecting = "what is expected is a mapping from names to patterns, or a list of `{ when, attributes }`"
)]
pub enum Attributes {
    /// Every view of the kind.
    All(BTreeMap<String, Pattern>),
    /// By view fields; first match.
    Variants(Vec<AttributeVariant>),
}

/// Attributes of views whose fields have certain values.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttributeVariant {
    /// Which views.
    #[serde(default)]
    pub when: When,
    /// Their attributes.
    pub attributes: BTreeMap<String, Pattern>,
}

/// Who acts in a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Nobody needs a right.
    #[default]
    None,
    /// The function's identity.
    Function,
    /// An identity of the trigger.
    Trigger,
    /// The platform, by a policy of what it reaches.
    Platform,
}

impl Side {
    /// Those that need a right.
    pub fn acting(sides: &OneOrMany<Self>) -> impl Iterator<Item = Self> + '_ {
        sides.as_slice().iter().copied().filter(|side| *side != Self::None)
    }

    fn nobody() -> OneOrMany<Self> {
        OneOrMany::One(Self::None)
    }
}

/// Who acts in the deliveries of a kind of trigger.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Delivery {
    /// Takes from the source.
    #[serde(default = "Side::nobody")]
    pub receives: OneOrMany<Side>,
    /// Runs the function.
    #[serde(default = "Side::nobody")]
    pub invokes: OneOrMany<Side>,
    /// Sets aside what failed.
    #[serde(default = "Side::nobody")]
    pub sets_aside: OneOrMany<Side>,
}

/// What is put into a package with portable handlers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Adapter {
    /// Folder of its files.
    pub from: String,
    /// Entry point.
    pub entry: String,
}

/// How a native resource says what it is, by paths into its attributes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct NativeForm {
    /// Where its type stands, which is that of the spec.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where its name stands, which is that of the spec.
    pub name: String,
    /// What else it has to have.
    #[serde(default)]
    pub needs: Vec<String>,
}

/// The manifest of a target.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Manifest {
    /// Its id, as in `--target`.
    pub id: String,
    /// Its name in tables.
    pub title: String,
    /// Syntax of the output.
    pub format: Format,
    /// Language of `where`.
    #[serde(default)]
    pub filter: Option<FilterDialect>,
    /// How code reaches the platform.
    #[serde(default)]
    pub package: Packaging,
    /// `targets.<id>:` of a spec.
    #[serde(default)]
    pub options: BTreeMap<String, OptionRule>,
    /// Which template renders what.
    pub units: Vec<Unit>,
    /// Names of products.
    #[serde(default)]
    pub names: Vec<NameRule>,
    /// What other nodes may refer to.
    #[serde(default)]
    pub attributes: BTreeMap<String, Attributes>,
    /// Derived strings.
    #[serde(default)]
    pub values: Vec<ValueRule>,
    /// Environment variables by kind.
    #[serde(default)]
    pub bindings: BTreeMap<String, BTreeMap<String, Pattern>>,
    /// Who acts in deliveries, by kind of trigger.
    #[serde(default)]
    pub delivery: BTreeMap<String, Delivery>,
    /// The system of the permission catalogue in which `native.grants` of a spec are written; without one they are
    /// refused.
    #[serde(default)]
    pub native_grants: Option<String>,
    /// What a native resource has to say of itself; without it, types and names are those of blocks.
    #[serde(default)]
    pub native_form: Option<NativeForm>,
    /// How large the documents are in which statements stand.
    #[serde(default)]
    pub documents: Vec<DocumentRule>,
    /// Runtimes: free fields that templates see below `runtime`.
    #[serde(default)]
    pub runtimes: BTreeMap<String, BTreeMap<String, Value>>,
    /// Adapters by language.
    #[serde(default)]
    pub adapters: BTreeMap<String, Adapter>,
    /// Variants that it cannot do, of constructs that it can.
    #[serde(default)]
    pub refuses: Vec<Refusal>,
    /// How variables of functions may be called.
    #[serde(default)]
    pub variables: Option<Variables>,
    /// How well it does each feature.
    pub capabilities: BTreeMap<String, Capability>,
    /// Numbers.
    #[serde(default)]
    pub limits: BTreeMap<Limit, LimitValue>,
    /// Guarantees by channel.
    #[serde(default)]
    pub guarantees: BTreeMap<String, Guarantee>,
    /// Which queues may take what fails; any, where it says nothing.
    #[serde(default)]
    pub dead_letters: DeadLetters,
    /// How grants are read back from the output.
    #[serde(default)]
    pub readback: Option<Readback>,
    /// What becomes of resources when they change or go.
    #[serde(default)]
    pub lifecycle: Lifecycle,
}
