//! What must not stand in an article that was made from a ticket: people's names, phones, addresses of mail, numbers
//! of papers and cards. Pure. It errs on the side of taking out too much; somebody reads the draft anyway.

/// What follows a surname when people are addressed.
const TITLES: [&str; 9] = ["先生", "女士", "经理", "老师", "师傅", "主任", "总", "工", "姐"];

/// The text without what tells about people. `names` are those of the people concerned, whole.
#[must_use]
pub fn redacted(text: &str, names: &[String]) -> String {
    let text = without_mail(text);
    let text = without_numbers(&text);
    without_names(text, names)
}

fn without_names(mut text: String, names: &[String]) -> String {
    let mut names: Vec<&str> = names.iter().map(|n| n.trim()).filter(|n| n.chars().count() >= 2).collect();
    names.sort_unstable_by_key(|n| std::cmp::Reverse(n.len()));
    for name in names {
        text = text.replace(name, "〔姓名〕");
        let Some(surname) = name.chars().next().filter(|c| !c.is_ascii()) else { continue };
        for title in TITLES {
            text = text.replace(&format!("{surname}{title}"), "〔姓名〕");
        }
    }
    text
}

fn is_mail(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._%+-".contains(c)
}

fn without_mail(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['@', '＠']) {
        let (before, after) = rest.split_at(at);
        let mark = after.chars().next().map_or(1, char::len_utf8);
        let after = after.get(mark..).unwrap_or_default();
        let own = before.trim_end_matches(is_mail);
        let host = after.len()
            - after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || ".-".contains(c)).len();
        if own.len() < before.len() && host > 0 {
            out.push_str(own);
            out.push_str("〔邮箱〕");
            rest = after.get(host..).unwrap_or_default();
        } else {
            out.push_str(before);
            out.push('@');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')),
        _ => None,
    }
}

/// Runs of digits, with single separators between them.
fn without_numbers(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = chars.get(at).copied() {
        if digit(c).is_none() {
            out.push(c);
            at += 1;
            continue;
        }
        let (mut end, mut digits, mut piece, mut longest) = (at, String::new(), 0, 0);
        while let Some(c) = chars.get(end).copied() {
            let next = chars.get(end + 1).copied().and_then(digit);
            match digit(c) {
                Some(d) => {
                    digits.push(d);
                    piece += 1;
                    longest = longest.max(piece);
                }
                None if next.is_some() && "- －".contains(c) => piece = 0,
                None => break,
            }
            end += 1;
        }
        // The last place of an identity number may be an X.
        let x = digits.len() == 17 && chars.get(end).is_some_and(|c| "xXｘＸ".contains(*c));
        end += usize::from(x);
        match word(&digits, longest, x) {
            Some(word) => {
                // An international prefix goes with its number.
                for prefix in ["+86 ", "+86-", "+86", "+"] {
                    if out.ends_with(prefix) {
                        out.truncate(out.len() - prefix.len());
                        break;
                    }
                }
                out.push_str(word);
            }
            None => out.extend(chars.get(at..end).unwrap_or_default()),
        }
        at = end;
    }
    out
}

fn word(digits: &str, longest: usize, x: bool) -> Option<&'static str> {
    let local = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86")).unwrap_or(digits);
    let mobile =
        local.len() == 11 && local.starts_with('1') && !local.starts_with("10") && !local.starts_with("12");
    let landline = digits.starts_with('0') && (10..=12).contains(&digits.len());
    match digits.len() {
        _ if x => Some("〔证件号〕"),
        18 if longest == 18 => Some("〔证件号〕"),
        _ if mobile || landline => Some("〔电话〕"),
        16 | 19 => Some("〔卡号〕"),
        _ if longest >= 7 => Some("〔号码〕"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(text: &str) -> String {
        redacted(text, &["欧阳小满".to_owned(), "王伟".to_owned(), "Amy Lee".to_owned()])
    }

    #[test]
    fn what_tells_about_people_goes_and_the_rest_stays() {
        for (text, expected) in [
            ("请打13800138000找我", "请打〔电话〕找我"),
            ("+86 138-0013-8000。", "〔电话〕。"),
            ("138 0013 8000", "〔电话〕"),
            ("１３８００１３８０００", "〔电话〕"),
            ("010-62345678 转 801", "〔电话〕 转 801"),
            ("身份证11010519491231002X", "身份证〔证件号〕"),
            ("110105194912310021", "〔证件号〕"),
            ("6222 0212 3456 7890", "〔卡号〕"),
            ("QQ 12345678", "QQ 〔号码〕"),
            ("邮箱 li.si+a@corp.example.com，谢谢", "邮箱 〔邮箱〕，谢谢"),
            ("a＠b.example", "〔邮箱〕"),
            ("王伟和欧阳小满说，王工、王总都在", "〔姓名〕和〔姓名〕说，〔姓名〕、〔姓名〕都在"),
            ("ask Amy Lee", "ask 〔姓名〕"),
            ("2026-11-25 9:00 点了 3 次，报错 500", "2026-11-25 9:00 点了 3 次，报错 500"),
            ("版本 1.12.5，端口 8080，第 @3 行", "版本 1.12.5，端口 8080，第 @3 行"),
            ("王府井的打印机", "王府井的打印机"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }

    proptest! {
        #[test]
        fn no_mobile_number_survives(before in "[a-z，。 ]{0,5}", tail in "[0-9]{9}", second in 3..10_u32, after in "[a-z，。]{0,5}") {
            let number = format!("1{second}{tail}");
            for written in [number.clone(), format!("{}-{}-{}", &number[..3], &number[3..7], &number[7..]), format!("+86{number}")] {
                let out = plain(&format!("{before}{written}{after}"));
                let digits: String = out.chars().filter(char::is_ascii_digit).collect();
                prop_assert_eq!(digits, "", "{}", out);
            }
        }
    }
}
