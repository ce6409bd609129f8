//! The command line.

use std::process::ExitCode;

use alliance::cli;
use alliance::error::Error;
use tokio::runtime::Builder;

fn main() -> ExitCode {
    let line = cli::CommandLine::read();
    let done = Builder::new_multi_thread().enable_all().build().map_err(Error::internal).and_then(|runtime| {
        let done = runtime.block_on(cli::run(line));
        // What is still being computed after a stop is not waited for.
        runtime.shutdown_background();
        done
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            cli::say_error(&error);
            ExitCode::FAILURE
        }
    }
}
