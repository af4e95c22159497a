//! A strict little reader of our own HTML: every element closed, in order, attributes quoted and once. It accepts less
//! than browsers do, on purpose.

/// One element, in document order.
pub(super) struct Element {
    pub(super) index: usize,
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    /// The indices of the elements around it.
    pub(super) parents: Vec<usize>,
    /// All text inside it.
    pub(super) text: String,
}

impl Element {
    pub(super) fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(name, _)| name == attribute)
            .map(|(_, value)| value.as_str())
    }
}

pub(super) struct Page {
    pub(super) elements: Vec<Element>,
}

const VOID: [&str; 6] = ["meta", "link", "input", "img", "br", "hr"];

impl Page {
    pub(super) fn parse(html: &str) -> Result<Page, String> {
        let mut rest = html.strip_prefix("<!DOCTYPE html>").ok_or("no doctype")?;
        let mut elements: Vec<Element> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        while let Some((text, tag)) = rest.split_once('<') {
            if text.contains('>') {
                return Err(format!("a loose > in {text:?}"));
            }
            for index in &open {
                elements[*index].text.push_str(text);
            }
            let end = end_of(tag)
                .ok_or_else(|| format!("an open tag at {:?}", &tag[..tag.len().min(40)]))?;
            let (inside, after) = (&tag[..end], &tag[end + 1..]);
            rest = after;
            if let Some(name) = inside.strip_prefix('/') {
                let last = open
                    .pop()
                    .ok_or_else(|| format!("</{name}> closes nothing"))?;
                if elements[last].name != name {
                    return Err(format!("</{name}> closes <{}>", elements[last].name));
                }
                continue;
            }
            let drawn = inside.ends_with('/');
            let element = element(inside.trim_end_matches('/'), elements.len(), &open)?;
            if element.name == "p" && open.iter().any(|index| elements[*index].name == "p") {
                return Err("a <p> in a <p>".to_owned());
            }
            if let Some(outer) = open.last().map(|index| elements[*index].name.as_str())
                && outer == "p"
                && [
                    "ul", "ol", "div", "dl", "form", "h2", "h3", "section", "table",
                ]
                .contains(&element.name.as_str())
            {
                return Err(format!("a <{}> in a <p>", element.name));
            }
            if !VOID.contains(&element.name.as_str()) && !drawn {
                open.push(element.index);
            }
            elements.push(element);
        }
        match open.last() {
            Some(index) => Err(format!("<{}> is never closed", elements[*index].name)),
            None => Ok(Page { elements }),
        }
    }
}

/// Where the tag ends: the first `>` outside quotes.
fn end_of(tag: &str) -> Option<usize> {
    let mut quoted = false;
    for (index, c) in tag.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return Some(index),
            _ => {}
        }
    }
    None
}

fn element(inside: &str, index: usize, open: &[usize]) -> Result<Element, String> {
    let (name, mut rest) = inside
        .split_once(char::is_whitespace)
        .unwrap_or((inside, ""));
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(format!("a strange tag <{inside}>"));
    }
    let mut attributes: Vec<(String, String)> = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let (attribute, after) = rest.split_at(end);
        let value = match after.strip_prefix("=\"") {
            Some(quoted) => {
                let (value, after) = quoted
                    .split_once('"')
                    .ok_or_else(|| format!("an open quote in <{inside}>"))?;
                rest = after;
                if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
                    return Err(format!("no space after {attribute} in <{inside}>"));
                }
                value
            }
            None if after.starts_with('=') => {
                return Err(format!("{attribute} is not quoted in <{inside}>"));
            }
            None => {
                rest = after;
                ""
            }
        };
        if attribute.is_empty() || attributes.iter().any(|(name, _)| name == attribute) {
            return Err(format!("{attribute:?} stands twice in <{inside}>"));
        }
        attributes.push((attribute.to_owned(), value.to_owned()));
    }
    Ok(Element {
        index,
        name: name.to_owned(),
        attributes,
        parents: open.to_vec(),
        text: String::new(),
    })
}
