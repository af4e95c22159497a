//! Keys at rest: a house opens its own again, and nobody else's. In sealed files, and in a token.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use flows::Settings;
use flows::authorities::Authorities;
use flows::keys::{InMemory, KeyBox, SealedFiles, Vault};
use model::role::Actor;
use pki::key::{
    HomeError, KeyError, KeyHome, KeyKind, PublicKey, SignatureAlgorithm, Signer, SoftwareKey,
};
use pki::sealed::SealingKey;

use crate::world::World;

#[tokio::test]
async fn a_house_opens_with_its_own_sealing_key_alone() {
    for database in testkit::databases().await {
        let folder = std::env::temp_dir().join(format!(
            "sigill-keys-{}-{:?}",
            std::process::id(),
            database.engine()
        ));
        let world = World::empty(testkit::sqlite().await).await;
        let open = async |sealing: [u8; 32]| {
            let vault = Vault::new(
                SealingKey::new(sealing),
                Box::new(SealedFiles::open(folder.clone()).unwrap()),
            );
            Authorities::open(
                &database,
                &Settings::default(),
                vault,
                &mut world.ask(&Actor::System).call(),
            )
            .await
        };
        let first = open([1; 32]).await.unwrap();
        let names: Vec<_> = first
            .all()
            .map(|authority| authority.certificate.der().to_vec())
            .collect();
        let again = open([1; 32]).await.unwrap();
        assert_eq!(
            again
                .all()
                .map(|authority| authority.certificate.der().to_vec())
                .collect::<Vec<_>>(),
            names
        );
        assert!(
            open([2; 32]).await.is_err(),
            "another sealing key opened the keys"
        );
        // A key that is there is never written over.
        let files = SealedFiles::open(folder.clone()).unwrap();
        assert!(files.keep("root-ca-v1", b"another").is_err());
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            assert_eq!(path.extension().unwrap(), "sealed", "{}", path.display());
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
            }
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

/// Whole lives, crashes, lists, answers and logins over, with the key of every authority and responder in a token.
#[test]
fn the_same_house_with_every_key_in_a_token() {
    let Some(folder) = testkit::TokenFolder::new() else {
        return;
    };
    folder.run_again_with_keys_inside(&[
        "authorities::",
        "life::",
        "crash::",
        "one_mind::",
        "desk::",
        "sign_in::",
        "keys::in_the_token",
    ]);
}

/// Looks, when the run above asks for it, that the keys are where they are said to be: none is sealed.
#[tokio::test]
async fn in_the_token_and_nowhere_else() {
    for database in testkit::databases().await {
        let world = World::empty(database).await;
        let names: Vec<String> = world
            .house
            .authorities
            .all()
            .map(|authority| authority.name.clone())
            .chain(["audit-log".to_owned()])
            .collect();
        for name in names {
            assert_eq!(
                world.is_sealed(&name),
                !testkit::keys_in_a_token(),
                "{name}"
            );
        }
    }
}

/// An installation that moves to a token keeps the authorities it has, and makes its next keys there.
#[tokio::test]
async fn sealed_keys_go_on_signing_beside_a_token() {
    let world = World::empty(testkit::sqlite().await).await;
    let mut asking = world.ask(&Actor::System);
    let mut call = asking.call();
    let files = Arc::new(InMemory::default());
    let vault = || {
        Vault::new(
            SealingKey::new([1; 32]),
            Box::new(Shared(Arc::clone(&files))),
        )
    };
    let old = vault()
        .signing_key(&mut call, "old", KeyKind::P256)
        .unwrap();
    let home = Arc::new(Home::default());
    let moved = || vault().with_home(Box::new(Shared(Arc::clone(&home))));
    let again = moved()
        .signing_key(&mut call, "old", KeyKind::P256)
        .unwrap();
    assert_eq!(again.public_key(), old.public_key());
    let new = moved()
        .signing_key(&mut call, "new", KeyKind::P384)
        .unwrap();
    assert_eq!(files.load("new").unwrap(), None, "a key is in both homes");
    assert_eq!(
        moved()
            .find_signing_key("new")
            .unwrap()
            .unwrap()
            .public_key(),
        new.public_key()
    );
    assert!(vault().find_signing_key("new").unwrap().is_none());
    assert!(moved().find_signing_key("none").unwrap().is_none());
    // What the module says against it reaches the log.
    let fault = moved()
        .signing_key(&mut call, "refused", KeyKind::P256)
        .err()
        .unwrap();
    assert!(fault.chain().contains("no room"), "{}", fault.chain());
}

/// Two vaults over one box, as before and after a start.
struct Shared<T>(Arc<T>);

impl KeyBox for Shared<InMemory> {
    fn load(&self, name: &str) -> std::io::Result<Option<Vec<u8>>> {
        self.0.load(name)
    }

    fn keep(&self, name: &str, sealed: &[u8]) -> std::io::Result<()> {
        self.0.keep(name, sealed)
    }
}

/// A home in memory.
#[derive(Default)]
struct Home(Mutex<BTreeMap<String, Arc<SoftwareKey>>>);

struct Lodger(Arc<SoftwareKey>);

impl Signer for Lodger {
    fn public_key(&self) -> &PublicKey {
        self.0.public_key()
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.0.algorithm()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.0.sign(message)
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.0.sign_digest(digest)
    }
}

impl KeyHome for Shared<Home> {
    fn find(&self, name: &str) -> Result<Option<Box<dyn Signer>>, HomeError> {
        let keys = self.0.0.lock().unwrap();
        Ok(keys
            .get(name)
            .map(|key| Box::new(Lodger(Arc::clone(key))) as Box<dyn Signer>))
    }

    fn make(&self, name: &str, kind: KeyKind) -> Result<Box<dyn Signer>, HomeError> {
        if name == "refused" {
            return Err("no room".into());
        }
        let key = Arc::new(SoftwareKey::generate(kind)?);
        self.0
            .0
            .lock()
            .unwrap()
            .insert(name.to_owned(), Arc::clone(&key));
        Ok(Box::new(Lodger(key)))
    }
}
