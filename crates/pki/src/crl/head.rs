//! What stands in a list besides its entries: issuer, times, number, scope.

use super::CrlError;
use crate::asn1::{INTEGER, Writer, context, context_constructed};
use crate::certificate::Certificate;
use crate::key::{PublicKey, SignatureAlgorithm};
use crate::oids;
use crate::profile::key_usage;

/// Everything of a version 2 list but its entries and its signature.
#[derive(Clone)]
pub struct CrlHead {
    /// Version, algorithm, issuer, times.
    pub(super) front: Vec<u8>,
    pub(super) issuer_key: PublicKey,
    pub(super) algorithm: SignatureAlgorithm,
    issuer_key_identifier: Vec<u8>,
    number: u64,
    address: Option<String>,
    base: Option<u64>,
    fresher: Option<String>,
}

impl CrlHead {
    /// A list of `issuer`, numbered `number` (RFC 5280 5.2.3: rises with every list), true from
    /// `this_update` and followed by another before `next_update` (unix seconds).
    ///
    /// # Errors
    /// [`CrlError::WrongIssuer`] when the issuer may not sign lists, [`CrlError::Validity`].
    pub fn new(
        issuer: &Certificate,
        number: u64,
        this_update: i64,
        next_update: i64,
    ) -> Result<Self, CrlError> {
        let may_sign = issuer
            .key_usage()
            .is_some_and(|bits| bits & key_usage::CRL_SIGN != 0);
        if !issuer.is_authority() || !may_sign {
            return Err(CrlError::WrongIssuer);
        }
        if next_update <= this_update {
            return Err(CrlError::Validity);
        }
        let algorithm = issuer.public_key().kind().signature_algorithm();
        let front = Writer::build(256, |front| {
            front.element(INTEGER, &[1]); // v2
            front.raw(algorithm.identifier());
            front.raw(issuer.subject_der());
            front.time(this_update);
            front.time(next_update);
        });
        Ok(Self {
            front,
            issuer_key: issuer.public_key().clone(),
            algorithm,
            issuer_key_identifier: issuer.issuing_key_identifier().to_vec(),
            number,
            address: None,
            base: None,
            fresher: None,
        })
    }

    /// Adds the critical issuing distribution point (RFC 5280 5.2.5) with the address that the
    /// certificates of this shard name. A list of everything needs none.
    ///
    /// # Errors
    /// [`CrlError::BadAddress`].
    pub fn at_address(mut self, address: &str) -> Result<Self, CrlError> {
        self.address = Some(plain_http(address)?);
        Ok(self)
    }

    /// Makes it a delta list (RFC 5280 5.2.4): what has changed since the full list of the same
    /// scope with the number `base`.
    ///
    /// # Errors
    /// [`CrlError::Base`] when the base is later than the list, or the list names a fresher one.
    pub fn since(mut self, base: u64) -> Result<Self, CrlError> {
        if base > self.number || self.fresher.is_some() {
            return Err(CrlError::Base);
        }
        self.base = Some(base);
        Ok(self)
    }

    /// Says in a full list where its delta list is (freshest CRL, RFC 5280 5.2.6).
    ///
    /// # Errors
    /// [`CrlError::BadAddress`]; [`CrlError::Base`] in a delta list, which must not say it.
    pub fn fresher_at(mut self, address: &str) -> Result<Self, CrlError> {
        if self.base.is_some() {
            return Err(CrlError::Base);
        }
        self.fresher = Some(plain_http(address)?);
        Ok(self)
    }

    pub(super) fn is_delta(&self) -> bool {
        self.base.is_some()
    }

    pub(super) fn extensions(&self) -> Vec<u8> {
        Writer::build(256, |writer| {
            writer.nested(context_constructed(0), |explicit| {
                explicit.sequence(|extensions| self.write_extensions(extensions));
            });
        })
    }

    fn write_extensions(&self, extensions: &mut Writer) {
        // RFC 5280 5.2.1: the issuer's *subject* key identifier.
        extensions.extension(&oids::AUTHORITY_KEY_IDENTIFIER, false, |value| {
            value.sequence(|identifier| {
                identifier.element(context(0), &self.issuer_key_identifier);
            });
        });
        extensions.extension(&oids::CRL_NUMBER, false, |value| {
            value.unsigned_number(self.number);
        });
        if let Some(base) = self.base {
            extensions.extension(&oids::DELTA_CRL_INDICATOR, true, |value| {
                value.unsigned_number(base);
            });
        }
        if let Some(address) = &self.address {
            extensions.extension(&oids::ISSUING_DISTRIBUTION_POINT, true, |value| {
                value.sequence(|point| full_name(point, address));
            });
        }
        if let Some(address) = &self.fresher {
            extensions.extension(&oids::FRESHEST_CRL, false, |value| {
                value.sequence(|points| points.sequence(|point| full_name(point, address)));
            });
        }
    }
}

/// The `distributionPoint` field of RFC 5280 4.2.1.13 with one address.
fn full_name(point: &mut Writer, address: &str) {
    point.nested(context_constructed(0), |name| {
        name.nested(context_constructed(0), |full_name| {
            full_name.element(context(6), address.as_bytes());
        });
    });
}

fn plain_http(address: &str) -> Result<String, CrlError> {
    if !address.starts_with("http://") || !address.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(CrlError::BadAddress);
    }
    Ok(address.to_owned())
}
