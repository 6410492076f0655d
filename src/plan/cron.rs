//! Cron sets as text: five fields, and six with `?` for platforms that want a year and one kind of day.

use crate::base::{Cron, CronField};

use super::view::CronView;

const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// Both forms of an expression.
pub(super) fn view(cron: &Cron) -> CronView {
    let number = |n: u32| n.to_string();
    let [minute, hour, day, month] = [cron.minute, cron.hour, cron.day, cron.month].map(|f| field(f, number));
    let text = format!("{minute} {hour} {day} {month} {}", field(cron.weekday, number));
    let name = |n: u32| DAYS.get(n as usize).copied().unwrap_or("SUN").to_owned();
    let quartz = match (cron.day.any, cron.weekday.any) {
        (_, true) => Some(format!("{minute} {hour} {day} {month} ? *")),
        (true, false) => Some(format!("{minute} {hour} ? {month} {} *", field(cron.weekday, name))),
        // Cron runs when either day matches, six fields cannot.
        (false, false) => None,
    };
    CronView { text, is_quartz: quartz.is_some(), quartz }
}

/// A fixed interval as five fields, where one of them divides its unit.
pub(super) fn every(minutes: u64) -> Option<String> {
    match minutes {
        0 => None,
        m if m < 60 && 60 % m == 0 => Some(if m == 1 { "* * * * *".to_owned() } else { format!("*/{m} * * * *") }),
        m if m % 60 == 0 && m / 60 < 24 && 24 % (m / 60) == 0 => {
            Some(if m == 60 { "0 * * * *".to_owned() } else { format!("0 */{} * * *", m / 60) })
        }
        m if m == 24 * 60 => Some("0 0 * * *".to_owned()),
        _ => None,
    }
}

/// Values as a list with ranges of three and more: `1,2,5-9`.
fn field(field: CronField, name: impl Fn(u32) -> String) -> String {
    if field.any {
        return "*".to_owned();
    }
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for value in field.iter() {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == value => *last = value,
            _ => runs.push((value, value)),
        }
    }
    let part = |(from, to): (u32, u32)| match to - from {
        0 => name(from),
        1 => format!("{},{}", name(from), name(to)),
        _ => format!("{}-{}", name(from), name(to)),
    };
    runs.into_iter().map(part).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn both(text: &str) -> (String, Option<String>) {
        let view = view(&Cron::parse(text).unwrap());
        (view.text, view.quartz)
    }

    #[test]
    fn six_fields_use_names_and_one_kind_of_day() {
        assert_eq!(both("0 2 * * *"), ("0 2 * * *".into(), Some("0 2 * * ? *".into())));
        assert_eq!(
            both("*/15 8-18 * * 1-5"),
            ("0,15,30,45 8-18 * * 1-5".into(), Some("0,15,30,45 8-18 ? * MON-FRI *".into()))
        );
        assert_eq!(both("0 0 1 * 7"), ("0 0 1 * 0".into(), None));
    }

    #[test]
    fn intervals_that_divide_have_a_cron() {
        assert_eq!(every(5).as_deref(), Some("*/5 * * * *"));
        assert_eq!(every(120).as_deref(), Some("0 */2 * * *"));
        assert_eq!(every(7), None);
    }
}
