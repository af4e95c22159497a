//! Kerberos with a card (PKINIT, RFC 4556): MIT's KDC and `kinit` from Debian, the card and the certificates from us. The KDC trusts
//! our root and nothing else; its own certificate is of an authority made here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::CardReader;
use crate::exhibit::{der_of, pem};
use crate::program::{self, Answer, Background};
use crate::walk::Walk;

/// As the domain of the user principal names in the certificates; realms are told apart letter by letter.
const REALM: &str = "example.se";
/// Somebody whom the realm knows and whose card this is not.
const ANOTHER: &str = "another@example.se";

/// The certificate of a KDC: id-pkinit-KPKdc, and the ticket-granting service's name (RFC 4556 3.2.4).
const KDC_PROFILE: &str = "\
[req]
distinguished_name = name
prompt = no
[name]
CN = KDC of the test
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[kdc]
keyUsage = critical,digitalSignature
extendedKeyUsage = 1.3.6.1.5.2.3.5
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:localhost,otherName:1.3.6.1.5.2.2;SEQUENCE:principal
[principal]
realm = EXP:0,GeneralString:example.se
name = EXP:1,SEQUENCE:principal_name
[principal_name]
type = EXP:0,INTEGER:2
string = EXP:1,SEQUENCE:parts
[parts]
first = GeneralString:krbtgt
second = GeneralString:example.se
";

/// A realm with its database, and its KDC when it is started.
struct Realm<'a> {
    reader: &'a CardReader,
    kdc: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl<'a> Realm<'a> {
    fn new(reader: &'a CardReader, kdc: PathBuf, openssl: &Path) -> anyhow::Result<Self> {
        let folder = reader.folder().join("realm");
        fs::create_dir_all(&folder)?;
        let realm = Self {
            reader,
            kdc,
            folder,
            port: program::free_pair()?,
        };
        realm.make_kdc_certificate(openssl)?;
        realm.configure(None)?;
        program::run(realm.tool("kdb5_util").args([
            "create",
            "-s",
            "-r",
            REALM,
            "-P",
            "of no use to anybody",
        ]))?;
        for principal in [realm.user_principal_name()?.as_str(), ANOTHER] {
            let question = format!("addprinc -randkey +requires_preauth {principal}");
            let answer = program::ask(realm.tool("kadmin.local").args(["-q", &question]))?;
            ensure!(answer.said.contains("created"), "{}", answer.said);
        }
        Ok(realm)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// One of Kerberos' programs, in this realm and with this reader.
    fn tool(&self, name: &str) -> Command {
        let mut command = self.reader.tool(name);
        command
            .env("KRB5_CONFIG", self.at("krb5.conf"))
            .env("KRB5_KDC_PROFILE", self.at("kdc.conf"))
            .env(
                "KRB5CCNAME",
                format!("FILE:{}", self.at("tickets").display()),
            );
        command
    }

    fn make_kdc_certificate(&self, openssl: &Path) -> anyhow::Result<()> {
        fs::write(self.at("profile"), KDC_PROFILE)?;
        let run = |line: &str| {
            let mut command = Command::new(openssl);
            command.current_dir(&self.folder).args(line.split(' '));
            program::run(&mut command).map(|_| ())
        };
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config profile";
        run(&format!(
            "req -x509 {key} -extensions authority -days 2 -keyout authority.key -out authority.pem"
        ))?;
        run(&format!("req -new {key} -keyout kdc.key -out kdc.csr"))?;
        run(
            "x509 -req -in kdc.csr -CA authority.pem -CAkey authority.key -CAcreateserial \
             -extfile profile -extensions kdc -days 2 -out kdc.pem",
        )
    }

    /// Writes the client's and the KDC's settings. `revoked`: a file of lists in PEM that the KDC goes by.
    fn configure(&self, revoked: Option<&Path>) -> anyhow::Result<()> {
        let folder = self.folder.display();
        let walk = self.reader.walk;
        let root = walk.path("ca/0-root-ca-v1.pem");
        let (root, issuer) = (root.display(), walk.path("ca/1-person-3-ca-v1.pem"));
        let (issuer, module) = (issuer.display(), self.reader.module.display());
        let port = self.port;
        // The client looks its own chain up as far as our root before it sends it.
        let client = format!(
            "[libdefaults]
 default_realm = {REALM}
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
[realms]
 {REALM} = {{
  kdc = 127.0.0.1:{port}
  pkinit_anchors = FILE:{folder}/authority.pem
  pkinit_anchors = FILE:{root}
  pkinit_pool = FILE:{issuer}
  pkinit_kdc_hostname = localhost
  pkinit_identities = PKCS11:module_name={module}:certid=01
 }}
"
        );
        let revoked = revoked.map_or_else(String::new, |file| {
            format!(
                "  pkinit_revoke = FILE:{}\n  pkinit_require_crl_checking = true\n",
                file.display()
            )
        });
        let server = format!(
            "[kdcdefaults]
 kdc_listen = 127.0.0.1:{port}
 kdc_tcp_listen = 127.0.0.1:{port}
[realms]
 {REALM} = {{
  database_name = {folder}/principals
  key_stash_file = {folder}/stash
  acl_file = {folder}/acl
  pkinit_identity = FILE:{folder}/kdc.pem,{folder}/kdc.key
  pkinit_anchors = FILE:{root}
  pkinit_pool = FILE:{issuer}
  pkinit_allow_upn = true
  pkinit_eku_checking = scLogin
{revoked} }}
[logging]
 default = FILE:{folder}/kdc.log
 kdc = FILE:{folder}/kdc.log
"
        );
        fs::write(self.at("krb5.conf"), client)?;
        fs::write(self.at("kdc.conf"), server)?;
        Ok(())
    }

    /// Starts the KDC with its settings as they are.
    fn open(&self) -> anyhow::Result<Background> {
        let log = self.at("kdc.log");
        let _ = fs::remove_file(&log);
        let mut command = self.tool(self.kdc.to_str().context("a path is not text")?);
        let kdc = Background::start(command.arg("-n"), &self.at("kdc.out"))?;
        program::wait_for("a KDC", || Ok(self.log()?.contains("commencing operation")))
            .with_context(|| self.log().unwrap_or_default())?;
        Ok(kdc)
    }

    fn log(&self) -> anyhow::Result<String> {
        let log = self.at("kdc.log");
        if !log.exists() {
            return Ok(String::new());
        }
        Ok(String::from_utf8_lossy(&fs::read(log)?).into_owned())
    }

    /// Asks for a ticket with the code typed; what `kinit` said, and what `klist` shows then.
    fn enter(&self, principal: &str, code: &str) -> anyhow::Result<(Answer, Answer)> {
        let _ = fs::remove_file(self.at("tickets"));
        let typed = format!("{code}\n");
        let answer = program::ask_with(self.tool("kinit").arg(principal), typed.as_bytes())?;
        Ok((answer, program::ask(&mut self.tool("klist"))?))
    }

    /// The user principal name in the card's login certificate, as a UTF8String (MS-WCCE 2.2.2.7.7.1): `…@example.se`.
    fn user_principal_name(&self) -> anyhow::Result<String> {
        let reader = self.reader;
        let certificate = format!("certificates/{}-login.pem", reader.number);
        let der = der_of(&reader.walk.path(&certificate))?;
        // 1.3.6.1.4.1.311.20.2.3, then [0] and the string.
        let upn = [
            0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x14, 0x02, 0x03,
        ];
        let at = der
            .windows(upn.len())
            .position(|window| window == upn)
            .context("no user principal name")?
            + upn.len();
        let [0xa0, _, 0x0c, length, rest @ ..] = der.get(at..).context("cut short")? else {
            anyhow::bail!("the user principal name is no UTF8String");
        };
        let name = rest.get(..usize::from(*length)).context("cut short")?;
        Ok(String::from_utf8(name.to_vec())?)
    }
}

#[test]
fn a_card_gets_a_ticket_and_a_revoked_one_does_not() -> anyhow::Result<()> {
    let Some(openssl) = program::foreign("SIGILL_TEST_OPENSSL")? else {
        return Ok(());
    };
    let Some(kdc) = program::foreign("SIGILL_TEST_KRB5KDC")? else {
        return Ok(());
    };
    // MIT Kerberos 1.20 takes RSA alone from a card.
    let Some(reader) = CardReader::with_card_of(Walk::taken_with_rsa()?)? else {
        return Ok(());
    };
    let realm = Realm::new(&reader, kdc, &openssl)?;
    let holder = realm.user_principal_name()?;
    {
        let _kdc = realm.open()?;
        let (said, tickets) = realm.enter(&holder, "000000")?;
        ensure!(
            !said.content && !tickets.content,
            "a ticket with a wrong code: {}",
            said.said
        );

        let (said, tickets) = realm.enter(ANOTHER, &reader.code)?;
        ensure!(
            !said.content && !tickets.content,
            "a ticket for another: {}",
            said.said
        );

        let (said, tickets) = realm.enter(&holder, &reader.code)?;
        ensure!(said.content, "{}\n{}", said.said, realm.log()?);
        ensure!(
            tickets
                .said
                .contains(&format!("Default principal: {holder}"))
                && tickets.said.contains(&format!("krbtgt/{REALM}@{REALM}")),
            "{}",
            tickets.said
        );
    }

    // At the end of the walk the card is revoked.
    let lists = realm.at("lists.pem");
    let mut bundle = String::new();
    for list in reader.walk.files("crl", ".crl")? {
        bundle.push_str(&pem("X509 CRL", &der_of(&reader.walk.path(&list))?));
    }
    fs::write(&lists, bundle)?;
    realm.configure(Some(&lists))?;
    let _kdc = realm.open()?;
    let (said, tickets) = realm.enter(&holder, &reader.code)?;
    ensure!(
        !said.content && said.said.contains("Revoked certificate") && !tickets.content,
        "a ticket with a revoked card: {}\n{}",
        said.said,
        realm.log()?
    );
    ensure!(
        realm.log()?.contains("certificate revoked"),
        "{}",
        realm.log()?
    );
    Ok(())
}
