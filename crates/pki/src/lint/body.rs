//! The fields of a `TBSCertificate` (RFC 5280 4.1), read where they stand.

use super::reader::{INTEGER, Reader, SEQUENCE};

/// The fields, borrowed from the body.
pub(super) struct Body<'a> {
    /// Whether it says version 3.
    pub version_three: bool,
    /// The content of the serial number's INTEGER.
    pub serial: &'a [u8],
    /// The whole `AlgorithmIdentifier`.
    pub algorithm: &'a [u8],
    /// The whole `Name` of the issuer.
    pub issuer: &'a [u8],
    /// Unix seconds.
    pub not_before: i64,
    /// Unix seconds.
    pub not_after: i64,
    /// The whole `Name` of the subject.
    pub subject: &'a [u8],
    /// The whole `SubjectPublicKeyInfo`.
    pub subject_key: &'a [u8],
    /// Whether there is an identifier of RFC 5280 4.1.2.8.
    pub unique_identifiers: bool,
    /// The content of `Extensions`, if there are any.
    pub extensions: Option<Reader<'a>>,
}

impl<'a> Body<'a> {
    pub fn read(tbs: &'a [u8]) -> Option<Self> {
        let mut fields = Reader::inside(tbs, SEQUENCE)?;
        // DEFAULT v1 is left out (X.690 11.5).
        let mut version_three = false;
        if fields.is_next(0xa0) {
            match Reader::only(fields.next()?.content, INTEGER)? {
                [2] => version_three = true,
                [1] => {}
                _ => return None,
            }
        }
        let serial = fields.integer()?;
        let algorithm = fields.expect(SEQUENCE)?.whole;
        let issuer = fields.expect(SEQUENCE)?.whole;
        let mut validity = Reader::new(fields.expect(SEQUENCE)?.content);
        let not_before = validity.time()?;
        let not_after = validity.time()?;
        validity.end()?;
        let subject = fields.expect(SEQUENCE)?.whole;
        let subject_key = fields.expect(SEQUENCE)?.whole;
        let mut unique_identifiers = false;
        for tag in [0x81, 0x82] {
            if fields.is_next(tag) {
                fields.next()?;
                unique_identifiers = true;
            }
        }
        let extensions = if fields.is_next(0xa3) {
            Some(Reader::inside(fields.next()?.content, SEQUENCE)?)
        } else {
            None
        };
        fields.end()?;
        Some(Self {
            version_three,
            serial,
            algorithm,
            issuer,
            not_before,
            not_after,
            subject,
            subject_key,
            unique_identifiers,
            extensions,
        })
    }
}
