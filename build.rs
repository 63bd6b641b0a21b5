//! Hashes the sources, so that a dataset knows whether the program that made it is the one that runs now.
//!
//! In: `src/` and `Cargo.lock`. Out: the variable `AGENDATA_CODE`. Never: depends on the order of a disk or on a clock.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=src");
    println!("cargo:rerun-if-changed=Cargo.lock");
    let mut hasher = DefaultHasher::new();
    add(Path::new("src"), &mut hasher);
    fs::read("Cargo.lock").unwrap_or_default().hash(&mut hasher);
    println!("cargo:rustc-env=AGENDATA_CODE={:016x}", hasher.finish());
}

fn add(folder: &Path, hasher: &mut DefaultHasher) {
    let mut paths: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add(&path, hasher);
        } else {
            path.to_string_lossy().replace('\\', "/").hash(hasher);
            fs::read(&path).unwrap_or_default().hash(hasher);
        }
    }
}
