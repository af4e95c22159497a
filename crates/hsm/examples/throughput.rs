//! How many signatures a second a token makes through [`hsm`], against the bare library: `throughput MODULE TOKEN PIN_FILE`.
//! Makes a P-256 key for it and takes it away again. Medians of five rounds of a second each, one thread.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement told at a terminal"
)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cryptoki::context::Pkcs11;
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, ObjectClass};
use hsm::{Pin, Place, Token};
use pki::key::{KeyHome as _, KeyKind, Signer, SoftwareKey};

const NAME: &str = "throughput";
const DIGEST: [u8; 32] = [7; 32];
const ROUNDS: usize = 5;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Calls a second in one round.
fn round(mut call: impl FnMut() -> Result<(), Failure>) -> Result<f64, Failure> {
    let started = Instant::now();
    let mut calls = 0u32;
    while started.elapsed() < Duration::from_secs(1) {
        call()?;
        calls += 1;
    }
    Ok(f64::from(calls) / started.elapsed().as_secs_f64())
}

fn median(mut rounds: Vec<f64>) -> f64 {
    rounds.sort_by(f64::total_cmp);
    rounds.get(ROUNDS / 2).copied().unwrap_or_default()
}

fn main() -> Result<(), Failure> {
    let mut words = std::env::args_os().skip(1);
    let (Some(module), Some(token), Some(pin)) = (words.next(), words.next(), words.next()) else {
        return Err("throughput MODULE TOKEN PIN_FILE".into());
    };
    let place = Place {
        module: PathBuf::from(module),
        token: token.into_string().map_err(|_| "the label is not text")?,
        sessions: 2,
    };
    let pin = Pin::read(Path::new(&pin))?;
    let token = Token::open(place.clone(), pin)?;
    let key = token.make(NAME, KeyKind::P256)?;

    // The login belongs to the process, so a second session of the same library has it too.
    let library = Pkcs11::new(&place.module)?;
    let slot = library
        .get_slots_with_initialized_token()?
        .into_iter()
        .find(|slot| {
            library
                .get_token_info(*slot)
                .is_ok_and(|info| info.label().trim_end() == place.token)
        })
        .ok_or("the token went away")?;
    let session = library.open_rw_session(slot)?;
    let label = Attribute::Label(NAME.into());
    let private = session
        .find_objects(&[Attribute::Class(ObjectClass::PRIVATE_KEY), label.clone()])?
        .pop()
        .ok_or("the key went away")?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()?;
    let software = SoftwareKey::generate(KeyKind::P256)?;

    let (mut bare, mut ours, mut in_runtime, mut in_memory) = (vec![], vec![], vec![], vec![]);
    let sign = |key: &dyn Signer| key.sign_digest(&DIGEST).map(drop).map_err(Failure::from);
    let measured = (|| {
        for _ in 0..ROUNDS {
            bare.push(round(|| {
                session.sign(&Mechanism::Ecdsa, private, &DIGEST)?;
                Ok(())
            })?);
            ours.push(round(|| sign(key.as_ref()))?);
            in_runtime.push(runtime.block_on(async {
                // On a worker, as a request would.
                let (token, key) = (token.clone(), token.find(NAME)?.ok_or("no key")?);
                tokio::spawn(async move {
                    let _token = token;
                    round(|| key.sign_digest(&DIGEST).map(drop).map_err(Failure::from))
                })
                .await?
            })?);
            in_memory.push(round(|| sign(&software))?);
        }
        Ok::<_, Failure>(())
    })();
    for half in session.find_objects(&[label])? {
        session.destroy_object(half)?;
    }
    measured?;
    let bare = median(bare);
    println!("bare library           {bare:>8.0} /s");
    for (name, rounds) in [
        ("our signer", ours),
        ("our signer, on a worker", in_runtime),
        ("a key in memory", in_memory),
    ] {
        let rate = median(rounds);
        println!("{name:<23}{rate:>8.0} /s   {:.2} of bare", rate / bare);
    }
    Ok(())
}
