//! The fields of a word processor: an instruction that is not text, and a result that is.
//!
//! In: the marks of fields in the order of the text. Out: whether text shows now, and where a link leads. Never:
//! works a field out.

/// Fields within fields.
const DEEPEST: usize = 64;
/// Bytes of an instruction that are kept.
const LONGEST: usize = 4_096;

/// The fields that are open.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    open: Vec<Field>,
    /// Fields open beyond [`DEEPEST`].
    beyond: usize,
}

#[derive(Clone, Debug, Default)]
struct Field {
    instruction: String,
    in_result: bool,
    is_link: bool,
}

impl Fields {
    /// A field begins with its instruction.
    pub fn begin(&mut self) {
        if self.open.len() < DEEPEST {
            self.open.push(Field::default());
        } else {
            self.beyond += 1;
        }
    }

    /// A piece of the instruction.
    pub fn instruction(&mut self, text: &str) {
        if let Some(field) = self.open.last_mut()
            && !field.in_result
            && field.instruction.len() + text.len() <= LONGEST
        {
            field.instruction.push_str(text);
        }
    }

    /// The instruction is over, the result begins; where a link leads, if it is one.
    pub fn result(&mut self) -> Option<String> {
        if self.beyond > 0 {
            return None;
        }
        let field = self.open.last_mut()?;
        field.in_result = true;
        let target = hyperlink(&field.instruction);
        field.is_link = target.is_some();
        target
    }

    /// The field ends; whether it was a link.
    pub fn end(&mut self) -> bool {
        if self.beyond > 0 {
            self.beyond -= 1;
            return false;
        }
        self.open.pop().is_some_and(|field| field.is_link)
    }

    /// Whether text belongs to an instruction and does not show.
    pub fn hides(&self) -> bool {
        self.open.iter().any(|field| !field.in_result)
    }
}

/// The target of a `HYPERLINK "…"` instruction.
pub(super) fn hyperlink(instruction: &str) -> Option<String> {
    let rest = instruction.trim_start();
    let head = rest.get(..9).filter(|h| h.eq_ignore_ascii_case("hyperlink"))?;
    let rest = rest.get(head.len()..)?.trim_start();
    let target = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None if rest.starts_with('\\') => return None,
        None => rest.split_whitespace().next()?,
    };
    (!target.is_empty()).then(|| target.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_read_from_its_instruction() {
        assert_eq!(hyperlink(" HYPERLINK \"http://a.example/x\" \\o \"tip\" ").as_deref(), Some("http://a.example/x"));
        assert_eq!(hyperlink("hyperlink mailto:a@b.example").as_deref(), Some("mailto:a@b.example"));
        assert_eq!(hyperlink(" HYPERLINK \\l \"_Toc1\" "), None);
        assert_eq!(hyperlink("PAGE"), None);
    }

    #[test]
    fn only_results_show() {
        let mut fields = Fields::default();
        assert!(!fields.hides());
        fields.begin();
        fields.instruction("IF ");
        fields.begin();
        fields.instruction("PAGE");
        assert!(fields.result().is_none() && fields.hides(), "a result within an instruction");
        fields.end();
        fields.result();
        assert!(!fields.hides());
        assert!(!fields.end());
    }
}
