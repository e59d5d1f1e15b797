//! The command `allonym`.

fn main() -> std::process::ExitCode {
    allonym::cli::main(std::env::args_os())
}
