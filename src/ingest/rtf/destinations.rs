//! What the groups of an RTF document hold.
//!
//! In: the control word that opens a group. Out: what to do with the group. Never: looks inside.

use super::state::Destination;

/// What to do with a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// Read on, with this destination.
    Read(Destination),
    /// Pass over it.
    Skip,
    /// Keep it for later.
    Keep(Apart),
    /// It is a field: instruction and result.
    Field,
    /// It is a field's result.
    Result,
}

/// What is read apart from the reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Apart {
    Header,
    /// The header or footer of a section's first page.
    FirstHeader,
    FirstFooter,
    /// Those of left pages.
    LeftHeader,
    LeftFooter,
    Footer,
    Note,
    Box,
}

/// The plan for a group that this word opens; nothing where the word opens none.
pub(super) fn plan(word: &str, starred: bool) -> Option<Plan> {
    let plan = match word {
        "fonttbl" => Plan::Read(Destination::Fonts),
        "stylesheet" => Plan::Read(Destination::Styles),
        "info" => Plan::Read(Destination::Info),
        "fldinst" => Plan::Read(Destination::Instruction),
        "listtext" | "pntext" => Plan::Read(Destination::Label),
        "shp" | "shpinst" | "do" | "shpgrp" => Plan::Read(Destination::Shape),
        "nesttableprops" | "object" | "result" | "mmathPr" | "shptop" => Plan::Read(Destination::Body),
        "field" => Plan::Field,
        "fldrslt" => Plan::Result,
        "header" | "headerr" => Plan::Keep(Apart::Header),
        "headerl" => Plan::Keep(Apart::LeftHeader),
        "headerf" => Plan::Keep(Apart::FirstHeader),
        "footer" | "footerr" => Plan::Keep(Apart::Footer),
        "footerl" => Plan::Keep(Apart::LeftFooter),
        "footerf" => Plan::Keep(Apart::FirstFooter),
        "footnote" => Plan::Keep(Apart::Note),
        "shptxt" | "dptxbxtext" => Plan::Keep(Apart::Box),
        "pict" | "colortbl" | "filetbl" | "objdata" | "objclass" | "objname" | "nonshppict" | "nonesttables"
        | "shprslt" | "sp" | "xe" | "tc" | "tcn" | "rxe" | "txe" | "annotation" | "private1" | "pntxta" | "pntxtb"
        | "ftnsep" | "ftnsepc" | "ftncn" | "aftnsep" | "aftnsepc" | "aftncn" | "bkmkstart" | "bkmkend" | "mmath" => {
            Plan::Skip
        }
        _ if starred => Plan::Skip,
        _ => return None,
    };
    Some(plan)
}
