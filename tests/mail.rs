//! Mails as people send them: heads, bodies in two forms, what is quoted and sent on, what hangs on them.

use agendata::Pipeline;
use agendata::ingest::{Limits, RegionKind, Source, Text, ingest};
use agendata::model::Record;

const HEAD: &str = "From: =?utf-8?Q?Zo=C3=AB_Marsh?= <zoe@peat.example.org>\nTo: all@peat.example.org\n\
    Date: Mon, 9 May 2011 10:15:00 +0200\nSubject: =?iso-8859-1?Q?R=E9sum=E9?=\n =?utf-8?B?IGRlIHRvdXJiZQ==?=\n";

fn mail(rest: &str) -> Vec<u8> {
    format!("Message-ID: <1@x>\nMIME-Version: 1.0\n{HEAD}{rest}").into_bytes()
}

fn read(bytes: Vec<u8>) -> Text {
    ingest(&Source { path: "a.eml".into(), bytes }, &Limits::default())
}

fn record(bytes: Vec<u8>) -> Record {
    Pipeline::default().extract(&Source { path: "a.eml".into(), bytes })
}

fn meta<'t>(text: &'t Text, key: &str) -> Vec<&'t str> {
    let is = |k: &RegionKind| *k == RegionKind::Meta(key.into());
    text.layout.iter().filter(|r| is(&r.kind)).map(|r| r.span.of(&text.content)).collect()
}

fn quotes(text: &Text) -> Vec<(u8, &str)> {
    let quote = |k: &RegionKind| if let RegionKind::Quote(depth) = k { Some(*depth) } else { None };
    text.layout.iter().filter_map(|r| Some((quote(&r.kind)?, r.span.of(&text.content)))).collect()
}

#[test]
fn heads_are_decoded_and_stand_in_one_order() {
    let text = read(mail("\nHello\n"));
    let expected = "From: Zoë Marsh <zoe@peat.example.org>\nTo: all@peat.example.org\n\
        Date: Mon, 9 May 2011 10:15:00 +0200\nSubject: Résumé de tourbe\n\nHello\n";
    assert_eq!((text.content.as_str(), text.media_type.as_str()), (expected, "message/rfc822"));
    assert_eq!(meta(&text, "from"), ["Zoë Marsh <zoe@peat.example.org>"]);
    assert_eq!(meta(&text, "subject"), ["Résumé de tourbe"]);
    let old =
        b"Received: from a by b\nFrom: Jos\xe9 <j@x.example>\nDate: 9 May 1994\nSubject: \xe9t\xe9 \xe0 la mer\n\nx\n"
            .to_vec();
    assert_eq!(meta(&read(old), "subject"), ["été à la mer"], "bytes that have no right to be there");
}

#[test]
fn bodies_are_unpacked_and_decoded() {
    let cases = [
        (
            "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nCaf=E9 and=\n tea\n",
            "Café and tea\n",
        ),
        ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nQ2Fmw6k=\n", "Café\n"),
        ("Content-Type: text/plain; charset=us-ascii\n\nCafé\n", "Café\n"),
        (
            "Content-Type: text/plain; format=flowed\n\nOne line that \ngoes on.\nAnother.\n",
            "One line that goes on.\nAnother.\n",
        ),
        ("Content-Type: text/html; charset=utf-8\n\n<p>One<p>Two\n", "One\n\nTwo\n"),
        (
            "Content-Type: multipart/mixed; boundary=B\n\npreamble\n--B\n\nfirst\n--B\nContent-Type: text/plain\n\nsecond\n--B--\n",
            "first\n\nsecond\n",
        ),
        ("Content-Type: multipart/mixed; boundary=B\n\n--B\n\nnever closed\n", "never closed\n"),
    ];
    for (rest, expected) in cases {
        let text = read(mail(rest));
        assert!(text.content.ends_with(&format!("\n\n{expected}")), "{rest}: {:?}", text.content);
    }
}

fn alternative(plain: &str, html: &str) -> Text {
    read(mail(&format!(
        "Content-Type: multipart/alternative; boundary=B\n\n--B\nContent-Type: text/plain\n\n{plain}\n\
         --B\nContent-Type: text/html\n\n{html}\n--B--\n"
    )))
}

#[test]
fn of_two_forms_the_plain_one_is_read_where_it_says_as_much() {
    let same = alternative("The talk is at 10:00 in the hall.", "<p>The talk is <b>at 10:00</b> in the hall.");
    assert!(same.content.ends_with("\n\nThe talk is at 10:00 in the hall.\n"));
    assert!(same.layout.iter().all(|r| r.kind != RegionKind::Strong), "the plain form");
    let stub = alternative("Your program cannot show this.", "<p>The talk is at 10:00 in the <b>hall</b>.");
    assert!(stub.content.ends_with("\n\nThe talk is at 10:00 in the hall.\n"));
    let rows = "<tr><td>10:00<td>A</tr><tr><td>11:00<td>B</tr><tr><td>12:00<td>C</tr>";
    let table = alternative("10:00 A 11:00 B 12:00 C", &format!("<table>{rows}</table>"));
    assert!(table.content.contains("11:00\tB"), "a table is worth more than its words");
}

#[test]
fn quotes_and_messages_sent_on_stand_apart() {
    let text = read(mail("\nYes.\n\nOn 8 May 2011, Bob wrote:\n> Is it at 9?\n>> No.\n\nRegards\n"));
    assert_eq!(quotes(&text), [(1, "On 8 May 2011, Bob wrote:\nIs it at 9?"), (2, "No.")]);
    let sent_on = read(mail(
        "\nFYI\n\n-----Original Message-----\nFrom: Bob <bob@x.example>\nSent: Sunday, 8 May 2011 09:00\nTo: Zoe\n\nThe talk is at 9.\n",
    ));
    assert_eq!(quotes(&sent_on).len(), 1);
    assert!(quotes(&sent_on)[0].1.starts_with("-----Original") && quotes(&sent_on)[0].1.ends_with("at 9."));
    assert_eq!(meta(&sent_on, "quoted.sent"), ["Sunday, 8 May 2011 09:00"]);
    let list =
        read(mail("\nHello\n\n_______________________________________________\nPeat mailing list\nPeat@x.example\n"));
    assert!(list.layout.iter().any(|r| r.kind == RegionKind::Furniture));
}

const PROGRAMME: &str = "Peat Workshop\n12 May 2011\n\n09:30 - 10:00 Registration\n10:00 - 11:00 Opening session\n11:00 - 12:00 Closing session\n";

#[test]
fn a_quoted_programme_counts_only_where_there_is_no_other() {
    let quoted: String = PROGRAMME.lines().map(|l| format!("> {}\n", l.replace("11:00", "11:15"))).collect();
    let starts = |r: &Record| r.sessions.iter().filter_map(|s| s.start.clone()).collect::<Vec<_>>();
    let both = record(mail(&format!("\nThe new programme:\n\n{PROGRAMME}\nOn 8 May 2011, Bob wrote:\n{quoted}")));
    assert_eq!(starts(&both), ["09:30", "10:00", "11:00"]);
    let only = record(mail(&format!("\nSee below.\n\nOn 8 May 2011, Bob wrote:\n{quoted}")));
    assert_eq!(starts(&only), ["09:30", "10:00", "11:15"]);
}

#[test]
fn the_head_is_evidence() {
    let talk = "\nA talk by Dr. Ann Lee: How peat grows\n\nThursday, 12 May, 15:00 - 16:00, Room 12\n";
    let record = record(mail(talk));
    assert_eq!(record.sessions[0].date.as_deref(), Some("2011-05-12"), "the year is that of the mail");
    let sender = record.contacts.iter().find(|c| c.emails == ["zoe@peat.example.org"]).expect("the sender");
    let person = record.people.iter().find(|p| Some(&p.id) == sender.person.as_ref()).expect("by name");
    assert_eq!(person.name, "Zoë Marsh");
}

#[test]
fn broken_mails_are_read_as_far_as_they_go() {
    let whole = mail(
        "Content-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain; charset=utf-8\n\
         Content-Transfer-Encoding: base64\n\nQ2Fmw6k=\n--B\nContent-Type: message/rfc822\n\nFrom: x@y\n\nhello\n--B--\n",
    );
    for cut in (0..whole.len()).step_by(7) {
        let text = read(whole[..cut].to_vec());
        assert!(text.layout.iter().all(|r| text.content.get(r.span.start..r.span.end).is_some()));
        let mut flipped = whole.clone();
        flipped[cut] ^= 0x55;
        read(flipped);
    }
    let nested = "Content-Type: multipart/mixed; boundary=B\n\n--B\n".repeat(20_000);
    read(mail(&nested));
    let inner = "Content-Type: message/rfc822\n\n".repeat(20_000);
    read(mail(&inner));
}
