//! `openssl cms` as the sender, and the messages it is given.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::foreign;
use crate::world::World;

pub struct OpenSsl {
    program: PathBuf,
    pub folder: PathBuf,
}

impl OpenSsl {
    pub fn find(world: &World) -> Option<Self> {
        Some(Self {
            program: foreign::program("SIGILL_TEST_OPENSSL")?,
            folder: world.folder.0.clone(),
        })
    }

    /// `openssl` with these arguments; what it writes.
    pub fn run(&self, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        let place = self.folder.join("input");
        fs::write(&place, input).unwrap();
        let mut command = Command::new(&self.program);
        foreign::run(command.args(arguments).current_dir(&self.folder), &place)
    }

    /// A message with this subject for these certificates. `OAEP` and `ECDH` say where the options of the recipient's key begin.
    pub fn encrypt(
        &self,
        subject: &str,
        content: &[u8],
        options: &[&str],
        to: &[&Path],
    ) -> Vec<u8> {
        let mut arguments = vec![
            "cms",
            "-encrypt",
            "-from",
            "b@example.se",
            "-to",
            "a@example.se",
            "-subject",
            subject,
        ];
        let mut key_options = Vec::new();
        let mut at = options.iter();
        for option in at.by_ref() {
            match *option {
                "OAEP" => {
                    key_options.push("rsa_padding_mode:oaep");
                    break;
                }
                "ECDH" => break,
                option => arguments.push(option),
            }
        }
        key_options.extend(at);
        let places: Vec<&str> = to.iter().map(|place| place.to_str().unwrap()).collect();
        if key_options.is_empty() {
            arguments.extend(&places);
        } else {
            arguments.extend(["-recip", places[0]]);
            for option in key_options {
                arguments.extend(["-keyopt", option]);
            }
        }
        self.run(&arguments, content)
    }

    /// A signer with a certificate of its own: `signer.pem` and `signer.key`.
    pub fn signer(&self, key: &[&str]) {
        let mut arguments = vec![
            "req",
            "-x509",
            "-nodes",
            "-days",
            "10",
            "-keyout",
            "signer.key",
            "-out",
            "signer.pem",
        ];
        arguments.extend([
            "-subj",
            "/CN=Signe Signer",
            "-addext",
            "subjectAltName=email:signe@example.se",
        ]);
        arguments.extend(key);
        self.run(&arguments, b"");
    }

    pub fn sign(&self, content: &[u8], options: &[&str]) -> Vec<u8> {
        let mut arguments = vec![
            "cms",
            "-sign",
            "-signer",
            "signer.pem",
            "-inkey",
            "signer.key",
        ];
        arguments.extend(options);
        self.run(&arguments, content)
    }
}

/// A message with a text and two attachments, one of them any octets.
pub fn multipart(octets: &[u8]) -> Vec<u8> {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(octets);
    let lines: Vec<&str> = encoded
        .as_bytes()
        .chunks(76)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    let mut message = String::from(
        "Content-Type: multipart/mixed; boundary=\"skilje\"\r\n\r\n--skilje\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nHej Åsa\r\n\r\n--skilje\r\n\
         Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename*0*=utf-8''..%2F..%2Fr%C3%B6nt; filename*1=gen.dcm\r\n\r\n",
    );
    message.push_str(&lines.join("\r\n"));
    message.push_str(
        "\r\n--skilje\r\nContent-Type: text/csv; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\
         Content-Disposition: attachment; filename=\"=?iso-8859-1?Q?v=E4rden.csv?=\"\r\n\r\nv=E4rde;1\r\n--skilje--\r\n",
    );
    message.into_bytes()
}

/// CMS as a message.
pub fn wrapped(subject: &str, cms: &[u8]) -> String {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(cms);
    format!(
        "Subject: {subject}\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n"
    )
}
