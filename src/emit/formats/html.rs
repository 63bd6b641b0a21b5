//! `<document>.html`: the programme as a page that a person reads or prints.
//!
//! In: a record. Out: one page without a script, with its style in it, and the event as JSON-LD for machines. Never: a text
//! that is not escaped; a link that is no web address; a time that the document does not state.

use std::fmt::Write;
use std::io;

use super::frab::clean;
use super::jsonld;
use super::loss::{Carry, Loss};
use super::{Made, OneFile, shown};
use crate::model::{Contact, Event, Record, Role, Session, SessionKind, Talk};

/// One page a document.
pub struct Html;

impl OneFile for Html {
    const ENDING: &'static str = "html";

    fn carries(&self) -> Carry {
        Carry {
            whole: &[],
            text: &[
                "event.{title,status,programme,start_date,end_date,timezone,venue,hosts,organisers,sponsors,roles,urls,description}",
                "event.attendance.{group,count}",
                "sessions.{kind,number,title,title_alternatives,track,date,start,end,venue,status,tentative,approximate,open_end,roles,talks,questions,documents,description,uid}",
                "people.{name,honorific,suffix,position,organisation,country,tentative}",
                "contacts",
                "source.path",
            ],
            cleans: true,
        }
    }

    fn make(&self, record: &Record, _loss: &mut Loss) -> io::Result<Made> {
        if record.event == Event::default() && record.sessions.is_empty() && record.contacts.is_empty() {
            return Ok(Made::Nothing("no event and no contacts"));
        }
        Ok(Made::File(page(record).into_bytes()))
    }
}

const STYLE: &str = "\
:root{color-scheme:light}*{box-sizing:border-box}\
body{font:16px/1.45 Georgia,'Times New Roman',serif;color:#1a1a1a;background:#fff;max-width:52rem;margin:2rem auto;padding:0 1.25rem;overflow-wrap:anywhere}\
h1,h2,h3,.t,.k,dt,footer{font-family:system-ui,-apple-system,'Segoe UI',Arial,sans-serif}\
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .5rem}h2{font-size:1.15rem;margin:2.2rem 0 .4rem;padding-bottom:.3rem;border-bottom:2px solid #1a1a1a}\
h3{font-size:1rem;margin:0}p{margin:.15rem 0}a{color:#0b4f8a}\
header p{color:#333}.s{display:inline-block;font:600 .75rem system-ui,sans-serif;text-transform:uppercase;letter-spacing:.05em;border:1px solid;padding:.1rem .45rem;border-radius:.2rem}\
.r{display:grid;grid-template-columns:7.2rem minmax(0,1fr);gap:.2rem 1rem;padding:.55rem 0;border-bottom:1px solid #ddd;break-inside:avoid}\
.t{font-variant-numeric:tabular-nums;font-size:.92rem;color:#333;padding-top:.08rem}.k{font-size:.78rem;color:#666}\
.pause{background:#f5f5f3;color:#444}.pause h3{font-weight:500}.off h3{text-decoration:line-through}.in{margin-inline-start:1.5rem}\
ul,ol{margin:.3rem 0;padding-inline-start:1.2rem}li{margin:.15rem 0}.w{color:#555;font-size:.92rem}\
dl{display:grid;grid-template-columns:14rem minmax(0,1fr);gap:.3rem 1rem}dt{font-weight:600;font-size:.92rem}dd{margin:0}\
footer{margin-top:2.5rem;font-size:.78rem;color:#666;border-top:1px solid #ddd;padding-top:.5rem}\
@media (max-width:34rem){.r,dl{grid-template-columns:minmax(0,1fr)}}\
@media print{body{margin:0;max-width:none;font-size:10.5pt}a{color:inherit;text-decoration:none}h2{break-after:avoid}}";

/// The page.
fn page(record: &Record) -> String {
    let mut page = String::with_capacity(16 << 10);
    let title = title(record);
    let language = record.source.languages.first().map_or("und", String::as_str);
    let _ = write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{}</title>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"generator\" content=\"agendata {}\">\n<style>{STYLE}</style>\n{}</head>\n<body>\n",
        escape(language),
        escape(&title),
        env!("CARGO_PKG_VERSION"),
        data(record),
    );
    head(&mut page, record, &title);
    programme(&mut page, record);
    contacts(&mut page, record);
    let _ = write!(page, "<footer>Read from <bdi>{}</bdi></footer>\n</body>\n</html>\n", escape(&record.source.path));
    page
}

fn title(record: &Record) -> String {
    let event = record.event.title.clone().or_else(|| record.source.title.clone());
    event.unwrap_or_else(|| record.source.path.clone())
}

/// The event for machines. No text can end the element: `<` is written as an escape of JSON.
fn data(record: &Record) -> String {
    if record.event == Event::default() && record.sessions.is_empty() {
        return String::new();
    }
    let json = serde_json::to_string(&jsonld::graph(record)).unwrap_or_default().replace('<', "\\u003c");
    format!("<script type=\"application/ld+json\">{json}</script>\n")
}

fn head(page: &mut String, record: &Record, title: &str) {
    let event = &record.event;
    let _ = write!(page, "<header>\n<h1 dir=\"auto\">{}</h1>\n", escape(title));
    if let Some(status) = event.status {
        let _ = writeln!(page, "<p><span class=\"s\">{}</span></p>", status.as_str());
    }
    let days = match (&event.start_date, &event.end_date) {
        (Some(start), Some(end)) if start != end => format!("{} – {}", day_words(start), day_words(end)),
        (Some(day), _) | (None, Some(day)) => day_words(day),
        (None, None) => String::new(),
    };
    let zone = event.timezone.as_ref().map(|z| format!("times: {z}"));
    let place = shown::place(&event.venue);
    for line in [Some(days), Some(place), event.programme.clone(), zone].into_iter().flatten().filter(|l| !l.is_empty())
    {
        paragraph(page, &line);
    }
    for (word, bodies) in [("Organised by", &event.organisers), ("Host", &event.hosts), ("Sponsors", &event.sponsors)] {
        if !bodies.is_empty() {
            paragraph(page, &format!("{word}: {}", bodies.join("; ")));
        }
    }
    shown::role_lines(record, &event.roles).iter().for_each(|line| paragraph(page, line));
    event.description.iter().for_each(|d| paragraph(page, d));
    for part in &event.attendance {
        let words = [part.count.map(|n| n.to_string()), part.group.clone()];
        paragraph(page, &words.into_iter().flatten().collect::<Vec<_>>().join(" "));
    }
    for url in &event.urls {
        let _ = writeln!(page, "<p>{}</p>", link(url));
    }
    page.push_str("</header>\n<main>\n");
}

fn programme(page: &mut String, record: &Record) {
    let mut day: Option<&Option<String>> = None;
    for session in &record.sessions {
        if day != Some(&session.date) {
            day = Some(&session.date);
            let words = session.date.as_deref().map_or_else(|| "Programme".to_owned(), day_words);
            let _ = writeln!(page, "<h2>{}</h2>", escape(&words));
        }
        row(page, record, session);
    }
    page.push_str("</main>\n");
}

fn row(page: &mut String, record: &Record, session: &Session) {
    let mut class = String::from("r");
    if matches!(session.kind, SessionKind::Break | SessionKind::Meal) {
        class.push_str(" pause");
    }
    if session.status == Some(crate::model::EventStatus::Cancelled) {
        class.push_str(" off");
    }
    if session.parent.is_some() {
        class.push_str(" in");
    }
    let _ = write!(page, "<section class=\"{class}\" id=\"{}\">\n<div class=\"t\">", escape(&session.uid));
    page.push_str(&escape(&clock_words(session)));
    page.push_str("</div>\n<div>\n");
    let title = shown::session_title(session);
    let _ = writeln!(page, "<p class=\"k\" dir=\"auto\">{}</p>", escape(&over_title(session, &title)));
    let _ = writeln!(page, "<h3 dir=\"auto\">{}</h3>", escape(&title));
    session.title_alternatives.iter().for_each(|t| paragraph(page, &t.title));
    let place = shown::place(&session.venue);
    if !place.is_empty() {
        let _ = writeln!(page, "<p class=\"w\" dir=\"auto\">{}</p>", escape(&place));
    }
    people(page, record, &session.roles);
    session.description.iter().for_each(|d| paragraph(page, d));
    list(page, "ul", session.talks.iter().map(|t| talk(record, t)));
    list(page, "ol", session.questions.iter().map(|q| escape(q)));
    list(page, "ul", session.documents.iter().map(|d| escape(d)));
    page.push_str("</div>\n</section>\n");
}

/// Kind, number and notes; a kind that the title says already is left out.
fn over_title(session: &Session, title: &str) -> String {
    let kind = shown::title_case(session.kind.as_str());
    let kind = Some(kind).filter(|k| !k.eq_ignore_ascii_case(title) || session.number.is_some());
    let kind: Vec<String> = kind.into_iter().chain(session.number.clone()).collect();
    let status = session.status.map(|s| s.to_string());
    let notes =
        [Some(kind.join(" ")), session.track.clone(), session.tentative.then(|| "to be confirmed".into()), status];
    let notes: Vec<String> = notes.into_iter().flatten().filter(|n| !n.is_empty()).collect();
    notes.join(" · ")
}

fn people(page: &mut String, record: &Record, roles: &[Role]) {
    shown::role_lines(record, roles).iter().for_each(|line| paragraph(page, line));
}

fn talk(record: &Record, talk: &Talk) -> String {
    let mut line = format!("<bdi>{}</bdi>", escape(&shown::talk_line(record, talk)));
    if talk.tentative {
        line.push_str(" <span class=\"w\">to be confirmed</span>");
    }
    if let Some(description) = &talk.description {
        let _ = write!(line, "<p class=\"w\" dir=\"auto\">{}</p>", escape(description));
    }
    line
}

fn list(page: &mut String, kind: &str, items: impl Iterator<Item = String>) {
    let items: Vec<String> = items.collect();
    if !items.is_empty() {
        let _ = writeln!(page, "<{kind}>");
        items.iter().for_each(|item| {
            let _ = writeln!(page, "<li dir=\"auto\">{item}</li>");
        });
        let _ = writeln!(page, "</{kind}>");
    }
}

fn contacts(page: &mut String, record: &Record) {
    if record.contacts.is_empty() {
        return;
    }
    page.push_str("<h2>Contacts</h2>\n<dl>\n");
    for contact in &record.contacts {
        let person = contact.person.as_deref().and_then(|id| shown::person(record, id)).map(shown::described);
        let name = person.or_else(|| contact.organisation.clone()).or_else(|| contact.group.clone());
        let _ = writeln!(page, "<dt dir=\"auto\">{}</dt>\n<dd>", escape(&name.unwrap_or_else(|| "Contact".into())));
        contact.purpose.iter().for_each(|p| paragraph(page, p));
        points(page, contact);
        page.push_str("</dd>\n");
    }
    page.push_str("</dl>\n");
}

fn points(page: &mut String, contact: &Contact) {
    for phone in &contact.phones {
        let number = phone.e164.as_ref().unwrap_or(&phone.raw);
        let extension = phone.extension.as_ref().map(|x| format!(" ext. {x}")).unwrap_or_default();
        paragraph(page, &format!("{}: {number}{extension}", phone.kind.as_str()));
    }
    contact.emails.iter().for_each(|e| paragraph(page, e));
    for url in &contact.urls {
        let _ = writeln!(page, "<p>{}</p>", link(url));
    }
    contact.address.iter().for_each(|a| paragraph(page, a));
}

/// A link, where it is a web address; else its text.
fn link(url: &str) -> String {
    let shown = escape(url);
    let web = url.starts_with("https://") || url.starts_with("http://");
    if web { format!("<a href=\"{shown}\" rel=\"noopener noreferrer\">{shown}</a>") } else { shown }
}

fn paragraph(page: &mut String, text: &str) {
    let _ = writeln!(page, "<p dir=\"auto\">{}</p>", escape(text).replace('\n', "<br>"));
}

/// The times as the document states them.
fn clock_words(session: &Session) -> String {
    let about = if session.approximate { "ca. " } else { "" };
    match (&session.start, &session.end) {
        (Some(start), Some(end)) => format!("{about}{start} – {end}"),
        (Some(start), None) if session.open_end => format!("{about}{start} – open end"),
        (Some(start), None) => format!("{about}{start}"),
        (None, Some(end)) => format!("until {end}"),
        (None, None) => String::new(),
    }
}

/// `Wednesday, 28 May 2008`; what is no full date, as it is.
fn day_words(text: &str) -> String {
    super::slots::date(text).map_or_else(|| text.to_owned(), |d| d.strftime("%A, %-d %B %Y").to_string())
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_unescaped_and_no_link_runs_a_script() {
        let mut record = Record::default();
        record.event.title = Some("</script><img src=x onerror=alert(1)>\u{0}".into());
        record.event.urls = vec!["javascript:alert(1)".into(), "https://a.example/\"onclick=\"x".into()];
        let page = page(&record);
        assert_eq!(page.matches("<script").count(), 1);
        assert_eq!(page.matches("</script>").count(), 1);
        assert!(!page.contains("<img") && !page.contains("href=\"javascript") && !page.contains("\"onclick"), "{page}");
        assert!(page.contains("&lt;img src=x"));
    }
}
