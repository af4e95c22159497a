//! The servers this program may speak to. A link or a typed code never adds one: a page on the web cannot send a card to a
//! server that the organisation has not written down here.

use std::path::PathBuf;

use serde::Deserialize;
use ureq::http::Uri;

use super::words::Language;

/// The configuration file, TOML.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `sv` or `en`.
    pub language: Option<Language>,
    /// How the window looks: `system`, `light` or `dark`.
    #[serde(default)]
    pub appearance: Appearance,
    /// The servers, one `[[server]]` each.
    #[serde(default, rename = "server")]
    pub servers: Vec<Entry>,
}

/// Light or dark.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Appearance {
    /// As the system says; light where it says nothing.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// One server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Whose server it is, as shown to the holder.
    pub organisation: String,
    /// `https://host` or `https://host:port`.
    pub address: String,
    /// A file with the certificates, PEM, that its TLS certificate must lead to; else the public authorities'.
    pub ca: Option<PathBuf>,
    /// Allows `http://` to this computer itself, for trying out.
    #[serde(default)]
    pub plain_http: bool,
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadConfig {
    /// It is not TOML, or names something that does not exist.
    #[error("{0}")]
    Form(#[from] toml::de::Error),
    /// An address is no plain HTTPS address.
    #[error("server address {0:?}: write https:// and the name of the server, without a path")]
    Address(String),
    /// Plain HTTP where it may not be.
    #[error(
        "server address {0:?}: without TLS only this computer itself may be named, and only with plain_http = true"
    )]
    Plain(String),
}

impl Config {
    /// Reads the file's text.
    ///
    /// # Errors
    /// [`BadConfig`], with the place.
    pub fn read(text: &str) -> Result<Self, BadConfig> {
        let config: Self = toml::from_str(text)?;
        for entry in &config.servers {
            entry.check()?;
        }
        Ok(config)
    }

    /// The entry of an address, however its end is written.
    pub(super) fn named(&self, address: &str) -> Option<&Entry> {
        let wanted = base(address);
        self.servers
            .iter()
            .find(|entry| base(&entry.address).eq_ignore_ascii_case(wanted))
    }
}

fn base(address: &str) -> &str {
    address.trim_end_matches('/')
}

impl Entry {
    /// The address without a slash at its end.
    pub(super) fn base(&self) -> &str {
        base(&self.address)
    }

    fn check(&self) -> Result<(), BadConfig> {
        let bad = || BadConfig::Address(self.address.clone());
        let uri: Uri = self.base().parse().map_err(|_| bad())?;
        let host = uri.host().ok_or_else(bad)?;
        let is_bare = matches!(uri.path(), "" | "/") && uri.query().is_none();
        let has_user = uri
            .authority()
            .is_some_and(|authority| authority.as_str().contains('@'));
        if !is_bare || has_user {
            return Err(bad());
        }
        match uri.scheme_str() {
            Some("https") => Ok(()),
            Some("http") if self.plain_http && is_loopback(host) => Ok(()),
            Some("http") => Err(BadConfig::Plain(self.address.clone())),
            _ => Err(bad()),
        }
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(address: &str, plain: bool) -> Result<Config, BadConfig> {
        Config::read(&format!(
            "[[server]]\norganisation = \"Region Exempel\"\naddress = \"{address}\"\nplain_http = {plain}\n"
        ))
    }

    #[test]
    fn a_server_is_found_by_its_address() {
        let config = with("https://kort.example.se/", false).unwrap();
        assert!(config.named("https://kort.example.se").is_some());
        assert!(config.named("https://KORT.example.se/").is_some());
        for other in [
            "https://kort.example.se.evil.example",
            "http://kort.example.se",
            "https://kort.example.se:444",
            "https://kort.example.se/x",
            "",
        ] {
            assert!(config.named(other).is_none(), "{other}");
        }
    }

    #[test]
    fn plain_http_goes_to_this_computer_alone() {
        for address in [
            "http://localhost:8080",
            "http://127.0.0.1",
            "http://[::1]:80",
        ] {
            assert!(with(address, true).is_ok(), "{address}");
            assert!(
                matches!(with(address, false), Err(BadConfig::Plain(_))),
                "{address}"
            );
        }
        for address in [
            "http://kort.example.se",
            "http://127.0.0.1.example.se",
            "http://10.0.0.1",
        ] {
            assert!(
                matches!(with(address, true), Err(BadConfig::Plain(_))),
                "{address}"
            );
        }
    }

    #[test]
    fn only_bare_addresses_are_taken() {
        for address in [
            "kort.example.se",
            "ftp://kort.example.se",
            "https://",
            "https://kort.example.se/path",
            "https://a@kort.example.se",
            "https://kort.example.se?x=y",
        ] {
            assert!(
                matches!(with(address, true), Err(BadConfig::Address(_))),
                "{address}"
            );
        }
        assert!(matches!(
            Config::read("servers = []"),
            Err(BadConfig::Form(_))
        ));
    }
}
