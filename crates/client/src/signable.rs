//! What may be signed without the card's holder being tricked into signing something else.
//!
//! A login key signs TLS handshakes and Kerberos requests in other programs. A server that could have any bytes signed
//! could log in elsewhere in the holder's name, so only two forms are taken, which none of those protocols uses: TLS 1.3
//! signs spaces, a text and a zero byte (RFC 8446 4.4.3), TLS 1.2 the handshake messages themselves (RFC 5246 7.4.8), SSH
//! binary strings (RFC 4252 7), CMS a DER SET of attributes (RFC 5652 5.4).

/// Longest message in bytes.
const LONGEST: usize = 64 * 1024;

/// How the text of a proof of possession begins; a card that kept its key over a break proves it with such a text.
pub const PROOF_OF_POSSESSION: &str = "sigill proof of possession\n";

/// What a signature over a message means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signable {
    /// Only that the card holds the key: a certificate request (RFC 2986 4.1), or a text that begins with
    /// [`PROOF_OF_POSSESSION`].
    Proof,
    /// Something in the holder's name: a receipt, a hand-over, a login.
    Statement,
}

/// What a message is, when it has one of the forms that a server may ask a signature for: text in UTF-8 without control
/// characters other than line feed (a JWS signing input, a login text), or a DER `CertificationRequestInfo`.
#[must_use]
pub fn recognise(message: &[u8]) -> Option<Signable> {
    if message.is_empty() || message.len() > LONGEST {
        return None;
    }
    if is_request_info(message) {
        return Some(Signable::Proof);
    }
    let text = std::str::from_utf8(message).ok()?;
    if text.chars().any(|sign| sign.is_control() && sign != '\n') {
        return None;
    }
    Some(if text.starts_with(PROOF_OF_POSSESSION) {
        Signable::Proof
    } else {
        Signable::Statement
    })
}

/// A SEQUENCE that begins with version 0: no other structure that is signed does (a TBSCertificate begins with \[0\], or
/// a serial number that is not zero).
fn is_request_info(message: &[u8]) -> bool {
    sequence_content(message).is_some_and(|content| content.starts_with(&[0x02, 0x01, 0x00]))
}

/// The content of a DER SEQUENCE that is exactly the whole input (X.690 8.1.3, 10.1).
pub(crate) fn sequence_content(der: &[u8]) -> Option<&[u8]> {
    let rest = der.strip_prefix(&[0x30])?;
    let (first, rest) = rest.split_first()?;
    let (length, content) = match first {
        0..=0x7F => (usize::from(*first), rest),
        0x81..=0x83 => {
            let (octets, content) = rest.split_at_checked(usize::from(first & 0x7F))?;
            let length = octets
                .iter()
                .fold(0_usize, |length, octet| length << 8 | usize::from(*octet));
            // DER: the shortest form only.
            let shortest = if octets.len() == 1 {
                length > 0x7F
            } else {
                octets.first() != Some(&0)
            };
            if !shortest {
                return None;
            }
            (length, content)
        }
        _ => return None,
    };
    (content.len() == length).then_some(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receipts_logins_and_requests_are_signable() {
        assert_eq!(
            recognise(b"eyJhbGciOiJFUzI1NiJ9.eyJjYXJkIjoiMSJ9"),
            Some(Signable::Statement)
        );
        assert_eq!(
            recognise("Logga in på Mina sidor\nÅsa".as_bytes()),
            Some(Signable::Statement)
        );
        assert_eq!(
            recognise(&[0x30, 0x03, 0x02, 0x01, 0x00]),
            Some(Signable::Proof)
        );
        let mut long = vec![0x30, 0x82, 0x01, 0x03, 0x02, 0x01, 0x00];
        long.extend([7; 0x100]);
        assert_eq!(recognise(&long), Some(Signable::Proof));
        let proof = format!("{PROOF_OF_POSSESSION}0a1b\nnonce");
        assert_eq!(recognise(proof.as_bytes()), Some(Signable::Proof));
    }

    #[test]
    fn what_other_protocols_sign_is_not() {
        let mut tls13 = vec![b' '; 64];
        tls13.extend(b"TLS 1.3, client CertificateVerify\0");
        tls13.extend([0xA5; 32]);
        let tls12 = [1, 0, 0, 4, 3, 3, 0, 0];
        let ssh = [0, 0, 0, 32, 1, 2, 3, 50];
        let signed_attributes = [0x31, 0x03, 0x02, 0x01, 0x00];
        let certificate = [0x30, 0x05, 0xA0, 0x03, 0x02, 0x01, 0x02];
        for message in [
            &tls13[..],
            &tls12,
            &ssh,
            &signed_attributes,
            &certificate,
            &[],
            &[0; 32],
            b"text\0",
            b"text\r\n",
            &[b'x'; LONGEST + 1],
        ] {
            assert_eq!(recognise(message), None);
        }
    }

    #[test]
    fn only_whole_der_counts() {
        for bad in [
            &[0x30_u8][..],
            &[0x30, 0x04, 0x02, 0x01, 0x00],
            &[0x30, 0x02, 0x02, 0x01, 0x00],
            &[0x30, 0x81, 0x03, 0x02, 0x01, 0x00],
            &[0x30, 0x80, 0x02, 0x01, 0x00, 0x00, 0x00],
            &[0x30, 0x84, 0, 0, 0, 3, 0x02, 0x01, 0x00],
            &[0x30, 0x82, 0x00],
        ] {
            assert_eq!(sequence_content(bad), None);
        }
    }
}
