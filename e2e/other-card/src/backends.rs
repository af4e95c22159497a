//! Which part of trussed answers what piv-authenticator asks: codes, long data and wrapped keys have parts of their own, and so has RSA.

use trussed::Platform;
use trussed::backend::{Backend as _, BackendId};
use trussed::serde_extensions::{ExtensionDispatch, ExtensionId, ExtensionImpl};
use trussed::service::ServiceResources;
use trussed::types::Context;
use trussed_auth::AuthExtension;
use trussed_auth_backend::{AuthBackend, AuthContext, FilesystemLayout};
use trussed_chunked::ChunkedExtension;
use trussed_core::Error;
use trussed_core::api::{Reply, Request, reply, request};
use trussed_core::types::Location;
use trussed_hpke::HpkeExtension;
use trussed_rsa_alloc::SoftwareRsa;
use trussed_staging::{StagingBackend, StagingContext};
use trussed_wrap_key_to_file::WrapKeyToFileExtension;

/// The parts beside the core.
#[derive(Debug)]
pub enum Part {
    Rsa,
    Staging,
    Auth,
}

/// In the order they are asked.
pub const BACKENDS: &[BackendId<Part>] = &[
    BackendId::Custom(Part::Rsa),
    BackendId::Custom(Part::Staging),
    BackendId::Custom(Part::Auth),
    BackendId::Core,
];

/// What is asked beyond the core's language, by number.
#[derive(Clone, Copy)]
pub enum Question {
    Auth,
    Chunked,
    WrapKeyToFile,
    Hpke,
}

impl From<Question> for u8 {
    fn from(question: Question) -> Self {
        match question {
            Question::Auth => 0,
            Question::Chunked => 1,
            Question::WrapKeyToFile => 2,
            Question::Hpke => 3,
        }
    }
}

impl TryFrom<u8> for Question {
    type Error = Error;

    fn try_from(number: u8) -> Result<Self, Error> {
        [Self::Auth, Self::Chunked, Self::WrapKeyToFile, Self::Hpke]
            .into_iter()
            .find(|question| u8::from(*question) == number)
            .ok_or(Error::InternalError)
    }
}

pub struct Backends {
    staging: StagingBackend,
    auth: AuthBackend,
}

impl Backends {
    pub fn new() -> Self {
        Self {
            staging: StagingBackend::new(),
            auth: AuthBackend::new(Location::Internal, FilesystemLayout::V0),
        }
    }
}

#[derive(Default)]
pub struct Contexts {
    staging: StagingContext,
    auth: AuthContext,
}

impl ExtensionDispatch for Backends {
    type BackendId = Part;
    type Context = Contexts;
    type ExtensionId = Question;

    fn core_request<P: Platform>(
        &mut self,
        part: &Part,
        context: &mut Context<Contexts>,
        request: &Request,
        resources: &mut ServiceResources<P>,
    ) -> Result<Reply, Error> {
        let (core, own) = (&mut context.core, &mut context.backends);
        match part {
            Part::Rsa => SoftwareRsa.request(core, &mut Default::default(), request, resources),
            Part::Staging => self
                .staging
                .request(core, &mut own.staging, request, resources),
            Part::Auth => self.auth.request(core, &mut own.auth, request, resources),
        }
    }

    fn extension_request<P: Platform>(
        &mut self,
        part: &Part,
        question: &Question,
        context: &mut Context<Contexts>,
        request: &request::SerdeExtension,
        resources: &mut ServiceResources<P>,
    ) -> Result<reply::SerdeExtension, Error> {
        let (core, own) = (&mut context.core, &mut context.backends);
        let staging = &mut self.staging;
        match (part, question) {
            (Part::Auth, Question::Auth) => {
                ExtensionImpl::<AuthExtension>::extension_request_serialized(
                    &mut self.auth,
                    core,
                    &mut own.auth,
                    request,
                    resources,
                )
            }
            (Part::Staging, Question::Chunked) => {
                ExtensionImpl::<ChunkedExtension>::extension_request_serialized(
                    staging,
                    core,
                    &mut own.staging,
                    request,
                    resources,
                )
            }
            (Part::Staging, Question::WrapKeyToFile) => {
                ExtensionImpl::<WrapKeyToFileExtension>::extension_request_serialized(
                    staging,
                    core,
                    &mut own.staging,
                    request,
                    resources,
                )
            }
            (Part::Staging, Question::Hpke) => {
                ExtensionImpl::<HpkeExtension>::extension_request_serialized(
                    staging,
                    core,
                    &mut own.staging,
                    request,
                    resources,
                )
            }
            _ => Err(Error::RequestNotAvailable),
        }
    }
}

impl ExtensionId<AuthExtension> for Backends {
    type Id = Question;
    const ID: Question = Question::Auth;
}

impl ExtensionId<ChunkedExtension> for Backends {
    type Id = Question;
    const ID: Question = Question::Chunked;
}

impl ExtensionId<WrapKeyToFileExtension> for Backends {
    type Id = Question;
    const ID: Question = Question::WrapKeyToFile;
}

impl ExtensionId<HpkeExtension> for Backends {
    type Id = Question;
    const ID: Question = Question::Hpke;
}
