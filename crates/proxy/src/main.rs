//! The proxy's program: see `tieline-proxy --help`.

use std::process::ExitCode;

/// A request makes some hundreds of small allocations, on whichever thread has time for it, and the
/// system's allocator took a quarter of the proxy's time for them.
#[cfg(feature = "live")]
#[global_allocator]
static HEAP: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    tieline_proxy::cli::run().await
}
