//! The program: parse, run one command, exit with its class.

fn main() -> std::process::ExitCode {
    schemactl::cli::main()
}
