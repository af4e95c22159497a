//! What a certificate is to be used for.

use const_oid::ObjectIdentifier;

use super::ChainError;
use crate::certificate::Certificate;
use crate::oids;
use crate::profile::key_usage;

/// What the leaf is to be used for: key usage, extended key usage, and policies if any are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    /// The leaf is an authority instead of an end entity.
    authority: bool,
    /// One of these key usage bits must be set; none means that all is well.
    key_usage: u16,
    extended_key_usage: Option<ObjectIdentifier>,
    /// RFC 5280 6.1.1 (c), empty for any.
    policies: Vec<ObjectIdentifier>,
}

impl Purpose {
    const fn of(key_usage: u16, extended_key_usage: Option<ObjectIdentifier>) -> Self {
        Self {
            authority: false,
            key_usage,
            extended_key_usage,
            policies: Vec::new(),
        }
    }

    /// Logging in: digitalSignature and clientAuth.
    pub fn client_login() -> Self {
        Self::of(key_usage::DIGITAL_SIGNATURE, Some(oids::CLIENT_AUTH))
    }

    /// Being a TLS server: serverAuth, and a key that signs or agrees on keys.
    pub fn server() -> Self {
        let usage =
            key_usage::DIGITAL_SIGNATURE | key_usage::KEY_ENCIPHERMENT | key_usage::KEY_AGREEMENT;
        Self::of(usage, Some(oids::SERVER_AUTH))
    }

    /// Signing documents and receipts: nonRepudiation.
    pub fn signature() -> Self {
        Self::of(key_usage::NON_REPUDIATION, None)
    }

    /// Receiving encrypted mail: keyAgreement or keyEncipherment, and emailProtection.
    pub fn secure_mail() -> Self {
        Self::of(
            key_usage::KEY_AGREEMENT | key_usage::KEY_ENCIPHERMENT,
            Some(oids::EMAIL_PROTECTION),
        )
    }

    /// Answering for an authority by OCSP: digitalSignature and OCSPSigning.
    pub fn ocsp_signing() -> Self {
        Self::of(key_usage::DIGITAL_SIGNATURE, Some(oids::OCSP_SIGNING))
    }

    /// Whatever an end entity's certificate is for: only the path is checked.
    pub fn any() -> Self {
        Self::of(0, None)
    }

    /// Being an authority: keyCertSign and basic constraints.
    pub fn authority() -> Self {
        Self {
            authority: true,
            ..Self::of(key_usage::KEY_CERT_SIGN, None)
        }
    }

    /// The same purpose, under a certificate policy (a level of assurance, for instance) that the
    /// leaf must name and every authority on the way must allow. Named more than once, any of the
    /// policies will do. That the leaf names any policy is not enough: a level is claimed by name.
    #[must_use]
    pub fn with_policy(mut self, policy: ObjectIdentifier) -> Self {
        self.policies.push(policy);
        self
    }

    /// The policies asked for, empty for any.
    pub(super) fn policies(&self) -> &[ObjectIdentifier] {
        &self.policies
    }

    /// Whether `leaf` is meant for this.
    pub(super) fn allows_leaf(&self, leaf: &Certificate) -> Result<(), ChainError> {
        match (self.authority, leaf.is_authority()) {
            (true, false) => return Err(ChainError::NotAnAuthority),
            (false, true) => return Err(ChainError::IsAnAuthority),
            _ => {}
        }
        // A missing key usage allows everything in RFC 5280 4.2.1.3; here it allows nothing.
        let usage = leaf.key_usage().unwrap_or_default();
        let meant = self.key_usage == 0 || usage & self.key_usage != 0;
        // RFC 5280 4.2.1.12: who asks for a purpose need not take "any" for it.
        let extended = match &self.extended_key_usage {
            Some(wanted) => leaf.extended_key_usage().contains(wanted),
            None => true,
        };
        if meant && extended {
            Ok(())
        } else {
            Err(ChainError::WrongUse)
        }
    }

    /// Whether `authority` may issue for this: where it has extended key usages, they limit it.
    pub(super) fn allows_authority(&self, authority: &Certificate) -> Result<(), ChainError> {
        let usages = authority.extended_key_usage();
        let allowed = match &self.extended_key_usage {
            Some(wanted) => {
                usages.is_empty()
                    || usages.contains(wanted)
                    || usages.contains(&oids::ANY_EXTENDED_KEY_USAGE)
            }
            None => true,
        };
        if allowed {
            Ok(())
        } else {
            Err(ChainError::WrongUse)
        }
    }
}
