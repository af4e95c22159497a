//! The photo kiosk: one machine with a camera, no keyboard and no login. It knows nothing of anybody but what the code leads to.

use axum::Router;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{DefaultBodyLimit, FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::{get, post};
use flows::kiosk::{self, Sitter, Tried};
use model::id::PhotoId;

use crate::answer::{self, Said};
use crate::cookie;
use crate::csrf;
use crate::form::Fields;
use crate::pages::kiosk::{Camera, Code, Done, Taken};
use crate::pages::station::PhotoCheck;
use crate::pages::{Portal, Refusal};
use crate::session::{Anybody, Visit};
use crate::upload::{self, LARGEST, Upload};
use crate::web::Web;

/// The cookie that holds a kiosk's secret.
pub(crate) const KIOSK: &str = "kiosk";
/// The part of the site that it is for.
pub(crate) const UNDER: &str = "/kiosk";

pub fn routes() -> Router<Web> {
    Router::new()
        .route("/kiosk", get(show))
        .route("/kiosk/code", post(enter))
        .route(
            "/kiosk/photo",
            post(take).layer(DefaultBodyLimit::max(LARGEST)),
        )
        .route("/kiosk/photos/{id}/photo.jpg", get(picture))
        .route("/kiosk/keep", post(keep))
        .route("/kiosk/forget", post(forget))
}

/// A request of an open kiosk; every other machine is told how one is opened.
struct AtKiosk {
    visit: Visit,
    secret: String,
}

impl FromRequestParts<Web> for AtKiosk {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let secret = cookie::read(&parts.headers, KIOSK)
            .unwrap_or_default()
            .to_owned();
        let Anybody(mut visit) = Anybody::from_request_parts(parts, web).await?;
        match kiosk::actor(&web.house, visit.now(), &secret).await {
            Ok(actor) => {
                visit.act_as(actor);
                Ok(Self { visit, secret })
            }
            Err(flows::Stop::Refused(refusal)) => {
                let code = flows::Refuse::code(&refusal);
                Err(visit.refuse(Portal::Public, StatusCode::FORBIDDEN, code))
            }
            Err(stop) => Err(visit.stop(Portal::Public, stop.plain())),
        }
    }
}

impl AtKiosk {
    fn shell(&self) -> crate::pages::Shell {
        crate::pages::Shell {
            csrf: csrf::token(&self.secret),
            who: None,
            ..self.visit.shell(Portal::Public)
        }
    }

    /// The form's fields, when it stood on a page of this kiosk; else why it is refused.
    fn own(&self, form: Option<Fields>) -> Result<Fields, (StatusCode, &'static str)> {
        let fields = form.ok_or((StatusCode::BAD_REQUEST, answer::FORM_UNREADABLE))?;
        if csrf::matches(&self.secret, fields.text("csrf")) {
            Ok(fields)
        } else {
            Err((StatusCode::FORBIDDEN, answer::FORM_FOREIGN))
        }
    }

    fn ask_code(&mut self, refusal: Option<Refusal>) -> Response {
        let status = status_of(refusal.is_some());
        let page = Code {
            shell: self.shell(),
            refusal,
        };
        self.visit.page_with(status, &page)
    }

    fn camera(
        &mut self,
        sitter: Sitter,
        code: &str,
        checks: Vec<PhotoCheck>,
        refusal: Option<Refusal>,
    ) -> Response {
        let status = status_of(refusal.is_some() || !checks.is_empty());
        let page = Camera {
            shell: self.shell(),
            name: sitter.name,
            code: code.to_owned(),
            checks,
            refusal,
        };
        self.visit.page_with(status, &page)
    }
}

fn status_of(bad: bool) -> StatusCode {
    if bad {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    }
}

type Form =
    Result<axum::extract::Form<Vec<(String, String)>>, axum::extract::rejection::FormRejection>;

fn fields(form: Form) -> Option<Fields> {
    form.ok().map(|form| Fields(form.0))
}

async fn show(mut kiosk: AtKiosk) -> Response {
    kiosk.ask_code(None)
}

async fn enter(State(web): State<Web>, mut kiosk: AtKiosk, form: Form) -> Response {
    let fields = match kiosk.own(fields(form)) {
        Ok(fields) => fields,
        Err((status, code)) => return kiosk.visit.refuse(Portal::Public, status, code),
    };
    let code = fields.text("code");
    match kiosk::recognise(&web.house, &mut kiosk.visit.call(), code).await {
        Ok(sitter) => kiosk.camera(sitter, code, Vec::new(), None),
        Err(stop) => match kiosk.visit.said(Portal::Public, stop.plain()) {
            Said::Here(refusal) => kiosk.ask_code(Some(refusal)),
            Said::Elsewhere(answer) => answer,
        },
    }
}

async fn take(
    State(web): State<Web>,
    mut kiosk: AtKiosk,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let sent = match form {
        Ok(form) => upload::read(form).await,
        Err(_) => Err(answer::FORM_UNREADABLE),
    };
    let Upload {
        token,
        code,
        picture,
    } = match sent {
        Ok(sent) => sent,
        Err(refused) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return kiosk.visit.refuse(Portal::Public, status, refused);
        }
    };
    if !csrf::matches(&kiosk.secret, &token) {
        let status = StatusCode::FORBIDDEN;
        return kiosk
            .visit
            .refuse(Portal::Public, status, answer::FORM_FOREIGN);
    }
    let sitter = match kiosk::recognise(&web.house, &mut kiosk.visit.call(), &code).await {
        Ok(sitter) => sitter,
        Err(stop) => {
            return match kiosk.visit.said(Portal::Public, stop.plain()) {
                Said::Here(refusal) => kiosk.ask_code(Some(refusal)),
                Said::Elsewhere(answer) => answer,
            };
        }
    };
    match kiosk::photograph(&web.house, &mut kiosk.visit.call(), &code, &picture).await {
        Ok(Tried::Good(photo)) => {
            let page = Taken {
                shell: kiosk.shell(),
                photo: format!("/kiosk/photos/{photo}/photo.jpg"),
                id: photo.to_string(),
                code,
            };
            kiosk.visit.page(&page)
        }
        Ok(Tried::Bad(faults)) => {
            let mut checks = PhotoCheck::all(&faults);
            checks.retain(|check| !check.faults.is_empty());
            kiosk.camera(sitter, &code, checks, None)
        }
        Err(stop) => match kiosk.visit.said(Portal::Public, stop.plain()) {
            Said::Here(refusal) => kiosk.camera(sitter, &code, Vec::new(), Some(refusal)),
            Said::Elsewhere(answer) => answer,
        },
    }
}

async fn picture(State(web): State<Web>, mut kiosk: AtKiosk, Path(id): Path<String>) -> Response {
    let Ok(id) = PhotoId::parse(&id) else {
        return kiosk.visit.not_found(Portal::Public);
    };
    match kiosk::picture(&web.house, &kiosk.visit.call(), &id).await {
        Ok(picture) => kiosk.visit.picture(picture),
        Err(flows::Stop::Refused(_)) => kiosk.visit.not_found(Portal::Public),
        Err(stop) => kiosk.visit.stop(Portal::Public, stop.plain()),
    }
}

async fn keep(State(web): State<Web>, mut kiosk: AtKiosk, form: Form) -> Response {
    let fields = match kiosk.own(fields(form)) {
        Ok(fields) => fields,
        Err((status, code)) => return kiosk.visit.refuse(Portal::Public, status, code),
    };
    let Ok(photo) = PhotoId::parse(fields.text("photo")) else {
        return kiosk.ask_code(None);
    };
    match kiosk::keep(&web.house, &mut kiosk.visit.call(), &photo).await {
        Ok(()) => {
            let page = Done {
                shell: kiosk.shell(),
            };
            kiosk.visit.page(&page)
        }
        Err(stop) => match kiosk.visit.said(Portal::Public, stop.plain()) {
            Said::Here(refusal) => kiosk.ask_code(Some(refusal)),
            Said::Elsewhere(answer) => answer,
        },
    }
}

/// Forgets the photo. With a code the same person goes on and takes another, without one the kiosk waits for the next.
async fn forget(State(web): State<Web>, mut kiosk: AtKiosk, form: Form) -> Response {
    let fields = match kiosk.own(fields(form)) {
        Ok(fields) => fields,
        Err((status, code)) => return kiosk.visit.refuse(Portal::Public, status, code),
    };
    if let Ok(photo) = PhotoId::parse(fields.text("photo"))
        && let Err(stop) = kiosk::forget(&web.house, &mut kiosk.visit.call(), &photo).await
    {
        return kiosk.visit.stop(Portal::Public, stop.plain());
    }
    let code = fields.text("code");
    if code.is_empty() {
        return kiosk.visit.go(UNDER, None);
    }
    match kiosk::recognise(&web.house, &mut kiosk.visit.call(), code).await {
        Ok(sitter) => kiosk.camera(sitter, code, Vec::new(), None),
        Err(_) => kiosk.visit.go(UNDER, None),
    }
}
