//! The command `allonym`.

use std::panic;
use std::process::ExitCode;

fn main() -> ExitCode {
    // A damaged index can hold numbers that lead nowhere; whoever meets them gets a sentence, too.
    panic::set_hook(Box::new(|_| {}));
    match panic::catch_unwind(allonym::cli::run) {
        Ok(Ok(code)) => code,
        Ok(Err(error)) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            eprintln!("allonym: {error}");
            ExitCode::from(if error.kind() == allonym::ErrorKind::Usage { 2 } else { 1 })
        }
        Err(cause) => {
            let text = cause.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("no reason given");
            eprintln!("allonym: a fault of the program or of the index ({text}); 'allonym index check' tells which");
            ExitCode::FAILURE
        }
    }
}
