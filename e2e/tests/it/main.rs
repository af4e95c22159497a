//! The built `sigill`, from outside: OpenSSL and pkilint judge what a walk leaves behind, Chromium uses the portals, axe-core
//! reads them. Which programs do so is told by the environment (CONTRIBUTING.md); a test whose program is missing says so and
//! passes, unless `SIGILL_TEST_REQUIRE` is 1.

mod axe;
mod browser;
mod chromium;
mod demo;
mod program;
mod token;
mod walk;
