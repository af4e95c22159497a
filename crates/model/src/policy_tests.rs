use super::*;
use crate::Timestamp;
use crate::product::ProductCode;
use crate::role::{Authentication, Method};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn id(number: u8) -> PersonId {
    PersonId::new(Timestamp(0), [number; 10])
}

fn person(number: u8, roles: &[Role], loa: Loa) -> Actor {
    Actor::Person {
        person: id(number),
        roles: roles.iter().copied().collect(),
        authentication: Authentication {
            method: Method::Card,
            loa,
        },
    }
}

fn console() -> Actor {
    Actor::Console {
        operator: "root".to_owned(),
    }
}

fn client_id(number: u8) -> ApiClientId {
    ApiClientId::new(Timestamp(0), [number; 10])
}

fn client(number: u8, scopes: &[Scope]) -> Actor {
    Actor::Client {
        client: client_id(number),
        scopes: scopes.iter().copied().collect(),
    }
}

fn about(holder: u8) -> Facts {
    Facts {
        holder: Some(id(holder)),
        ..Facts::default()
    }
}

fn product(code: ProductCode) -> Option<CardProduct> {
    CardProduct::by_code(code)
}

/// Who may do what at all, written out: the act, the roles at level 3, the actors without a role.
const TABLE: &[(Act, &[Role], &[&str])] = {
    use Role::*;
    &[
        (Act::ImportStaff, &[Operator], &["console"]),
        (Act::GrantRole, &[ResponsibleIssuer], &["console"]),
        (Act::Found, &[], &["console"]),
        (Act::ManageAuthorities, &[], &["console", "system"]),
        (
            Act::SearchPeople,
            &[
                Orderer,
                IdentityOfficer,
                ReserveCardOfficer,
                ResponsibleIssuer,
                SecurityOfficer,
            ],
            &[],
        ),
        (Act::Order, &[Orderer], &[]),
        (Act::CancelOrder, &[Orderer, IdentityOfficer], &["system"]),
        (Act::Photograph, &[IdentityOfficer], &["kiosk"]),
        (Act::MakePhotoCode, &[Orderer, IdentityOfficer], &[]),
        (Act::OpenKiosk, &[IdentityOfficer], &[]),
        (Act::ApprovePhoto, &[IdentityOfficer], &[]),
        (Act::Produce, &[IdentityOfficer], &["system"]),
        (Act::ReportProduction, &[], &["producer"]),
        (Act::Deliver, &[IdentityOfficer], &["producer", "system"]),
        (Act::CheckIdentity, &[IdentityOfficer], &[]),
        (Act::Activate, &[IdentityOfficer], &[]),
        (Act::Unlock, &[IdentityOfficer], &[]),
        (
            Act::Revoke,
            &[IdentityOfficer, ResponsibleIssuer, SecurityOfficer],
            &["console", "system"],
        ),
        (
            Act::Hold,
            &[IdentityOfficer, ResponsibleIssuer, SecurityOfficer],
            &["console"],
        ),
        (Act::Release, &[IdentityOfficer, ResponsibleIssuer], &[]),
        (Act::Expire, &[], &["system"]),
        (Act::EndEngagement, &[Orderer], &["console", "system"]),
        (Act::ReturnCard, &[IdentityOfficer], &[]),
        (Act::Deregister, &[IdentityOfficer], &[]),
        (
            Act::ReadAudit,
            &[ResponsibleIssuer, SecurityOfficer, Auditor],
            &["console"],
        ),
        (Act::RequestFunction, &[Operator], &["console", "client"]),
        (
            Act::DecideFunction,
            &[ResponsibleIssuer, SecurityOfficer],
            &[],
        ),
        (
            Act::ReadFunctions,
            &[ResponsibleIssuer, SecurityOfficer, Auditor, Operator],
            &["console", "client"],
        ),
        (
            Act::CertifyFunction,
            &[Operator],
            &["console", "system", "client"],
        ),
        (
            Act::RevokeFunction,
            &[ResponsibleIssuer, SecurityOfficer, Operator],
            &["console", "client"],
        ),
        (Act::ManageClients, &[], &["console"]),
        (Act::ReadDirectory, &[Operator], &["console", "client"]),
        (Act::HandleFeedback, &[WebEditor], &[]),
    ]
};

#[test]
fn the_table_of_roles() {
    let facts = Facts {
        product: product(ProductCode::COMPANY),
        client: Some(client_id(1)),
        ..about(9)
    };
    for &act in Act::ALL {
        if matches!(act, Act::SignIn | Act::GiveFeedback | Act::ReadOwn) {
            continue;
        }
        let &(_, roles, others) = TABLE.iter().find(|row| row.0 == act).unwrap();
        for &role in Role::ALL {
            assert_eq!(
                may(&person(1, &[role], Loa::Three), act, &facts).is_ok(),
                roles.contains(&role),
                "{act:?} {role:?}"
            );
        }
        for other in [
            console(),
            client(1, Scope::ALL),
            Actor::Producer,
            Actor::System,
            Actor::Nobody,
        ] {
            assert_eq!(
                may(&other, act, &facts).is_ok(),
                others.contains(&other.kind()),
                "{act:?} {other:?}"
            );
        }
        assert!(
            may(&person(1, &[], Loa::Three), act, &facts).is_err(),
            "{act:?} without a role"
        );
    }
}

#[test]
fn officers_need_level_three() {
    for &(act, roles, _) in TABLE {
        for &role in roles {
            assert_eq!(
                may(&person(1, &[role], Loa::Two), act, &about(9)),
                Err(Denied::LevelTooLow),
                "{act:?} {role:?}"
            );
        }
    }
}

#[test]
fn anybody_signs_in_and_says_what_helped_and_holders_read_their_own() {
    for actor in [Actor::Nobody, person(1, &[], Loa::Two)] {
        for act in [Act::SignIn, Act::GiveFeedback] {
            assert_eq!(may(&actor, act, &Facts::default()), Ok(()));
        }
    }
    assert_eq!(
        may(&person(1, &[], Loa::Two), Act::ReadOwn, &about(1)),
        Ok(())
    );
    assert_eq!(
        may(&person(1, Role::ALL, Loa::Three), Act::ReadOwn, &about(2)),
        Err(Denied::NotOwn)
    );
    assert_eq!(
        may(&Actor::Nobody, Act::ReadOwn, &about(2)),
        Err(Denied::NotSignedIn)
    );
}

#[test]
fn nobody_is_officer_on_their_own_card() {
    let officer = person(1, Role::ALL, Loa::Three);
    for act in [
        Act::Order,
        Act::Photograph,
        Act::ApprovePhoto,
        Act::CheckIdentity,
        Act::Activate,
        Act::Release,
    ] {
        assert_eq!(
            may(&officer, act, &about(1)),
            Err(Denied::OwnCard),
            "{act:?}"
        );
        assert_eq!(may(&officer, act, &about(2)), Ok(()), "{act:?}");
    }
    assert_eq!(
        may(&officer, Act::GrantRole, &about(1)),
        Err(Denied::OwnRole)
    );
    assert_eq!(may(&officer, Act::GrantRole, &about(2)), Ok(()));
}

#[test]
fn whoever_ordered_neither_identifies_nor_activates() {
    let facts = Facts {
        ordered_by: Some(id(1)),
        ..about(2)
    };
    for act in [Act::CheckIdentity, Act::Activate, Act::Release] {
        assert_eq!(
            may(&person(1, Role::ALL, Loa::Three), act, &facts),
            Err(Denied::OrderedIt),
            "{act:?}"
        );
        assert_eq!(
            may(&person(3, Role::ALL, Loa::Three), act, &facts),
            Ok(()),
            "{act:?}"
        );
    }
}

#[test]
fn a_holder_stops_their_own_card() {
    assert_eq!(
        may(&person(1, &[], Loa::Two), Act::Revoke, &about(1)),
        Ok(())
    );
    assert_eq!(
        may(&person(1, &[], Loa::Two), Act::Revoke, &about(2)),
        Err(Denied::RoleMissing)
    );
    let protected = Facts {
        protected: true,
        ..about(2)
    };
    assert_eq!(
        may(
            &person(1, &[Role::IdentityOfficer], Loa::Three),
            Act::Revoke,
            &protected
        ),
        Ok(())
    );
}

#[test]
fn a_reserve_card_of_level_three_takes_two_officers() {
    let officer = person(1, &[Role::IdentityOfficer], Loa::Three);
    let facts = |checked_by: Option<u8>, code| Facts {
        identity_checked_by: checked_by.map(id),
        product: product(code),
        ..about(2)
    };
    assert_eq!(
        may(
            &officer,
            Act::Activate,
            &facts(Some(1), ProductCode::RESERVE)
        ),
        Err(Denied::SecondOfficerNeeded)
    );
    assert_eq!(
        may(&officer, Act::Activate, &facts(None, ProductCode::RESERVE)),
        Err(Denied::SecondOfficerNeeded)
    );
    assert_eq!(
        may(
            &officer,
            Act::Activate,
            &facts(Some(3), ProductCode::RESERVE)
        ),
        Ok(())
    );
    assert_eq!(
        may(
            &officer,
            Act::Activate,
            &facts(Some(1), ProductCode::RESERVE_TWO)
        ),
        Ok(())
    );
    assert_eq!(
        may(
            &officer,
            Act::Activate,
            &facts(Some(1), ProductCode::COMPANY)
        ),
        Ok(())
    );
}

#[test]
fn a_reserve_card_officer_reaches_level_two_reserve_cards_alone() {
    let officer = person(1, &[Role::ReserveCardOfficer], Loa::Three);
    for act in [
        Act::Order,
        Act::CheckIdentity,
        Act::Activate,
        Act::Revoke,
        Act::ReturnCard,
        Act::Deregister,
    ] {
        for &one in crate::product::PRODUCTS {
            let facts = Facts {
                product: Some(one),
                identity_checked_by: Some(id(3)),
                ..about(2)
            };
            let expected = if one.code == ProductCode::RESERVE_TWO {
                Ok(())
            } else {
                Err(Denied::RoleMissing)
            };
            assert_eq!(may(&officer, act, &facts), expected, "{act:?} {}", one.code);
        }
        assert_eq!(
            may(&officer, act, &about(2)),
            Err(Denied::RoleMissing),
            "{act:?} of an unknown product"
        );
    }
}

#[test]
fn protected_identities_need_the_addition() {
    let facts = Facts {
        protected: true,
        ..about(2)
    };
    let without = person(1, &[Role::IdentityOfficer, Role::Orderer], Loa::Three);
    let with = person(
        1,
        &[
            Role::IdentityOfficer,
            Role::Orderer,
            Role::ProtectedIdentityOfficer,
        ],
        Loa::Three,
    );
    for act in [
        Act::SearchPeople,
        Act::Order,
        Act::CancelOrder,
        Act::Photograph,
        Act::ApprovePhoto,
        Act::Deliver,
        Act::CheckIdentity,
        Act::Activate,
        Act::EndEngagement,
        Act::ReturnCard,
        Act::Deregister,
    ] {
        assert_eq!(
            may(&without, act, &facts),
            Err(Denied::ProtectedIdentity),
            "{act:?}"
        );
        assert_eq!(may(&with, act, &facts), Ok(()), "{act:?}");
    }
}

#[test]
fn whoever_asked_for_a_function_does_not_decide_on_it() {
    let facts = Facts {
        requested_by: Some(id(1)),
        ..Facts::default()
    };
    let (asked, another) = (
        person(1, Role::ALL, Loa::Three),
        person(2, &[Role::SecurityOfficer], Loa::Three),
    );
    assert_eq!(
        may(&asked, Act::DecideFunction, &facts),
        Err(Denied::RequestedIt)
    );
    assert_eq!(may(&another, Act::DecideFunction, &facts), Ok(()));
    assert_eq!(
        may(&console(), Act::DecideFunction, &facts),
        Err(Denied::NotForActor)
    );
    assert_eq!(
        may(&client(1, Scope::ALL), Act::DecideFunction, &facts),
        Err(Denied::NotForActor)
    );
}

#[test]
fn a_program_touches_what_is_in_its_hands_and_scopes() {
    let facts = |number: Option<u8>| Facts {
        client: number.map(client_id),
        ..Facts::default()
    };
    for act in [
        Act::ReadFunctions,
        Act::CertifyFunction,
        Act::RevokeFunction,
    ] {
        let mine = client(1, &[Scope::Functions]);
        assert_eq!(may(&mine, act, &facts(Some(1))), Ok(()), "{act:?}");
        for other in [Some(2), None] {
            assert_eq!(
                may(&mine, act, &facts(other)),
                Err(Denied::NotInHand),
                "{act:?}"
            );
        }
        assert_eq!(
            may(&client(1, &[Scope::Directory]), act, &facts(Some(1))),
            Err(Denied::ScopeMissing),
            "{act:?}"
        );
        // An operator has them all in hand.
        assert_eq!(
            may(
                &person(1, &[Role::Operator], Loa::Three),
                Act::ReadFunctions,
                &facts(None)
            ),
            Ok(())
        );
    }
    assert_eq!(
        may(
            &client(1, &[Scope::Functions]),
            Act::ReadDirectory,
            &facts(None)
        ),
        Err(Denied::ScopeMissing)
    );
    assert_eq!(
        may(&client(1, Scope::ALL), Act::Revoke, &facts(None)),
        Err(Denied::NotForActor)
    );
}

#[test]
fn the_addition_alone_allows_nothing() {
    let only = person(1, &[Role::ProtectedIdentityOfficer], Loa::Three);
    for &act in Act::ALL {
        if !matches!(act, Act::SignIn | Act::GiveFeedback) {
            assert!(may(&only, act, &about(2)).is_err(), "{act:?}");
        }
    }
}

#[test]
fn an_auditor_sees_who_did_two_things() {
    let facts = Facts {
        photographed_by: Some(id(1)),
        ..about(2)
    };
    let officer = person(1, &[Role::IdentityOfficer], Loa::Three);
    assert_eq!(
        remark(&officer, Act::Activate, &facts),
        Some(Remark::PhotographerActivated)
    );
    assert_eq!(
        remark(&officer, Act::ApprovePhoto, &facts),
        Some(Remark::PhotographerApproved)
    );
    assert_eq!(remark(&officer, Act::Order, &facts), None);
    assert_eq!(
        remark(&person(3, &[], Loa::Three), Act::Activate, &facts),
        None
    );
    assert_eq!(
        remark(&Actor::System, Act::Activate, &Facts::default()),
        None
    );
}

#[test]
fn codes_are_unique() {
    crate::coded::tests::check_codes(Act::ALL.iter().map(|act| act.code()));
    crate::coded::tests::check_codes(Remark::ALL.iter().map(|remark| remark.code()));
    let codes: BTreeSet<_> = Denied::ALL.iter().map(|denied| denied.code()).collect();
    assert_eq!(codes.len(), Denied::ALL.len());
    assert!(codes.iter().all(|code| code.starts_with("policy.")));
}

fn any_person() -> impl Strategy<Value = Actor> {
    (
        0u8..4,
        prop::sample::subsequence(Role::ALL, 0..=Role::ALL.len()),
        prop::sample::select(Loa::ALL),
    )
        .prop_map(|(number, roles, loa)| person(number, &roles, loa))
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let somebody = || prop::option::of((0u8..4).prop_map(id));
    (
        somebody(),
        somebody(),
        somebody(),
        somebody(),
        any::<bool>(),
        prop::option::of(prop::sample::select(crate::product::PRODUCTS)),
    )
        .prop_map(
            |(holder, ordered_by, photographed_by, identity_checked_by, protected, product)| {
                Facts {
                    holder,
                    ordered_by,
                    photographed_by,
                    identity_checked_by,
                    protected,
                    product,
                    ..Facts::default()
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    /// K3.4: whatever roles one person collects, order and activation of a card in another's name take two people.
    #[test]
    fn one_person_alone_never_gets_a_card_in_anothers_name(actor in any_person(), facts in any_facts()) {
        let alone = Facts { ordered_by: actor.person().cloned(), ..facts };
        prop_assert!(may(&actor, Act::Activate, &alone).is_err());
        prop_assert!(may(&actor, Act::CheckIdentity, &alone).is_err());
    }

    #[test]
    fn more_roles_never_take_anything_away(
        actor in any_person(), extra in prop::sample::select(Role::ALL), facts in any_facts(), act in prop::sample::select(Act::ALL),
    ) {
        if may(&actor, act, &facts).is_ok() {
            let Actor::Person { person, mut roles, authentication } = actor else { return Ok(()) };
            roles.insert(extra);
            prop_assert_eq!(may(&Actor::Person { person, roles, authentication }, act, &facts), Ok(()));
        }
    }
}
