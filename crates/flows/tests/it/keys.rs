//! Keys at rest: a house opens its own again, and nobody else's.

use flows::Settings;
use flows::authorities::Authorities;
use flows::keys::{KeyBox as _, SealedFiles, Vault};
use model::role::Actor;
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
