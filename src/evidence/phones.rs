//! Telephone numbers, e-mail addresses and links in their plain form.

use std::str::FromStr;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

/// A telephone number that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadPhone {
    /// `+21671560072`.
    pub e164: String,
    /// Whether such a number can be, by the numbering plan of its country.
    pub valid: bool,
}

/// Reads a number; `region` (ISO 3166-1 alpha-2, may be empty) is for one without country code.
pub fn read_phone(text: &str, region: &str) -> Option<ReadPhone> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if !(5..=17).contains(&digits) {
        return None;
    }
    // "+44 (0)20 …": the trunk zero in brackets is not dialled from abroad.
    let plain = text.replace("(0)", "");
    // "0044 20 …": what is dialled for the plus sign; elsewhere such a number is none
    let abroad = plain.trim().strip_prefix("00").map(|rest| format!("+{}", rest.trim_start()));
    if let Some(read) = abroad.and_then(|plain| read_plain(&plain, None)).filter(|read| read.valid) {
        return Some(read);
    }
    read_plain(plain.trim(), Region::from_str(region).ok())
}

fn read_plain(plain: &str, region: Option<Region>) -> Option<ReadPhone> {
    let number = PHONE_NUMBER_UTIL.parse(plain, region).ok()?;
    Some(ReadPhone {
        e164: PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned(),
        valid: PHONE_NUMBER_UTIL.is_valid_number(&number),
    })
}

/// An address without obfuscation and spaces, in lower case: `j . doe ( at ) x . org` → `j.doe@x.org`.
pub(super) fn plain_email(text: &str) -> Option<String> {
    let mut out = text.to_lowercase();
    out.retain(|c| !c.is_whitespace());
    for (from, to) in [("mailto:", ""), ("(at)", "@"), ("[at]", "@"), ("(dot)", "."), ("[dot]", ".")] {
        out = out.replace(from, to);
    }
    let (user, host) = out.split_once('@')?;
    (!user.is_empty() && !host.is_empty() && !host.contains('@')).then_some(out)
}

/// A link without spaces.
pub(super) fn plain_url(text: &str) -> Option<String> {
    let out: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    (!out.is_empty()).then_some(out)
}
