//! Makes of the grammars what the program would else make at each start, and hashes the sources, so that a dataset knows
//! whether the program that made it is the one that runs now.
//!
//! In: `grammars/`, `src/`, `Cargo.lock`. Out: the tables of the grammars, as `src/grammar/tables/` makes them (empty ones
//! where a file has an error, which the program then tells), and the variable `AGENDATA_CODE`. Never: depends on the order
//! of a disk or on a clock.

use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

#[path = "src/grammar/tables/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the program reads what is made here")]
mod tables;

use tables::{Building, GrammarError, GrammarFile, Tables};

fn main() -> io::Result<()> {
    for watched in ["src", "grammars", "Cargo.lock"] {
        println!("cargo:rerun-if-changed={watched}");
    }
    let code = hashed(&["src", "Cargo.lock"])?;
    println!("cargo:rustc-env=AGENDATA_CODE={code:016x}");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    // most changes of the sources leave the tables as they are
    let (mark, key) = (out.join("tables.key"), hashed(&["grammars", "src/grammar/tables", "build.rs"])?.to_string());
    if fs::read_to_string(&mark).ok().as_ref() == Some(&key) {
        return Ok(());
    }
    let tables = grammars().map(|files| made(&files).unwrap_or_default())?;
    let rows = if tables.hash.is_empty() { Ok(Vec::new()) } else { postcard::to_stdvec(&tables) };
    fs::write(out.join("tables.bin"), rows.map_err(io::Error::other)?)?;
    for (name, bytes) in tables.maps.parts() {
        fs::write(out.join(name), bytes)?;
    }
    fs::write(mark, key)
}

/// The tables of the files; those of the repair stage and of the confidences are read as they are.
fn made(files: &[GrammarFile]) -> Result<Tables, GrammarError> {
    let mut building = Building::default();
    for file in files.iter().filter(|file| !file.is_apart()) {
        building.add(file)?;
    }
    Ok(building.finish(tables::hash(files)).0)
}

/// The grammar files by path.
fn grammars() -> io::Result<Vec<GrammarFile>> {
    let mut files = Vec::new();
    for path in below(Path::new("grammars"))? {
        let name = path.strip_prefix("grammars").unwrap_or(&path).to_string_lossy().replace('\\', "/");
        if let Ok(content) = String::from_utf8(fs::read(&path)?) {
            files.push(GrammarFile { path: name, content, layer: 0 });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// A hash over files and folders.
fn hashed(paths: &[&str]) -> io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    for root in paths {
        for path in below(Path::new(root))? {
            path.to_string_lossy().replace('\\', "/").hash(&mut hasher);
            fs::read(&path)?.hash(&mut hasher);
        }
    }
    Ok(hasher.finish())
}

/// Every file of a folder, in sorted order; or the file itself, where it is there.
fn below(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(path.exists().then(|| path.to_owned()).into_iter().collect());
    }
    let mut inner: Vec<PathBuf> =
        fs::read_dir(path)?.map(|entry| entry.map(|e| e.path())).collect::<io::Result<_>>()?;
    inner.sort();
    let all: Vec<Vec<PathBuf>> = inner.iter().map(|path| below(path)).collect::<io::Result<_>>()?;
    Ok(all.concat())
}
