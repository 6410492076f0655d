//! The classes of changes: what a reviewer groups by and a gate denies.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

/// Where a change shows. The order is that of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Resources of the emitted artifacts.
    Deployment,
    /// Who may do what, and who comes in.
    Access,
    /// What is promised of deliveries.
    Delivery,
    /// What others rely on: events and routes.
    Contracts,
    /// What the cloud has beyond the spec.
    Cloud,
}

impl Level {
    /// All, in order.
    pub const ALL: &[Self] = &[Self::Deployment, Self::Access, Self::Delivery, Self::Contracts, Self::Cloud];

    /// As a heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Deployment => "Deployment",
            Self::Access => "Access",
            Self::Delivery => "Delivery",
            Self::Contracts => "Contracts",
            Self::Cloud => "Cloud",
        }
    }
}

macro_rules! classes {
    ($($variant:ident $id:literal $level:ident $ci:literal $doc:literal),+ $(,)?) => {
        /// What kind of change it is. Within a level the order is that of the report, the gravest first.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
        pub enum Class {
            $(
                #[doc = $doc]
                #[serde(rename = $id)]
                $variant,
            )+
        }

        impl Class {
            /// All, in the order of the report.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// As `--deny`, comments and documents name it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $id),+ }
            }

            /// Where it shows.
            pub const fn level(self) -> Level {
                match self { $(Self::$variant => Level::$level),+ }
            }

            /// Whether `--ci` denies it.
            pub const fn is_denied_in_ci(self) -> bool {
                match self { $(Self::$variant => $ci),+ }
            }

            /// What it means, as a sentence without a full stop.
            pub const fn summary(self) -> &'static str {
                match self { $(Self::$variant => $doc),+ }
            }
        }
    };
}

classes! {
    DataLoss "data-loss" Deployment true "A resource that holds data is destroyed or made anew",
    ProtectionRemoved "protection-removed" Deployment true "What kept data from being lost, or could bring it back, is gone",
    Replaced "replaced" Deployment false "A resource is destroyed and made anew",
    Destroyed "destroyed" Deployment false "A resource is destroyed",
    Moved "moved" Deployment false "A resource gets another address and stays what it is",
    Changed "changed" Deployment false "A resource is changed in place",
    Added "added" Deployment false "A resource is new",
    Exposure "exposure" Access true "Anybody can come in where nobody could, more are let in, or less is asked of them",
    AccessWidened "access-widened" Access true "An identity that there was may do more",
    ReachWidened "reach-widened" Access false "A thief of an identity reaches more through events",
    AccessAdded "access-added" Access false "A new identity comes with its rights",
    ExposureReduced "exposure-reduced" Access false "Anybody could come in and no longer can, fewer are let in, or more is asked of them",
    AccessNarrowed "access-narrowed" Access false "An identity may do less",
    ReachNarrowed "reach-narrowed" Access false "A thief of an identity reaches less through events",
    AccessRemoved "access-removed" Access false "An identity is gone with its rights",
    DeliveryWeakened "delivery-weakened" Delivery true "Less is promised of a delivery",
    DeliveryRemoved "delivery-removed" Delivery false "Something is no longer delivered",
    DeliveryStrengthened "delivery-strengthened" Delivery false "More is promised of a delivery",
    DeliveryAdded "delivery-added" Delivery false "Something new is delivered",
    ContractBreaking "contract-breaking" Contracts true "Something that others rely on is gone, what clients send or read no longer fits, or neither old nor new data fit the other schema",
    ContractUnknown "contract-unknown" Contracts false "What data are changed in a way that cannot be judged",
    ContractBackward "contract-backward" Contracts false "Old data fit the new schema, new data may not fit the old one",
    ContractForward "contract-forward" Contracts false "New data fit the old schema, old data may not fit the new one",
    ContractFull "contract-full" Contracts false "Old and new data fit both schemas",
    ContractAdded "contract-added" Contracts false "There is more to rely on",
    CloudWider "cloud-wider" Cloud true "Something in the cloud grants what no edge needs, or the plan would make it so",
    UnknownResource "unknown-resource" Cloud true "A resource is in the plan and not in the output of the spec",
    Drifted "drifted" Cloud true "A resource was changed outside",
    Edited "edited" Cloud false "The plan sets a value that is not the one of the output of the spec",
    MissingResource "missing-resource" Cloud false "A resource is in the output of the spec and not in the plan",
    LingeringGrant "lingering-grant" Cloud false "A grant that no edge needs holds until the plan is applied",
}

impl Class {
    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|class| class.as_str() == text)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_are_read_back_and_levels_stand_together() {
        for class in Class::ALL {
            assert_eq!(Class::parse(class.as_str()), Some(*class));
        }
        assert!(Class::ALL.is_sorted());
        assert!(Class::ALL.iter().map(|class| class.level()).is_sorted());
        assert!(Level::ALL.iter().all(|level| Class::ALL.iter().any(|class| class.level() == *level)));
    }
}
