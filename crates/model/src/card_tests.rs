use super::*;
use proptest::prelude::*;

use CardAct::*;
use CardState::*;

/// The table of states, written out: from, act, to. Nothing else is legal.
const TABLE: &[(CardState, CardAct, CardState)] = &[
    (Draft, Submit, Ordered),
    (Draft, Cancel, Cancelled),
    (Ordered, RequestPhoto, AwaitingPhoto),
    (Ordered, Cancel, Cancelled),
    (AwaitingPhoto, ApprovePhoto, ReadyForProduction),
    (AwaitingPhoto, Cancel, Cancelled),
    (ReadyForProduction, SendToProduction, InProduction),
    (ReadyForProduction, Cancel, Cancelled),
    (InProduction, ReportFailed, ProductionFailed),
    (InProduction, ReportProduced, Produced),
    (InProduction, Cancel, Cancelled),
    (ProductionFailed, Cancel, Cancelled),
    (Produced, ReportSent, Sent),
    (Produced, Cancel, Cancelled),
    (Sent, ReportUndelivered, Returned),
    (Sent, Lapse, ExpiredUnactivated),
    (Sent, ChooseCode, PartlyActivated),
    (Sent, Cancel, Cancelled),
    (Returned, Cancel, Cancelled),
    (ExpiredUnactivated, Cancel, Cancelled),
    (PartlyActivated, SignReceipt, Active),
    (PartlyActivated, Revoke, Revoked),
    (Active, Revoke, Revoked),
    (Active, Expire, Expired),
    (Active, Replace, Replaced),
    (Revoked, Deregister, Deregistered),
    (Expired, Deregister, Deregistered),
    (Replaced, Deregister, Deregistered),
];

#[test]
fn exactly_the_table() {
    for &from in CardState::ALL {
        for &act in CardAct::ALL {
            let expected = TABLE
                .iter()
                .find(|row| (row.0, row.1) == (from, act))
                .map(|row| row.2);
            assert_eq!(from.after(act).ok(), expected, "{from:?} {act:?}");
        }
    }
}

#[test]
fn seventeen_states_and_sixteen_acts() {
    assert_eq!((CardState::ALL.len(), CardAct::ALL.len()), (17, 16));
    crate::coded::tests::check_codes(CardState::ALL.iter().map(|state| state.code()));
    crate::coded::tests::check_codes(CardAct::ALL.iter().map(|act| act.code()));
    for &state in CardState::ALL {
        assert_eq!(CardState::parse(state.code()), Ok(state));
    }
}

#[test]
fn every_state_is_reached_and_only_two_are_final() {
    for &state in CardState::ALL {
        let entered = state == Draft || TABLE.iter().any(|row| row.2 == state);
        let left = TABLE.iter().any(|row| row.0 == state);
        assert!(entered, "{state:?} is never entered");
        assert_eq!(state.is_final(), !left, "{state:?}");
    }
}

#[test]
fn an_illegal_act_names_itself() {
    let illegal = Cancelled.after(Revoke).unwrap_err();
    assert_eq!(
        illegal,
        IllegalTransition {
            from: Cancelled,
            act: Revoke
        }
    );
    assert_eq!(
        illegal.to_string(),
        "a card that is cancelled does not allow the act revoke"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn random_acts_never_leave_the_table(acts in prop::collection::vec(prop::sample::select(CardAct::ALL), 0..60)) {
        let mut state = Draft;
        let mut carried_certificates = false;
        for act in acts {
            match state.after(act) {
                Ok(next) => {
                    prop_assert!(TABLE.contains(&(state, act, next)));
                    prop_assert!(!state.is_final());
                    // What once carried certificates is never simply cancelled.
                    carried_certificates |= next.is_live();
                    prop_assert!(next != Cancelled || !carried_certificates);
                    state = next;
                }
                Err(illegal) => prop_assert_eq!(illegal, IllegalTransition { from: state, act }),
            }
        }
    }

    #[test]
    fn any_two_acts_that_both_work_keep_their_order(state in prop::sample::select(CardState::ALL)) {
        // No act leads back: the states have a direction, so a card cannot walk in a circle.
        let mut seen = vec![state];
        let mut frontier = vec![state];
        while let Some(from) = frontier.pop() {
            for row in TABLE.iter().filter(|row| row.0 == from) {
                prop_assert!(row.2 != state, "{:?} comes back to itself", state);
                if !seen.contains(&row.2) {
                    seen.push(row.2);
                    frontier.push(row.2);
                }
            }
        }
    }
}
