//! What a readable certificate may still have wrong with itself.

/// Where a certificate breaks the profile of RFC 5280 4. It can be read and shown, and no path goes
/// over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// No issuer name (4.1.2.4).
    #[error("the issuer has no name")]
    EmptyIssuer,
    /// An authority without a name (4.1.2.6).
    #[error("an authority has no name")]
    EmptySubject,
    /// A key identifier marked critical (4.2.1.1, 4.2.1.2).
    #[error("a key identifier is critical")]
    CriticalKeyIdentifier,
    /// An authority key identifier that names no key, or half an issuer (4.2.1.1).
    #[error("the authority key identifier is incomplete")]
    AuthorityKeyIdentifier,
    /// An authority without a subject key identifier (4.2.1.2).
    #[error("the subject key identifier is missing")]
    SubjectKeyIdentifier,
    /// Basic constraints of an authority that are not critical, or a path length for nobody (4.2.1.9).
    #[error("the basic constraints are not critical or contradict themselves")]
    BasicConstraints,
    /// Basic constraints and key usage disagree on whether certificates may be signed (4.2.1.3, 4.2.1.9).
    #[error("key usage and basic constraints contradict each other")]
    KeyUsage,
    /// An alternative name that is not written in the syntax of its form, or no critical one where the
    /// subject is empty (4.2.1.6).
    #[error("an alternative name is not well written")]
    AlternativeName,
    /// Name constraints that are empty, not critical, not an authority's, or not well written
    /// (4.2.1.10).
    #[error("the name constraints are not well written")]
    NameConstraints,
    /// Policies twice, mappings of any policy, policy constraints that are empty or not critical
    /// (4.2.1.4, 4.2.1.5, 4.2.1.11, 4.2.1.14).
    #[error("the policy extensions are not well written")]
    Policies,
    /// Addresses of the authority marked critical (4.2.2.1).
    #[error("the authority's addresses are critical")]
    CriticalAddresses,
    /// No authority key identifier although the certificate is not self-issued (4.2.1.1). Forgiven an
    /// anchor, whose issuer nobody looks for.
    #[error("the authority key identifier is missing")]
    MissingAuthorityKeyIdentifier,
    /// A serial number that is zero (4.1.2.2), which only self-issued certificates are read with.
    /// Forgiven an anchor: there are old roots like that.
    #[error("the serial number is zero")]
    Serial,
}

impl Fault {
    /// Whether an anchor may have it. Such faults come last: a certificate with one has no other.
    pub(crate) fn is_forgiven_an_anchor(self) -> bool {
        matches!(self, Self::MissingAuthorityKeyIdentifier | Self::Serial)
    }
}
