//! The web editors' page.

use askama::Template;

use super::{Refusal, Shell};
use crate::text::When;

/// What readers say of pages: remarks that wait, and how each page is answered for. `GET /editors`.
#[derive(Template)]
#[template(path = "editors/overview.html")]
pub struct Editors {
    /// The frame.
    pub shell: Shell,
    /// Remarks that wait, the oldest first.
    pub waiting: Vec<RemarkLine>,
    /// Pages, those that helped least first.
    pub pages: Vec<PageLine>,
    /// Since when answers are counted.
    pub since: When,
}

/// A remark.
#[derive(Clone, Debug)]
pub struct RemarkLine {
    /// Its identifier.
    pub id: String,
    /// The page it is about.
    pub page: String,
    /// The code of the language it was read in; texts `page-editors-language-…`.
    pub language: String,
    /// `yes` or `no`.
    pub helped: &'static str,
    /// What the reader wrote.
    pub text: String,
    /// When.
    pub given_at: When,
    /// Where its form posts to: field `outcome`.
    pub action: String,
    /// What was written in the form.
    pub outcome: String,
    /// Why that was not taken.
    pub refusal: Option<Refusal>,
}

/// A page and how it was answered for.
#[derive(Clone, Debug)]
pub struct PageLine {
    /// Its address.
    pub page: String,
    /// How many it helped.
    pub yes: i64,
    /// How many it did not.
    pub no: i64,
    /// The weeks, the oldest first.
    pub weeks: Vec<Week>,
}

/// A week as a bar: how high its parts are drawn, the highest bar of the page being [`Week::FULL`] high.
#[derive(Clone, Copy, Debug)]
pub struct Week {
    /// The part that it helped.
    pub yes: i64,
    /// The part that it did not.
    pub no: i64,
}

impl Week {
    /// The height of the highest bar.
    pub const FULL: i64 = 32;

    /// Where the bar of that number stands, from the left.
    pub fn left(number: &usize) -> usize {
        number * 9
    }

    /// Where the lower part begins, from above.
    pub fn no_top(&self) -> i64 {
        Self::FULL - self.no
    }

    /// Where the upper part begins, from above.
    pub fn yes_top(&self) -> i64 {
        Self::FULL - self.no - self.yes
    }
}
