//! What is watched, and how many instances there are.

use super::amount::{Count, CronText, Zone};
use super::declare::declaration;
use crate::base::{Duration, Spanned};

declaration! {
    /// What is watched.
    pub struct Observe("an observation", "{ trace: true, logs: 30d, alarms: true }") {
        /// Traces of requests.
        trace: Option<Spanned<bool>>,
        /// How long logs are kept; 30 days when left out.
        logs: Option<Spanned<Duration>>,
        /// Alarms on errors, throttles, age and dead letters; on when `alarms.notify` is given.
        alarms: Option<Spanned<bool>>,
    }
}

declaration! {
    /// How many instances there are.
    pub struct Scaling("a scaling", "{ max: 50, warm: 2 }") {
        /// Fewest instances.
        min: Option<Spanned<Count<0, 10_000>>>,
        /// Most instances.
        max: Option<Spanned<Count<1, 1_000_000>>>,
        /// Instances that are kept warm.
        warm: Option<Spanned<Count<0, 10_000>>>,
        /// Requests at a time in one instance.
        concurrency: Option<Spanned<Count<1, 10_000>>>,
        /// Warm instances by time of day.
        schedule: Option<Vec<WarmTime>>,
    }
}

declaration! {
    /// From when on how many instances are warm.
    pub struct WarmTime("a time of warm instances", "{ cron: \"0 8 * * 1-5\", warm: 5 }") {
        /// When it starts: minute, hour, day, month, weekday.
        cron: Spanned<CronText>,
        /// IANA time zone; `UTC` when left out.
        zone: Option<Spanned<Zone>>,
        /// How many are warm from then on.
        warm: Count<0, 10_000>,
    }
}
