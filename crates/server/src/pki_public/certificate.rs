//! Certificates of authorities as files: DER, PEM, and the chain of one.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::web::Web;

/// A certificate never changes, and another has another name.
const KEPT: (header::HeaderName, &str) = (header::CACHE_CONTROL, "public, max-age=86400");

/// `NAME.cer`: an authority's certificate or a link's (RFC 5280 4.2.2.1).
pub(super) fn der(web: &Web, name: &str) -> Response {
    let media = (header::CONTENT_TYPE, "application/pkix-cert");
    match web.house.authorities.certificate(name) {
        Some(certificate) => ([media, KEPT], certificate.der().to_vec()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `NAME.pem`, or `NAME-chain.pem` for an authority and the root it leads to.
pub(super) fn pem(web: &Web, name: &str) -> Response {
    let authorities = &web.house.authorities;
    let text = match name.strip_suffix("-chain") {
        None => authorities
            .certificate(name)
            .map(pki::certificate::Certificate::to_pem),
        Some(name) => authorities.by_name(name).map(|authority| {
            let root = authorities.all().find(|root| {
                !authority.is_root()
                    && root.is_root()
                    && authority.certificate.is_signed_by(&root.certificate)
            });
            let mut chain = authority.certificate.to_pem();
            chain.extend(root.map(|root| root.certificate.to_pem()));
            chain
        }),
    };
    let media = (header::CONTENT_TYPE, "application/x-pem-file");
    match text {
        Some(text) => ([media, KEPT], text).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
