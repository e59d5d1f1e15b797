//! The command `allonym`.

fn main() -> std::process::ExitCode {
    allonym_cli::main(std::env::args_os())
}
