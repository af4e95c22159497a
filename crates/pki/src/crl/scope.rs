//! Which certificates a list is about (issuing distribution point, RFC 5280 5.2.5).

use der::Decode;
use x509_cert::ext::pkix::crl::dp::IssuingDistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};

use super::Crl;
use crate::certificate::Certificate;

/// What an issuing distribution point says. Without one, a list is about all certificates of its
/// issuer.
#[derive(Debug)]
pub(super) struct Scope {
    /// Only certificates that name one of these addresses; nothing when the point has no name.
    addresses: Option<Vec<String>>,
    end_entities_only: bool,
    authorities_only: bool,
    /// Attribute certificates, or those of other issuers: not about anything we ask.
    elsewhere: bool,
    all_reasons: bool,
}

impl Scope {
    pub(super) fn read(der: &[u8]) -> der::Result<Self> {
        let point = IssuingDistributionPoint::from_der(der)?;
        let addresses = point.distribution_point.map(|name| match name {
            DistributionPointName::FullName(names) => names
                .into_iter()
                .filter_map(|name| match name {
                    GeneralName::UniformResourceIdentifier(uri) => Some(uri.as_str().to_owned()),
                    _ => None,
                })
                .collect(),
            DistributionPointName::NameRelativeToCRLIssuer(_) => Vec::new(),
        });
        Ok(Self {
            addresses,
            end_entities_only: point.only_contains_user_certs,
            authorities_only: point.only_contains_ca_certs,
            elsewhere: point.indirect_crl || point.only_contains_attribute_certs,
            all_reasons: point.only_some_reasons.is_none(),
        })
    }
}

impl Crl {
    /// Whether this list speaks about `certificate`: of its issuer by name, and within the scope of
    /// the list (RFC 5280 6.3.3 (b)). Says nothing of who signed it.
    pub fn is_about(&self, certificate: &Certificate) -> bool {
        if self.issuer() != certificate.issuer_der() {
            return false;
        }
        let Some(scope) = self.scope() else {
            return true;
        };
        let by_address = scope.addresses.as_ref().is_none_or(|addresses| {
            certificate
                .revocation_list_addresses()
                .any(|address| addresses.iter().any(|one| one == address))
        });
        let by_kind = if certificate.is_authority() {
            !scope.end_entities_only
        } else {
            !scope.authorities_only
        };
        by_address && by_kind && !scope.elsewhere
    }

    /// Whether a certificate that is not listed is not revoked: the list is about all reasons.
    pub fn has_all_reasons(&self) -> bool {
        self.scope().is_none_or(|scope| scope.all_reasons)
    }
}
