//! The command line.

use std::process::ExitCode;

use alliance::cli;
use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    match cli::run(cli::CommandLine::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            cli::say_error(&error);
            ExitCode::FAILURE
        }
    }
}
