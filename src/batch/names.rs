//! Paths of documents in a dataset.
//!
//! In: where a file was found. Out: its path below the folder that was given, with `/`, in UTF-8 and without control
//! characters; no two documents share one. Never: depends on the order in which a disk lists its files.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Component, Path};

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// Longest part of a path; file systems take 255 bytes, and an ending is added.
const LONGEST: usize = 240;

/// The path of `path` below `root`, and whether characters of it had to be written in another way.
pub fn below(root: &Path, path: &Path) -> (String, bool) {
    let rest = path.strip_prefix(root).unwrap_or(path);
    let mut parts: Vec<(String, bool)> = normal(rest);
    if parts.is_empty() {
        parts = normal(path).into_iter().last().into_iter().collect();
    }
    if parts.is_empty() {
        parts.push(("input".to_owned(), false));
    }
    let odd = parts.iter().any(|(_, odd)| *odd);
    (parts.into_iter().map(|(part, _)| part).collect::<Vec<_>>().join("/"), odd)
}

/// The named parts of a path, as they stand in a dataset.
fn normal(path: &Path) -> Vec<(String, bool)> {
    let names = path.components().filter_map(|c| match c {
        Component::Normal(name) => Some(name),
        _ => None,
    });
    names.map(|name| escape(name.as_encoded_bytes())).collect()
}

/// The name of a container's member as it stands in a dataset, and whether characters had to be written in another way.
pub fn cleaned(name: &str) -> (String, bool) {
    let parts: Vec<(String, bool)> = name.split('/').map(|part| escape(part.as_bytes())).collect();
    let odd = parts.iter().any(|(_, odd)| *odd);
    (parts.into_iter().map(|(part, _)| part).collect::<Vec<_>>().join("/"), odd)
}

/// One part of a path in UTF-8, what cannot stand there as `%` and two hex digits; cut where it is too long.
fn escape(name: &[u8]) -> (String, bool) {
    let mut out = String::with_capacity(name.len());
    let mut odd = false;
    for chunk in name.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c.is_control() || c == '\\' {
                odd = true;
                let mut bytes = [0; 4];
                c.encode_utf8(&mut bytes).bytes().for_each(|b| out.push_str(&format!("%{b:02X}")));
            } else {
                out.push(c);
            }
        }
        odd |= !chunk.invalid().is_empty();
        chunk.invalid().iter().for_each(|b| out.push_str(&format!("%{b:02X}")));
    }
    if out.len() > LONGEST {
        let digest = Sha256::digest(name);
        let mut cut = LONGEST - 20;
        while !out.is_char_boundary(cut) {
            cut -= 1;
        }
        out.truncate(cut);
        out.push('~');
        digest.iter().take(8).for_each(|b| out.push_str(&format!("{b:02x}")));
    }
    (out, odd)
}

/// The paths given so far.
#[derive(Default)]
pub struct Names {
    files: HashSet<u64>,
    folders: HashSet<u64>,
}

impl Names {
    /// `name`, or the same below the folders that the file lies in, or below a number, so that no other document has it.
    pub fn unique(&mut self, name: String, path: &Path) -> String {
        if self.take(&name) {
            return name;
        }
        let parts: Vec<String> = normal(path).into_iter().map(|(part, _)| part).collect();
        let depth = name.split('/').count();
        for from in (0..parts.len().saturating_sub(depth)).rev() {
            let longer = parts[from..].join("/");
            if self.take(&longer) {
                return longer;
            }
        }
        let mut numbered = (2..).map(|n: u64| format!("{n}/{name}"));
        numbered.find(|longer| self.take(longer)).unwrap_or(name)
    }

    /// Whether the name is free, for the document's files and for the folders that they lie in; then it is taken.
    fn take(&mut self, name: &str) -> bool {
        let files = [key(&format!("{name}.json")), key(&format!("{name}.txt"))];
        let folders: Vec<u64> = name.match_indices('/').map(|(at, _)| key(&name[..at])).collect();
        let free = files.iter().all(|f| !self.files.contains(f) && !self.folders.contains(f))
            && folders.iter().all(|f| !self.files.contains(f));
        if free {
            self.files.extend(files);
            self.folders.extend(folders);
        }
        free
    }
}

/// What two names have in common that some file system takes for one: it may not tell capitals from small letters, nor
/// the ways to write an accent.
pub fn key(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    if text.is_ascii() {
        text.bytes().for_each(|b| hasher.write_u8(b.to_ascii_lowercase()));
    } else {
        let folded = text.nfd().flat_map(char::to_lowercase).nfd();
        folded.for_each(|c| {
            let mut bytes = [0; 4];
            hasher.write(c.encode_utf8(&mut bytes).as_bytes());
        });
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(root: &str, path: &str) -> String {
        below(Path::new(root), Path::new(path)).0
    }

    #[test]
    fn paths_stand_below_the_folder_given() {
        assert_eq!(named("in", "in/a/b.txt"), "a/b.txt");
        assert_eq!(named("./in/", "./in/a.txt"), "a.txt");
        assert_eq!(named("", "x/../a.txt"), "x/a.txt");
        assert_eq!(named("in", "in"), "in");
        assert_eq!(named("/", "/"), "input");
    }

    #[test]
    fn odd_names_are_written_in_hex() {
        assert_eq!(below(Path::new(""), Path::new("a\nb.txt")), ("a%0Ab.txt".to_owned(), true));
        assert_eq!(below(Path::new(""), Path::new("é %41.txt")), ("é %41.txt".to_owned(), false));
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            let name = std::ffi::OsStr::from_bytes(b"caf\xe9.txt");
            assert_eq!(below(Path::new(""), Path::new(name)), ("caf%E9.txt".to_owned(), true));
        }
    }

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let (a, b) = ("é".repeat(124) + "a.txt", "é".repeat(124) + "b.txt");
        assert!(named("", &a).len() <= LONGEST);
        assert_ne!(named("", &a), named("", &b));
    }

    #[test]
    fn no_two_documents_share_a_path() {
        let mut names = Names::default();
        let mut take = |name: &str, path: &str| names.unique(name.into(), Path::new(path));
        assert_eq!(take("x.txt", "in/a/x.txt"), "x.txt");
        assert_eq!(take("x.txt", "in/b/x.txt"), "b/x.txt");
        assert_eq!(take("x.txt", "out/b/x.txt"), "out/b/x.txt");
        assert_eq!(take("x.txt", "in/b/x.txt"), "in/b/x.txt");
        assert_eq!(take("x.txt", "in/b/x.txt"), "2/x.txt");
        assert_eq!(take("d/X.txt", "in/d/X.txt"), "d/X.txt");
        assert_eq!(take("d/x.TXT", "in/d/x.TXT"), "in/d/x.TXT", "a disk may not tell capitals from small letters");
        assert_eq!(take("caf\u{e9}.txt", "in/1"), "caf\u{e9}.txt");
        assert_eq!(take("cafe\u{301}.txt", "in/1"), "in/1", "nor the ways to write an accent");
        assert_eq!(take("y", "y"), "y");
        assert_eq!(take("y.json/z", "in/y.json/z"), "in/y.json/z", "a folder may not be another's record file");
    }
}
