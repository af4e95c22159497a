//! Object identifiers of the standards this crate speaks.

use const_oid::ObjectIdentifier;

macro_rules! oids {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$doc])* pub const $name: ObjectIdentifier = ObjectIdentifier::new_unwrap($text);)*
    };
}

oids! {
    /// commonName (X.520).
    COMMON_NAME = "2.5.4.3";
    /// surname (X.520).
    SURNAME = "2.5.4.4";
    /// serialNumber of a subject (X.520): HSA-id or personal identity number.
    SUBJECT_SERIAL_NUMBER = "2.5.4.5";
    /// countryName (X.520).
    COUNTRY = "2.5.4.6";
    /// localityName (X.520).
    LOCALITY = "2.5.4.7";
    /// stateOrProvinceName (X.520).
    STATE = "2.5.4.8";
    /// organizationName (X.520).
    ORGANISATION = "2.5.4.10";
    /// organizationalUnitName (X.520).
    ORGANISATIONAL_UNIT = "2.5.4.11";
    /// title (X.520).
    TITLE = "2.5.4.12";
    /// givenName (X.520).
    GIVEN_NAME = "2.5.4.42";
    /// organizationIdentifier (X.520).
    ORGANISATION_IDENTIFIER = "2.5.4.97";
    /// domainComponent (RFC 4519).
    DOMAIN_COMPONENT = "0.9.2342.19200300.100.1.25";
    /// emailAddress of PKCS#9; only read, never written.
    EMAIL_ADDRESS = "1.2.840.113549.1.9.1";

    /// extensionRequest, an attribute of a certification request (RFC 2985 5.4.2).
    EXTENSION_REQUEST = "1.2.840.113549.1.9.14";

    /// id-ecPublicKey (RFC 5480 2.1.1).
    EC_PUBLIC_KEY = "1.2.840.10045.2.1";
    /// secp256r1 (RFC 5480 2.1.1.1).
    P256 = "1.2.840.10045.3.1.7";
    /// secp384r1 (RFC 5480 2.1.1.1).
    P384 = "1.3.132.0.34";
    /// rsaEncryption (RFC 8017 A.1).
    RSA = "1.2.840.113549.1.1.1";

    /// subjectKeyIdentifier (RFC 5280 4.2.1.2).
    SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    /// keyUsage (RFC 5280 4.2.1.3).
    KEY_USAGE = "2.5.29.15";
    /// subjectAltName (RFC 5280 4.2.1.6).
    SUBJECT_ALT_NAME = "2.5.29.17";
    /// basicConstraints (RFC 5280 4.2.1.9).
    BASIC_CONSTRAINTS = "2.5.29.19";
    /// cRLNumber (RFC 5280 5.2.3).
    CRL_NUMBER = "2.5.29.20";
    /// reasonCode (RFC 5280 5.3.1).
    REASON_CODE = "2.5.29.21";
    /// deltaCRLIndicator (RFC 5280 5.2.4).
    DELTA_CRL_INDICATOR = "2.5.29.27";
    /// issuingDistributionPoint (RFC 5280 5.2.5).
    ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
    /// cRLDistributionPoints (RFC 5280 4.2.1.13).
    CRL_DISTRIBUTION_POINTS = "2.5.29.31";
    /// freshestCRL (RFC 5280 5.2.6).
    FRESHEST_CRL = "2.5.29.46";
    /// certificatePolicies (RFC 5280 4.2.1.4).
    CERTIFICATE_POLICIES = "2.5.29.32";
    /// anyPolicy (RFC 5280 4.2.1.4).
    ANY_POLICY = "2.5.29.32.0";
    /// authorityKeyIdentifier (RFC 5280 4.2.1.1).
    AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    /// extKeyUsage (RFC 5280 4.2.1.12).
    EXTENDED_KEY_USAGE = "2.5.29.37";
    /// nameConstraints (RFC 5280 4.2.1.10).
    NAME_CONSTRAINTS = "2.5.29.30";
    /// policyMappings (RFC 5280 4.2.1.5).
    POLICY_MAPPINGS = "2.5.29.33";
    /// policyConstraints (RFC 5280 4.2.1.11).
    POLICY_CONSTRAINTS = "2.5.29.36";
    /// inhibitAnyPolicy (RFC 5280 4.2.1.14).
    INHIBIT_ANY_POLICY = "2.5.29.54";
    /// authorityInfoAccess (RFC 5280 4.2.2.1).
    AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";
    /// id-ad-ocsp (RFC 5280 4.2.2.1).
    ACCESS_OCSP = "1.3.6.1.5.5.7.48.1";
    /// id-ad-caIssuers (RFC 5280 4.2.2.1).
    ACCESS_CA_ISSUERS = "1.3.6.1.5.5.7.48.2";

    /// id-kp-serverAuth (RFC 5280 4.2.1.12).
    SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    /// id-kp-clientAuth (RFC 5280 4.2.1.12).
    CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    /// id-kp-emailProtection (RFC 5280 4.2.1.12).
    EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
    /// id-kp-OCSPSigning (RFC 6960 4.2.2.2).
    OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    /// Microsoft smart-card logon.
    SMARTCARD_LOGON = "1.3.6.1.4.1.311.20.2.2";
    /// id-pkinit-KPClientAuth (RFC 4556 3.2.2).
    PKINIT_CLIENT = "1.3.6.1.5.2.3.4";
    /// id-pkinit-KPKdc (RFC 4556 3.2.4).
    PKINIT_KDC = "1.3.6.1.5.2.3.5";
    /// anyExtendedKeyUsage (RFC 5280 4.2.1.12); only read, never written.
    ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";
    /// The extension with the account's security identifier (MS-WCCE 2.2.2.7.7.4).
    SECURITY_IDENTIFIER = "1.3.6.1.4.1.311.25.2";
    /// The otherName inside that extension.
    ACCOUNT_SECURITY_IDENTIFIER = "1.3.6.1.4.1.311.25.2.1";
    /// User principal name as an otherName (Microsoft).
    USER_PRINCIPAL_NAME = "1.3.6.1.4.1.311.20.2.3";

    /// id-pkix-ocsp-basic (RFC 6960 4.2.1).
    OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1";
    /// id-pkix-ocsp-nonce (RFC 9654 2.1).
    OCSP_NONCE = "1.3.6.1.5.5.7.48.1.2";
    /// id-pkix-ocsp-nocheck (RFC 6960 4.2.2.2.1).
    OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5";

    /// SHA-1, only to match the issuer hashes of OCSP requests.
    SHA1 = "1.3.14.3.2.26";
    /// SHA-256 (RFC 5754 2.2).
    SHA256 = "2.16.840.1.101.3.4.2.1";
}
