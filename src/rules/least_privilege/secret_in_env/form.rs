//! Text → whether its form is that of a secret, whatever it is called, and whether it may be one at all.

use super::name;

/// How well-known issuers begin their keys, and nothing else begins.
const FORMS: [&str; 12] =
    ["AKIA", "ASIA", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "sk_live_", "rk_live_", "xoxb-", "xoxp-", "AIza"];
/// Addresses whose path is the right to post there.
const HOOKS: [&str; 3] = ["hooks.slack.com/services/", "discord.com/api/webhooks/", "discordapp.com/api/webhooks/"];
/// Members of connection strings that are secrets, without blanks and in small letters.
const MEMBERS: [&str; 5] = ["password", "pwd", "accountkey", "sharedaccesskey", "sharedsecret"];

/// Whether a text is a secret by its form.
pub(super) fn is_secret(value: &str) -> bool {
    is_key(value)
        || is_hook(value)
        || is_header(value)
        || has_password(value)
        || has_secret_member(value)
        || has_secret_parameter(value)
}

fn is_key(value: &str) -> bool {
    if value.contains("-----BEGIN") && value.contains("PRIVATE KEY") {
        return true;
    }
    let is_plain = value.chars().all(is_of_base64);
    value.len() >= 20 && is_plain && FORMS.iter().any(|form| value.starts_with(form)) || is_dotted_key(value)
}

const fn is_of_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// Keys with a dot or colon in them: `SG.…`, `hvs.…`, `sk.eyJ…`, `123456789:AA…`.
fn is_dotted_key(value: &str) -> bool {
    let parts: Vec<&str> = value.split(['.', ':']).collect();
    if !parts.iter().all(|part| part.chars().all(is_of_base64)) {
        return false;
    }
    match parts.as_slice() {
        ["SG", first, second] => first.len() >= 16 && second.len() >= 32,
        ["hvs" | "hvb", token] => token.len() >= 20 && has_digit_and_letter(token),
        ["sk", body, mark] => body.starts_with("eyJ") && body.len() >= 20 && mark.len() >= 10,
        [bot, token] if value.contains(':') => {
            let is_number = (8..=10).contains(&bot.len()) && bot.chars().all(|c| c.is_ascii_digit());
            is_number && token.len() == 35 && token.starts_with("AA")
        }
        _ => false,
    }
}

fn has_digit_and_letter(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit()) && text.contains(|c: char| c.is_ascii_alphabetic())
}

fn is_hook(value: &str) -> bool {
    let path = HOOKS.iter().find_map(|hook| value.split_once(hook)).map_or("", |(_, path)| path);
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or("");
    path.contains('/') && last.len() >= 20 && has_digit_and_letter(last)
}

/// The value of a header that authenticates: `Bearer <token>`, `Basic <base64 of user:password>`.
fn is_header(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once(' ') else { return false };
    if scheme.eq_ignore_ascii_case("bearer") {
        let is_token = rest.chars().all(|c| is_of_base64(c) || matches!(c, '.' | '+' | '/' | '=' | '~'));
        return rest.len() >= 16 && is_token && has_digit_and_letter(rest) && !is_identifier(rest);
    }
    let decoded = data_encoding::BASE64.decode(rest.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let is_pair = |text: String| text.split_once(':').is_some_and(|(_, password)| password.len() >= 6);
    scheme.eq_ignore_ascii_case("basic") && decoded.is_some_and(is_pair)
}

/// An address with a password in it: `postgres://shop:4f9a83bc01@db.example.com/orders`.
fn has_password(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let Some((user, _)) = authority.rsplit_once('@') else { return false };
    user.split_once(':').is_some_and(|(_, password)| may_be_secret(password))
}

/// A connection string with a password in it: `Server=db;User Id=shop;Password=4f9a83bc01;`.
fn has_secret_member(value: &str) -> bool {
    let is_secret = |member: &str| {
        let Some((name, text)) = member.split_once('=') else { return false };
        let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
        let name = name.to_ascii_lowercase();
        let is_base64 = text.len() >= 20 && has_digit_and_letter(text) && !is_template(text);
        MEMBERS.contains(&name.as_str()) && (may_be_secret(text.trim()) || is_base64)
    };
    value.contains(';') && value.split(';').any(is_secret)
}

/// An address with a secret behind `?`: `jdbc:…?user=shop&password=4f9a83bc01`.
fn has_secret_parameter(value: &str) -> bool {
    let Some((address, query)) = value.split_once('?') else { return false };
    let is_secret = |parameter: &str| {
        parameter.split_once('=').is_some_and(|(key, text)| name::is_secret(key) && may_be_secret(text))
    };
    address.contains(':') && query.split(['&', ';']).any(is_secret)
}

fn is_template(value: &str) -> bool {
    value.contains("${") || value.contains("{{") || value.starts_with(['<', '{', '%', '['])
}

/// Text that may be a secret: not a flag or number, not an address, not a path, not a name of something.
pub(super) fn may_be_secret(value: &str) -> bool {
    let is_word = value.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '_');
    value.len() >= 8
        && !is_word
        && value.parse::<f64>().is_err()
        && !value.contains([' ', '/'])
        && !value.starts_with("arn:")
        && !is_template(value)
        && !is_mail(value)
        && !is_identifier(value)
        // The form of a key: `header:Idempotency-Key`.
        && !value.split_once(':').is_some_and(|(kind, name)| is_lower(kind) && (is_identifier(name) || is_lower(name)))
}

fn is_lower(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

fn is_mail(value: &str) -> bool {
    let is_host = |host: &str| {
        host.contains('.')
            && host.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-'))
    };
    value.split_once('@').is_some_and(|(_, host)| is_host(host))
}

/// Whether a text is a name of several words, with a number at most at its end: `X-CSRF-Token`, `SHOP_SESSION_TOKEN`,
/// `nextPageToken2`. Text of chance has no vowels where words have some, and changes case more often.
pub(super) fn is_identifier(value: &str) -> bool {
    let text = value.trim_end_matches(|c: char| c.is_ascii_digit());
    if value.len() - text.len() > 3 {
        return false;
    }
    let text = text.trim_end_matches(['-', '_', '.']);
    let words = pieces(text);
    let long = || words.iter().filter(|word| word.len() > 1);
    let letters: usize = long().map(|word| word.len()).sum();
    let is_plain = text.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_' | '.'));
    let is_short = |word: &str| word.len() < 5 || word.len() < 6 && word.chars().all(|c| c.is_ascii_uppercase());
    let is_spoken = |word: &&str| is_short(word) || word.contains(|c: char| "aeiouyAEIOUY".contains(c));
    is_plain && words.len() >= 2 && letters >= long().count() * 3 && letters > 0 && words.iter().all(is_spoken)
}

/// The words of a name: between what is no letter, and before a capital that follows a small letter.
fn pieces(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for part in text.split(['-', '_', '.']) {
        let mut start = 0;
        let mut before = ' ';
        for (at, c) in part.char_indices() {
            if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
                out.extend(part.get(start..at));
                start = at;
            }
            before = c;
        }
        out.extend(part.get(start..));
    }
    out.retain(|word| !word.is_empty());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_known_issuers_are_secrets_whatever_their_name() {
        let secrets = [
            "AKIAIOSFODNN7EXAMPLE",
            "-----BEGIN RSA PRIVATE KEY-----\nabc",
            "https://hooks.slack.com/services/T00000000/B00000000/a1B2c3D4e5F6g7H8i9J0k1L2",
            "https://discord.com/api/webhooks/123456789012345678/a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7",
            "Bearer 4f9a83bc01d2e7f6a5b4c3d2",
            "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
            "Basic c2hvcDpIdW50ZXIyLWh1bnRlcjI=",
            "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",
            "hvs.CAESIJ2k8Lw4Qz7Xv1Tn5Rb9Yc3Mf6Kd0Hs",
            "sk.eyJ1Ijoic2hvcCIsImEiOiJjbDEyMzQ1Njc4OTAifQ.a1B2c3D4e5F6g7H8i9J0k1",
            "123456789:AAF4f9a83bc01d2e7f6a5b4c3d2e1f0_9xQ",
            "Server=db.example.com;Database=shop;User Id=shop;Password=Hunter2-hunter2;",
            "Endpoint=sb://shop.example.com/;SharedAccessKeyName=Root;SharedAccessKey=u8Yv0R3mVnK1tq6wz5pXbQ2cJd7fHg9LrSaE4TiU0oM=",
            "AccountName=shop;AccountKey=u8Yv0R3mVnK1tq6wz5p/bQ2cJd7fHg9LrSaE4TiU0oM=;EndpointSuffix=example.net",
            "jdbc:postgresql://db.example.com:5432/shop?user=shop&password=4f9a83bc01",
            "https://api.example.com/v1/orders?api_key=4f9a83bc01d2e7f6",
        ];
        for text in secrets {
            assert!(is_secret(text), "{text}");
        }
    }

    #[test]
    fn what_is_like_them_is_none() {
        let others = [
            "AKIA is a prefix of keys",
            "ghp_short",
            "https://hooks.slack.com/services/",
            "https://discord.com/api/webhooks/",
            "Bearer token",
            "Bearer ${TOKEN}",
            "Basic authentication",
            "SG.eu.example",
            "hvs.example.com",
            "sk.example.com",
            "12345678:orders",
            "Server=db.example.com;Database=shop;Integrated Security=true;",
            "Server=db;Password=${PASSWORD-2};",
            "jdbc:postgresql://db.example.com:5432/shop?user=shop",
            "https://api.example.com/v1/orders?token=${TOKEN2}",
            "https://api.example.com/v1/orders?page_token=nextPageToken2",
        ];
        for text in others {
            assert!(!is_secret(text), "{text}");
        }
    }

    #[test]
    fn addresses_may_hold_passwords() {
        assert!(has_password("postgres://shop:4f9a83bc01@db.example.com:5432/orders"));
        assert!(has_password("amqps://shop:Hunter2-hunter2@mq.example.com"));
        assert!(!has_password("postgres://shop@db.example.com:5432/orders"), "a user");
        assert!(!has_password("amqp://guest:guest@localhost"), "what everybody knows");
        assert!(!has_password("postgres://shop:${PASSWORD-2}@db.example.com"), "a template");
        assert!(!has_password("https://api.example.com/a:4f9a83bc01@b"), "a path");
        assert!(!has_password("shop:4f9a83bc01@db.example.com"), "no address");
    }

    #[test]
    fn names_of_things_are_no_secrets() {
        let names = [
            "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop-1a2B3c",
            "X-CSRF-Token",
            "X-Api-Key",
            "header:Idempotency-Key",
            "AWS_SESSION_TOKEN",
            "ApiKeyAuth1",
            "nextPageToken2",
            "csrf_token_2",
            "shop@example.com",
            "<your-password-1>",
            "{{resolve:secret:shop}}",
        ];
        for text in names {
            assert!(!may_be_secret(text), "{text}");
        }
        for text in ["hunter2-hunter2", "4f9a83bc01", "wJalrXUtnFEMIK7MDENG", "xKqPvRtZwLmN", "Summer2024"] {
            assert!(may_be_secret(text), "{text}");
        }
    }
}
