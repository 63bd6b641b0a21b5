//! RTF, mail and HTML that lie. In: nothing. Out: named files. Never: larger than some megabytes.

const AGENDA: &str = "Programme\n\n12 May 2011\n\n09:30 - 10:00 Registration\n10:00 - 11:00 Opening session\n";

fn rtf(body: &str) -> Vec<u8> {
    let lines = AGENDA.replace('\n', "\\par\n");
    format!("{{\\rtf1\\ansi\\ansicpg1252\\deff0{{\\fonttbl{{\\f0 Times;}}}}\n{lines}{body}}}").into()
}

fn rtf_lies() -> Vec<(&'static str, Vec<u8>)> {
    let deep = |n: usize| "{".repeat(n) + "x" + &"}".repeat(n);
    vec![
        ("good.rtf", rtf("")),
        ("only-head.rtf", b"{\\rtf1".to_vec()),
        ("deep.rtf", rtf(&deep(200_000))),
        ("deep-and-open.rtf", rtf(&"{\\*\\x ".repeat(200_000))),
        ("closed-too-often.rtf", rtf(&"}".repeat(200_000))),
        ("bytes-beyond-end.rtf", rtf("\\bin2147483647 x")),
        ("bytes-less-than-none.rtf", rtf("\\bin-5 x\\bin x\\bin99999999999999999999 ")),
        ("characters.rtf", rtf("\\u-1?\\u99999999?\\u55357?x\\u56832?\\uc2000000000\\u233 \\'zz\\'e\\'")),
        ("page-unknown.rtf", rtf("").iter().map(|b| if *b == b'2' { b'9' } else { *b }).collect()),
        ("rows-of-nothing.rtf", rtf(&"\\trowd\\row".repeat(100_000))),
        (
            "million-cells.rtf",
            rtf(&("\\trowd".to_owned() + &"\\cellx9".repeat(1000) + &"x\\cell".repeat(1_000_000) + "\\row")),
        ),
        ("cells-backwards.rtf", rtf("\\trowd\\cellx2147483647\\cellx-2147483648\\cellx0 a\\cell b\\cell c\\cell\\row")),
        ("fields-in-fields.rtf", rtf(&("{\\field{\\*\\fldinst HYPERLINK \"".repeat(20_000) + &"\"}}".repeat(20_000)))),
        ("words-without-end.rtf", rtf(&("\\".to_owned() + &"a".repeat(3_000_000)))),
        ("fonts.rtf", rtf(&"{\\fonttbl{\\f99999999\\fcharset999 X;}}\\f99999999 \\'e9".repeat(20_000))),
    ]
}

fn mail(headers: &str, body: &str) -> Vec<u8> {
    let head = "From: A <a@example.org>\r\nTo: b@example.org\r\nDate: Mon, 2 May 2011 10:00:00 +0200\r\n\
                Subject: Programme\r\nMIME-Version: 1.0\r\n";
    format!("{head}{headers}\r\n{body}").into()
}

/// Parts in parts in parts.
fn parts_in_parts(depth: usize) -> Vec<u8> {
    let mut body = String::new();
    for n in 0..depth {
        body += &format!("--b{n}\r\nContent-Type: multipart/mixed; boundary=b{}\r\n\r\n", n + 1);
    }
    mail("Content-Type: multipart/mixed; boundary=b0\r\n", &body)
}

fn mail_lies() -> Vec<(&'static str, Vec<u8>)> {
    let message = "Content-Type: message/rfc822\r\n\r\n";
    let plain = AGENDA.replace('\n', "\r\n");
    let part =
        format!("--b\r\nContent-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment\r\n\r\n{plain}\r\n");
    vec![
        ("good.eml", mail("", &plain)),
        ("good.mbox", [b"From a Mon May  2 10:00:00 2011\n".as_slice(), &mail("", AGENDA)].concat()),
        ("deep.eml", parts_in_parts(20_000)),
        ("message-in-message.eml", mail(&message.repeat(20_000), &plain)),
        ("boundary-empty.eml", mail("Content-Type: multipart/mixed; boundary=\"\"\r\n", &"--\r\n\r\n".repeat(50_000))),
        ("many-parts.eml", mail("Content-Type: multipart/mixed; boundary=b\r\n", &part.repeat(5_000))),
        ("many-headers.eml", mail(&"X-A: b\r\n".repeat(200_000), &plain)),
        ("long-header.eml", mail(&format!("X-A: {}\r\n", "a ".repeat(2_000_000)), &plain)),
        ("folded-header.eml", mail(&format!("X-A: a\r\n{}", " b\r\n".repeat(300_000)), &plain)),
        ("words.eml", mail(&format!("Subject: {}\r\n", "=?utf-8?B?=?utf-8?Q?=FF=?=".repeat(50_000)), &plain)),
        ("letters-unknown.eml", mail("Content-Type: text/plain; charset=x-nobody\r\n", &plain)),
        ("base64.eml", mail("Content-Transfer-Encoding: base64\r\n", &"====A".repeat(100_000))),
        ("quoted.eml", mail("Content-Transfer-Encoding: quoted-printable\r\n", &"=\r\n=Z=9".repeat(100_000))),
        ("addresses.eml", mail(&format!("Cc: {}\r\n", "(".repeat(300_000)), &plain)),
        ("quotes.eml", mail("", &(">".repeat(400_000) + "\r\n" + &plain))),
        ("many-messages.mbox", "From a Mon May  2 10:00:00 2011\nSubject: x\n\n".repeat(2_000).into()),
        ("no-messages.mbox", b"From \nFrom \nFrom \n".to_vec()),
        ("one-long-line.mbox", ("From a ".to_owned() + &"From ".repeat(500_000)).into()),
    ]
}

fn html(body: &str) -> Vec<u8> {
    let lines = AGENDA.replace('\n', "<br>\n");
    format!("<!DOCTYPE html><html><head><title>Programme</title></head><body>{lines}{body}</body></html>").into()
}

fn json_ld(data: &str) -> Vec<u8> {
    html(&format!("<script type=\"application/ld+json\">{data}</script>"))
}

fn html_lies() -> Vec<(&'static str, Vec<u8>)> {
    let deep = |open: &str, close: &str, n: usize| open.repeat(n) + "x" + &close.repeat(n);
    let row = format!("<tr>{}</tr>", "<td>x</td>".repeat(1000));
    vec![
        ("good.html", html("")),
        ("deep.html", html(&deep("<div>", "</div>", 200_000))),
        ("deep-and-open.html", html(&"<b><i><p><a href=x>".repeat(50_000))),
        ("deep-tables.html", html(&deep("<table><tr><td>", "</td></tr></table>", 70_000))),
        ("deep-lists.html", html(&deep("<ol><li>", "</li></ol>", 100_000))),
        ("deep-quotes.html", html(&deep("<blockquote>", "</blockquote>", 200_000))),
        ("closed-too-often.html", html(&"</td></tr></table></div></body>".repeat(60_000))),
        (
            "wide-cells.html",
            html(&format!("<table>{}</table>", "<tr><td colspan=999999999 rowspan=999999999>x</td></tr>".repeat(2000))),
        ),
        (
            "cells-below-none.html",
            html("<table><tr><td colspan=-1 rowspan=0>x</td><td colspan=1e9>y</td></tr></table>"),
        ),
        ("million-cells.html", html(&format!("<table>{}</table>", row.repeat(1000)))),
        (
            "spans-that-cross.html",
            html(&format!("<table>{}</table>", "<tr><td rowspan=1000>a<td colspan=1000>b</tr>".repeat(3000))),
        ),
        ("list-far-away.html", html("<ol start=9223372036854775807><li>a<li>b<li value=-9999999999999999999>c</ol>")),
        ("attributes.html", html(&format!("<p {}>x</p>", "a=b ".repeat(500_000)))),
        ("one-attribute.html", html(&format!("<a href=\"{}\">x</a>", "a".repeat(4_000_000)))),
        ("open-comment.html", html("<!--").iter().chain(&b"-- >".repeat(300_000)).copied().collect()),
        ("open-script.html", html(&"<script>".repeat(100_000))),
        ("open-tag.html", html(&"<".repeat(1_000_000))),
        ("characters.html", html(&"&#x110000;&#0;&#xD800;&#99999999999999999999;&amp&;".repeat(50_000))),
        ("meta.html", html(&"<meta charset=utf-7><meta charset=x-nobody>".repeat(20_000))),
        ("data-deep.html", json_ld(&("[".repeat(200_000) + &"]".repeat(200_000)))),
        ("data-open.html", json_ld(&"{\"@type\":\"Event\",\"subEvent\":".repeat(50_000))),
        (
            "data-numbers.html",
            json_ld("{\"@type\":\"Event\",\"startDate\":1e999999,\"name\":[[[{}]]],\"endDate\":\"9999999-99-99\"}"),
        ),
        (
            "data-many.html",
            json_ld(&format!(
                "[{}{{}}]",
                "{\"@type\":\"Event\",\"name\":\"x\",\"startDate\":\"2011-05-12\"},".repeat(30_000)
            )),
        ),
        (
            "items.html",
            html(&"<div itemscope itemtype=https://schema.org/Event><span itemprop=name>x</span>".repeat(30_000)),
        ),
    ]
}

/// Every lying file of these formats, by name.
pub fn lies() -> Vec<(String, Vec<u8>)> {
    let all = [rtf_lies(), mail_lies(), html_lies()].concat();
    all.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect()
}
