//! What the cases come to here.

/// Why a case about the common name of a server is not run.
const COMMON_NAME: &str = "a rule of the CA/Browser Forum: the common name of a server repeats a name; a person has none to repeat";
/// Why a case about public suffixes is not run.
const PUBLIC_SUFFIX: &str = "public suffixes are about servers on the web";

/// Cases that do not apply, and why. Each of them comes out here otherwise than the project expects; one
/// that agreed would have to be run.
pub const NOT_OURS: &[(&str, &str)] = &[
    (
        "rfc5280::aki::cross-signed-root-missing-aki",
        "an anchor's own issuer is not looked for; cve::cve-2024-0567, whose anchor is made alike, must succeed",
    ),
    (
        "webpki::aki::root-with-aki-all-fields",
        "a rule of the CA/Browser Forum for servers on the web, not of RFC 5280",
    ),
    (
        "webpki::aki::root-with-aki-ski-mismatch",
        "a rule of the CA/Browser Forum for servers on the web, not of RFC 5280; self-issued certificates of a rollover differ so rightly",
    ),
    ("webpki::cn::ipv4-hex-mismatch", COMMON_NAME),
    ("webpki::cn::ipv4-leading-zeros-mismatch", COMMON_NAME),
    ("webpki::cn::ipv6-uppercase-mismatch", COMMON_NAME),
    ("webpki::cn::ipv6-uncompressed-mismatch", COMMON_NAME),
    ("webpki::cn::ipv6-non-rfc5952-mismatch", COMMON_NAME),
    ("webpki::cn::punycode-not-in-san", COMMON_NAME),
    ("webpki::cn::utf8-vs-punycode-mismatch", COMMON_NAME),
    ("webpki::cn::not-in-san", COMMON_NAME),
    ("webpki::cn::case-mismatch", COMMON_NAME),
    (
        "webpki::eku::ee-anyeku",
        "a rule of the CA/Browser Forum for servers on the web, not of RFC 5280, where the purpose asked for stands beside \"any\"",
    ),
    (
        "webpki::eku::ee-critical-eku",
        "a rule of the CA/Browser Forum for servers on the web, not of RFC 5280, which lets the extension be critical (4.2.1.12)",
    ),
    (
        "webpki::eku::root-has-eku",
        "a rule of the CA/Browser Forum for servers on the web, not of RFC 5280",
    ),
    (
        "webpki::nc::permitted-dns-match-noncritical",
        "the exception of the CA/Browser Forum from RFC 5280 4.2.1.10; rfc5280::nc::permitted-dns-match-noncritical is run instead",
    ),
    ("webpki::san::public-suffix-wildcard-san", PUBLIC_SUFFIX),
    (
        "webpki::san::public-suffix-multi-label-wildcard-san",
        PUBLIC_SUFFIX,
    ),
    (
        "webpki::san::public-suffix-private-namespace-wildcard-san",
        PUBLIC_SUFFIX,
    ),
    (
        "webpki::san::san-critical-with-nonempty-subject",
        "a rule of the CA/Browser Forum for servers on the web, not of RFC 5280, which only advises it (4.2.1.6)",
    ),
];

/// Cases whose path holds and which fail only because the server asked for has another name. Whose name a
/// certificate bears is for the caller to compare; here the path is run and must hold.
pub const HOST_NAME_ONLY: &[&str] = &[
    "rfc5280::ca-as-leaf-wrong-san",
    "webpki::san::mismatch-domain-san",
    "webpki::san::mismatch-subdomain-san",
    "webpki::san::mismatch-subdomain-apex-san",
    "webpki::san::mismatch-apex-subdomain-san",
    "webpki::san::wildcard-match-across-labels-san",
    "webpki::san::no-san",
];

/// What is wrong in the cases that must fail, by the name of the error.
pub const FAILURES: &[(&str, &str)] = &[
    ("crl::revoked-certificate-with-crl", "Revoked"),
    ("crl::crlnumber-missing", "RevocationUnknown"),
    ("crl::crlnumber-critical", "RevocationUnknown"),
    ("crl::issuer-missing-crlsign", "RevocationUnknown"),
    ("cve::cve-2025-61727", "NameNotAllowed"),
    ("cve::cve-2025-61727-nc-permits-variant", "NameNotAllowed"),
    ("invalid::invalid-issuer-key", "NoPath"),
    ("pathlen::intermediate-violates-pathlen-0", "TooLong"),
    ("pathlen::intermediate-pathlen-too-long", "TooLong"),
    ("pathlen::max-chain-depth-0-exhausted", "TooLong"),
    ("pathlen::max-chain-depth-1-exhausted", "TooLong"),
    ("pathological::intermediate-cycle-distinct-cas", "NoPath"),
    (
        "pathological::intermediate-cycle-distinct-cas-max-depth",
        "NoPath",
    ),
    ("pathological::intermediate-cycle-same-logical-ca", "NoPath"),
    ("pathological::nc-dos-1", "TooLarge"),
    ("pathological::nc-dos-2", "TooLarge"),
    ("pathological::nc-dos-3", "TooLarge"),
    (
        "pathological::pathological-chain-distinct-subject-distinct-key",
        "Nonconforming(SubjectKeyIdentifier)",
    ),
    (
        "pathological::pathological-chain-same-subject-distinct-key",
        "Nonconforming(SubjectKeyIdentifier)",
    ),
    (
        "pathological::pathological-chain-distinct-subject-same-key",
        "Nonconforming(SubjectKeyIdentifier)",
    ),
    (
        "pathological::pathological-chain-same-subject-same-key",
        "Nonconforming(SubjectKeyIdentifier)",
    ),
    (
        "rfc5280::aki::critical-aki",
        "Nonconforming(CriticalKeyIdentifier)",
    ),
    (
        "rfc5280::aki::leaf-missing-aki",
        "Nonconforming(MissingAuthorityKeyIdentifier)",
    ),
    (
        "rfc5280::aki::intermediate-missing-aki",
        "Nonconforming(MissingAuthorityKeyIdentifier)",
    ),
    ("rfc5280::eku::ee-wrong-eku", "WrongUse"),
    ("rfc5280::eku::ee-eku-empty", "Extension"),
    ("rfc5280::nc::permitted-dns-mismatch", "NameNotAllowed"),
    ("rfc5280::nc::excluded-dns-match", "NameNotAllowed"),
    (
        "rfc5280::nc::permitted-dns-match-noncritical",
        "Nonconforming(NameConstraints)",
    ),
    ("rfc5280::nc::excluded-dns-match-second", "NameNotAllowed"),
    ("rfc5280::nc::permitted-ip-mismatch", "NameNotAllowed"),
    ("rfc5280::nc::excluded-ipv4-match", "NameNotAllowed"),
    ("rfc5280::nc::excluded-ipv6-match", "NameNotAllowed"),
    ("rfc5280::nc::permitted-dn-mismatch", "NameNotAllowed"),
    ("rfc5280::nc::excluded-dn-match", "NameNotAllowed"),
    (
        "rfc5280::nc::permitted-dn-match-subject-san-mismatch",
        "NameNotAllowed",
    ),
    (
        "rfc5280::nc::excluded-dn-match-sub-mismatch",
        "NameNotAllowed",
    ),
    ("rfc5280::nc::excluded-self-issued-leaf", "NameNotAllowed"),
    (
        "rfc5280::nc::excluded-match-permitted-and-excluded",
        "NameNotAllowed",
    ),
    (
        "rfc5280::nc::invalid-dnsname-wildcard",
        "Nonconforming(NameConstraints)",
    ),
    (
        "rfc5280::nc::invalid-dnsname-leading-period",
        "Nonconforming(NameConstraints)",
    ),
    (
        "rfc5280::nc::invalid-ipv4-address",
        "Nonconforming(NameConstraints)",
    ),
    (
        "rfc5280::nc::invalid-ipv6-address",
        "Nonconforming(NameConstraints)",
    ),
    (
        "rfc5280::nc::invalid-email-address",
        "Nonconforming(NameConstraints)",
    ),
    (
        "rfc5280::nc::not-allowed-in-ee-noncritical",
        "Nonconforming(NameConstraints)",
    ),
    (
        "rfc5280::nc::not-allowed-in-ee-critical",
        "Nonconforming(NameConstraints)",
    ),
    (
        "rfc5280::nc::intermediate-with-san-rejected-by-intermediate-nc",
        "NameNotAllowed",
    ),
    (
        "rfc5280::nc::intermediate-with-san-rejected-by-root-nc",
        "NameNotAllowed",
    ),
    (
        "rfc5280::nc::restrictive-permits-in-intermediates-narrows",
        "NameNotAllowed",
    ),
    (
        "rfc5280::nc::restrictive-permits-in-intermediates-widens",
        "NameNotAllowed",
    ),
    (
        "rfc5280::nc::nc-permits-invalid-dns-san",
        "Nonconforming(AlternativeName)",
    ),
    (
        "rfc5280::nc::nc-permits-invalid-ip-san",
        "Nonconforming(AlternativeName)",
    ),
    (
        "rfc5280::nc::nc-permits-invalid-email-san",
        "Nonconforming(AlternativeName)",
    ),
    (
        "rfc5280::nc::nc-permits-email-literal-asterisk-rejects-user",
        "NameNotAllowed",
    ),
    (
        "rfc5280::nc::nc-permits-email-literal-asterisk-rejects-subdomain",
        "NameNotAllowed",
    ),
    (
        "rfc5280::nc::nc-permits-email-literal-double-asterisk-rejects-single",
        "NameNotAllowed",
    ),
    ("rfc5280::nc::nc-forbids-othername", "UnknownConstraint"),
    (
        "rfc5280::nc::nc-forbids-dnsname-wildcard-san",
        "NameNotAllowed",
    ),
    ("rfc5280::pc::ica-noncritical-pc", "Nonconforming(Policies)"),
    ("rfc5280::san::malformed", "Extension"),
    (
        "rfc5280::san::noncritical-with-empty-subject",
        "Nonconforming(AlternativeName)",
    ),
    (
        "rfc5280::san::underscore-dns",
        "Nonconforming(AlternativeName)",
    ),
    ("rfc5280::san::ip-in-dns", "Nonconforming(AlternativeName)"),
    ("rfc5280::serial::too-long", "Serial"),
    ("rfc5280::serial::zero", "Serial"),
    ("rfc5280::serial::negative", "Serial"),
    ("rfc5280::ski::critical-ski", "NoPath"),
    (
        "rfc5280::ski::root-missing-ski",
        "Nonconforming(SubjectKeyIdentifier)",
    ),
    (
        "rfc5280::ski::intermediate-missing-ski",
        "Nonconforming(SubjectKeyIdentifier)",
    ),
    ("rfc5280::validity::expired-root", "Expired"),
    ("rfc5280::validity::expired-intermediate", "Expired"),
    ("rfc5280::validity::expired-leaf", "Expired"),
    ("rfc5280::validity::notbefore-fractional", "NotYetValid"),
    ("rfc5280::validity::expired-1-second", "Expired"),
    ("rfc5280::validity::expired-5-seconds", "Expired"),
    ("rfc5280::validity::not-yet-valid-1-second", "NotYetValid"),
    ("rfc5280::validity::not-yet-valid-5-seconds", "NotYetValid"),
    ("rfc5280::ee-empty-issuer", "Nonconforming(EmptyIssuer)"),
    ("rfc5280::ca-empty-subject", "Nonconforming(EmptyIssuer)"),
    (
        "rfc5280::unknown-critical-extension-ee",
        "UnknownCriticalExtension",
    ),
    (
        "rfc5280::unknown-critical-extension-root",
        "UnknownCriticalExtension",
    ),
    (
        "rfc5280::unknown-critical-extension-intermediate",
        "UnknownCriticalExtension",
    ),
    ("rfc5280::chain-untrusted-root", "NoPath"),
    (
        "rfc5280::intermediate-ca-without-ca-bit",
        "Nonconforming(KeyUsage)",
    ),
    (
        "rfc5280::intermediate-ca-missing-basic-constraints",
        "NoPath",
    ),
    (
        "rfc5280::root-missing-basic-constraints",
        "Nonconforming(KeyUsage)",
    ),
    (
        "rfc5280::root-non-critical-basic-constraints",
        "Nonconforming(BasicConstraints)",
    ),
    (
        "rfc5280::root-inconsistent-ca-extensions",
        "Nonconforming(KeyUsage)",
    ),
    ("rfc5280::ica-ku-keycertsign", "NoPath"),
    ("rfc5280::leaf-ku-keycertsign", "Nonconforming(KeyUsage)"),
    (
        "rfc5280::ee-critical-aia-invalid",
        "Nonconforming(CriticalAddresses)",
    ),
    ("rfc5280::duplicate-extensions", "Extension"),
    (
        "rfc5280::mismatching-signature-algorithm",
        "AlgorithmsDiffer",
    ),
    (
        "webpki::aki::root-with-aki-missing-keyidentifier",
        "Nonconforming(AuthorityKeyIdentifier)",
    ),
    (
        "webpki::aki::root-with-aki-authoritycertissuer",
        "Nonconforming(AuthorityKeyIdentifier)",
    ),
    (
        "webpki::aki::root-with-aki-authoritycertserialnumber",
        "Nonconforming(AuthorityKeyIdentifier)",
    ),
    ("webpki::eku::ee-without-eku", "WrongUse"),
    (
        "webpki::nc::intermediate-permitted-excluded-subtrees-both-null",
        "Nonconforming(NameConstraints)",
    ),
    (
        "webpki::nc::intermediate-permitted-excluded-subtrees-both-empty-sequences",
        "Nonconforming(NameConstraints)",
    ),
    (
        "webpki::san::wildcard-embedded-leftmost-san",
        "Nonconforming(AlternativeName)",
    ),
    (
        "webpki::san::wildcard-not-in-leftmost-san",
        "Nonconforming(AlternativeName)",
    ),
    (
        "webpki::san::wildcard-embedded-ulabel-san",
        "Nonconforming(AlternativeName)",
    ),
    ("webpki::san::unicode-emoji-san", "Extension"),
    (
        "webpki::san::san-wildcard-only",
        "Nonconforming(AlternativeName)",
    ),
    (
        "webpki::san::san-wildcard-only-tld",
        "Nonconforming(AlternativeName)",
    ),
    ("webpki::explicit-curve", "Key(UnsupportedKey)"),
    (
        "webpki::cryptographydotio-chain-missing-intermediate",
        "NoPath",
    ),
    ("webpki::malformed-aia", "Extension"),
    ("webpki::forbidden-p192-root", "Key(UnsupportedKey)"),
    ("webpki::forbidden-p192-leaf", "Key(UnsupportedKey)"),
    ("webpki::forbidden-dsa-root", "UnsupportedAlgorithm"),
    ("webpki::forbidden-dsa-leaf", "Key(MalformedPublicKey)"),
    (
        "webpki::forbidden-weak-rsa-key-in-root",
        "Key(UnsupportedKey)",
    ),
    ("webpki::forbidden-weak-rsa-in-leaf", "Key(UnsupportedKey)"),
    (
        "webpki::forbidden-rsa-not-divisible-by-8-in-root",
        "Key(UnsupportedKey)",
    ),
    (
        "webpki::forbidden-rsa-key-not-divisible-by-8-in-leaf",
        "Key(UnsupportedKey)",
    ),
    ("webpki::v1-cert", "Malformed"),
    ("webpki::ee-basicconstraints-ca", "Nonconforming(KeyUsage)"),
    ("webpki::ca-as-leaf", "IsAnAuthority"),
];
