//! Pages of HTML as archives have them: what is read, what is left out, what stands aside; and pages made to hurt.

use std::time::{Duration, Instant};

use agendata::Pipeline;
use agendata::ingest::{Limits, RegionKind, Source, Text, ingest};
use agendata::model::Record;

fn read(html: impl Into<Vec<u8>>) -> Text {
    ingest(&Source { path: "page.html".into(), bytes: html.into() }, &Limits::default())
}

fn record(html: &str) -> Record {
    Pipeline::default().extract(&Source { path: "page.html".into(), bytes: html.as_bytes().to_vec() })
}

fn page(body: &str) -> String {
    format!("<!DOCTYPE html><html><head><meta charset=utf-8></head><body>{body}</body></html>")
}

fn of<'t>(text: &'t Text, is: impl Fn(&RegionKind) -> bool) -> Vec<&'t str> {
    text.layout.iter().filter(|r| is(&r.kind)).map(|r| r.span.of(&text.content)).collect()
}

fn meta<'t>(text: &'t Text, key: &str) -> Vec<&'t str> {
    of(text, |k| *k == RegionKind::Meta(key.into()))
}

const ROWS: &str = "<h1>Workshop on Peat</h1><p>12 May 2011</p>\
    <table><tr><td>09:30 - 10:00</td><td>Registration</td></tr><tr><td>10:00 - 11:00</td><td>Opening session</td></tr></table>";

#[test]
fn what_is_not_shown_is_left_out() {
    let hidden = [
        "<div hidden>11:00 Secret</div>",
        "<div style='color:red; DISPLAY : none'><p>11:00 Secret<div>x</div></div>",
        "<span style=visibility:hidden>11:00 <b>Secret</b></span>",
        "<p hidden>11:00 Secret",
        "<template>11:00 Secret</template>",
        "<noscript>11:00 Secret</noscript>",
        "<script>document.write('11:00 Secret')</script>",
        "<style>p:before { content: '11:00 Secret' }</style>",
        "<!--[if IE]>11:00 Secret<![endif]-->",
        "<ul><li hidden>11:00 Secret<li>After</ul>",
    ];
    for html in hidden {
        let text = read(page(&format!("<p>Before</p>{html}<p>After</p>")));
        assert!(!text.content.contains("Secret"), "{html}: {}", text.content);
        assert!(text.content.contains("Before") && text.content.contains("After"), "{html}: {}", text.content);
    }
}

#[test]
fn what_is_only_folded_up_is_read() {
    let folded = [
        "<div class='tab-pane' style='display:none'>11:00 Second day</div>",
        "<div role=tabpanel hidden>11:00 Second day</div>",
        "<details><summary>Day 2</summary>11:00 Second day</details>",
        "<![if !IE]>11:00 Second day<![endif]>",
        "<noframes><p>11:00 <b>Second day</b></noframes>",
    ];
    for html in folded {
        let text = read(page(&format!("<p>Before</p>{html}")));
        assert!(text.content.contains("11:00 Second day"), "{html}: {}", text.content);
        assert!(!text.content.contains("<b>"), "{html}: {}", text.content);
    }
    let all = read(page("<div style='display:none'>11:00 All there is</div>"));
    assert!(all.content.contains("11:00 All there is"));
}

#[test]
fn furniture_stays_in_the_text_and_is_read_as_nothing() {
    let around = format!(
        "<header><a href=/>Home</a> <b>19:00 Site news</b></header><nav><ul><li>08:00 Menu</ul></nav>{ROWS}\
         <div class='footer dark'>Office hours 14:00 - 16:00, Tel +41 22 345 67 89</div><footer>12:00 Imprint</footer>"
    );
    let text = read(page(&around));
    let furniture = of(&text, |k| *k == RegionKind::Furniture);
    assert_eq!(furniture.len(), 4, "{furniture:?}");
    assert!(text.content.contains("08:00 Menu"));
    let record = record(&page(&around));
    let starts: Vec<_> = record.sessions.iter().filter_map(|s| s.start.as_deref()).collect();
    assert_eq!(starts, ["09:30", "10:00"]);
    assert!(record.contacts.is_empty());
    assert_eq!(record.event.title.as_deref(), Some("Workshop on Peat"));
}

#[test]
fn a_header_with_the_title_is_none() {
    for html in ["<header><h1>Workshop</h1></header><p>x", "<main><header>Workshop</header><p>x</main>"] {
        assert!(of(&read(page(html)), |k| *k == RegionKind::Furniture).is_empty(), "{html}");
    }
    let whole = read(page("<nav><p>10:00 Opening</p><p>11:00 Closing</p></nav>"));
    assert!(of(&whole, |k| *k == RegionKind::Furniture).is_empty(), "a page is no furniture as a whole");
}

#[test]
fn lists_count_as_they_say() {
    let cases = [
        ("<ol><li>a<li>b</ol>", "1. a\n2. b\n"),
        ("<ol start=5 type=a><li>a<li value=9>b<li>c</ol>", "e. a\ni. b\nj. c\n"),
        ("<ol type=I start=3 reversed><li>a<li>b</ol>", "III. a\nII. b\n"),
        ("<ol reversed><li>a</ol>", "a\n"),
        ("<ol><li>09:00 Opening<li>Talks</ol>", "09:00 Opening\n2. Talks\n"),
        ("<ul><li>a<ol><li>b</ol><li>c</ul>", "a\n1. b\nc\n"),
        ("<dl><dt>Venue<dd>Town hall</dl>", "Venue\nTown hall\n"),
    ];
    for (html, expected) in cases {
        assert_eq!(read(page(html)).content, expected, "{html}");
    }
}

#[test]
fn tables_that_only_arrange_the_page_are_no_tables() {
    let nested = "<table><tr><td><a href=x>Menu</a></td><td><table>\
        <tr><td>09:00</td><td>Opening</td></tr><tr><td>10:00</td><td>Closing</td></tr></table></td></tr></table>";
    let text = read(page(nested));
    assert_eq!(text.content, "Menu\n\n09:00\tOpening\n10:00\tClosing\n");
    assert_eq!(of(&text, |k| *k == RegionKind::Table), ["09:00\tOpening\n10:00\tClosing"]);
    let told = read(page("<table role=presentation><tr><td>a<td>b</table>"));
    assert_eq!(told.content, "a\nb\n");
    assert!(told.layout.iter().all(|r| !matches!(r.kind, RegionKind::Table | RegionKind::Row)));
}

#[test]
fn breaks_at_the_ends_of_cells_part_nothing() {
    let rows =
        "<tr><td>a<br></td><td><br>b</td></tr><tr><td></td><td>c<br>d</td></tr><tr><td><p>e</p></td><td>f</td></tr>";
    assert_eq!(read(page(&format!("<table>{rows}</table>"))).content, "a\tb\n\tc\nd\ne\tf\n");
}

#[test]
fn links_lead_to_their_targets() {
    let text = read(page(
        "<a href='mailto:ann@example.org?subject=x'>Ann Lee</a> <a href='mailto:b@example.org'>b@example.org</a> \
         <a href='javascript:go()'>x</a> <a href='tel:+41223456789'>Call</a> <a href=rel.html>y</a>",
    ));
    assert_eq!(of(&text, |k| *k == RegionKind::Target), ["mailto:ann@example.org", "tel:+41223456789"]);
    let record = record(&page(&format!("{ROWS}<p>Contact: <a href='mailto:ann@peat.example.org'>Ann Lee</a>")));
    assert_eq!(record.contacts[0].emails, ["ann@peat.example.org"]);
}

#[test]
fn the_encoding_is_what_the_page_says_or_is() {
    let cases: [(&[u8], &str); 4] = [
        (b"<html><head><meta charset=\"iso-8859-2\"><body>\xA3\xF3d\xBC", "Łódź"),
        (
            b"<html><head><meta http-equiv=Content-Type content='text/html; charset=windows-1251'><body>\xCF\xF0\xE8",
            "При",
        ),
        (b"\xEF\xBB\xBF<html><head><meta charset=windows-1251><body>\xC3\xA9t\xC3\xA9", "été"),
        (b"\xFF\xFE<\0h\0t\0m\0l\0>\0a\0\xE9\0", "aé"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(read(bytes).content.trim(), expected);
    }
    assert_eq!(read("<html><body>Caf&eacute; &#8211; &amp; &notin;&copy &lt;b&gt;").content, "Café – & ∉© <b>\n");
}

#[test]
fn data_for_programs_fill_what_the_words_leave_open() {
    let data = r#"<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": ["Event"],
        "name": "Workshop on Peat", "startDate": "2011-05-12T09:30", "endDate": "2011-05-13",
        "location": {"@type": "Place", "name": "Moor House", "address": {"addressLocality": "Berne", "addressCountry": "CH"}},
        "organizer": {"name": "Peat Society"}, "eventStatus": "https://schema.org/EventCancelled"}]}</script>"#;
    let html = page(&format!("{data}{}", ROWS.replace("12 May 2011", "Thursday, 12 May")));
    let text = read(html.clone());
    assert_eq!(meta(&text, "data.event.startdate"), ["2011-05-12T09:30"]);
    assert_eq!(meta(&text, "data.event.location.addresslocality"), ["Berne"]);
    let record = record(&html);
    let event = &record.event;
    assert_eq!(event.start_date.as_deref(), Some("2011-05-12"), "the data have the year");
    assert_eq!(event.venue.name.as_deref(), Some("Moor House"));
    assert_eq!(event.organisers, ["Peat Society"]);
    assert_eq!(record.sessions.len(), 2);
    let evidence = &record.evidence["/event/venue/name"];
    assert_eq!(evidence.texts, ["Moor House"]);
}

#[test]
fn microdata_are_read_as_well() {
    let text = read(page(
        "<div itemscope itemtype='https://schema.org/EducationEvent'><h1 itemprop=name>Peat <i>day</i></h1>\
         <meta itemprop=startDate content=2011-05-12><div itemprop=location itemscope itemtype='https://schema.org/Place'>\
         <span itemprop=name>Moor House</span><span itemprop=telephone>1</span></div></div><p itemprop=name>No event",
    ));
    assert_eq!(meta(&text, "data.event.name"), ["Peat day"]);
    assert_eq!(meta(&text, "data.event.startdate"), ["2011-05-12"]);
    assert_eq!(meta(&text, "data.event.location.name"), ["Moor House"]);
}

#[test]
fn data_that_contradict_the_words_are_told() {
    let data = |day: &str| {
        let json = format!(r#"{{"@type": "Event", "name": "Workshop on Peat", "startDate": "2011-05-{day}"}}"#);
        record(&page(&format!("<script type='application/ld+json'>{json}</script>{ROWS}")))
    };
    let found = |record: &Record| record.diagnostics.iter().any(|d| d.code == "A0716");
    assert!(found(&data("14")));
    assert!(!found(&data("12")));
    assert_eq!(data("14").event.start_date.as_deref(), Some("2011-05-12"), "the record has what the text says");
}

#[test]
fn pieces_and_templates_of_pages_are_pages() {
    let php =
        "<?php include('head.php'); if ($a->b > 1) ?>\n<div class=x>\n<h1>Programme</h1><p>10:00 Opening</p></div>";
    let text = read(php);
    assert_eq!((text.content.as_str(), text.media_type.as_str()), ("Programme\n\n10:00 Opening\n", "text/html"));
    let many = format!("Some words\n{}", "<tr><td>10:00</td><td>x</td></tr>\n".repeat(10));
    let source = Source { path: "saved".into(), bytes: many.into_bytes() };
    assert_eq!(ingest(&source, &Limits::default()).media_type, "text/html");
    let plain = Source { path: "a.txt".into(), bytes: b"Use </p> and </b> in HTML.\n10:00 Opening".to_vec() };
    assert_eq!(ingest(&plain, &Limits::default()).media_type, "text/plain");
}

#[test]
fn pages_made_to_hurt_take_no_long_time() {
    let n = 200_000;
    let cases: Vec<(&str, String)> = vec![
        ("nested", "<div>".repeat(n)),
        ("nested and closed", "<b>".repeat(n) + "x" + &"</b>".repeat(n)),
        ("nested tables", "<table><tr><td>".repeat(n)),
        ("nested hidden", "<div hidden>".repeat(n)),
        ("nested furniture", "<nav>".repeat(n) + "10:00 x"),
        ("nested lists", "<ol><li>".repeat(n) + "x"),
        ("nested scopes", "<div itemscope itemtype=Event itemprop=location>".repeat(n / 4)),
        ("cells", format!("<table><tr>{}</table>", "<td>1".repeat(n))),
        ("rows", format!("<table>{}</table>", "<tr><td rowspan=99999 colspan=99999>1".repeat(n / 4))),
        ("end tags", "</table></td></tr></p>".repeat(n)),
        ("programs", "<?php".repeat(n)),
        ("frames", "<noframes>".repeat(n)),
        ("comments", "<!--".repeat(n)),
        ("attributes", format!("<p {}>x", "a=b ".repeat(n))),
        ("entities", "&".repeat(n) + &"&#x10FFFF;".repeat(n)),
        ("data", format!("<script type='application/ld+json'>{}</script>", "[".repeat(n))),
    ];
    for (name, html) in cases {
        let begun = Instant::now();
        let text = read(page(&html));
        assert!(begun.elapsed() < Duration::from_secs(30), "{name}: {:?}", begun.elapsed());
        assert!(text.content.is_char_boundary(text.content.len().min(7)), "{name}");
    }
}
