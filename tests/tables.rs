//! Tables as structure: what the columns mean, whatever the format.

use agendata::model::Record;
use agendata::{Pipeline, Source};

fn read(path: &str, text: &str) -> Record {
    Pipeline::default().extract(&Source { path: path.into(), bytes: text.as_bytes().to_vec() })
}

/// A page that holds `table` below a heading.
fn page(heading: &str, table: &str) -> Record {
    read(
        "page.html",
        &format!("<!DOCTYPE html>\n<html><body>\n<h1>{heading}</h1>\n<table>{table}</table>\n</body></html>"),
    )
}

/// Sessions as text: date, start, end, kind, title, room, people in their roles.
fn sessions(r: &Record) -> Vec<String> {
    let name = |id: &str| r.people.iter().find(|p| p.id == id).map_or("", |p| p.name.as_str());
    let part = |v: &Option<String>| v.clone().unwrap_or_else(|| "-".into());
    let line = |s: &agendata::model::Session| {
        let people: Vec<String> = s
            .roles
            .iter()
            .filter(|x| x.talk.is_none())
            .map(|x| format!("{} {}", x.role, name(x.person.as_deref().unwrap_or_default())))
            .collect();
        let talks: Vec<String> = s
            .talks
            .iter()
            .map(|t| {
                let speakers: Vec<&str> = t.speakers.iter().map(|p| name(p)).collect();
                format!("{} {} ({})", part(&t.start), part(&t.title), speakers.join(", "))
            })
            .collect();
        let room = s.venue.room.clone().or_else(|| s.venue.name.clone());
        let mut line = format!("{} {} {} {} {}", part(&s.date), part(&s.start), part(&s.end), s.kind, part(&s.title));
        for (sign, list) in [(" @ ", room.into_iter().collect()), (" | ", people), (" > ", talks)] {
            if !list.is_empty() {
                line.push_str(sign);
                line.push_str(&list.join("; "));
            }
        }
        line
    };
    r.sessions.iter().map(line).collect()
}

#[test]
fn rooms_side_by_side() {
    let r = page(
        "Third Symposium on Peatland Birds, Friday, 6 May 2016",
        "<tr><th>Time</th><th>Lecture Hall</th><th>Room 12</th></tr>
         <tr><td>09:00–09:30</td><td colspan=2>Registration</td></tr>
         <tr><td>09:30–10:30</td><td>Counting cranes at dawn<br>Ms. Maarja Kask (Tartu Bird Club)</td>
             <td>Drones over nests<br>Dr. Jonas Lindqvist (Uppsala University)</td></tr>
         <tr><td>10:30–11:00</td><td colspan=2>Coffee break</td></tr>
         <tr><td>11:00–11:45</td><td rowspan=2>Workshop: reading old maps</td><td>Rewetting and snipe<br>Mr. Peter Hansen</td></tr>
         <tr><td>11:45–12:30</td><td>Water tables in spring<br>Ms. Anna Weber</td></tr>",
    );
    assert_eq!(
        sessions(&r),
        [
            "2016-05-06 09:00 09:30 registration Registration",
            "2016-05-06 09:30 10:30 talk Counting cranes at dawn @ Lecture Hall | speaker Maarja Kask",
            "2016-05-06 09:30 10:30 talk Drones over nests @ Room 12 | speaker Jonas Lindqvist",
            "2016-05-06 10:30 11:00 break Coffee break",
            "2016-05-06 11:00 12:30 workshop reading old maps @ Lecture Hall",
            "2016-05-06 11:00 11:45 talk Rewetting and snipe @ Room 12 | speaker Peter Hansen",
            "2016-05-06 11:45 12:30 talk Water tables in spring @ Room 12 | speaker Anna Weber",
        ]
    );
}

#[test]
fn days_side_by_side() {
    let r = page(
        "Summer School on River Restoration",
        "<tr><th></th><th>Monday, 3 July 2017</th><th>Tuesday, 4 July 2017</th></tr>
         <tr><td>09:00 – 10:30</td><td>Sediment budgets<br>Dr. Eva Gruber (University of Graz)</td><td rowspan=3>Field trip to the Mur</td></tr>
         <tr><td>10:30 – 11:00</td><td>Coffee break</td></tr>
         <tr><td>11:00 – 12:30</td><td>Group work</td></tr>
         <tr><td>12:30 – 13:30</td><td colspan=2>Lunch</td></tr>
         <tr><td>13:30 – 15:00</td><td>Poster session</td><td>Closing session</td></tr>",
    );
    assert_eq!(
        sessions(&r),
        [
            "2017-07-03 09:00 10:30 talk Sediment budgets | speaker Eva Gruber",
            "2017-07-03 10:30 11:00 break Coffee break",
            "2017-07-03 11:00 12:30 workshop Group work",
            "2017-07-03 12:30 13:30 meal Lunch",
            "2017-07-03 13:30 15:00 poster Poster session",
            "2017-07-04 09:00 12:30 visit Field trip to the Mur",
            "2017-07-04 12:30 13:30 meal Lunch",
            "2017-07-04 13:30 15:00 closing Closing session",
        ]
    );
    assert_eq!(r.event.end_date.as_deref(), Some("2017-07-04"));
}

#[test]
fn days_whose_cells_hold_their_own_times() {
    let r = page(
        "Training Week on Archives of Sound",
        "<tr><th>Monday 4 March 2019</th><th>Tuesday 5 March 2019</th></tr>
         <tr><td>9:00 Registration<br>9:30 Opening<br>10:00 Handling tapes<br>Ms. Anna Novak (Radio Archive)</td>
             <td>9:00 Digitising discs<br>Mr. Ben Ford (City Library)<br>11:00 Coffee break</td></tr>",
    );
    assert_eq!(
        sessions(&r),
        [
            "2019-03-04 09:00 - registration Registration",
            "2019-03-04 09:30 - opening Opening",
            "2019-03-04 10:00 - talk Handling tapes | speaker Anna Novak",
            "2019-03-05 09:00 - talk Digitising discs | speaker Ben Ford",
            "2019-03-05 11:00 - break Coffee break",
        ]
    );
}

#[test]
fn starts_and_ends_in_columns_of_their_own() {
    let r = page(
        "Meeting of the Lighthouse Keepers, 12 October 2012",
        "<tr><td>Start</td><td>End</td><td>Topic</td><td>Person responsible</td><td>Venue</td></tr>
         <tr><td>9.00</td><td>9.30</td><td>Welcome</td><td>Ms. Clara Nilsen, Director, Lighthouse Trust</td><td>Main Hall</td></tr>
         <tr><td>9.30</td><td>10.15</td><td>Lamps and lenses</td><td>Mr. Harald Voss (Nordic Lens Works)</td><td>Room 4</td></tr>
         <tr><td>10.15</td><td>10.30</td><td>Tea break</td><td></td><td></td></tr>",
    );
    assert_eq!(
        sessions(&r),
        [
            "2012-10-12 09:00 09:30 opening Welcome @ Main Hall | speaker Clara Nilsen",
            "2012-10-12 09:30 10:15 talk Lamps and lenses @ Room 4 | speaker Harald Voss",
            "2012-10-12 10:15 10:30 break Tea break",
        ]
    );
    let start = &r.evidence["/sessions/1/end"];
    assert_eq!(start.texts, ["10.15"]);
}

#[test]
fn columns_without_heads_are_known_by_what_stands_in_them() {
    let r = page(
        "Colloquium on Dry Stone Walls, 21 June 2014",
        "<tr><td>10:00</td><td>Why walls stand</td><td>Robert Dunn, University of Leeds</td><td>Great Hall</td></tr>
         <tr><td>10:40</td><td>Walls of the west</td><td>Siobhan Kelly, Galway Museum</td><td>Great Hall</td></tr>
         <tr><td>11:20</td><td>Coffee break</td><td></td><td>Foyer</td></tr>
         <tr><td>11:40</td><td>Repairing a gap</td><td>Alan Peters</td><td>Courtyard Room</td></tr>",
    );
    assert_eq!(
        sessions(&r),
        [
            "2014-06-21 10:00 - talk Why walls stand @ Great Hall | speaker Robert Dunn",
            "2014-06-21 10:40 - talk Walls of the west @ Great Hall | speaker Siobhan Kelly",
            "2014-06-21 11:20 - break Coffee break @ Foyer",
            "2014-06-21 11:40 - talk Repairing a gap @ Courtyard Room | speaker Alan Peters",
        ]
    );
}

#[test]
fn rows_over_the_whole_table_are_days_and_sessions() {
    let r = page(
        "National Forum on School Gardens",
        "<tr><td colspan=3>Day 1: Thursday, 14 April 2011</td></tr>
         <tr><th>Time</th><th>Activity</th><th>Speaker</th></tr>
         <tr><td>08:30-09:00</td><td>Registration</td><td></td></tr>
         <tr><td colspan=3>Soil and seeds</td></tr>
         <tr><td>09:15-10:00</td><td>Compost for schools</td><td>Mr. John Banda</td></tr>
         <tr><td>10:00-10:45</td><td>Seeds that keep</td><td>Ms. Ruth Phiri</td></tr>
         <tr><td colspan=3>Day 2: Friday, 15 April 2011</td></tr>
         <tr><td>09:00-10:30</td><td>Visit to a school garden</td><td>All</td></tr>",
    );
    assert_eq!(
        sessions(&r),
        [
            "2011-04-14 08:30 09:00 registration Registration",
            "2011-04-14 - - session Soil and seeds > 09:15 Compost for schools (John Banda); 10:00 Seeds that keep (Ruth Phiri)",
            "2011-04-15 09:00 10:30 visit Visit to a school garden",
        ]
    );
}

#[test]
fn a_time_over_several_rows_holds_a_session_with_its_talks() {
    let r = page(
        "Workshop on Seed Banks, 9 September 2019",
        "<tr><th>Time</th><th>Item</th><th>Lead</th></tr>
         <tr><td>08:30 – 09:00</td><td>Registration</td><td></td></tr>
         <tr><td rowspan=3>09:20 – 10:40</td><td>Session 1: Collecting before the rains</td><td>Chair: Dr. Petrus Amukoto</td></tr>
         <tr><td>Walking with the oldest farmers</td><td>Ms. Halima Wario</td></tr>
         <tr><td>What a label must say</td><td>Mr. Tomas Lindgaard</td></tr>
         <tr><td>10:40 – 11:00</td><td colspan=2>Coffee break</td></tr>",
    );
    assert_eq!(
        sessions(&r),
        [
            "2019-09-09 08:30 09:00 registration Registration",
            "2019-09-09 09:20 10:40 session Collecting before the rains | chair Petrus Amukoto > \
             - Walking with the oldest farmers (Halima Wario); - What a label must say (Tomas Lindgaard)",
            "2019-09-09 10:40 11:00 break Coffee break",
        ]
    );
}

#[test]
fn a_column_of_sessions_holds_the_rows_beside_it() {
    let r = page(
        "Programme, 3 June 2020",
        "<tr><th>Session</th><th>Time</th><th>Speaker</th><th>Title</th></tr>
         <tr><td>1 - Wells</td><td>10:45</td><td>Mr. Nick Brown</td><td>Old wells</td></tr>
         <tr><td>10:45 - 12:15</td><td>11:10</td><td>Ms. Ann Lee</td><td>New wells</td></tr>
         <tr><td>2 - Pumps</td><td>13:00</td><td>Dr. Mary Smith</td><td>Hand pumps</td></tr>
         <tr><td>13:00 - 14:30</td><td>13:30</td><td>Mr. Bob Low</td><td>TBD</td></tr>",
    );
    assert_eq!(
        sessions(&r),
        [
            "2020-06-03 10:45 12:15 session Wells > 10:45 Old wells (Nick Brown); 11:10 New wells (Ann Lee)",
            "2020-06-03 13:00 14:30 session Pumps > 13:00 Hand pumps (Mary Smith); 13:30 - (Bob Low)",
        ]
    );
    assert_eq!(r.sessions[1].number.as_deref(), Some("2"));
}

#[test]
fn a_table_that_arranges_the_page_is_read_as_blocks() {
    let r = read(
        "page.html",
        "<!DOCTYPE html><html><body><table width='100%'><tr><td>Home<br>About us</td><td>
         <h1>Seminar on Tidal Mills</h1><p>9 November 2013</p>
         <table><tr><td>10:00</td><td>Opening</td></tr><tr><td>10:15</td><td>Mills of the coast</td></tr>
         <tr><td>11:00</td><td>Coffee break</td></tr></table></td></tr></table></body></html>",
    );
    assert_eq!(
        sessions(&r),
        [
            "2013-11-09 10:00 - opening Opening",
            "2013-11-09 10:15 - session Mills of the coast",
            "2013-11-09 11:00 - break Coffee break",
        ]
    );
}

#[test]
fn people_in_a_table_are_participants() {
    let r = read(
        "page.html",
        "<!DOCTYPE html><html><body><h1>Workshop on Mountain Paths</h1><p>8 May 2018</p>
         <p>09:00 – 09:30 Registration<br>09:30 – 10:30 Opening session<br>10:30 – 11:00 Coffee break</p>
         <h2>List of Participants</h2>
         <table><tr><th>No</th><th>Name</th><th>Position</th><th>Organisation</th><th>Country</th><th>E-mail</th></tr>
         <tr><td>1</td><td>Ms. Ursina Caflisch</td><td>Head of Trails</td><td>Office for Paths</td><td>Switzerland</td><td>ursina@paths.example</td></tr>
         <tr><td>2</td><td>Mr. Luca Ferri</td><td>Ranger</td><td>Alpine Park Authority</td><td>Italy</td><td>luca@park.example</td></tr>
         </table></body></html>",
    );
    assert_eq!(r.sessions.len(), 3);
    let people: Vec<String> = r
        .people
        .iter()
        .map(|p| {
            let part = |v: &Option<String>| v.clone().unwrap_or_default();
            format!("{}, {}, {}, {}", p.name, part(&p.position), part(&p.organisation), part(&p.country))
        })
        .collect();
    assert_eq!(
        people,
        ["Ursina Caflisch, Head of Trails, Office for Paths, CH", "Luca Ferri, Ranger, Alpine Park Authority, IT"]
    );
    assert!(r.event.roles.iter().all(|x| x.role.to_string() == "participant"));
    assert_eq!(r.event.roles.len(), 2);
    assert_eq!(r.contacts.len(), 2);
}

/// The same programme in three formats.
#[test]
fn one_table_in_html_markdown_and_aligned_text_gives_one_programme() {
    let rows = [
        ["09:00 - 09:30", "Registration", ""],
        ["09:30 - 10:15", "Why wells run dry", "Ms. Ann Lee (Lake Office)"],
        ["10:15 - 10:30", "Tea break", ""],
        ["10:30 - 11:30", "Pumps that children can turn", "Mr. Bob Low (Pump Works)"],
        ["11:30 - 12:00", "Closing remarks", "Dr. Mary Smith (Water Board)"],
    ];
    let head = ["Time", "Topic", "Speaker"];
    let html: String = std::iter::once(&head)
        .chain(&rows)
        .map(|r| format!("<tr><td>{}</td><td>{}</td><td>{}</td></tr>", r[0], r[1], r[2]))
        .collect();
    let line = |r: &[&str; 3]| format!("| {} | {} | {} |\n", r[0], r[1], r[2]);
    let markdown: String = std::iter::once(line(&head))
        .chain(std::iter::once("|---|---|---|\n".to_owned()))
        .chain(rows.iter().map(line))
        .collect();
    let text: String = std::iter::once(&head)
        .chain(&rows)
        .map(|r| format!("{:<16}{:<34}{}", r[0], r[1], r[2]).trim_end().to_owned() + "\n")
        .collect();
    let title = "Wells Workshop, 4 May 2021";
    let wanted = sessions(&page(title, &html));
    assert_eq!(
        wanted,
        [
            "2021-05-04 09:00 09:30 registration Registration",
            "2021-05-04 09:30 10:15 talk Why wells run dry | speaker Ann Lee",
            "2021-05-04 10:15 10:30 break Tea break",
            "2021-05-04 10:30 11:30 talk Pumps that children can turn | speaker Bob Low",
            "2021-05-04 11:30 12:00 closing Closing remarks | speaker Mary Smith",
        ]
    );
    assert_eq!(sessions(&read("page.md", &format!("# {title}\n\n{markdown}"))), wanted);
    assert_eq!(sessions(&read("page.txt", &format!("{title}\n\n{text}"))), wanted);
}

#[test]
fn a_grid_in_aligned_text() {
    let text = "Railway Conference, Friday, 15 April 2016

Time          Turntable Hall                            Signal Room

09:00-09:30   Registration

09:30-11:00   Session A: Stations as town halls         Session B: Wheels and rust
              Chair: Anna Bielecka                      Chair: Pascal Thommen
              Wim Delacroix (Tram Society):             Leila Farahani (Museum of Work):
              Waiting rooms with a view                 Boilers in dry air

11:00-12:00   Session C: Lines that closed              Session D: Children on board
              Chair: Ruth Abernethy                     Chair: Wim Delacroix
";
    assert_eq!(
        sessions(&read("page.txt", text)),
        [
            "2016-04-15 09:00 09:30 registration Registration",
            "2016-04-15 09:30 11:00 session Stations as town halls @ Turntable Hall | chair Anna Bielecka > \
             - Waiting rooms with a view (Wim Delacroix)",
            "2016-04-15 09:30 11:00 session Wheels and rust @ Signal Room | chair Pascal Thommen > \
             - Boilers in dry air (Leila Farahani)",
            "2016-04-15 11:00 12:00 session Lines that closed @ Turntable Hall | chair Ruth Abernethy",
            "2016-04-15 11:00 12:00 session Children on board @ Signal Room | chair Wim Delacroix",
        ]
    );
}

#[test]
fn large_and_odd_tables_are_read_in_time() {
    let wide: String = format!("<tr>{}</tr>", "<td colspan=200 rowspan=60000>09:00</td>".repeat(300)).repeat(60);
    assert!(page("Programme", &wide).sessions.len() < 100_000);
    let long: String = "<tr><td>09:00</td><td>Talk</td><td>Ms. Ann Lee</td></tr>".repeat(3000);
    let r = page("Programme", &long);
    assert_eq!(r.sessions.len(), 3000);
    let deep = "<table><tr><td>".repeat(300);
    let _ = page("Programme", &deep);
    let _ = page("Programme", "<tr></tr><tr><td></td></tr><td>x<tr><th>Time<th>Room 1<th>Room 2");
}
