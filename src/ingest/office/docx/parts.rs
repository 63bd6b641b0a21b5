//! Which parts a Word document has, and what its relationships lead to.
//!
//! In: the package. Out: names of parts and targets. Never: reads text.

use rustc_hash::FxHashMap;

use super::super::package::Package;
use super::super::xml::{Event, Ns, Xml, decoded};
use crate::ingest::Budget;

/// Where a relationship leads.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// The last part of the relationship's type (`hyperlink`, `header`).
    pub kind: String,
    /// A part's name or, outside of the package, an address.
    pub target: String,
    pub external: bool,
}

/// The relationships of one part, by id.
#[derive(Clone, Debug, Default)]
pub(super) struct Relations {
    by_id: FxHashMap<String, Target>,
    /// In the order in which they stand.
    order: Vec<String>,
}

impl Relations {
    /// Reads the relationships of `part`; those of the package for an empty name.
    pub fn read(package: &mut Package, part: &str, budget: &mut Budget) -> Self {
        let (folder, name) = part.rsplit_once('/').map_or(("", part), |(folder, name)| (folder, name));
        let path = if folder.is_empty() { format!("_rels/{name}.rels") } else { format!("{folder}/_rels/{name}.rels") };
        let mut relations = Self::default();
        let Some(bytes) = package.read(&path, budget) else { return relations };
        let source = decoded(&bytes);
        let mut xml = Xml::new(&source);
        loop {
            match xml.next() {
                Event::Start(e) if e.name == "Relationship" && matches!(e.ns, Ns::Relations | Ns::Other) => {
                    let (Some(id), Some(kind), Some(target)) = (e.attr("Id"), e.attr("Type"), e.attr("Target")) else {
                        continue;
                    };
                    let external = e.attr("TargetMode").is_some_and(|m| m.eq_ignore_ascii_case("external"));
                    let target = if external { target } else { resolved(folder, &target) };
                    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                    relations.order.push(id.clone());
                    relations.by_id.insert(id, Target { kind, target, external });
                }
                Event::Done => return relations,
                _ => {}
            }
        }
    }

    /// Where `id` leads.
    pub fn get(&self, id: &str) -> Option<&Target> {
        self.by_id.get(id)
    }

    /// The part that the first relationship of this kind leads to.
    pub fn part(&self, kind: &str) -> Option<&str> {
        let targets = self.order.iter().filter_map(|id| self.by_id.get(id));
        targets.filter(|t| !t.external).find(|t| t.kind == kind).map(|t| t.target.as_str())
    }
}

/// A target as a name in the package.
fn resolved(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|s| !s.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// The main part of the document: what the package's relationships say, else where it always is.
pub(super) fn main_part(package: &mut Package, budget: &mut Budget) -> Option<String> {
    let relations = Relations::read(package, "", budget);
    let told = relations.part("officeDocument").map(str::to_owned);
    let usual = || ["word/document.xml", "ppt/presentation.xml", "xl/workbook.xml"].map(str::to_owned);
    let any = |package: &Package| {
        package.names().into_iter().find(|n| n.starts_with("word/document") && n.ends_with(".xml")).map(str::to_owned)
    };
    told.filter(|name| package.has(name))
        .or_else(|| usual().into_iter().find(|name| package.has(name)))
        .or_else(|| any(package))
}
