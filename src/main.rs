//! Arguments in, exit code out: 0 clean; 1 findings at or above the failing level, an invalid spec, or an output
//! that differs; 2 wrong usage, or the program cannot run.

mod commands;

use std::process::ExitCode;

use clap::Parser as _;
use isobar::host::{Console, install_panic_hook};

use commands::{Cli, Outcome};

/// A compile makes and drops millions of small values on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    install_panic_hook();
    let console = Console::detect();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            // Help and version go to standard output and are no failure. A reader that went away is none either.
            let _ = e.print();
            return ExitCode::from(if e.use_stderr() { 2 } else { 0 });
        }
    };
    match commands::run(cli, console) {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::from(1),
        Err(e) => {
            console.say_error(&format!("{e:#}"));
            ExitCode::from(2)
        }
    }
}
