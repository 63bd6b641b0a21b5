# The steps of .ci/run one by one, and what a developer runs beside them. `just` alone lists them.
# Needs just (https://just.systems); each recipe is a line or two that can also be typed.

shared := env("AGENDATA_SHARED", "../shared")

_list:
    @just --list --unsorted

# What CI runs
ci:
    .ci/run

# Reformat the code
fmt:
    cargo fmt

# Lints, warnings as errors
lint:
    cargo fmt --check
    cargo clippy --locked --all-targets --all-features -- -D warnings

# All tests; `just test segment` only those whose name holds a word
test *filter:
    cargo test --locked {{filter}}

# Every rule over its examples and counter-examples, every score over the own documents
grammar *args:
    cargo run --release --locked -- grammar check --over input --over tests/rules {{args}}

# Renew the committed dataset: what input/ gives
output:
    cargo run --release --locked -- extract input -o output --prune

# Score the own documents against their gold; `just eval --show` lists every value that differs
eval *args:
    cargo run --release --locked -- extract input -o target/eval --quiet
    cargo run --release --locked -- eval tests/gold target/eval {{args}}

# Score the shared documents too, where they are there
eval-shared:
    AGENDATA_SHARED="{{shared}}" cargo test --release --locked --test accuracy -- --nocapture

# Fit confidences anew to gold, and write what they are worth into docs/accuracy.md; `just fit PROGRAM` with one that is built
fit *program:
    AGENDATA_SHARED="{{shared}}" scripts/fit.sh {{program}}

# Make every value of the committed dataset again from its source
verify:
    cargo run --release --locked -- verify output --source input

# A criterion bench a stage
bench *args:
    cargo bench --locked --bench stages -- {{args}}

# CPU time beside ripgrep and wc over text, and beside the usual readers over PDF, DOCX and HTML
compare:
    AGENDATA_SHARED="{{shared}}" scripts/compare.sh
    AGENDATA_SHARED="{{shared}}" scripts/compare_formats.sh

# Every export into the system that it is for: khal, frictionless, Chromium … (installed below target/imports)
imports *args:
    cargo build --release --locked --all-features
    scripts/imports.sh target/release/agendata {{args}}

# The Spark job of examples/spark, compared with extract (needs Java 17)
spark:
    scripts/spark.sh

# More kills of runs over 2,000 documents than the tests do, each completed and compared byte for byte
kill kills="1000" seed="1":
    AGENDATA_KILLS={{kills}} AGENDATA_SEED={{seed}} cargo test --release --locked --test kill -- --nocapture

# What grows with an archive, and how: CPU a byte and a document, memory, unchanged runs, writing; the tables of docs/performance.md
scale:
    scripts/scale.sh

# A fuzz target with coverage (needs cargo-fuzz and a C++ compiler); see fuzz/README.md
fuzz target seconds="300":
    AGENDATA_CORPUS=fuzz/corpus cargo test --locked --test mutations seeds
    RUSTC_BOOTSTRAP=1 cargo fuzz run {{target}} -- -max_total_time={{seconds}} -max_len=20000

# Licences and advisories of the dependencies (needs cargo-deny)
deny:
    cargo deny --locked check

# The library's documentation
docs:
    cargo doc --locked --no-deps --open
