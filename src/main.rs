//! The `agendata` program: hands the command line to [`agendata::cli`].

fn main() -> std::process::ExitCode {
    agendata::cli::main()
}
