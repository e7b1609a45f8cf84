//! The `qun` program.

fn main() -> std::process::ExitCode {
    qun::cli::run()
}
