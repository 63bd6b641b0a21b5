//! Data for programs in a page (schema.org) → what the page's own words leave open of the event.
//!
//! In: the lines of such data, the tree so far. Out: title, dates, place, organisers, link, status, each with its
//! evidence on its line. Never: takes the place of what the text says; reads a page that lists several events.

use crate::evidence::Grounded;
use crate::grammar::Set;
use crate::model::Span;
use crate::parse::{Cx, Parsed, place};

use super::header::merge;
use super::tree::Tree;

/// The keys of an event's properties begin with this.
const EVENT: &str = "data.event.";
/// States of an event in schema.org, and ours.
const STATES: [(&str, &str); 3] =
    [("EventCancelled", "cancelled"), ("EventPostponed", "postponed"), ("EventRescheduled", "postponed")];

/// Fills what the text leaves open.
pub(super) fn fill(cx: Cx, parsed: &[Parsed], tree: &mut Tree) {
    let lines: Vec<(&str, &Parsed)> =
        parsed.iter().filter_map(|p| Some((p.unit.first(cx.s).meta.as_deref()?.strip_prefix(EVENT)?, p))).collect();
    let events = |key: &str| lines.iter().filter(|(k, _)| *k == key).count();
    if lines.is_empty() || events("name") > 1 || events("startdate") > 1 {
        return;
    }
    for (key, p) in &lines {
        property(cx, key, p, tree);
    }
}

fn property(cx: Cx, key: &str, p: &Parsed, tree: &mut Tree) {
    let flat = &p.unit.flat;
    let v = cx.view(flat);
    let from = v.of(flat.all()).find(": ").map_or(flat.all().end, |at| flat.all().start + at + 2);
    let all = v.strip(Span::new(from, flat.all().end), "");
    let read = |rule: &str| cx.read(flat, all, "name", &[], rule, 0.85);
    let event = &mut tree.event;
    match key {
        "name" if event.title.is_none() => event.title = read("base/data/name"),
        "startdate" if event.date.is_none() => event.date = v.dates(all).next().map(|(_, d)| d.clone()),
        "enddate" => {
            let end = v.dates(all).next().map(|(_, d)| d.clone());
            if let (Some(start), Some(end)) = (event.date.as_mut(), end)
                && start.until.is_none()
                && start.days.len() == 1
                && v.of(all).len() >= 10
                && is_data(cx, start.days.first().map(|d| d.1))
                && (start.days.first().map(|d| d.0), start.month.map(|m| m.0))
                    != (end.days.first().map(|d| d.0), end.month.map(|m| m.0))
            {
                start.until = Some(Box::new(end));
            }
        }
        "location" if event.venue.name.is_none() && event.venue.city.is_none() => {
            merge(cx, &mut event.venue, place(cx, flat, all, true));
        }
        "location.name" if event.venue.name.is_none() => event.venue.name = read("base/data/location"),
        "location.streetaddress" | "location.address" if event.venue.address.is_none() => {
            event.venue.address = cx.read(flat, all, "", &["squeeze"], "base/data/address", 0.85);
        }
        "location.addresslocality" if event.venue.city.is_none() => event.venue.city = read("base/data/city"),
        "location.addresscountry" if event.venue.country.is_none() => {
            let known = v.phrase(all, Set::Country).filter(|(s, _)| *s == all);
            let is_code = all.len() == 2 && v.of(all).bytes().all(|b| b.is_ascii_uppercase());
            event.venue.country = match known {
                Some((s, _)) => cx.lexicon(flat, s, Set::Country, 0.85),
                None if is_code => cx.read(flat, all, "", &[], "base/data/country", 0.85),
                None => None,
            };
        }
        "organizer" | "organizer.name" if event.organisers.is_empty() => {
            event.organisers.extend(read("base/data/organizer"));
        }
        "url" if event.urls.is_empty() => {
            event.urls.extend(cx.read(flat, all, "", &["url.plain"], "base/data/url", 0.85));
        }
        "eventstatus" if event.status.is_none() => {
            let state = STATES.iter().find(|(name, _)| v.of(all).ends_with(name));
            let (pieces, _) = flat.source(all);
            event.status = state.map(|(_, ours)| Grounded::constant(ours, &pieces, "base/data/status", 0.85));
        }
        _ => {}
    }
}

/// Whether a place of the text lies in a line of data.
fn is_data(cx: Cx, span: Option<Span>) -> bool {
    let Some(span) = span else { return false };
    let at = cx.s.lines.partition_point(|l| l.span.end <= span.start);
    cx.s.lines.get(at).and_then(|l| l.meta.as_deref()).is_some_and(|m| m.starts_with(EVENT))
}
