//! The judges: what each says of an exhibit. A judge whose program is missing says nothing.

pub mod gnutls;
pub mod nss;
pub mod openssl;
pub mod pkilint;
