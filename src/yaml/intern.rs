//! Equal short texts share their memory: a large spec says `type`, `queue` and `true` ten thousand times.

use std::sync::Arc;

/// Longer texts seldom repeat.
const LONGEST: usize = 32;
/// A power of two, well above the number of different words of a typical file.
const SLOTS: usize = 4_096;

/// The texts seen last, one for each slot that their hash leads to. Never grows; a collision costs one allocation,
/// as every text would without it.
pub(super) struct Texts {
    slots: Vec<Option<Arc<str>>>,
}

impl Texts {
    pub(super) fn new() -> Self {
        Self { slots: vec![None; SLOTS] }
    }

    /// The text, shared with an equal one seen shortly before.
    pub(super) fn share(&mut self, text: &str) -> Arc<str> {
        if text.len() > LONGEST {
            return text.into();
        }
        // FNV-1a: few bytes, no need to resist an attacker, whose collisions gain nothing.
        let hash = text
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let index = usize::try_from((hash ^ hash >> 32) & (SLOTS as u64 - 1)).unwrap_or(0);
        match self.slots.get_mut(index) {
            Some(Some(seen)) if **seen == *text => seen.clone(),
            Some(slot) => slot.insert(text.into()).clone(),
            None => text.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_short_texts_are_one() {
        let mut texts = Texts::new();
        let (a, b) = (texts.share("queue"), texts.share("queue"));
        assert!(Arc::ptr_eq(&a, &b));
        for i in 0..20_000 {
            let text = i.to_string();
            assert_eq!(&*texts.share(&text), text);
        }
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(&*texts.share(&long), long);
    }
}
