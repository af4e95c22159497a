//! What the pages load: style sheets, small scripts, the mark. Built into the binary, so a server has no folder to lose.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// One file under `/static/`.
struct Asset {
    name: &'static str,
    media: &'static str,
    text: &'static str,
}

macro_rules! assets {
    ($($name:literal $media:literal)+) => {
        &[$(Asset { name: $name, media: $media, text: include_str!(concat!("../static/", $name)) }),+]
    };
}

static ASSETS: &[Asset] = assets!(
    "site.css" "text/css; charset=utf-8"
    "desk.css" "text/css; charset=utf-8"
    "progress.js" "text/javascript; charset=utf-8"
    "camera.js" "text/javascript; charset=utf-8"
    "kiosk.js" "text/javascript; charset=utf-8"
    "code.js" "text/javascript; charset=utf-8"
    "print.js" "text/javascript; charset=utf-8"
    "mark.svg" "image/svg+xml"
);

/// The addresses of the files, the same on the portals' address and on the desk's.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/static/{name}", get(file))
}

/// Browsers keep a file and ask each time whether it is still the same: a new release is seen at once, and the answer is
/// usually an empty 304 (RFC 9110 13.1.2).
async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let digest = hex::encode(pki::digest::sha256(asset.text.as_bytes()));
    let tag = format!("\"{}\"", digest.get(..32).unwrap_or(&digest));
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(','))
        .any(|known| known.trim().trim_start_matches("W/") == tag);
    let kept = [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, "public, no-cache".to_owned()),
        (header::CONTENT_TYPE, asset.media.to_owned()),
    ];
    if known {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    (kept, asset.text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[tokio::test]
    async fn a_file_is_sent_once() {
        let first = file(Path("site.css".to_owned()), HeaderMap::new()).await;
        assert_eq!(first.status(), StatusCode::OK);
        let tag = first.headers().get(header::ETAG).unwrap().clone();
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, tag);
        let second = file(Path("site.css".to_owned()), headers.clone()).await;
        assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
        headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static("\"other\""));
        let third = file(Path("site.css".to_owned()), headers).await;
        assert_eq!(third.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn nothing_else_is_there() {
        for name in ["../Cargo.toml", "", "site.css.map", "SITE.CSS"] {
            let answer = file(Path(name.to_owned()), HeaderMap::new()).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{name}");
        }
    }
}
