//! People, and the registered address that is read only when a card is sent.

use model::Timestamp;
use model::hsa_id::HsaId;
use model::id::PersonId;
use model::identity_number::IdentityNumber;
use model::person::{Email, Mobile, Name, Person, RegisteredAddress, folded};
use model::security_identifier::SecurityIdentifier;

use crate::database::Row;
use crate::{Read, StoreError, Write};

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, identity_number, given_name, family_name, hsa_id, email, mobile, protected, security_identifier FROM person ", $rest)
    };
}

fn person(row: &Row) -> Result<Person, StoreError> {
    Ok(Person {
        id: row.parsed(0, PersonId::parse)?,
        identity_number: row.parsed(1, IdentityNumber::from_digits)?,
        given_name: row.parsed(2, Name::parse)?,
        family_name: row.parsed(3, Name::parse)?,
        hsa_id: row.parsed(4, HsaId::parse)?,
        email: row.parsed_maybe(5, Email::parse)?,
        mobile: row.parsed_maybe(6, Mobile::parse)?,
        protected: row.time_maybe(7)?,
        security_identifier: row.parsed_maybe(8, SecurityIdentifier::parse)?,
    })
}

fn folded_name(person: &Person) -> String {
    folded(&person.full_name())
}

/// Adds a person.
///
/// # Errors
/// `person_identity_number` or `person_hsa_id` is taken, or the database fails.
pub async fn insert(write: &mut Write, person: &Person, now: Timestamp) -> Result<(), StoreError> {
    write
        .execute(
            "INSERT INTO person (id, identity_number, given_name, family_name, folded_name, hsa_id, email, mobile, protected, \
             security_identifier, added_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
            &[
                (&person.id).into(),
                person.identity_number.digits().into(),
                (&person.given_name).into(),
                (&person.family_name).into(),
                folded_name(person).into(),
                (&person.hsa_id).into(),
                person.email.as_ref().into(),
                person.mobile.as_ref().into(),
                person.protected.into(),
                person.security_identifier.as_ref().into(),
                now.into(),
            ],
        )
        .await?;
    Ok(())
}

/// Writes all that is known of a person anew; says whether there is one with that identifier.
///
/// # Errors
/// `person_identity_number` or `person_hsa_id` is taken, or the database fails.
pub async fn update(
    write: &mut Write,
    person: &Person,
    now: Timestamp,
) -> Result<bool, StoreError> {
    write
        .changed(
            "UPDATE person SET identity_number = $2, given_name = $3, family_name = $4, folded_name = $5, hsa_id = $6, \
             email = $7, mobile = $8, protected = $9, security_identifier = $10, changed_at = $11 WHERE id = $1",
            &[
                (&person.id).into(),
                person.identity_number.digits().into(),
                (&person.given_name).into(),
                (&person.family_name).into(),
                folded_name(person).into(),
                (&person.hsa_id).into(),
                person.email.as_ref().into(),
                person.mobile.as_ref().into(),
                person.protected.into(),
                person.security_identifier.as_ref().into(),
                now.into(),
            ],
        )
        .await
}

/// The person with that identifier.
///
/// # Errors
/// When the database fails.
pub async fn by_id(read: &mut Read, id: &PersonId) -> Result<Option<Person>, StoreError> {
    read.row_maybe(select!("WHERE id = $1"), &[id.into()])
        .await?
        .as_ref()
        .map(person)
        .transpose()
}

/// The person with that personal identity number or coordination number.
///
/// # Errors
/// When the database fails.
pub async fn by_identity_number(
    read: &mut Read,
    number: &IdentityNumber,
) -> Result<Option<Person>, StoreError> {
    read.row_maybe(
        select!("WHERE identity_number = $1"),
        &[number.digits().into()],
    )
    .await?
    .as_ref()
    .map(person)
    .transpose()
}

/// The person with that HSA-id.
///
/// # Errors
/// When the database fails.
pub async fn by_hsa_id(read: &mut Read, hsa_id: &HsaId) -> Result<Option<Person>, StoreError> {
    read.row_maybe(select!("WHERE hsa_id = $1"), &[hsa_id.into()])
        .await?
        .as_ref()
        .map(person)
        .transpose()
}

/// People whose full name, folded, has the folded `text` anywhere in it, at most `limit` of them, in the order of their
/// identifiers; sort for people in Rust. An empty text is in every name.
///
/// # Errors
/// When the database fails.
pub async fn search(read: &mut Read, text: &str, limit: i64) -> Result<Vec<Person>, StoreError> {
    let pattern = format!("%{}%", escaped(&folded(text)));
    read.rows(
        select!("WHERE folded_name LIKE $1 ESCAPE '!' ORDER BY id LIMIT $2"),
        &[pattern.into(), limit.into()],
    )
    .await?
    .iter()
    .map(person)
    .collect()
}

/// What LIKE takes for a wildcard stands for itself.
fn escaped(text: &str) -> String {
    text.replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_")
}

/// How many people there are.
///
/// # Errors
/// When the database fails.
pub async fn count(read: &mut Read) -> Result<i64, StoreError> {
    read.row("SELECT COUNT(id) FROM person", &[])
        .await?
        .integer(0)
}

/// Writes the registered address down, or forgets it; says whether that is anything new.
///
/// # Errors
/// [`StoreError::Dangling`] when there is no such person, or the database fails.
pub async fn set_registered_address(
    write: &mut Write,
    person: &PersonId,
    address: Option<&RegisteredAddress>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    match address {
        Some(address) => {
            write
                .changed(
                    "INSERT INTO registered_address (person, street, postal_code, town, told_at) VALUES ($1, $2, $3, $4, $5) \
                     ON CONFLICT (person) DO UPDATE SET street = excluded.street, postal_code = excluded.postal_code, \
                     town = excluded.town, told_at = excluded.told_at \
                     WHERE registered_address.street <> excluded.street \
                     OR registered_address.postal_code <> excluded.postal_code OR registered_address.town <> excluded.town",
                    &[
                        person.into(),
                        (&address.street).into(),
                        address.postal_code.as_str().into(),
                        (&address.town).into(),
                        now.into(),
                    ],
                )
                .await
        }
        None => {
            write
                .changed(
                    "DELETE FROM registered_address WHERE person = $1",
                    &[person.into()],
                )
                .await
        }
    }
}

/// The registered address. Only the act that sends a card reads it.
///
/// # Errors
/// When the database fails.
pub async fn registered_address(
    read: &mut Read,
    person: &PersonId,
) -> Result<Option<RegisteredAddress>, StoreError> {
    let row = read
        .row_maybe(
            "SELECT street, postal_code, town FROM registered_address WHERE person = $1",
            &[person.into()],
        )
        .await?;
    row.as_ref().map(|row| address_at(row, 0)).transpose()
}

/// Whether there is a registered address, without reading it.
///
/// # Errors
/// When the database fails.
pub async fn has_registered_address(
    read: &mut Read,
    person: &PersonId,
) -> Result<bool, StoreError> {
    Ok(read
        .row_maybe(
            "SELECT person FROM registered_address WHERE person = $1",
            &[person.into()],
        )
        .await?
        .is_some())
}

/// Reads an address from three columns, from `first` on.
pub(crate) fn address_at(row: &Row, first: usize) -> Result<RegisteredAddress, StoreError> {
    let (street, postal_code, town) =
        (row.text(first)?, row.text(first + 1)?, row.text(first + 2)?);
    RegisteredAddress::parse(&street, &postal_code, &town).map_err(|_| row.damaged(first))
}
