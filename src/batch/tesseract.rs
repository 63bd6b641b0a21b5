//! Reads images with the `tesseract` command.
//!
//! In: an image, and the languages to read it in. Out: what the command's table of words says, or why it says nothing.
//! Never: writes a file, lets the command run on when the time is over, reads in fewer languages than were asked for.

use std::io::{ErrorKind, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use crate::ingest::Recognise;
use crate::ingest::ocr::{Image, RecognisedWord, Unread};

/// The command.
const COMMAND: &str = "tesseract";
/// Between two looks at whether it is done.
const STEP: Duration = Duration::from_millis(10);
/// How long it may take to tell its version and languages.
const ASKED: Duration = Duration::from_secs(20);
/// Largest answer, in bytes.
const ANSWER: u64 = 64 << 20;

/// The `tesseract` command with languages, such as `eng+fra`.
#[derive(Debug)]
pub struct Tesseract {
    languages: String,
    /// Its version, or why it cannot be used; asked once.
    version: OnceLock<Result<String, String>>,
}

/// What a command answered.
struct Answer {
    status: ExitStatus,
    out: Vec<u8>,
    err: Vec<u8>,
}

/// Why a command gave no answer.
enum NoAnswer {
    Missing,
    Late,
    Failed(String),
}

impl Tesseract {
    /// The command with these languages; it is looked for when it is first needed.
    pub fn new(languages: &str) -> Self {
        Self { languages: languages.to_owned(), version: OnceLock::new() }
    }

    /// Its version, if it is there with all languages; else what to do.
    fn version(&self) -> &Result<String, String> {
        self.version.get_or_init(|| {
            let listed = ask(&["--list-langs"], &[], ASKED).map_err(told)?;
            let known = lines(&listed);
            for wanted in self.languages.split('+') {
                if !known.iter().any(|line| line.trim() == wanted) {
                    let package = wanted.replace('_', "-").to_lowercase();
                    return Err(format!(
                        "expected tesseract to know the language {wanted}, but its data are not installed \
                         (Debian: apt install tesseract-ocr-{package})"
                    ));
                }
            }
            let version = ask(&["--version"], &[], ASKED).map_err(told)?;
            Ok(lines(&version).first().map_or_else(|| COMMAND.to_owned(), |line| line.trim().to_owned()))
        })
    }
}

/// What a short answer says, on either output.
fn lines(answer: &Answer) -> Vec<String> {
    let both = [&answer.out[..], b"\n", &answer.err].concat();
    String::from_utf8_lossy(&both).lines().filter(|l| !l.trim().is_empty()).map(str::to_owned).collect()
}

fn told(why: NoAnswer) -> String {
    match why {
        NoAnswer::Missing => "expected the command tesseract, but it is not installed \
                              (Debian: apt install tesseract-ocr tesseract-ocr-LANGUAGE)"
            .to_owned(),
        NoAnswer::Late => "expected tesseract to be done in time, but it was not (--max-time)".to_owned(),
        NoAnswer::Failed(why) => format!("expected tesseract to read the image, but it failed: {why}"),
    }
}

impl Recognise for Tesseract {
    fn recognise(&self, image: &Image, time: Duration) -> Result<Vec<RecognisedWord>, Unread> {
        if let Err(message) = self.version() {
            return Err(Unread { message: message.clone(), lasting: true });
        }
        let mut picture = format!("P5\n{} {}\n255\n", image.width, image.height).into_bytes();
        picture.extend_from_slice(&image.grey);
        let dpi = image.dpi.clamp(70, 2400).to_string();
        let arguments = ["stdin", "stdout", "-l", &self.languages, "--psm", "3", "--dpi", &dpi, "tsv"];
        let lasting = |why: &NoAnswer| !matches!(why, NoAnswer::Failed(_));
        let answer = ask(&arguments, &picture, time)
            .and_then(|answer| {
                if answer.status.success() {
                    return Ok(answer.out);
                }
                let why = lines(&Answer { out: Vec::new(), ..answer });
                Err(NoAnswer::Failed(why.last().map_or_else(|| "it does not say why".to_owned(), Clone::clone)))
            })
            .map_err(|why| Unread { lasting: lasting(&why), message: told(why) })?;
        Ok(words(&String::from_utf8_lossy(&answer)))
    }

    fn about(&self) -> Vec<(&'static str, String)> {
        let mut about = vec![("ocr", self.languages.clone())];
        about.extend(self.version().as_ref().ok().map(|version| ("ocr_program", version.clone())));
        about
    }
}

/// Runs the command with something on its standard input, not longer than `time`.
fn ask(arguments: &[&str], input: &[u8], time: Duration) -> Result<Answer, NoAnswer> {
    let mut child = Command::new(COMMAND)
        .args(arguments)
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(
            |e| if e.kind() == ErrorKind::NotFound { NoAnswer::Missing } else { NoAnswer::Failed(e.to_string()) },
        )?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        scope.spawn(move || {
            // A command that ends before it has read all says why on its own.
            let _ = stdin.map(|mut stdin| stdin.write_all(input));
        });
        let out = scope.spawn(move || all(stdout));
        let err = scope.spawn(move || all(stderr));
        let status = wait(&mut child, time);
        let (out, err) = (out.join().unwrap_or_default(), err.join().unwrap_or_default());
        Ok(Answer { status: status?, out, err })
    })
}

/// All that a pipe gives.
fn all(pipe: Option<impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        let _ = pipe.by_ref().take(ANSWER).read_to_end(&mut bytes);
        let _ = std::io::copy(&mut pipe, &mut std::io::sink());
    }
    bytes
}

/// Waits for the end of a command; one that takes longer than `time` is ended.
fn wait(child: &mut Child, time: Duration) -> Result<ExitStatus, NoAnswer> {
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if start.elapsed() < time => thread::sleep(STEP),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(NoAnswer::Late);
            }
            Err(error) => return Err(NoAnswer::Failed(error.to_string())),
        }
    }
}

/// The words of a table of tesseract: level, page, block, paragraph, line, word, left, top, width, height, confidence,
/// text.
fn words(table: &str) -> Vec<RecognisedWord> {
    let word = |row: &str| {
        let cells: Vec<&str> = row.splitn(12, '\t').collect();
        let [level, _, block, paragraph, line, _, left, top, width, height, confidence, text] = cells[..] else {
            return None;
        };
        let number = |cell: &str| cell.parse::<f32>().ok().filter(|n| n.is_finite());
        let (left, top) = (number(left)?, number(top)?);
        let area = [left, top, left + number(width)?, top + number(height)?];
        let line = [block.parse().ok()?, paragraph.parse().ok()?, line.parse().ok()?];
        let confidence = number(confidence)?.clamp(0.0, 100.0);
        (level == "5" && !text.trim().is_empty()).then(|| RecognisedWord {
            text: text.trim().to_owned(),
            area,
            confidence,
            line,
        })
    };
    table.lines().filter_map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_gives_its_words() {
        let table = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
                     4\t1\t1\t1\t2\t0\t10\t20\t300\t12\t-1\t\n\
                     5\t1\t1\t1\t2\t1\t10\t20\t30\t12\t96.5\t09:30\n\
                     5\t1\t1\t1\t2\t2\t50\t20\t5\t12\t95\t \n\
                     5\t1\t1\tx\t2\t3\t60\t20\t5\t12\t95\tlost\n5\t1\n";
        let word =
            RecognisedWord { text: "09:30".into(), area: [10.0, 20.0, 40.0, 32.0], confidence: 96.5, line: [1, 1, 2] };
        assert_eq!(words(table), [word]);
    }
}
