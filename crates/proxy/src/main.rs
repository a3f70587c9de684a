//! The proxy's program: see `tieline-proxy --help`.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    tieline_proxy::cli::run().await
}
