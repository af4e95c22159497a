//! Answers: pages, refusals and incidents. What an act says no to becomes a page that says why and what to do now; a fault of
//! ours becomes a number for the user and one line in the log.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use flows::PlainStop;

use crate::pages::trouble::{Incident, NotFound, Refused};
use crate::pages::{Portal, Problem, Refusal};
use crate::session::Visit;
use crate::text::Language;

/// The form could not be read.
pub const FORM_UNREADABLE: &str = "form.unreadable";
/// The form does not carry the session's token, or stood on another site.
pub const FORM_FOREIGN: &str = "form.foreign";
/// The form is larger than any of ours.
pub const FORM_TOO_LARGE: &str = "form.too-large";

/// Pages about people are for these eyes alone: no shared cache and no history of the browser keeps them.
const NOT_KEPT: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

/// Where a no is told.
pub enum Said {
    /// On the page the form stood on.
    Here(Refusal),
    /// On a page of its own.
    Elsewhere(Response),
}

impl Visit {
    /// A page.
    pub fn page(&mut self, page: &impl Template) -> Response {
        self.page_with(StatusCode::OK, page)
    }

    /// A page with another status than 200.
    pub fn page_with(&mut self, status: StatusCode, page: &impl Template) -> Response {
        let answer = match page.render() {
            Ok(html) => (status, NOT_KEPT, Html(html)).into_response(),
            Err(error) => {
                tracing::error!(incident = self.incident(), cause = %error, "a page was not drawn");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        };
        self.finish(answer)
    }

    /// A short answer for a script of ours.
    pub fn json(&mut self, value: &serde_json::Value) -> Response {
        let answer = (NOT_KEPT, axum::Json(value)).into_response();
        self.finish(answer)
    }

    /// A picture of somebody, JPEG.
    pub fn picture(&mut self, jpeg: Vec<u8>) -> Response {
        let answer = (NOT_KEPT, [(header::CONTENT_TYPE, "image/jpeg")], jpeg).into_response();
        self.finish(answer)
    }

    /// A text that is saved as a file of that name. The name is ours: letters, digits, hyphens and full stops.
    pub fn file(&mut self, media: &str, name: &str, text: String) -> Response {
        let headers = [
            (header::CONTENT_TYPE, media.to_owned()),
            (
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"{name}\""),
            ),
        ];
        let answer = (NOT_KEPT, headers, text).into_response();
        self.finish(answer)
    }

    /// What an act said no to, as a page of its own.
    pub fn stop(&mut self, portal: Portal, stop: PlainStop) -> Response {
        match stop {
            PlainStop::Refused(code) => self.refuse(portal, status(code), code),
            PlainStop::Fault(fault) => {
                let number = self.incident();
                tracing::error!(incident = number, cause = %fault.chain(), "an act failed");
                let page = Incident {
                    shell: self.shell(portal),
                    number,
                };
                self.page_with(StatusCode::INTERNAL_SERVER_ERROR, &page)
            }
        }
    }

    /// A refusal as a page of its own.
    pub fn refuse(&mut self, portal: Portal, status: StatusCode, code: &str) -> Response {
        let login = matches!(code, "policy.not-signed-in" | "sign-in.session-ended");
        let back = match (&self.session, code) {
            // Back into the portal that was just refused would be refused again.
            (Some(_), "policy.role-missing") => Portal::Mine.href(),
            _ => portal.href(),
        };
        let page = Refused {
            refusal: refusal_in(self.language, portal, code),
            shell: self.shell(portal),
            back: back.to_owned(),
            login,
        };
        self.page_with(status, &page)
    }

    /// What an act said no to, sorted: what can be put right belongs on the page the form stood on; who may not at all, and a
    /// fault of ours, get a page of their own.
    pub fn said(&mut self, portal: Portal, stop: PlainStop) -> Said {
        match stop {
            PlainStop::Refused(code) if !code.starts_with("policy.") => {
                Said::Here(refusal_in(self.language, portal, code))
            }
            stop => Said::Elsewhere(self.stop(portal, stop)),
        }
    }

    /// There is no such page.
    pub fn not_found(&mut self, portal: Portal) -> Response {
        let page = NotFound {
            shell: self.shell(portal),
        };
        self.page_with(StatusCode::NOT_FOUND, &page)
    }
}

/// A refusal's code and its text.
#[must_use]
pub fn refusal(language: Language, code: &str) -> Refusal {
    Refusal {
        code: code.to_owned(),
        text: language.coded("refusal", code),
    }
}

/// The same where a portal has a text of its own, such as which role it takes.
fn refusal_in(language: Language, portal: Portal, code: &str) -> Refusal {
    let general = format!("refusal-{}", code.replace(['.', '_'], "-"));
    let own = format!("{general}-in-{}", portal.code());
    let key = if language.has(&own) { own } else { general };
    Refusal {
        code: code.to_owned(),
        text: language.say(&key),
    }
}

/// A problem of one field, by the key of its text.
#[must_use]
pub fn problem(language: Language, field: &str, key: &str) -> Problem {
    Problem {
        field: field.to_owned(),
        text: language.say(key),
    }
}

/// The status of a refusal: who may not gets 403, what is not there 404, everything else 422 (RFC 9110 15.5).
pub fn status(code: &str) -> StatusCode {
    let reason = code.rsplit('.').next().unwrap_or_default();
    if code.starts_with("policy.") {
        StatusCode::FORBIDDEN
    } else if reason.ends_with("unknown") {
        StatusCode::NOT_FOUND
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_has_the_status_of_its_kind() {
        assert_eq!(status("policy.own-card"), StatusCode::FORBIDDEN);
        assert_eq!(status("find.card-unknown"), StatusCode::NOT_FOUND);
        assert_eq!(
            status("order.card-exists"),
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }

    /// Every code that an act, policy or a form can say no with.
    fn codes() -> Vec<&'static str> {
        macro_rules! all {
            ($($act:ident $(:: $rest:ident)+)+) => {{
                let mut codes = Vec::new();
                $(codes.extend(flows::$act$(::$rest)+::ALL.iter().map(flows::Refuse::code));)+
                codes
            }};
        }
        let mut codes = all!(
            activate::ActivateRefusal
            api_client::ManageClientsRefusal
            approve_photo::ApprovePhotoRefusal
            deliver::DeliverRefusal
            directory::DirectoryRefusal
            end_engagement::EndEngagementRefusal
            feedback::FeedbackRefusal
            find::FindRefusal
            found::FoundRefusal
            function::certify::CertifyFunctionRefusal
            function::decide::DecideFunctionRefusal
            function::find::FindFunctionRefusal
            function::request::RequestFunctionRefusal
            function::revoke::RevokeFunctionRefusal
            grant_role::GrantRoleRefusal
            hold::HoldRefusal
            import_staff::ImportStaffRefusal
            kiosk::KioskRefusal
            order::OrderRefusal
            photograph::PhotographRefusal
            produce::ProduceRefusal
            release::ReleaseRefusal
            return_card::ReturnCardRefusal
            revoke::RevokeRefusal
            sign_in::SignInRefusal
        );
        codes.extend(
            model::policy::Denied::ALL
                .iter()
                .map(|denied| denied.code()),
        );
        codes.extend(
            model::identity_check::IdentityCheckProblem::ALL
                .iter()
                .map(|problem| problem.code()),
        );
        codes.extend(model::rules::NoProduct::ALL.iter().map(|none| none.code()));
        codes.extend(["check-identity.card-unknown", "check-identity.not-waiting"]);
        codes.extend([FORM_UNREADABLE, FORM_FOREIGN, FORM_TOO_LARGE]);
        codes.extend(crate::api::problem::OWN);
        codes
    }

    #[test]
    fn every_no_has_a_text_in_both_languages() {
        for language in Language::ALL {
            for code in codes() {
                let text = refusal(language, code).text;
                assert!(!text.contains('⟦'), "{text}");
                assert!(text.ends_with('.') && text.len() > 20, "{code}: {text}");
            }
        }
    }

    #[test]
    fn every_fault_of_a_staff_file_has_a_text_in_both_languages() {
        use crate::text::Argument;
        use flows::staff_file::{FileProblem, Wrong};
        let text = |text: &str| Argument::Text(text.to_owned());
        for language in Language::ALL {
            for problem in FileProblem::samples() {
                let arguments: Vec<_> = problem
                    .arguments()
                    .into_iter()
                    .map(|(name, value)| (name, Argument::Text(value)))
                    .collect();
                let said = language.say_with(&format!("staff-file-{}", problem.code()), &arguments);
                assert!(!said.contains('⟦'), "{said}");
            }
            for wrong in Wrong::ALL {
                let mut arguments = vec![
                    ("line", text("7")),
                    ("column", text("email")),
                    ("found", text("x")),
                ];
                arguments.extend(wrong.arguments().iter().map(|name| (*name, text("y"))));
                let said = language.say_with(&format!("staff-row-{}", wrong.code()), &arguments);
                assert!(!said.contains('⟦'), "{said}");
            }
        }
    }

    #[test]
    fn a_portal_says_which_role_it_takes() {
        let order = refusal_in(Language::English, Portal::Order, "policy.role-missing");
        let station = refusal_in(Language::English, Portal::Station, "policy.role-missing");
        assert_ne!(order.text, station.text);
        assert_eq!(order.code, "policy.role-missing");
    }
}
