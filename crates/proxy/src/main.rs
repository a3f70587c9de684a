//! The proxy's program: see `tieline-proxy --help`.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use tokio::runtime::Runtime;

/// The time that what hangs in the system gets at the end: an audit file on a server that is gone.
const END: Duration = Duration::from_secs(1);

/// A request makes some hundreds of small allocations, on whichever thread has time for it, and the
/// system's allocator took a quarter of the proxy's time for them.
#[cfg(feature = "live")]
#[global_allocator]
static HEAP: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "tieline-proxy: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(tieline_proxy::cli::run());
    runtime.shutdown_timeout(END);
    code
}
