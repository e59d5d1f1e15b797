//! The command `allonym`.

use std::process::ExitCode;

fn main() -> ExitCode {
    match allonym::cli::run() {
        Ok(code) => code,
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("allonym: {error}");
            ExitCode::from(if error.kind() == allonym::ErrorKind::Usage { 2 } else { 1 })
        }
    }
}
