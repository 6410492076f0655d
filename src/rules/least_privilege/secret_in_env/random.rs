//! Text → whether a machine made it of chance, as it makes keys: long, of one piece, of many characters, in no order.
//! Names, ids, digests, paths and text in disguise have the same letters; what tells them apart is said at each step.

use super::{form, name};

/// Shorter text says too little of itself.
const SHORTEST: usize = 20;
/// Longer text is data.
const LONGEST: usize = 512;
/// Random text has one piece between `+`, `/`, `-` and `_` that is at least this long; names and paths have short ones.
const PIECE: usize = 12;
/// Characters on average before letters turn to digits, or case changes. Words have five; chance has about two.
const RUN: f64 = 3.2;
/// Bits of entropy for each character: chance has 3.2 and more in 20 digits of hex, 3.9 and more in 20 of base64.
const HEX_BITS: f64 = 3.0;
const BITS: f64 = 3.5;

/// Last words of names whose values are no secrets, however they look: ids, digests, names of things.
const HARMLESS: [&str; 30] = [
    "ID",
    "IDS",
    "UUID",
    "GUID",
    "ARN",
    "HASH",
    "DIGEST",
    "CHECKSUM",
    "INTEGRITY",
    "ETAG",
    "MD5",
    "SHA",
    "SHA1",
    "SHA256",
    "SHA384",
    "SHA512",
    "SHA256SUM",
    "COMMIT",
    "REVISION",
    "VERSION",
    "FINGERPRINT",
    "THUMBPRINT",
    "NAME",
    "BUCKET",
    "TABLE",
    "QUEUE",
    "TOPIC",
    "HOST",
    "PREFIX",
    "PATH",
];
/// How digests, publishable keys, prices and public keys begin.
const PUBLIC: [&str; 17] = [
    "sha1-",
    "sha256-",
    "sha384-",
    "sha512-",
    "md5-",
    "pk_",
    "price_",
    "prod_",
    "AAAAB3NzaC1",
    "AAAAC3NzaC1",
    "AAAAE2VjZHNh",
    "MIIBIjANBgkq",
    "MIIBojANBgkq",
    "MIICIjANBgkq",
    "MFkwEwYHKoZI",
    "MHYwEAYHKoZI",
    "MCowBQYDK2Vw",
];

/// How files begin that stand in variables: gzip, zlib, ZIP, PNG, PDF.
const PACKED: [&[u8]; 5] = [b"\x1f\x8b\x08", b"x\x9c", b"PK\x03\x04", b"\x89PNG", b"%PDF"];

/// Whether the value of a variable looks like a key, whatever the variable is called.
pub(super) fn looks_random(name: &str, value: &str) -> bool {
    let text = value.trim_end_matches('=');
    if is_harmless(name) {
        return false;
    }
    if is_token(text) {
        return true;
    }
    (SHORTEST..=LONGEST).contains(&text.len())
        && is_base64(text)
        && !is_public(text)
        && !is_id(text)
        && !is_readable(text)
        && is_unordered(text)
}

fn is_base64(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_'))
}

/// A signed token: three parts, the first of which is a JSON object.
fn is_token(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    parts.len() == 3 && text.starts_with("eyJ") && parts.iter().all(|part| part.len() >= 10 && is_base64(part))
}

fn is_harmless(name: &str) -> bool {
    let words = name::words(name);
    words.last().is_some_and(|last| HARMLESS.contains(&last.as_str())) || name::is_public(&words)
}

/// Public keys and certificates, in the forms in which they are passed in one line.
fn is_public(text: &str) -> bool {
    // Two nested lengths of DER open a certificate; a private key has a version there.
    let is_certificate = text.starts_with("MII") && text.get(6..8) == Some("CC");
    is_certificate || is_address_of_content(text) || PUBLIC.iter().any(|start| text.starts_with(start))
}

/// How content is addressed by its digest: `Qm…` in base58, `baf…` in base32.
fn is_address_of_content(text: &str) -> bool {
    let is_base58 =
        text.len() == 46 && text.starts_with("Qm") && !text.contains(['0', 'O', 'I', 'l', '-', '_', '+', '/']);
    let is_base32 = text.starts_with("baf") && text.len() == 59;
    is_base58 || is_base32 && text.chars().all(|c| matches!(c, 'a'..='z' | '2'..='7'))
}

fn is_hex(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')) || text.chars().all(|c| matches!(c, '0'..='9' | 'A'..='F'))
}

/// Random as well, but meant to be seen: UUIDs, commits, row ids, and words with a few digits of hex behind them.
fn is_id(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    let bare: String = text.chars().filter(|c| *c != '-').collect();
    let is_uuid = lengths == [8, 4, 4, 4, 12] && is_hex(&bare.to_ascii_lowercase());
    let is_commit = is_hex(text) && matches!(text.len(), 24 | 40);
    let is_labelled = text.rsplit_once('-').is_some_and(|(label, tail)| {
        tail.len() <= 17 && is_hex(tail) && label.chars().all(|c| c.is_ascii_lowercase() || c == '-')
    });
    // The context of a trace that goes along with a request.
    let is_trace = lengths == [2, 32, 16, 2] && is_hex(&bare);
    is_uuid || is_commit || is_labelled || is_trace || is_sortable(text) || is_stamped(text)
}

/// An id that begins with its moment: 26 digits of base32 without letters that are mistaken for others.
fn is_sortable(text: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase() && !matches!(c, 'I' | 'L' | 'O' | 'U');
    text.len() == 26 && text.starts_with('0') && text.chars().all(is_digit)
}

/// A name that a tool has stamped: `OrdersTable-1XK3P9QWERTY7`, `shop-prod-Role-9Z8Y7X6W5V4U`.
fn is_stamped(text: &str) -> bool {
    let is_stamp = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    text.rsplit_once('-').is_some_and(|(label, stamp)| {
        let is_word = label.len() >= 4 && label.chars().all(|c| c.is_ascii_lowercase());
        (8..=14).contains(&stamp.len()) && stamp.chars().all(is_stamp) && (is_word || form::is_identifier(label))
    })
}

/// Readable text in hex or base64, or a file. Chance does not decode to text, nor to how files begin.
fn is_readable(text: &str) -> bool {
    let bytes = if is_hex(text) {
        data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()
    } else {
        let plain = text.replace('-', "+").replace('_', "/");
        let whole = plain.get(..plain.len() / 4 * 4).unwrap_or_default();
        data_encoding::BASE64.decode(whole.as_bytes()).ok()
    };
    let Some(bytes) = bytes else { return false };
    if PACKED.iter().any(|magic| bytes.starts_with(magic)) {
        return true;
    }
    let Ok(decoded) = String::from_utf8(bytes) else { return false };
    decoded.chars().all(|c| !c.is_control() || c.is_whitespace())
}

fn is_unordered(text: &str) -> bool {
    let pieces: Vec<&str> =
        text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|piece| !piece.is_empty()).collect();
    let longest = pieces.iter().map(|piece| piece.len()).max().unwrap_or(0);
    let plain: usize = pieces.iter().filter(|piece| is_plain(piece)).map(|piece| piece.len()).sum();
    let length: usize = pieces.iter().map(|piece| piece.len()).sum();
    let count: usize = pieces.iter().map(|piece| runs(piece)).sum();
    let is_mixed = text.contains(|c: char| c.is_ascii_digit()) && text.contains(|c: char| c.is_ascii_alphabetic());
    let bits = if is_hex(text) { HEX_BITS } else { BITS };
    longest >= PIECE && plain * 4 < text.len() && is_mixed && ratio(length, count) <= RUN && entropy(text) >= bits
}

/// A word, or a number with at most a letter here and there: a date, a version.
fn is_plain(piece: &str) -> bool {
    let digits = piece.chars().filter(char::is_ascii_digit).count();
    let is_word = digits == 0 && runs(piece) == 1;
    let is_number = digits * 2 >= piece.len() && piece.len() >= runs(piece) * 4;
    piece.len() >= 3 && (is_word || is_number)
}

/// How often the kind of character changes, counting a capital with the small letters behind it as one word.
fn runs(piece: &str) -> usize {
    let kind = |c: char| (c.is_ascii_digit(), c.is_ascii_uppercase());
    let (mut count, mut length, mut before) = (0, 0, None);
    for c in piece.chars() {
        let opens_word = before == Some((false, true)) && length == 1 && c.is_ascii_lowercase();
        if before == Some(kind(c)) || opens_word {
            length += 1;
        } else {
            count += 1;
            length = 1;
        }
        before = Some(kind(c));
    }
    count
}

/// Shannon's: bits for each character, by how often each occurs in the text itself.
fn entropy(text: &str) -> f64 {
    let mut counts = [0_usize; 128];
    for byte in text.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    let shares = counts.iter().filter(|count| **count > 0).map(|count| ratio(*count, text.len()));
    shares.map(|share| -share * share.log2()).sum()
}

#[expect(clippy::cast_precision_loss, reason = "a text is at most 512 characters long")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_chance_made_looks_random() {
        let keys = [
            // Bytes of chance in base64, 15 to 64 of them, with and without what fills up.
            "3q2+7wAAq83vEjRWeJq83u8=",
            "Zk9uB3fXv1Q7yTn4RjLm2w==",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "u8Yv0R3mVnK1tq6wz5pXbQ2cJd7fHg9LrSaE4TiU0oM=",
            "b3Q9ZkV2nN8xTq1Lw7Rj0cYp5sUeHaKdGfMiBoXyWvU=",
            "q1W2e3R4t5Y6u7I8o9P0aSdFgHjKlZxCvBnM5n6B7v8C",
            "V1StGXR8Z5jdHi6BMyT0mKp3Lw9QvCxN7uEoFaYsIrU4",
            "p2s5v8yBqEtHwMbQeThWmZq4t7wzCxFJaNdRgUkXp2s5",
            // In the alphabet of addresses.
            "Drmhze6EPcv0fN_81Bj-nA9x",
            "tGzv3JOkF0XG5Qx2TlKWIA7m",
            "kYp3s6v9yxBqEtHwMbQeThWmZq4t7w_CxFJaNdRg-Uk",
            "Yq3t6w9zCxFJaNdRgUkXp2s5v8yBxEtH",
            "xK9mP2vQ8nR4tY6wZ1bC",
            // Hex of 10, 16, 32 and 64 bytes, small and large.
            "9f86d081884c7d659a2f",
            "5ebe2294ecd0e0f08eab7690d2a6ee69",
            "5EBE2294ECD0E0F08EAB7690D2A6EE69",
            "8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12020c923adc6c92",
            "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b",
            "b2f5ff47436671b6e533d8dc3614845d7a61b2e8c90f4d35a1c6e7f8092b3c4d",
            "c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a",
            // Small letters and digits.
            "k3jx9q2m7v5t8w1z4b6n",
            "h7d2k9x4m1q8w3z6v5t0",
            "4w8r2k6t9y1p5x3z7m0qjd8s2h6g4f1b",
            "e7c1v9k3x5m2q8w4z6t0b1n7d3f9h5j2",
            "0f8fad5bd9cb469fa16570867728950e",
            // With the mark of an issuer before it.
            "sk_test_4eC39HqLyjWDarjtT1zdp7dc",
            "npm_aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3z",
            "dckr_pat_7Hx2Kq9Lm4Wz8Vt1Rb6Yc3Nf5Jd",
            "whsec_5WFr8Vn2Kx9Tq4Lm7Zb1Yc6Rj3Hd",
            "hvs_CAESIJ2k8Lw4Qz7Xv1Tn5Rb9Yc3Mf6Kd0Hs",
            "SG_ngeVfQFYQlKU0ufo8x5d1A_TwL2iGABf9DHoTf09kqeF8tAmbihYz",
            "lin_api_9Kx2Vq7Lm4Wz8Tn1Rb6Yc3Hf5Jd0Ps",
            // A signed token.
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
            // A private key of its own, in one line.
            "MC4CAQAwBQYDK2VwBCIEIJ2k8Lw4Qz7Xv1Tn5Rb9Yc3Mf6Kd0Hs7Gp2Ew4Ua6Io",
            "MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQC7VJTUt9Us8cKj",
        ];
        assert!(keys.len() >= 30);
        for key in keys {
            assert!(looks_random("SETTING", key), "{key} is a key");
        }
    }

    #[test]
    fn what_people_write_does_not() {
        let others = [
            ("ids", "550e8400-e29b-41d4-a716-446655440000"),
            ("ids", "550E8400-E29B-41D4-A716-446655440000"),
            ("an id of an object", "507f1f77bcf86cd799439011"),
            ("a commit", "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"),
            ("a labelled id", "vpc-0a1b2c3d4e5f67890"),
            ("a labelled id", "subnet-0bb1c79de3a4f5b6c"),
            ("a name with a tail", "my-app-bucket-1a2b3c4d5e6f"),
            ("a name with a tail", "stack-prod-ordersTable-1XK3J9QWERTY7"),
            ("a digest", "sha256:5ebe2294ecd0e0f08eab7690d2a6ee695ebe2294ecd0e0f08eab7690d2a6ee69"),
            ("a digest", "sha384-oqVuAfXRKap7fdgcCY5uykM6R9GqQ8K2uxy9rx7HNQlGYl1kPzQho1wx4JwY8wCf"),
            ("an image", "registry.example.com/thumbs@sha256:5ebe2294ecd0e0f08eab7690d2a6ee69"),
            ("a name of a resource", "arn:aws:sqs:eu-central-1:123456789012:orders-4f9a83bc01d2e7"),
            ("an address", "https://api.example.com/v1/9f86d081884c7d659a2feaa0c55ad015"),
            ("an address of a store", "postgres://db.example.com:5432/orders2024x86y64"),
            ("a host", "d111111abcdef8.cdn.example.com"),
            ("a path", "/var/run/service/v2/config9x8y7z6"),
            ("a path", "functions/place-order/v2/Handler2Factory"),
            ("a path", "incoming/2024/01/02/a1b2c3d4"),
            ("words", "this-is-a-long-feature-flag-name"),
            ("words", "ORDER_SERVICE_QUEUE_CONSUMER"),
            ("words", "OrderPlacedHandlerV2Function"),
            ("words", "UTF8StringEncodingISO8859"),
            ("words", "com.example.orders.Handler2024x1y2z3"),
            ("a model", "anthropic-claude-3-5-sonnet-20241022-v2"),
            ("a suite of ciphers", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
            ("a suite of ciphers", "ECDHE-RSA-AES128-GCM-SHA256"),
            ("a version", "1.2.3-rc1+build.20240101.4f9a83b"),
            ("a version", "release-2024-11-24-build1234"),
            ("a moment", "20240101T000000Z-eu-central-1-a1b2c3d"),
            ("a moment", "2024-01-01T00:00:00.000000Z"),
            ("a number", "12345678901234567890123456"),
            ("a zone", "America/Argentina/ComodRivadavia"),
            ("a platform", "x86_64-unknown-linux-gnu-1234"),
            ("a list", "k3jx9q2m7v5t,8w1z4b6n0c3d,h7d2k9x4m1q8"),
            ("json", "{\"level\":\"info\",\"sample\":0.25}"),
            ("a template", "${var.k3jx9q2m7v5t8w1z4b6n}"),
            ("an alphabet", "abcdefghijklmnopqrstuvwxyz0123456789"),
            ("an alphabet", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"),
            ("a pattern", "0123456789abcdef0123456789abcdef"),
            ("a pattern", "a1a1a1a1a1a1a1a1a1a1a1a1"),
            ("nothing", "00000000000000000000000000000001"),
            ("text in base64", "eyJlbnYiOiJwcm9kIiwibGV2ZWwiOjJ9"),
            ("text in base64", "bGlzdGVuOiA4MDgwCmxldmVsOiBpbmZvCg=="),
            ("text in hex", "6c697374656e3a20383038300a6c6576656c"),
            ("a public key", "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD"),
            ("a public key", "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8xOUetsCa8EfOlDEBAfREhJqspDo"),
            ("a public key", "AAAAC3NzaC1lZDI1NTE5AAAAIJ2k8Lw4Qz7Xv1Tn5Rb9Yc3Mf6Kd0Hs7Gp2Ew4Ua"),
            ("a certificate", "MIIDdzCCAl2gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ"),
            ("a publishable key", "pk_test_51Kx2Vq7Lm4Wz8Tn1Rb6Yc3Hf5Jd0Ps"),
            ("a price", "price_1MoBy5LkdIwHu7ixZhnattbh"),
            ("an address of mail", "orders-2024x1y2z3a4b5@example.com"),
            ("a sentence", "the nightly report of 2024 is sent at 2 am"),
            ("parts", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0"),
            ("short", "4f9a83bc01d2e7f6a5b"),
            ("a sortable id", "01ARZ3NDEKTSV4RRFFQ69G5FAV"),
            ("a trace", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            ("a stamped name", "OrdersTable-1XK3P9QWERTY7"),
            ("a stamped name", "shop-prod-HandlerRole-9Z8Y7X6W5V4U"),
            ("content", "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"),
            ("content", "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"),
            ("a packed file", "H4sIAAAAAAAAA6tWKkktLlGyUlAqS8wpTtVRUCpKTVayUqoFAJ3iYcUbAAAA"),
            ("a picture", "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"),
        ];
        assert!(others.len() >= 30);
        for (what, text) in others {
            assert!(!looks_random("SETTING", text), "{what}: {text}");
        }
    }

    #[test]
    fn a_name_can_say_that_it_is_none() {
        let hex = "5ebe2294ecd0e0f08eab7690d2a6ee69";
        let harmless =
            ["CLIENT_ID", "LAYER_SHA256", "image_digest", "GIT_COMMIT", "ETAG", "VAPID_PUBLIC_KEY", "BUCKET"];
        let more = ["RECAPTCHA_SITE_KEY", "userPoolClientId", "CLIENT_ID_PROD", "SHEET_ID_2", "NOTION_DATABASE_ID"];
        for name in harmless.into_iter().chain(more) {
            assert!(!looks_random(name, hex), "{name}");
        }
        for name in ["SETTING", "IDENTITY", "HASHES_SALT", "BUCKET_KEY", "REPUBLIC"] {
            assert!(looks_random(name, hex), "{name}");
        }
    }

    #[test]
    fn runs_are_words_and_numbers() {
        let counts = [("", 0), ("word", 1), ("Word", 1), ("OrderPlaced", 2), ("XMLFile", 2), ("v2", 2), ("aB3dE5", 6)];
        for (text, count) in counts {
            assert_eq!(runs(text), count, "{text}");
        }
    }
}
