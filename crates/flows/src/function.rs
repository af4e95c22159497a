//! Functions and their certificates: asked for, approved by somebody else, certified without a new approval, revoked, closed.

pub mod certify;
pub mod decide;
pub mod find;
mod issue;
pub mod renew;
pub mod request;
pub mod revoke;

use model::function::Function;
use model::policy::Facts;
use pki::name::DistinguishedName;

use crate::house::Settings;

pub use issue::{Certified, unfinished};

/// What policy needs to know of a function.
fn facts(function: &Function) -> Facts {
    Facts {
        requested_by: function.requested_by.clone(),
        client: function.client.clone(),
        ..Facts::default()
    }
}

/// A function as the log names it.
fn subject_of(id: &model::id::FunctionId) -> String {
    format!("function:{id}")
}

/// The name in a function's certificates (domain dossier 4.3).
fn distinguished_name(
    settings: &Settings,
    name: &str,
    hsa_id: Option<&str>,
) -> Result<DistinguishedName, pki::name::BadName> {
    let named = DistinguishedName::new()
        .country("SE")?
        .organisation(&settings.organisation)?
        .common_name(name)?;
    match hsa_id {
        Some(hsa_id) => named.serial_number(hsa_id),
        None => Ok(named),
    }
}
