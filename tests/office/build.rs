//! Builds small office documents. In: pieces of XML. Out: the bytes of an archive. Never: checks what it packs.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

pub const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Packs parts into an archive.
pub fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let stored = *name == "mimetype";
        let method = if stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        zip.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A Word document in the making.
#[derive(Default)]
pub struct Docx {
    body: String,
    parts: Vec<(String, String)>,
    relations: String,
}

impl Docx {
    /// A document with this body.
    pub fn new(body: &str) -> Self {
        Self { body: body.into(), ..Self::default() }
    }

    /// Another part below `word/`, with the main part's relationship of this kind and id to it.
    pub fn part(mut self, kind: &str, id: &str, name: &str, xml: &str) -> Self {
        let relation = format!("<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{name}\"/>");
        self.relations.push_str(&relation);
        self.parts.push((format!("word/{name}"), with_namespaces(xml)));
        self
    }

    /// A part with its full name, and no relationship.
    pub fn file(mut self, name: &str, text: &str) -> Self {
        self.parts.push((name.into(), text.into()));
        self
    }

    /// A link's target.
    pub fn link(mut self, id: &str, target: &str) -> Self {
        let relation = format!(
            "<Relationship Id=\"{id}\" Type=\"{OFFICE}/hyperlink\" Target=\"{target}\" TargetMode=\"External\"/>"
        );
        self.relations.push_str(&relation);
        self
    }

    /// The bytes.
    pub fn bytes(self) -> Vec<u8> {
        let wrap = |inner: &str| format!("<Relationships xmlns=\"{RELATIONS}\">{inner}</Relationships>");
        let root = format!("<Relationship Id=\"r1\" Type=\"{OFFICE}/officeDocument\" Target=\"word/document.xml\"/>");
        let main = with_namespaces(&format!("<w:document><w:body>{}</w:body></w:document>", self.body));
        let mut parts = vec![
            ("[Content_Types].xml".to_owned(), "<Types/>".to_owned()),
            ("_rels/.rels".to_owned(), wrap(&root)),
            ("word/document.xml".to_owned(), main),
            ("word/_rels/document.xml.rels".to_owned(), wrap(&self.relations)),
        ];
        parts.extend(self.parts);
        let parts: Vec<(&str, &[u8])> = parts.iter().map(|(n, t)| (n.as_str(), t.as_bytes())).collect();
        zipped(&parts)
    }
}

/// Declares the namespaces on the first element.
fn with_namespaces(xml: &str) -> String {
    let declared = format!(
        " xmlns:w=\"{WORD}\" xmlns:r=\"{OFFICE}\" \
         xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
         xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\" \
         xmlns:v=\"urn:schemas-microsoft-com:vml\""
    );
    let at = xml.find(['>', ' ', '/']).unwrap_or(xml.len());
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{}{declared}{}", &xml[..at], &xml[at..])
}

/// A paragraph with one run.
pub fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// A paragraph with properties and one run.
pub fn pp(properties: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// A cell with properties.
pub fn tc(properties: &str, inner: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>")
}

/// An OpenDocument text with these styles and this body.
pub fn odt(styles: &str, body: &str) -> Vec<u8> {
    let names = ["office", "text", "table", "style", "draw:drawing", "fo:xsl-fo-compatible"].map(|name| {
        let (prefix, name) = name.split_once(':').unwrap_or((name, name));
        format!(" xmlns:{prefix}=\"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0\"")
    });
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content{} xmlns:xlink=\"http://www.w3.org/1999/xlink\">\
         <office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{body}</office:text>\
         </office:body></office:document-content>",
        names.concat()
    );
    let parts: [(&str, &[u8]); 2] =
        [("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", content.as_bytes())];
    zipped(&parts)
}
