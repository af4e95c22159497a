//! The benchmarks there are. One file each; its figures and its children are listed here.

mod bare_http;
mod card;
mod crl_million;
mod issue;
mod issue_api;
mod issue_rivals;
pub mod known;
pub mod ocsp;
mod ocsp_fresh;
mod ocsp_openssl;
mod ocsp_sign;
mod photo_check;
mod verify;

use crate::Benchmark;

/// Every benchmark, in the order they run.
pub const ALL: &[Benchmark] = &[
    Benchmark {
        names: ocsp::NAMES,
        run: ocsp::run,
    },
    Benchmark {
        names: crl_million::NAMES,
        run: crl_million::run,
    },
    Benchmark {
        names: verify::NAMES,
        run: verify::run,
    },
    Benchmark {
        names: photo_check::NAMES,
        run: photo_check::run,
    },
    Benchmark {
        names: issue::NAMES,
        run: issue::run,
    },
    Benchmark {
        names: issue_api::NAMES,
        run: issue_api::run,
    },
    Benchmark {
        names: issue_rivals::NAMES,
        run: issue_rivals::run,
    },
    Benchmark {
        names: card::NAMES,
        run: card::run,
    },
];

/// What a child process can be.
type Child = fn(&[String]) -> anyhow::Result<()>;

/// Every kind of process that is measured.
pub const CHILDREN: &[(&str, Child)] = &[
    ("bare-http", bare_http::serve),
    #[cfg(feature = "pcsc")]
    (card::reader::CHILD, card::reader::measure),
    ("sigill", known::serve),
    ("sigill-whole", crate::mixed::serve),
    ("unstored", issue_api::forget),
];
