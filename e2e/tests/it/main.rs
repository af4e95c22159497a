//! The built `sigill`, from outside: OpenSSL, GnuTLS, NSS and pkilint judge what a walk leaves behind and samples of every
//! algorithm; OpenSC, Yubico's tool, curl, OpenSSH, Chromium and MIT Kerberos use cards in a reader, and our driver uses somebody
//! else's card; Chromium uses the portals, axe-core reads them. Which programs do so is told by the environment
//! (CONTRIBUTING.md); a test whose program is missing says so and passes, unless `SIGILL_TEST_REQUIRE` is 1.

mod axe;
mod browser;
mod card_reader;
mod chromium;
mod demo;
mod exhibit;
mod judges;
mod lists;
mod online;
mod other_card;
mod program;
mod recorder;
mod samples;
mod screen;
mod token;
mod walk;
