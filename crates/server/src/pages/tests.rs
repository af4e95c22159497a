//! Every page, with every sample, in both languages.

use std::collections::BTreeSet;
use std::path::Path;

use super::samples::{Sample, all};
use crate::text::Language;

mod html;

use html::{Element, Page};

/// Renders everything, writes it to `target/pages` for whoever wants to look, and checks it.
#[test]
fn every_page_in_both_languages() {
    let mut problems = Vec::new();
    for language in Language::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../target/pages")
            .join(language.code());
        std::fs::create_dir_all(&folder).unwrap();
        for sample in all(language) {
            std::fs::write(
                folder.join(sample.name).with_extension("html"),
                &sample.html,
            )
            .unwrap();
            for problem in check(&sample, language) {
                problems.push(format!("{} {}: {problem}", language.code(), sample.name));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn names_are_escaped() {
    let everything: String = all(Language::Swedish)
        .into_iter()
        .map(|sample| sample.html)
        .collect();
    assert!(
        !everything.contains("O'Brien <b>"),
        "a name must not become markup"
    );
    assert!(
        !everything.contains("\"><script>"),
        "a search must not become markup"
    );
}

#[test]
fn both_languages_draw_the_same() {
    for (swedish, english) in all(Language::Swedish).iter().zip(all(Language::English)) {
        let shape = |html: &str| {
            Page::parse(html)
                .unwrap()
                .elements
                .iter()
                .map(|e| e.name.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            shape(&swedish.html),
            shape(&english.html),
            "{}",
            swedish.name
        );
    }
}

fn check(sample: &Sample, language: Language) -> Vec<String> {
    let mut problems = Vec::new();
    let html = &sample.html;
    if let Some((_, rest)) = html.split_once('⟦') {
        let key: String = rest.chars().take_while(|c| *c != '⟧').collect();
        problems.push(format!("no text {key}"));
    }
    let page = match Page::parse(html) {
        Ok(page) => page,
        Err(problem) => {
            problems.push(problem);
            return problems;
        }
    };
    let named = |name: &'static str| {
        page.elements
            .iter()
            .filter(move |element| element.name == name)
    };
    if !named("html").all(|element| element.get("lang") == Some(language.code())) {
        problems.push("the lang attribute is wrong".to_owned());
    }
    for (name, count) in [("h1", 1), ("main", 1), ("title", 1)] {
        if named(name).count() != count {
            problems.push(format!(
                "{} <{name}> instead of {count}",
                named(name).count()
            ));
        }
    }
    let ids: Vec<_> = page
        .elements
        .iter()
        .filter_map(|element| element.get("id"))
        .collect();
    let unique: BTreeSet<_> = ids.iter().copied().collect();
    if ids.len() != unique.len() {
        problems.push("an id stands twice".to_owned());
    }
    let labelled: BTreeSet<_> = named("label")
        .filter_map(|element| element.get("for"))
        .collect();
    for element in &page.elements {
        let inside_label = element
            .parents
            .iter()
            .any(|index| page.elements[*index].name == "label");
        problems.extend(check_element(element, &unique, &labelled, inside_label));
    }
    problems.extend(check_headings(&page));
    for form in named("form").filter(|form| form.get("method") == Some("post")) {
        let inside = page
            .elements
            .iter()
            .filter(|element| element.parents.contains(&form.index));
        let tokens = inside
            .filter(|element| element.get("name") == Some("csrf"))
            .count();
        if tokens != 1 {
            problems.push(format!(
                "a form to {:?} with {tokens} tokens",
                form.get("action")
            ));
        }
    }
    problems
}

fn check_element(
    element: &Element,
    ids: &BTreeSet<&str>,
    labelled: &BTreeSet<&str>,
    inside_label: bool,
) -> Vec<String> {
    let mut problems = Vec::new();
    let name = element.name.as_str();
    let control =
        matches!(name, "input" | "select" | "textarea") && element.get("type") != Some("hidden");
    if control && !inside_label && !element.get("id").is_some_and(|id| labelled.contains(id)) {
        problems.push(format!(
            "<{name} name={:?}> has no label",
            element.get("name")
        ));
    }
    if name == "style" || (name == "script" && element.get("src").is_none()) {
        problems.push(format!("inline <{name}>"));
    }
    for (attribute, value) in &element.attributes {
        if attribute == "style" || attribute.starts_with("on") {
            problems.push(format!("<{name}> has the attribute {attribute}"));
        }
        let loads = matches!(attribute.as_str(), "src" | "action")
            || (attribute == "href" && name == "link");
        if loads && !value.starts_with('/') {
            problems.push(format!("<{name}> reaches for {value}"));
        }
        if matches!(attribute.as_str(), "aria-describedby" | "aria-labelledby") {
            for id in value.split_whitespace().filter(|id| !ids.contains(id)) {
                problems.push(format!("{attribute} names {id}, which is not there"));
            }
        }
        if attribute == "for" && !ids.contains(value.as_str()) {
            problems.push(format!("a label for {value}, which is not there"));
        }
        let target = value.strip_prefix('#').filter(|_| attribute == "href");
        if target.is_some_and(|id| !ids.contains(id)) {
            problems.push(format!("a link to {value}, which is not there"));
        }
    }
    if name == "img" && element.get("alt").is_none() {
        problems.push("an image without alt".to_owned());
    }
    if name == "svg" && element.get("aria-hidden") != Some("true") {
        problems.push("a drawing that a screen reader would stumble over".to_owned());
    }
    if matches!(
        name,
        "a" | "button" | "h1" | "h2" | "h3" | "label" | "legend" | "title"
    ) && element.text.trim().is_empty()
    {
        problems.push(format!("an empty <{name}>"));
    }
    if element.get("type") == Some("password") {
        let wanted = [("inputmode", "numeric"), ("autocomplete", "off")];
        for (attribute, value) in wanted
            .into_iter()
            .filter(|(attribute, value)| element.get(attribute) != Some(value))
        {
            problems.push(format!("a code field without {attribute}={value}"));
        }
    }
    problems
}

/// Headings go down one level at a time, beginning with the `h1`.
fn check_headings(page: &Page) -> Option<String> {
    let mut before = 0;
    for element in &page.elements {
        let level = match element.name.as_str() {
            "h1" => 1,
            "h2" => 2,
            "h3" => 3,
            _ => continue,
        };
        if level > before + 1 {
            return Some(format!(
                "an h{level} ({}) after an h{before}",
                element.text.trim()
            ));
        }
        before = level;
    }
    None
}
