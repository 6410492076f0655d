//! Names → whether they say that the value is a secret.

/// Last words that mean a secret.
const SECRETS: [&str; 12] = [
    "PASSWORD",
    "PASSWORDS",
    "PASSWD",
    "PASSPHRASE",
    "PASS",
    "PWD",
    "SECRET",
    "TOKEN",
    "AUTH",
    "APIKEY",
    "CREDENTIAL",
    "CREDENTIALS",
];
/// What a key is for, where it is a secret one.
const KEYS: [&str; 13] = [
    "API",
    "PRIVATE",
    "ACCESS",
    "SECRET",
    "HMAC",
    "ENCRYPTION",
    "ENCRYPT",
    "SIGNING",
    "MASTER",
    "SESSION",
    "SHARED",
    "AUTH",
    "ACCOUNT",
];
/// Which one it is, behind what it is.
const QUALIFIERS: [&str; 25] = [
    "PROD",
    "PRODUCTION",
    "STAGING",
    "STAGE",
    "DEV",
    "DEVELOPMENT",
    "TEST",
    "QA",
    "UAT",
    "LIVE",
    "SANDBOX",
    "OLD",
    "NEW",
    "CURRENT",
    "PREVIOUS",
    "PRIMARY",
    "SECONDARY",
    "BACKUP",
    "DEFAULT",
    "VALUE",
    "STRING",
    "TEXT",
    "PLAIN",
    "BASE64",
    "B64",
];

/// The words of a name in capitals, without what only says which one it is: `dbPassword_2` is `DB` and `PASSWORD`.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = None;
    for c in name.chars() {
        let is_new = c.is_ascii_uppercase() && before.is_some_and(|b: char| b.is_ascii_lowercase());
        if is_new || !c.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_ascii_alphanumeric()) {
            word.push(c.to_ascii_uppercase());
        }
        before = Some(c);
    }
    words.retain(|word| !word.is_empty());
    while words.len() > 1 && words.last().is_some_and(|last| is_qualifier(last)) {
        words.pop();
    }
    words
}

fn is_qualifier(word: &str) -> bool {
    let digits = word.strip_prefix('V').unwrap_or(word);
    QUALIFIERS.contains(&word) || digits.chars().all(|c| c.is_ascii_digit())
}

/// Whether the last words mean a secret: `DB_PASSWORD`, `API_KEY`, but neither `PASSWORD_POLICY` nor `TOKEN_URL`.
pub(super) fn is_secret(name: &str) -> bool {
    let words = words(name);
    if is_public(&words) {
        return false;
    }
    match words.as_slice() {
        [.., what, last] if matches!(last.as_str(), "KEY" | "KEYS") => KEYS.contains(&what.as_str()),
        // `PGPASSWORD` is the name that a client reads, and has no words. A digit may stand at the word itself.
        [.., last] => {
            let last = last.trim_end_matches(|c: char| c.is_ascii_digit());
            SECRETS.contains(&last) || last.ends_with("PASSWORD") || last.ends_with("PASSWD")
        }
        [] => false,
    }
}

/// Whether the words say that everybody may have it.
pub(super) fn is_public(words: &[String]) -> bool {
    let is_site_key = words.windows(2).any(|pair| pair == ["SITE", "KEY"]);
    is_site_key || words.iter().any(|word| matches!(word.as_str(), "PUBLIC" | "PUBLISHABLE" | "ANON" | "SITEKEY"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_words_mean_a_secret() {
        let secrets = [
            "PASSWORD",
            "PGPASSWORD",
            "DB_PASS",
            "DB_PWD",
            "SMTP_PASS",
            "REDIS_AUTH",
            "dbPassword",
            "db-password",
            "DB_PASSWORD_PROD",
            "DB_PASSWORD_2",
            "DB_PASSWORD2",
            "SECRET_VALUE",
            "secret_string",
            "HMAC_KEY",
            "ENCRYPTION_KEY",
            "SIGNING_KEY",
            "API_KEY_V2",
            "apiKey",
            "STRIPE_SECRET_KEY",
            "CLIENT_SECRET",
        ];
        for name in secrets {
            assert!(is_secret(name), "{name}");
        }
    }

    #[test]
    fn other_names_do_not() {
        let others = [
            "TOKEN_URL",
            "PASSWORD_POLICY",
            "COMPASS",
            "NOTOKEN",
            "RECAPTCHA_SITE_KEY",
            "VAPID_PUBLIC_KEY",
            "STRIPE_PUBLISHABLE_KEY",
            "PARTITION_KEY",
            "SORT_KEY",
            "AUTH_TYPE",
            "SECRET_NAME",
            "SECRET_ARN",
            "CLIENT_ID",
            "KEY",
            "PROD",
            "",
        ];
        for name in others {
            assert!(!is_secret(name), "{name}");
        }
    }
}
