//! Commands and answers byte by byte: what other people's programs send, and what they rely on.

use crate::fixture::{card, say};

/// One line a step: what is sent, what must come back (a trailing `*` leaves the rest open).
fn tell(story: &str) {
    let mut card = card();
    for line in story.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (sent, wanted) = line.split_once("->").unwrap();
        let answer = say(&mut card, sent);
        let wanted = wanted.replace(' ', "");
        match wanted.strip_suffix('*') {
            Some(start) => assert!(answer.starts_with(start), "{line}\ngot {answer}"),
            None => assert_eq!(answer, wanted, "{line}"),
        }
    }
}

#[test]
fn selecting_by_whole_and_short_names() {
    tell("
        00a40400 0b a000000308000010000100 00 -> 61 30 4f 06 000010000100 79 07 4f 05 a000000308 50 03 504956 ac 18*
        00a40400 09 a00000030800001000 00 -> 61*
        00a40400 05 a000000308 00 -> 61*
        00a40400 05 a000000308 -> 61*
    ");
}

#[test]
fn foreign_names_change_nothing() {
    tell(
        "
        00200080 08 343731313038ffff -> 9000
        00a40400 08 a000000527471117 00 -> 6a82
        00a40400 07 a0000001510000 00 -> 6a82
        00a4040c 02 3f00 -> 6a86
        00a40000 02 3f00 -> 6a86
        00200080 -> 9000
        00a40400 05 a000000308 00 -> 61*
        00200080 -> 9000
    ",
    );
}

#[test]
fn what_the_card_does_not_know() {
    tell(
        "
        00ca7f68 00 -> 6d00
        00cadf30 00 -> 6d00
        00b00000 00 -> 6d00
        80cb3fff 05 5c035fc102 00 -> 6e00
        01a40400 05 a000000308 00 -> 6881
        0ccb3fff 05 5c035fc102 00 -> 6882
        00cb 3fff 05 5c035f -> 6700
        00 -> 6700
        00200081 -> 6a88
        00200000 -> 6a88
        00c00000 00 -> 6985
    ",
    );
}

#[test]
fn discovery_key_history_and_ccc() {
    tell("
        00cb3fff 03 5c017e 00 -> 7e 12 4f 0b a000000308000010000100 5f2f 02 4000 9000
        00cb3fff 05 5c035fc10c 00 -> 53 08 c10100 c20100 fe00 9000
        00cb3fff 05 5c035fc107 00 -> 53 33 f0 15 a000000116 ff 02 9752200100000000011fffffffff f10121 f20121 f300 f40100 f50110 f600 f700 fa00 fb00 fc00 fd00 fe00 9000
        00cb3fff 05 5c035fc105 00 -> 6a82
        00cb3fff 05 5c035fc109 00 -> 6982
        00cb3fff 05 5c035fc103 00 -> 6982
        00cb3fff 05 5c035fc199 00 -> 6a82
        00cb3fff 04 5c027f61 00 -> 6a82
        00cb0000 05 5c035fc102 00 -> 6a86
        00cb3fff 02 5c00 00 -> 6a80
        00cb3fff -> 6a80
    ");
}

#[test]
fn chuid_with_guid_and_expiry() {
    tell(
        "
        00cb3fff 05 5c035fc102 00 -> 53 3b 30 19 d4e739da739ced39ce739d83*
        00cb3fff 05 5c035fc102 3d -> 53 3b 30 19*
    ",
    );
    let mut card = card();
    let answer = say(&mut card, "00cb3fff055c035fc10200");
    assert!(
        answer.contains(
            "341010203040506047809 0a0b0c0d0e0f001"
                .replace(' ', "")
                .as_str()
        )
    );
    assert!(
        answer.contains(
            "3508323033313131 32333e00fe009000"
                .replace(' ', "")
                .as_str()
        )
    );
}

#[test]
fn a_wrong_pin_counts_down_and_blocks() {
    tell(
        "
        00200080 -> 63c3
        00200080 08 303030303030ffff -> 63c2
        00200080 -> 63c2
        00200080 08 343731313038ffff -> 9000
        00200080 -> 9000
        00200080 08 303030303030ffff -> 63c2
        00200080 -> 63c2
        00200080 08 303030303030ffff -> 63c1
        00200080 08 303030303030ffff -> 63c0
        00200080 08 343731313038ffff -> 6983
        00200080 -> 6983
        002c0080 10 3030303030303030 353535353535ffff -> 63c9
        002c0080 10 3930383137323633 353535353535ffff -> 9000
        00200080 -> 63c3
        00200080 08 353535353535ffff -> 9000
    ",
    );
}

#[test]
fn codes_of_the_wrong_form_cost_no_try() {
    tell(
        "
        00200080 08 3437313130ffffff -> 6a80
        00200080 08 34373131303aff38 -> 6a80
        00200080 08 343731313038ff38 -> 6a80
        00200080 06 343731313038 -> 6a80
        00240080 10 343731313038ffff 3132333435ffffff -> 6a80
        00240080 08 343731313038ffff -> 6a80
        002c0080 10 3930383137323633 3132333435ffffff -> 6a80
        00200080 -> 63c3
        00200080 08 343731313038ffff -> 9000
        0020ff80 -> 9000
        00200080 -> 63c3
        0020ff80 08 343731313038ffff -> 6a86
    ",
    );
}

#[test]
fn nothing_is_written_without_the_management_key() {
    tell(
        "
        00200080 08 343731313038ffff -> 9000
        00db3fff 0a 5c035fc105 53 03 70 01 00 -> 6982
        0047009a 05 ac03800111 00 -> 6982
        00fe119a 02 0600 -> 6982
        00ffffff 03 0c9b00 -> 6982
        00fa0303 -> 6d00
        00fb0000 -> 6d00
    ",
    );
}

#[test]
fn key_references_that_are_empty_or_none() {
    tell(
        "
        0087119a 06 7c04 8200 8100 00 -> 6a88
        008711f9 06 7c04 8200 8100 00 -> 6a86
        00871199 06 7c04 8200 8100 00 -> 6a86
        0087119a 02 8200 00 -> 6a80
        0087039b 04 7c02 8100 00 -> 6a86
        00870c9b 04 7c02 8100 00 -> 7c12 8110*
        00f99a00 00 -> 6a88
        00f7009a 00 -> 6a88
        00f70080 00 -> 0101ff 050100 06020303 9000
        00f70081 00 -> 0101ff 050100 06020a0a 9000
        00f7009b 00 -> 01010c 02020001 050100 9000
        00fd0000 00 -> 050403 9000
        00f80000 00 -> 0047e259 9000
    ",
    );
}

#[test]
fn chains_are_kept_together() {
    tell(
        "
        10cb3fff 02 5c03 -> 9000
        00cb3fff 03 5fc10c 00 -> 53 08 c10100 c20100 fe00 9000
        10cb3fff 02 5c03 -> 9000
        00fd0000 00 -> 6883
        00fd0000 00 -> 050403 9000
        10cb3fff 02 5c03 -> 9000
        10db3fff 03 5fc10c -> 6883
        00cb3fff 03 5fc10c 00 -> 6a80
    ",
    );
}

#[test]
fn long_answers_come_in_parts_or_whole() {
    let mut card = card();
    let whole = say(&mut card, "00cb3fff 000005 5c035fff01 0000");
    assert!(whole.ends_with("9000"));
    assert!(whole.len() > 2 * 258);
    let mut parts = say(&mut card, "00cb3fff 05 5c035fff01 00");
    while let Some(start) = parts.get(..parts.len() - 4).map(str::to_owned)
        && parts[parts.len() - 4..].starts_with("61")
    {
        parts = start + &say(&mut card, "00c00000 00");
    }
    assert_eq!(parts, whole);
    // Any other command throws the rest away.
    assert!(say(&mut card, "00cb3fff 05 5c035fff01 10")[32..].starts_with("61"));
    assert_eq!(say(&mut card, "00fd0000 00"), "0504039000");
    assert_eq!(say(&mut card, "00c00000 00"), "6985");
}

#[test]
fn a_chain_without_end_is_cut_off() {
    let mut card = card();
    let link = format!("10db3fff ff {}", "00".repeat(255));
    let refused = (0..100)
        .map(|_| say(&mut card, &link))
        .position(|answer| answer == "6a84");
    assert_eq!(refused, Some(64));
}
