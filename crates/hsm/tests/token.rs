//! Keys in SoftHSM: made, found, used by many threads; what an operator is told when something is missing.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, ObjectClass};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use hsm::{Pin, PinError, Place, Token, TokenError};
use pki::digest::Hasher;
use pki::key::{KeyError, KeyHome as _, KeyKind, Signer};
use testkit::{FreshToken, PIN, with_a_token_folder};

fn place(token: &FreshToken) -> Place {
    Place {
        module: token.module.clone(),
        token: token.label.clone(),
        sessions: 4,
    }
}

fn open(token: &FreshToken) -> Token {
    Token::open(place(token), Pin::new(PIN).unwrap()).unwrap()
}

/// Why a token does not open.
fn trouble(place: Place, pin: &str) -> TokenError {
    match Token::open(place, Pin::new(pin).unwrap()) {
        Ok(_) => panic!("it opened"),
        Err(error) => error,
    }
}

/// The same library, used past the code that is tested.
fn beside(token: &FreshToken) -> (Pkcs11, Session) {
    let library = Pkcs11::new(&token.module).unwrap();
    let _ = library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK));
    let slot = library
        .get_slots_with_token()
        .unwrap()
        .into_iter()
        .find(|slot| library.get_token_info(*slot).unwrap().label() == token.label)
        .unwrap();
    let session = library.open_rw_session(slot).unwrap();
    let _ = session.login(UserType::User, Some(&AuthPin::from(PIN)));
    (library, session)
}

/// A pair of keys made past the code that is tested.
fn pair(session: &Session, private: &str, public: &str, sensitive: bool, extractable: bool) {
    session
        .generate_key_pair(
            &Mechanism::EccKeyPairGen,
            &[
                Attribute::Token(true),
                Attribute::Label(public.into()),
                Attribute::EcParams(b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07".to_vec()),
            ],
            &[
                Attribute::Token(true),
                Attribute::Label(private.into()),
                Attribute::Sensitive(sensitive),
                Attribute::Extractable(extractable),
            ],
        )
        .unwrap();
}

fn digest(key: &dyn Signer, message: &[u8]) -> Vec<u8> {
    let mut hasher = Hasher::new(key.algorithm());
    hasher.update(message);
    hasher.finish()
}

#[test]
fn a_key_of_every_kind_signs_and_is_found_again() {
    with_a_token_folder("a_key_of_every_kind_signs_and_is_found_again", || {
        let fresh = FreshToken::new("kinds");
        let token = open(&fresh);
        for kind in KeyKind::ALL {
            assert!(token.find(kind.code()).unwrap().is_none());
            let made = token.make(kind.code(), kind).unwrap();
            let found = token.find(kind.code()).unwrap().unwrap();
            assert_eq!(made.public_key(), found.public_key());
            assert_eq!(found.public_key().kind(), kind);
            let algorithm = kind.signature_algorithm();
            let signature = made.sign(b"message").unwrap();
            found
                .public_key()
                .verify(algorithm, b"message", &signature)
                .unwrap();
            let signature = found
                .sign_digest(&digest(found.as_ref(), b"another"))
                .unwrap();
            made.public_key()
                .verify(algorithm, b"another", &signature)
                .unwrap();
            assert_eq!(
                found.sign_digest(&[0; 31]).unwrap_err(),
                KeyError::DigestLength
            );
            assert!(
                token.make(kind.code(), kind).is_err(),
                "a name was taken twice"
            );
        }
        let description = open(&fresh).describe().unwrap();
        assert_eq!(description.manufacturer, "SoftHSM project");
        let names: BTreeSet<&str> = KeyKind::ALL.iter().map(|kind| kind.code()).collect();
        assert!(description.keys.iter().map(String::as_str).eq(names));
    });
}

#[test]
fn keys_never_leave() {
    with_a_token_folder("keys_never_leave", || {
        let fresh = FreshToken::new("kept");
        let token = open(&fresh);
        let (_library, session) = beside(&fresh);
        for kind in [KeyKind::P256, KeyKind::Rsa2048] {
            token.make(kind.code(), kind).unwrap();
            let private = session
                .find_objects(&[
                    Attribute::Class(ObjectClass::PRIVATE_KEY),
                    Attribute::Label(kind.code().into()),
                ])
                .unwrap();
            assert_eq!(private.len(), 1);
            let read = session
                .get_attributes(
                    private[0],
                    &[
                        AttributeType::Sensitive,
                        AttributeType::AlwaysSensitive,
                        AttributeType::Extractable,
                        AttributeType::NeverExtractable,
                        AttributeType::Sign,
                        AttributeType::Decrypt,
                        AttributeType::Unwrap,
                        AttributeType::Derive,
                        AttributeType::Id,
                    ],
                )
                .unwrap();
            for wanted in [
                Attribute::Sensitive(true),
                Attribute::AlwaysSensitive(true),
                Attribute::Extractable(false),
                Attribute::NeverExtractable(true),
                Attribute::Sign(true),
                Attribute::Decrypt(false),
                Attribute::Unwrap(false),
                Attribute::Derive(false),
                Attribute::Id(kind.code().into()),
            ] {
                assert!(read.contains(&wanted), "{wanted:?} in {read:?}");
            }
            let secret = session.get_attributes(
                private[0],
                &[AttributeType::Value, AttributeType::PrivateExponent],
            );
            assert!(secret.unwrap().is_empty(), "the key came out");
        }
    });
}

#[test]
fn a_key_that_could_leave_is_not_used() {
    with_a_token_folder("a_key_that_could_leave_is_not_used", || {
        let fresh = FreshToken::new("loose");
        let token = open(&fresh);
        let (_library, session) = beside(&fresh);
        for (name, sensitive, extractable) in [("a", true, true), ("b", false, false)] {
            pair(&session, name, name, sensitive, extractable);
            let error = token.find_key(name).err().unwrap();
            assert!(matches!(error, TokenError::KeyCouldLeave(_)), "{error}");
        }
        pair(&session, "c", "c", true, false);
        token.find_key("c").unwrap().unwrap();
    });
}

#[test]
fn a_foreign_public_half_is_noticed() {
    with_a_token_folder("a_foreign_public_half_is_noticed", || {
        let fresh = FreshToken::new("halves");
        let token = open(&fresh);
        let (_library, session) = beside(&fresh);
        pair(&session, "mine", "gone", true, false);
        let error = token.find_key("mine").err().unwrap();
        assert!(matches!(error, TokenError::NoPublicHalf(_)), "{error}");
        // The public half of another pair bears the name.
        pair(&session, "other", "mine", true, false);
        let error = token.find_key("mine").err().unwrap();
        assert!(
            matches!(error, TokenError::UnusableKey(_, KeyError::BadSignature)),
            "{error}"
        );
        // Two of one name: it must be clear which one signs.
        pair(&session, "twin", "twin", true, false);
        pair(&session, "twin", "twin", true, false);
        let error = token.find_key("twin").err().unwrap();
        assert!(matches!(error, TokenError::SeveralKeys(_)), "{error}");
    });
}

#[test]
fn eight_threads_sign_with_one_key() {
    with_a_token_folder("eight_threads_sign_with_one_key", || {
        // Fewer sessions than threads, so that some wait.
        let token = open(&FreshToken::new("threads"));
        let key = token.make("shared", KeyKind::P256).unwrap();
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let key = key.as_ref();
                scope.spawn(move || {
                    for number in 0..200 {
                        let message = format!("{thread}:{number}");
                        let signature = key.sign(message.as_bytes()).unwrap();
                        key.public_key()
                            .verify(key.algorithm(), message.as_bytes(), &signature)
                            .unwrap();
                    }
                });
            }
        });
    });
}

#[test]
fn keys_are_made_while_others_are_found() {
    with_a_token_folder("keys_are_made_while_others_are_found", || {
        let token = open(&FreshToken::new("making"));
        token.make("found", KeyKind::P256).unwrap();
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let token = &token;
                scope.spawn(move || {
                    for number in 0..10 {
                        let name = format!("{thread}:{number}");
                        token.make(&name, KeyKind::P256).unwrap();
                        token.find("found").unwrap().unwrap();
                    }
                });
            }
        });
        assert_eq!(token.describe().unwrap().keys.len(), 41);
    });
}

#[test]
fn tasks_of_a_runtime_sign_side_by_side() {
    with_a_token_folder("tasks_of_a_runtime_sign_side_by_side", || {
        let token = open(&FreshToken::new("tasks"));
        for workers in [0, 1, 2] {
            let mut builder = match workers {
                0 => tokio::runtime::Builder::new_current_thread(),
                _ => tokio::runtime::Builder::new_multi_thread(),
            };
            let runtime = builder.worker_threads(workers.max(1)).build().unwrap();
            let key: Arc<dyn Signer> = token
                .make(&format!("key-{workers}"), KeyKind::P256)
                .unwrap()
                .into();
            runtime.block_on(async {
                let tasks: Vec<_> = (0..40)
                    .map(|_| {
                        let key = Arc::clone(&key);
                        tokio::spawn(async move { key.sign(b"message").unwrap() })
                    })
                    .collect();
                for task in tasks {
                    let signature = task.await.unwrap();
                    key.public_key()
                        .verify(key.algorithm(), b"message", &signature)
                        .unwrap();
                }
            });
        }
    });
}

#[test]
fn lost_sessions_are_opened_anew() {
    with_a_token_folder("lost_sessions_are_opened_anew", || {
        let fresh = FreshToken::new("lost");
        let token = open(&fresh);
        let key = token.make("key", KeyKind::P256).unwrap();
        let signs = || {
            let signature = key.sign(b"message")?;
            key.public_key()
                .verify(key.algorithm(), b"message", &signature)
        };
        signs().unwrap();
        // Somebody in the process logs out: private keys are out of sight, every handle void.
        beside(&fresh).1.logout().unwrap();
        signs().unwrap();
        // The library is stopped, and started again by nobody, or by somebody else.
        for restart in [false, true] {
            let library = Pkcs11::new(&fresh.module).unwrap();
            library.clone().finalize().unwrap();
            if restart {
                library
                    .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
                    .unwrap();
            }
            std::thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| signs().unwrap());
                }
            });
        }
        // The token is taken away: a clear fault. It comes back: all is well.
        let away = fresh.folder.with_extension("away");
        std::fs::rename(&fresh.folder, &away).unwrap();
        std::fs::create_dir(&fresh.folder).unwrap();
        Pkcs11::new(&fresh.module).unwrap().finalize().unwrap();
        assert_eq!(signs(), Err(KeyError::Signing));
        let error = token.find_key("key").err().unwrap();
        assert!(matches!(error, TokenError::NoToken { .. }), "{error}");
        Pkcs11::new(&fresh.module).unwrap().finalize().unwrap();
        std::fs::remove_dir_all(&fresh.folder).unwrap();
        std::fs::rename(&away, &fresh.folder).unwrap();
        signs().unwrap();
    });
}

#[test]
fn a_destroyed_key_is_told_of() {
    with_a_token_folder("a_destroyed_key_is_told_of", || {
        let fresh = FreshToken::new("destroyed");
        let token = open(&fresh);
        let key = token.make("key", KeyKind::P256).unwrap();
        let other = token.make("other", KeyKind::P256).unwrap();
        let (_library, session) = beside(&fresh);
        for object in session
            .find_objects(&[Attribute::Label("key".into())])
            .unwrap()
        {
            session.destroy_object(object).unwrap();
        }
        assert_eq!(key.sign(b"message"), Err(KeyError::Signing));
        assert!(token.find("key").unwrap().is_none());
        other.sign(b"message").unwrap();
    });
}

#[test]
fn what_is_missing_is_named() {
    with_a_token_folder("what_is_missing_is_named", || {
        let fresh = FreshToken::new("one");
        let right = place(&fresh);
        for path in ["/nowhere/at-all.so", "/etc/passwd"] {
            let wrong = Place {
                module: PathBuf::from(path),
                ..right.clone()
            };
            let error = trouble(wrong, PIN);
            assert!(matches!(error, TokenError::Module(..)), "{error}");
            assert!(error.to_string().contains(path));
        }
        let wrong = Place {
            token: "two".to_owned(),
            ..right.clone()
        };
        assert_eq!(
            trouble(wrong, PIN).to_string(),
            "the module has no token labelled \"two\"; it has \"one\""
        );
        let _twin = FreshToken::new("one");
        let error = trouble(right, PIN);
        assert!(matches!(error, TokenError::SeveralTokens(_)), "{error}");
    });
}

#[test]
fn a_wrong_pin_is_tried_once() {
    with_a_token_folder("a_wrong_pin_is_tried_once", || {
        let fresh = FreshToken::new("pin");
        let library = Pkcs11::new(&fresh.module).unwrap();
        let error = trouble(place(&fresh), "000000");
        assert!(matches!(error, TokenError::PinIncorrect), "{error}");
        let slot = library
            .get_slots_with_token()
            .unwrap()
            .into_iter()
            .find(|slot| library.get_token_info(*slot).unwrap().token_initialized())
            .unwrap();
        let low = || library.get_token_info(slot).unwrap().user_pin_count_low();
        assert!(low());
        // The right one is right afterwards, and clears the count.
        let token = open(&fresh);
        assert!(!low());
        // The PIN is changed while we run. Opening anew tries the old one once, and never again: the count stays as whoever
        // knows the new one has left it.
        let key = token.make("key", KeyKind::P256).unwrap();
        let (_library, session) = beside(&fresh);
        session
            .set_pin(&AuthPin::from(PIN), &AuthPin::from("161803"))
            .unwrap();
        session.logout().unwrap();
        assert_eq!(key.sign(b"message"), Err(KeyError::Signing));
        assert!(low());
        session
            .login(UserType::User, Some(&AuthPin::from("161803")))
            .unwrap();
        session.logout().unwrap();
        assert!(!low());
        for _ in 0..3 {
            assert_eq!(key.sign(b"message"), Err(KeyError::Signing));
        }
        assert!(!low(), "a wrong PIN was tried again");
        let error = token.find_key("key").err().unwrap();
        assert!(matches!(error, TokenError::PinIncorrect), "{error}");
    });
}

#[test]
fn a_pin_comes_from_a_file_of_its_own() {
    let folder = std::env::temp_dir().join(format!("sigill-pin-{}", std::process::id()));
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("token.pin");
    let write = |bytes: &[u8], mode: u32| {
        std::fs::write(&file, bytes).unwrap();
        allow(&file, mode);
    };
    for bytes in [&b"314159"[..], b"314159\n", b"314159\r\n"] {
        write(bytes, 0o640);
        assert!(Pin::read(&file).is_ok());
    }
    for bytes in [&b""[..], b"\n", b"one\ntwo\n", b"\xff\xfe", &[b'1'; 256]] {
        write(bytes, 0o600);
        assert!(matches!(Pin::read(&file), Err(PinError::NoPin(_))));
    }
    write(b"314159", 0o644);
    if cfg!(unix) {
        assert!(matches!(Pin::read(&file), Err(PinError::Open(_))));
    }
    assert!(matches!(
        Pin::read(&folder.join("none")),
        Err(PinError::Unreadable(..))
    ));
    std::fs::remove_dir_all(&folder).unwrap();
}

fn allow(file: &Path, mode: u32) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    #[cfg(not(unix))]
    let _ = (file, mode);
}
