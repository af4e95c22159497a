//! Waiting for a module without holding up what else the runtime has to do.

use tokio::runtime::{Handle, RuntimeFlavor};

/// Runs work that waits for a module. On a worker of a runtime with several, its other tasks go to another thread meanwhile
/// (`block_in_place`): a module over the network takes milliseconds, and a handful of signatures at once would stop every
/// request of the process. Signers in memory do not come here and pay nothing.
pub(crate) fn aside<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current() {
        Ok(runtime) if runtime.runtime_flavor() == RuntimeFlavor::MultiThread => {
            tokio::task::block_in_place(work)
        }
        _ => work(),
    }
}
