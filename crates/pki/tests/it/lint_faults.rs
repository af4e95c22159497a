//! One fault a row, each with the rule that finds it. A certificate with any of these is never signed.

use pki::key::{KeyKind, SoftwareKey};
use pki::lint::lint;
use pki::profile::{Issuer, tbs};

use crate::der::{Body, Node};
use crate::house::{House, Order};

const AKI: &str = "2.5.29.35";
const SKI: &str = "2.5.29.14";
const KEY_USAGE: &str = "2.5.29.15";
const SAN: &str = "2.5.29.17";
const BASIC: &str = "2.5.29.19";
const CRL_POINTS: &str = "2.5.29.31";
const POLICIES: &str = "2.5.29.32";
const EKU: &str = "2.5.29.37";
const ACCESS: &str = "1.3.6.1.5.5.7.1.1";
const NO_CHECK: &str = "1.3.6.1.5.5.7.48.1.5";
const SID: &str = "1.3.6.1.4.1.311.25.2";
const CARD_NUMBER: &str = "1.3.6.1.4.1.59999.1.3.1";
const LOA_3: &str = "1.3.6.1.4.1.59999.1.1.3";
const HSA_ID: &str = "1.3.6.1.4.1.59999.1.2.1";

/// What is wrong, with which certificate, how it is made wrong, and the clause that must be named.
type Fault = (&'static str, fn() -> Order, fn(&mut Body), &'static str);

fn sequence(parts: Vec<Node>) -> Node {
    Node::of(0x30, parts)
}

fn bits(unused: u8, octets: &[u8]) -> Node {
    let mut content = vec![unused];
    content.extend_from_slice(octets);
    Node::new(3, &content)
}

fn purposes(list: &[&str]) -> Node {
    sequence(list.iter().map(|oid| Node::oid(oid)).collect())
}

fn policies(list: &[&str]) -> Node {
    sequence(
        list.iter()
            .map(|oid| sequence(vec![Node::oid(oid)]))
            .collect(),
    )
}

fn principal(text: &str) -> Node {
    let value = Node::of(0xa0, vec![Node::new(0x0c, text.as_bytes())]);
    Node::of(0xa0, vec![Node::oid("1.3.6.1.4.1.311.20.2.3"), value])
}

fn email(text: &str) -> Node {
    Node::new(0x81, text.as_bytes())
}

fn point(tag: u8, address: &[u8]) -> Node {
    let name = Node::of(0xa0, vec![Node::new(tag, address)]);
    sequence(vec![sequence(vec![Node::of(0xa0, vec![name])])])
}

fn access(method: &str, address: &str) -> Node {
    sequence(vec![sequence(vec![
        Node::oid(method),
        Node::new(0x86, address.as_bytes()),
    ])])
}

const PROFILE: &str = "profile";

#[rustfmt::skip]
const FAULTS: &[Fault] = &[
    // Fields
    ("not a certificate at all", Order::login, |body| body.0.tag = 0x31, "RFC 5280 4.1"),
    ("version 2", Order::login, |body| body.0.at(&[0, 0]).content = vec![1], "RFC 5280 4.1.2.1"),
    ("serial number of one octet", Order::login, |body| body.0.at(&[Body::SERIAL]).content = vec![7], "RFC 5280 4.1.2.2"),
    ("negative serial number", Order::login, |body| body.0.at(&[Body::SERIAL]).content[0] |= 0x80, "RFC 5280 4.1.2.2"),
    ("serial number of 21 octets", Order::login, |body| body.0.at(&[Body::SERIAL]).content = vec![0x41; 21], "RFC 5280 4.1.2.2"),
    ("the algorithm of another key", Order::login, |body| body.0.at(&[Body::ALGORITHM, 0]).content[7] = 3, "RFC 5280 4.1.2.3"),
    ("parameters beside an ECDSA algorithm", Order::login, |body| body.0.at(&[Body::ALGORITHM]).parts.push(Node::new(5, &[])), "RFC 5280 4.1.2.3"),
    ("another issuer", Order::login, |body| body.0.at(&[Body::ISSUER, 2, 0, 1]).content = b"Somebody".to_vec(), "RFC 5280 4.1.2.4"),
    ("the issuer's own name as subject", Order::responder, |body| { let issuer = body.0.at(&[Body::ISSUER]).clone(); *body.0.at(&[Body::SUBJECT]) = issuer; }, "RFC 5280 3.2"),
    ("ends before it begins", Order::login, |body| body.0.at(&[Body::VALIDITY]).parts.swap(0, 1), "RFC 5280 4.1.2.5"),
    ("begins before its issuer", Order::login, |body| body.0.at(&[Body::VALIDITY, 0]).content = b"251101000000Z".to_vec(), "RFC 5280 6.1"),
    ("outlives its issuer", Order::login, |body| *body.0.at(&[Body::VALIDITY, 1]) = Node::new(0x18, b"20600101000000Z"), "RFC 5280 6.1"),
    ("a GeneralizedTime before 2050", Order::login, |body| *body.0.at(&[Body::VALIDITY, 1]) = Node::new(0x18, b"20310101000000Z"), "X.690 10"),
    ("valid for longer than the profile allows", Order::server, |body| body.0.at(&[Body::VALIDITY, 1]).content = b"320101000000Z".to_vec(), PROFILE),
    ("a key with a point off its curve", Order::login, |body| body.0.at(&[Body::KEY, 1]).content[9] ^= 1, "RFC 5280 4.1.2.7"),
    ("a unique identifier", Order::login, |body| body.0.parts.insert(7, Node::new(0x81, &[0, 1])), "RFC 5280 4.1.2.8"),
    ("no extensions", Order::login, |body| { body.0.parts.pop(); }, "RFC 5280 4.2"),
    // Names
    ("a subject without a country", Order::login, |body| { body.0.at(&[Body::SUBJECT]).parts.remove(0); }, PROFILE),
    ("a person without a serialNumber", Order::login, |body| { body.0.at(&[Body::SUBJECT]).parts.pop(); }, PROFILE),
    ("a common name twice", Order::login, |body| { let name = body.0.at(&[Body::SUBJECT, 2]).clone(); body.0.at(&[Body::SUBJECT]).parts.push(name); }, "RFC 5280 4.1.2.6"),
    ("an attribute that is not ours", Order::login, |body| *body.0.at(&[Body::SUBJECT, 3, 0, 0]) = Node::oid("2.5.4.9"), PROFILE),
    ("a country of three letters", Order::login, |body| body.0.at(&[Body::SUBJECT, 0, 0, 1]).content = b"SWE".to_vec(), "RFC 5280 A.1"),
    ("a country in another string type", Order::login, |body| body.0.at(&[Body::SUBJECT, 0, 0, 1]).tag = 0x0c, "RFC 5280 4.1.2.4"),
    ("a name of 65 letters", Order::login, |body| body.0.at(&[Body::SUBJECT, 2, 0, 1]).content = vec![b'a'; 65], "RFC 5280 A.1"),
    ("a name with a space at its end", Order::login, |body| body.0.at(&[Body::SUBJECT, 2, 0, 1]).content.push(b' '), "RFC 5280 4.1.2.4"),
    ("an empty name", Order::login, |body| body.0.at(&[Body::SUBJECT, 2, 0, 1]).content.clear(), "RFC 5280 A.1"),
    // Extensions: which stand, how they are marked
    ("an extension twice", Order::login, |body| { let usage = body.extension(KEY_USAGE).clone(); body.extensions().push(usage); }, "RFC 5280 4.2"),
    ("an extension that nobody knows", Order::login, |body| body.add("1.2.3.4", false, &Node::new(5, &[])), PROFILE),
    ("a key usage that is not critical", Order::login, |body| { body.extension(KEY_USAGE).parts.remove(1); }, "RFC 5280 4.2.1.3"),
    ("a critical subject key identifier", Order::login, |body| body.make_critical(SKI), "RFC 5280 4.2.1.2"),
    ("a critical authority key identifier", Order::login, |body| body.make_critical(AKI), "RFC 5280 4.2.1.1"),
    ("a critical authority information access", Order::login, |body| body.make_critical(ACCESS), "RFC 5280 4.2.2.1"),
    ("no authority key identifier", Order::login, |body| body.remove(AKI), "RFC 5280 4.2.1.1"),
    ("no subject key identifier", Order::login, |body| body.remove(SKI), "RFC 5280 4.2.1.2"),
    ("no key usage", Order::login, |body| body.remove(KEY_USAGE), "RFC 5280 4.2.1.3"),
    ("no policies", Order::login, |body| body.remove(POLICIES), "RFC 5280 4.2.1.4"),
    ("no place to look for revocations", Order::login, |body| body.remove(CRL_POINTS), "RFC 5280 4.2.1.13"),
    ("no extended key usage", Order::login, |body| body.remove(EKU), "RFC 5280 4.2.1.12"),
    ("an encryption certificate without names", Order::encryption, |body| body.remove(SAN), "RFC 5280 4.2.1.6"),
    ("an authority without basic constraints", Order::issuing, |body| body.remove(BASIC), "RFC 5280 4.2.1.9"),
    // Extensions: what they say
    ("another authority's key identifier", Order::login, |body| body.extension(AKI).parts[1].content[6] ^= 1, "RFC 5280 4.2.1.1"),
    ("an authority key identifier with a serial number", Order::login, |body| body.set(AKI, &sequence(vec![Node::new(0x80, &[1; 20]), Node::of(0xa1, vec![Node::new(0x82, b"a.se")]), Node::new(0x82, &[7])])), "RFC 5280 4.2.1.1"),
    ("another key's identifier", Order::login, |body| body.extension(SKI).parts[1].content[6] ^= 1, "RFC 5280 4.2.1.2"),
    ("a key usage of nothing", Order::login, |body| body.set(KEY_USAGE, &bits(0, &[])), "RFC 5280 4.2.1.3"),
    ("a key usage with zeros at its end", Order::login, |body| body.set(KEY_USAGE, &bits(0, &[0x80])), "RFC 5280 4.2.1.3"),
    ("encipherOnly", Order::encryption, |body| body.set(KEY_USAGE, &bits(0, &[0x09])), "RFC 5280 4.2.1.3"),
    ("an elliptic key that enciphers", Order::login, |body| body.set(KEY_USAGE, &bits(5, &[0xa0])), "RFC 8813 3"),
    ("a person who signs certificates", Order::login, |body| body.set(KEY_USAGE, &bits(2, &[0x84])), "RFC 5280 4.2.1.9"),
    ("a person who signs revocation lists", Order::login, |body| body.set(KEY_USAGE, &bits(1, &[0x82])), "RFC 5280 4.2.1.3"),
    ("an authority that logs in", Order::issuing, |body| body.set(KEY_USAGE, &bits(1, &[0x86])), "RFC 5280 4.2.1.3"),
    ("a login key that signs for its holder", Order::login, |body| body.set(KEY_USAGE, &bits(6, &[0xc0])), "ETSI EN 319 412-2 4.3.2"),
    ("a login without digitalSignature", Order::login, |body| body.set(KEY_USAGE, &bits(3, &[0x08])), "RFC 5280 4.2.1.12"),
    ("a person who is an authority", Order::login, |body| body.add(BASIC, true, &sequence(vec![Node::new(1, &[0xff])])), "RFC 5280 4.2.1.9"),
    ("an authority that is none", Order::issuing, |body| body.set(BASIC, &sequence(Vec::new())), "RFC 5280 4.2.1.9"),
    ("an issuing authority with others below it", Order::issuing, |body| body.set(BASIC, &sequence(vec![Node::new(1, &[0xff]), Node::new(2, &[1])])), "RFC 5280 4.2.1.9"),
    ("any purpose", Order::login, |body| body.set(EKU, &purposes(&["2.5.29.37.0"])), "RFC 5280 4.2.1.12"),
    ("a purpose twice", Order::login, |body| body.set(EKU, &purposes(&["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.2"])), "RFC 5280 4.2.1.12"),
    ("one purpose too many", Order::login, |body| body.set(EKU, &purposes(&["1.3.6.1.5.5.7.3.2", "1.3.6.1.4.1.311.20.2.2", "1.3.6.1.5.2.3.4", "1.3.6.1.5.5.7.3.3"])), PROFILE),
    ("no purpose in an extended key usage", Order::login, |body| body.set(EKU, &purposes(&[])), "RFC 5280 4.2.1.12"),
    ("a responder that is a server too", Order::responder, |body| body.set(EKU, &purposes(&["1.3.6.1.5.5.7.3.9", "1.3.6.1.5.5.7.3.1"])), "RFC 6960 4.2.2.2"),
    ("a responder that is to be checked", Order::responder, |body| body.remove(NO_CHECK), "RFC 6960 4.2.2.2.1"),
    ("a person who is not to be checked", Order::login, |body| body.add(NO_CHECK, false, &Node::new(5, &[])), "RFC 6960 4.2.2.2.1"),
    ("no level of assurance", Order::login, |body| body.set(POLICIES, &policies(&[HSA_ID])), PROFILE),
    ("a level under somebody else's arc", Order::login, |body| body.set(POLICIES, &policies(&["1.2.752.74.8.3", HSA_ID])), PROFILE),
    ("a policy twice", Order::login, |body| body.set(POLICIES, &policies(&[LOA_3, HSA_ID, HSA_ID])), "RFC 5280 4.2.1.4"),
    ("a policy with a qualifier", Order::login, |body| body.set(POLICIES, &sequence(vec![sequence(vec![Node::oid(LOA_3), sequence(vec![sequence(vec![Node::oid("1.3.6.1.5.5.7.2.1"), Node::new(0x16, b"http://a.se")])])])])), "RFC 5280 4.2.1.4"),
    ("an issuing authority under one policy alone", Order::issuing, |body| body.set(POLICIES, &policies(&[LOA_3])), PROFILE),
    ("a login for Windows that names no account", Order::login, |body| { body.remove(SID); body.set(SAN, &sequence(vec![email("a@example.se")])); }, "MS-PKCA 3.1.5.2.1"),
    ("a login for Windows alone", Order::login, |body| body.set(EKU, &purposes(&["1.3.6.1.4.1.311.20.2.2"])), "MS-PKCA 3.1.5.2.1"),
    ("a principal without a domain", Order::login, |body| body.set(SAN, &sequence(vec![principal("asa")])), "MS-ADTS 5.1.1.1.1"),
    ("two principals", Order::login, |body| body.set(SAN, &sequence(vec![principal("a@b.se"), principal("c@d.se")])), PROFILE),
    ("an e-mail address without a host", Order::encryption, |body| body.set(SAN, &sequence(vec![email("asa@")])), "RFC 5280 4.2.1.6"),
    ("an e-mail certificate without an address", Order::encryption, |body| body.set(SAN, &sequence(vec![principal("a@b.se")])), "RFC 8550 3"),
    ("an address among the names", Order::login, |body| body.set(SAN, &sequence(vec![principal("a@b.se"), Node::new(0x87, &[192, 0, 2, 1])])), "RFC 5280 4.2.1.6"),
    ("a person who is a host", Order::login, |body| body.set(SAN, &sequence(vec![principal("a@b.se"), Node::new(0x82, b"a.example.se")])), PROFILE),
    ("no names in the alternative names", Order::login, |body| body.set(SAN, &sequence(Vec::new())), "RFC 5280 4.2.1.6"),
    ("a server without a host name", Order::server, |body| body.remove(SAN), "RFC 9525 4.1"),
    ("a server of every host", Order::server, |body| body.set(SAN, &sequence(vec![Node::new(0x82, b"*.example.se")])), "RFC 5280 4.2.1.6"),
    ("a server known by its address", Order::server, |body| body.set(SAN, &sequence(vec![Node::new(0x82, b"192.0.2.1")])), "RFC 5280 4.2.1.6"),
    ("a list over TLS", Order::login, |body| body.set(CRL_POINTS, &point(0x86, b"https://pki.example.se/a.crl")), "RFC 5280 4.2.1.13"),
    ("a list in a directory", Order::login, |body| body.set(CRL_POINTS, &point(0x86, b"ldap://a.se/cn=a")), "RFC 5280 4.2.1.13"),
    ("an access method that is not ours", Order::login, |body| body.set(ACCESS, &access("1.3.6.1.5.5.7.48.5", "http://a.se/b")), "RFC 5280 4.2.2.1"),
    ("an issuer's certificate over TLS", Order::login, |body| body.set(ACCESS, &access("1.3.6.1.5.5.7.48.2", "https://a.se/b")), "RFC 5280 4.2.2.1"),
    ("a security identifier that is none", Order::login, |body| { let value = Node::of(0xa0, vec![Node::new(4, b"S-1-x")]); body.set(SID, &sequence(vec![Node::of(0xa0, vec![Node::oid("1.3.6.1.4.1.311.25.2.1"), value])])); }, "MS-DTYP 2.4.2.1"),
    ("a security identifier in no sequence", Order::login, |body| body.set(SID, &Node::new(4, b"S-1-5-21-1-2-3-4")), "MS-WCCE 2.2.2.7.7.4"),
    ("a card number with letters", Order::login, |body| body.set(CARD_NUMBER, &Node::new(0x13, b"97A2")), PROFILE),
    ("a card number of twenty digits", Order::login, |body| body.set(CARD_NUMBER, &Node::new(0x13, b"97520001000000000170")), "ISO/IEC 7812-1"),
    ("a responder with a card number", Order::responder, |body| body.add(CARD_NUMBER, false, &Node::new(0x13, b"97")), PROFILE),
    ("a responder that names a responder", Order::responder, |body| body.set(ACCESS, &access("1.3.6.1.5.5.7.48.1", "http://a.se/ocsp")), "RFC 5280 4.2.2.1"),
];

#[test]
fn every_fault_is_found_by_its_rule() {
    let house = House::new(KeyKind::P256);
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let mut problems = Vec::new();
    for (what, order, spoil, clause) in FAULTS {
        let order = order();
        let issuer = if order.profile.class == pki::profile::Class::Authority {
            Issuer::Authority(&house.root)
        } else {
            Issuer::Authority(&house.people)
        };
        let good = tbs(&order.request(issuer, &key)).unwrap();
        assert!(
            lint(&good, &order.profile, issuer).is_ok(),
            "{what}: the sound one is refused"
        );
        let mut body = Body::read(&good);
        assert_eq!(body.write(), good, "the tree changes what it only reads");
        spoil(&mut body);
        match lint(&body.write(), &order.profile, issuer) {
            Ok(_) => problems.push(format!("{what}: would be signed")),
            Err(findings) if findings.iter().any(|finding| finding.clause == *clause) => {}
            Err(findings) => problems.push(format!("{what}: {findings:?}, not {clause}")),
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn an_rsa_key_does_not_agree_on_keys() {
    let house = House::new(KeyKind::P256);
    let key = SoftwareKey::generate(KeyKind::Rsa2048).unwrap();
    let order = Order::encryption();
    let issuer = Issuer::Authority(&house.people);
    let mut body = Body::read(&tbs(&order.request(issuer, &key)).unwrap());
    body.set(KEY_USAGE, &bits(3, &[0x08]));
    let findings = lint(&body.write(), &order.profile, issuer).err().unwrap();
    assert!(
        findings
            .iter()
            .any(|finding| finding.clause == "RFC 4055 1.2"),
        "{findings:?}"
    );
}

#[test]
fn a_root_signed_by_another_is_none() {
    let house = House::new(KeyKind::P256);
    let order = Order::root();
    let good = tbs(&order.request(Issuer::Itself, &house.root_key)).unwrap();
    assert!(lint(&good, &order.profile, Issuer::Itself).is_ok());
    let issuer = Issuer::Authority(&house.people);
    assert!(lint(&good, &order.profile, issuer).is_err());
}
