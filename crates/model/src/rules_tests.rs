use super::*;
use crate::engagement::tests::engagement;

const TODAY: Date = Date::constant(2026, 11, 23);
const FROM: Date = Date::constant(2026, 11, 1);

fn check(
    kind: EngagementKind,
    to: Option<Date>,
    services: &[ItService],
    code: ProductCode,
    why: Reason,
) {
    let chosen = RuleTable::standard()
        .choose(&engagement(kind, FROM, to, services), TODAY)
        .unwrap();
    assert_eq!(
        (chosen.product.code, chosen.why[0]),
        (code, why),
        "{kind:?} {to:?} {services:?}"
    );
}

#[test]
fn each_kind_gets_its_product() {
    let mail = &[ItService::Email];
    let half_year = Some(Date::constant(2027, 4, 30));
    let two_months = Some(Date::constant(2026, 12, 31));
    check(Employee, None, &[], ProductCode::COMPANY, Reason::Employed);
    check(
        Employee,
        half_year,
        mail,
        ProductCode::COMPANY,
        Reason::Employed,
    );
    check(
        Employee,
        two_months,
        mail,
        ProductCode::RESERVE,
        Reason::ShortWithIt,
    );
    check(
        Employee,
        two_months,
        &[],
        ProductCode::KEY_ONLY,
        Reason::ShortWithoutIt,
    );
    check(
        EmployeeShort,
        half_year,
        mail,
        ProductCode::RESERVE,
        Reason::ShortWithIt,
    );
    check(
        EmployeeShort,
        two_months,
        &[],
        ProductCode::KEY_ONLY,
        Reason::ShortWithoutIt,
    );
    check(
        Hourly,
        None,
        &[ItService::DoorAccess],
        ProductCode::KEY_ONLY,
        Reason::ShortWithoutIt,
    );
    check(
        Hourly,
        half_year,
        mail,
        ProductCode::RESERVE,
        Reason::ShortWithIt,
    );
    check(
        Student,
        half_year,
        &[],
        ProductCode::COMPANY_UNTIL,
        Reason::Student,
    );
    check(
        Student,
        two_months,
        mail,
        ProductCode::RESERVE,
        Reason::ShortWithIt,
    );
    check(
        Hired,
        half_year,
        mail,
        ProductCode::COMPANY_UNTIL,
        Reason::Hired,
    );
    check(
        Hired,
        two_months,
        mail,
        ProductCode::RESERVE,
        Reason::ShortWithIt,
    );
    check(
        Contractor,
        None,
        mail,
        ProductCode::COMPANY_UNTIL,
        Reason::Contractor,
    );
}

#[test]
fn exactly_three_months_is_not_short() {
    check(
        Employee,
        Some(Date::constant(2027, 1, 31)),
        &[],
        ProductCode::COMPANY,
        Reason::Employed,
    );
    check(
        Employee,
        Some(Date::constant(2027, 1, 30)),
        &[],
        ProductCode::KEY_ONLY,
        Reason::ShortWithoutIt,
    );
}

#[test]
fn number_and_address_lower_the_level() {
    let one = engagement(Employee, FROM, None, &[ItService::Email]);
    let table = RuleTable::standard();
    let personal = IdentityNumber::parse("196907149923", TODAY).unwrap();
    let coordination = IdentityNumber::parse("198809619904", TODAY).unwrap();
    let code = |number, address| {
        table
            .choose_for(&one, number, address, TODAY)
            .unwrap()
            .product
            .code
    };
    assert_eq!(code(&personal, true), ProductCode::COMPANY);
    assert_eq!(code(&personal, false), ProductCode::RESERVE_TWO);
    assert_eq!(code(&coordination, true), ProductCode::RESERVE_TWO);
    // A door card needs neither.
    let doors = engagement(Hourly, FROM, None, &[]);
    assert_eq!(
        table
            .choose_for(&doors, &coordination, false, TODAY)
            .unwrap()
            .product
            .code,
        ProductCode::KEY_ONLY
    );
}

#[test]
fn credentials_follow_the_services() {
    let check = |services: &[ItService], expected: &[CredentialKind]| {
        let chosen = RuleTable::standard()
            .choose(&engagement(Employee, FROM, None, services), TODAY)
            .unwrap();
        assert_eq!(chosen.credentials, expected, "{services:?}");
        assert_eq!(chosen.why.len(), expected.len() + 1);
    };
    use CredentialKind::{Encryption, Login, Signature};
    check(&[], &[Login]);
    check(&[ItService::Pascal], &[Login, Signature]);
    check(&[ItService::Npo, ItService::Pascal], &[Login, Signature]);
    check(&[ItService::SecureMail], &[Login, Encryption]);
    check(
        &[ItService::SecureMail, ItService::Npo],
        &[Login, Signature, Encryption],
    );
    let doors = RuleTable::standard()
        .choose(&engagement(Hourly, FROM, None, &[]), TODAY)
        .unwrap();
    assert!(doors.credentials.is_empty());
    assert_eq!(doors.why, [Reason::ShortWithoutIt]);
}

#[test]
fn no_card_for_what_has_ended() {
    let over = engagement(Employee, FROM, Some(Date::constant(2026, 11, 22)), &[]);
    assert_eq!(
        RuleTable::standard().choose(&over, TODAY),
        Err(NoProduct::EngagementEnded)
    );
    assert_eq!(
        RuleTable::new(&[]).choose(&engagement(Employee, FROM, None, &[]), TODAY),
        Err(NoProduct::NoRuleFits)
    );
}

#[test]
fn every_engagement_gets_some_product() {
    for &kind in EngagementKind::ALL {
        for to in [
            None,
            Some(TODAY),
            Some(Date::constant(2027, 1, 31)),
            Some(Date::constant(2030, 1, 1)),
        ] {
            for services in [
                &[][..],
                &[ItService::DoorAccess],
                &[ItService::Email],
                ItService::ALL,
            ] {
                let one = engagement(kind, FROM, to, services);
                assert!(RuleTable::standard().choose(&one, TODAY).is_ok(), "{one:?}");
            }
        }
    }
}

#[test]
fn reasons_have_text_keys() {
    crate::coded::tests::check_codes(Reason::ALL.iter().map(|reason| reason.code()));
    for reason in Reason::ALL {
        assert_eq!(reason.text_key(), format!("product.why.{}", reason.code()));
    }
    for rule in RuleTable::standard().rules() {
        assert!(CardProduct::by_code(rule.product).is_some());
    }
}
