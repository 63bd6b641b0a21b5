//! Each check finds what it is for, and is silent beside it.

mod handmade;

use agendata::grammar::Grammar;
use agendata::model::{Grade, Record, Role, RoleKind, Session, SessionKind, Severity, Talk};
use agendata::validate::{LineClass, validate};

/// The record with `change`, validated.
fn validated(change: impl FnOnce(&mut Record)) -> Record {
    let mut record = handmade::bare();
    change(&mut record);
    validate(&mut record, &handmade::text(), &Grammar::builtin(), &[]);
    record
}

/// Codes and pointers of the findings after `change`, without the notes on lines and on confidences.
fn findings(change: impl FnOnce(&mut Record)) -> Vec<(String, String)> {
    let found = validated(change).diagnostics.into_iter().filter(|d| !matches!(d.code.as_str(), "A0707" | "A0708"));
    found.map(|d| (d.code, d.at.unwrap_or_default())).collect()
}

fn only(code: &str, at: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), at.to_owned())]
}

fn session(start: &str, end: &str, room: &str) -> Session {
    Session {
        kind: SessionKind::Session,
        title: Some(format!("In {room}")),
        date: Some("2014-05-14".to_owned()),
        start: Some(start.to_owned()),
        end: Some(end.to_owned()),
        venue: agendata::model::Venue { room: Some(room.to_owned()), ..Default::default() },
        ..Session::default()
    }
}

/// Sessions after those of the handmade record.
fn with(sessions: Vec<Session>) -> impl FnOnce(&mut Record) {
    move |r| {
        for mut s in sessions {
            s.id = format!("s{}", r.sessions.len() + 1);
            r.sessions.push(s);
        }
    }
}

#[test]
fn a_right_record_has_no_finding_but_for_its_lines() {
    let record = validated(|_| {});
    let found: Vec<_> = record.diagnostics.iter().filter(|d| d.code != "A0708").collect();
    assert_eq!(found.iter().map(|d| d.code.as_str()).collect::<Vec<_>>(), ["A0707"]);
    assert_eq!(found[0].span, Some(handmade::place("What is this line?", 0)));
    assert_eq!((record.coverage.lines, record.coverage.used), (15, 14));
    assert_eq!(record.coverage.unexplained, [17]);
    assert_eq!(record.coverage.grade, Grade::Fair);
}

#[test]
fn values_stay_as_they_are() {
    let before = handmade::bare();
    let after = validated(|_| {});
    assert_eq!((before.event, before.sessions), (after.event, after.sessions));
    assert_eq!((before.people, before.contacts), (after.people, after.contacts));
}

#[test]
fn a_class_explains_its_line() {
    let grade = |by: Option<&str>| {
        let mut record = handmade::bare();
        let classes = [LineClass { line: 17, explained_by: by.map(str::to_owned), telling: false }];
        validate(&mut record, &handmade::text(), &Grammar::builtin(), &classes);
        record.coverage.grade
    };
    assert_eq!(grade(Some("prose")), Grade::Good);
    assert_eq!(grade(None), Grade::Fair);
}

#[test]
fn an_end_before_its_start() {
    assert_eq!(findings(|r| r.sessions[0].end = Some("09:00".to_owned())), only("A0701", "/sessions/0/end"));
    assert_eq!(findings(|r| r.event.end_date = Some("2014-05-13".to_owned()))[0].0, "A0701");
    assert_eq!(findings(with(vec![session("19:00", "01:00", "Bar")])), []);
}

#[test]
fn a_contradiction_lowers_the_confidence() {
    let sure = |record: &Record, at: &str| record.evidence[at].confidence;
    let (before, after) = (validated(|_| {}), validated(|r| r.sessions[0].end = Some("09:00".to_owned())));
    assert!(sure(&after, "/sessions/0/end") < sure(&before, "/sessions/0/end"));
    let doubtful = |d: &&agendata::model::Diagnostic| d.code == "A0708" && d.at.as_deref() == Some("/sessions/0/end");
    assert!(after.diagnostics.iter().find(doubtful).is_none(), "one finding a value is enough");
}

#[test]
fn a_doubtful_value() {
    let found = |confidence: f64| {
        let mut record = validated(|_| {});
        record.diagnostics.clear();
        record.evidence.values_mut().for_each(|e| e.confidence = 1.0);
        record.evidence.get_mut("/sessions/0/end").expect("evidence").confidence = confidence;
        agendata::validate::doubtful(&record)
    };
    let [doubt] = &found(0.5)[..] else { panic!("a doubtful value") };
    assert_eq!(
        (doubt.code.as_ref(), doubt.severity, doubt.at.as_deref()),
        ("A0708", Severity::Note, Some("/sessions/0/end"))
    );
    assert!(found(0.9).is_empty());
}

#[test]
fn a_phone_and_a_mail_that_cannot_be() {
    let phone = findings(|r| r.contacts[0].phones[0].valid = false);
    assert!(phone.contains(&("A0702".to_owned(), "/contacts/0/phones/0/e164".to_owned())), "{phone:?}");
    let mail = findings(|r| r.contacts[0].emails[0] = "jon.becker@example".to_owned());
    assert!(mail.contains(&("A0712".to_owned(), "/contacts/0/emails/0".to_owned())), "{mail:?}");
}

#[test]
fn two_sessions_in_one_room() {
    let both = |a, b| findings(with(vec![session("15:00", "16:00", a), session("15:30", "16:30", b)]));
    assert_eq!(both("A", "A"), only("A0704", "/sessions/5"));
    assert_eq!(both("A", "B"), []);
    let nested = findings(|r| {
        with(vec![session("15:00", "16:00", "A"), session("15:30", "16:00", "A")])(r);
        r.sessions[5].parent = Some("s5".to_owned());
    });
    assert_eq!(nested, []);
    let pause = findings(|r| {
        with(vec![session("15:00", "16:00", "A"), session("15:30", "16:00", "A")])(r);
        r.sessions[5].kind = SessionKind::Break;
    });
    assert_eq!(pause, []);
}

#[test]
fn a_person_in_two_places() {
    let at_once = |role: RoleKind| {
        findings(move |r| {
            with(vec![session("15:00", "16:00", "A"), session("15:30", "16:30", "B")])(r);
            for s in &mut r.sessions[4..] {
                s.roles.push(Role { person: Some("p1".to_owned()), role, ..Role::default() });
            }
        })
    };
    assert_eq!(at_once(RoleKind::Chair), only("A0705", "/sessions/5/roles/0/person"));
    assert_eq!(at_once(RoleKind::Participant), []);
}

#[test]
fn talks_of_one_slot_do_not_clash_with_themselves() {
    let one_after_the_other = findings(|r| {
        with(vec![session("15:00", "16:00", "A"), session("15:00", "16:00", "B")])(r);
        for (i, (start, end)) in [(4, ("15:00", "15:30")), (5, ("15:30", "16:00"))] {
            let s = &mut r.sessions[i];
            let id = format!("{}.t1", s.id);
            s.roles.push(Role { person: Some("p1".to_owned()), talk: Some(id.clone()), ..Role::default() });
            let (start, end) = (Some(start.to_owned()), Some(end.to_owned()));
            s.talks.push(Talk { id, title: Some("On it".to_owned()), start, end, ..Talk::default() });
        }
    });
    assert_eq!(one_after_the_other, []);
}

#[test]
fn a_date_outside_the_event() {
    let outside = findings(|r| {
        r.event.end_date = Some("2014-05-14".to_owned());
        with(vec![session("15:00", "16:00", "A")])(r);
        r.sessions[4].date = Some("2014-05-16".to_owned());
    });
    assert_eq!(outside, only("A0706", "/sessions/4/date"));
    assert_eq!(findings(|r| r.sessions[3].date = Some("XXXX-05-16".to_owned())), []);
}

#[test]
fn what_one_heading_says_wrongly_is_said_once() {
    let record = validated(|r| r.event.start_date = Some("2014-05-15".to_owned()));
    assert_eq!(record.diagnostics.iter().filter(|d| d.code == "A0706").count(), 1);
    let before = validated(|_| {});
    for at in (0..4).map(|i| format!("/sessions/{i}/date")) {
        assert!(record.evidence[&at].confidence < before.evidence[&at].confidence, "{at}");
    }
}

#[test]
fn rows_out_of_order() {
    let late = |room: &str| findings(with(vec![session("16:00", "17:00", "A"), session("15:00", "15:30", room)]));
    assert_eq!(late("A"), only("A0709", "/sessions/5/start"));
    assert_eq!(late("B"), []);
    assert_eq!(findings(with(vec![session("22:00", "23:00", "A"), session("00:30", "01:00", "A")])), []);
    let talks = findings(|r| r.sessions[1].talks[1].start = Some("10:01".to_owned()));
    assert_eq!(talks[0].0, "A0709");
}

#[test]
fn a_talk_outside_its_session() {
    let talk = |start: &str, end: Option<&str>| {
        let (start, end) = (start.to_owned(), end.map(str::to_owned));
        findings(move |r| (r.sessions[1].talks[1].start, r.sessions[1].talks[1].end) = (Some(start), end))
    };
    assert!(talk("11:45", None).contains(&("A0710".to_owned(), "/sessions/1/talks/1/start".to_owned())));
    assert_eq!(talk("10:40", Some("11:45")), only("A0710", "/sessions/1/talks/1/end"));
    assert_eq!(talk("10:40", Some("11:30")), []);
}

#[test]
fn numbers_that_repeat_or_leave_gaps() {
    let numbers = |all: &[&str]| {
        let sessions = all.iter().enumerate().map(|(i, n)| Session {
            kind: SessionKind::Session,
            title: Some(format!("Title {i}")),
            number: Some((*n).to_owned()),
            ..Session::default()
        });
        findings(with(sessions.collect()))
    };
    assert_eq!(numbers(&["2", "3"]), []);
    assert_eq!(numbers(&["2", "2"]), only("A0711", "/sessions/5/number"));
    assert_eq!(numbers(&["2", "4"]), only("A0711", "/sessions/5/number"));
    assert_eq!(numbers(&["2a", "2b", "3"]), []);
    assert_eq!(numbers(&["A", "C"]), []);
}

#[test]
fn placeholders_and_empty_roles() {
    assert_eq!(findings(|r| r.sessions[1].talks[0].title = Some("???".to_owned()))[0].0, "A0714");
    let nobody = findings(|r| r.sessions[1].roles.push(Role { role: RoleKind::Chair, ..Role::default() }));
    assert_eq!(nobody, only("A0715", "/sessions/1/roles/3"));
}

#[test]
fn findings_stand_in_the_order_of_the_text() {
    let record = validated(|r| {
        r.contacts[0].emails[0] = "jon".to_owned();
        r.sessions[0].end = Some("08:00".to_owned());
        r.event.end_date = Some("2014-01-01".to_owned());
    });
    let starts: Vec<usize> = record.diagnostics.iter().map(|d| d.span.map_or(usize::MAX, |s| s.start)).collect();
    assert!(starts.is_sorted(), "{starts:?}");
    let again = validated(|r| {
        r.contacts[0].emails[0] = "jon".to_owned();
        r.sessions[0].end = Some("08:00".to_owned());
        r.event.end_date = Some("2014-01-01".to_owned());
    });
    assert_eq!(record, again);
}

#[test]
fn a_text_without_lines_is_empty() {
    let mut record = Record::default();
    let text = agendata::ingest::Text { content: " \n\n".to_owned(), ..Default::default() };
    validate(&mut record, &text, &Grammar::builtin(), &[]);
    assert_eq!(record.coverage.grade, Grade::Empty);
    assert!(record.diagnostics.is_empty());
}
