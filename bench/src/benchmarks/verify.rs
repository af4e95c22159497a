//! "Does this card lead to our root?": whole validations of a login certificate as a card brings it, read from its bytes each
//! time, beside nothing but the signature checks on the way. Root and issuing authority are read once on both sides, their keys
//! made ready once.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, ParsedPublicKey};
use pki::certificate::Certificate;
use pki::chain::{Purpose, Validator};
use pki::profile::{Arc, Loa};

use crate::child::cpu_of;
use crate::figure::Figure;
use crate::turns::{Turn, alternate, per_wall_second};
use crate::{Scale, Wanted, explain, print};

/// The figure.
pub const NAMES: &[&str] = &["verify.chain"];

/// A root, an issuing authority below it and the login certificates of four cards, all P-256, as the profiles make them.
const CHAIN: &str = include_str!("verify/chain.pem");

/// Between two looks at the clock.
const AT_ONCE: u32 = 500;

/// Measures.
pub fn run(scale: Scale, _: &Wanted) -> anyhow::Result<()> {
    let certificates = CHAIN
        .split_inclusive("-----END CERTIFICATE-----\n")
        .map(Certificate::from_pem)
        .collect::<Result<Vec<_>, _>>()?;
    let [root, people, cards @ ..] = certificates.as_slice() else {
        anyhow::bail!("the chain is too short");
    };
    let anchors = [root.clone()];
    let between = [people.clone()];
    let validator = Validator::new(&anchors).with_intermediates(&between);
    let purpose = Purpose::client_login().with_policy(Arc::default().loa(Loa::Three));
    let now = cards.first().context("no card")?.not_before();
    let brought: Vec<_> = cards.iter().map(|card| card.der().to_vec()).collect();

    let keys = (parsed(root)?, parsed(people)?);
    let time = Duration::from_millis(scale.pick(1_000, 3_000));
    let (ours, limit) = alternate(
        scale.turns(),
        || {
            turn(time, &brought, |der| {
                let card = Certificate::from_der(der)?;
                black_box(validator.verify(&card, now, &purpose)?);
                Ok(())
            })
        },
        || {
            turn(time, cards, |card| {
                keys.1.verify_sig(card.tbs(), card.signature())?;
                keys.0.verify_sig(people.tbs(), people.signature())?;
                Ok(())
            })
        },
    )?;
    explain(&format!(
        "verify.chain: a card certificate of {} bytes, two signatures a validation; {:.0} validations a second on the wall, the \
         limit {:.0}",
        brought.first().map_or(0, Vec::len),
        per_wall_second(&ours),
        per_wall_second(&limit)
    ));
    print(&Figure::rate(
        "verify.chain",
        &ours,
        &limit,
        "validations/CPU s",
    ));
    Ok(())
}

fn parsed(certificate: &Certificate) -> anyhow::Result<ParsedPublicKey> {
    let bits = certificate.public_key().key_bits();
    Ok(ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, bits)?)
}

/// Does `one` to each of `things` again and again for about `time`.
fn turn<T>(
    time: Duration,
    things: &[T],
    mut one: impl FnMut(&T) -> anyhow::Result<()>,
) -> anyhow::Result<Turn> {
    let (began, cpu) = (Instant::now(), cpu_of("self")?);
    let mut done = 0.0;
    let mut again = things.iter().cycle();
    while began.elapsed() < time {
        for thing in again.by_ref().take(AT_ONCE as usize) {
            one(black_box(thing))?;
        }
        done += f64::from(AT_ONCE);
    }
    Ok(Turn {
        done,
        cpu: cpu_of("self")? - cpu,
        wall: began.elapsed().as_secs_f64(),
    })
}
