//! "Did the information on this page help you?": what readers answer, and what the web editors do about it.
//!
//! Nothing here knows who the reader is: the answer is stored without the call's actor, and nothing of it is in the log. What an
//! editor does is.

use std::collections::BTreeMap;

use model::feedback::{BadWords, Feedback, Handled, Helped, PagePath, Words};
use model::id::FeedbackId;
use model::identity_number::could_stand_in;
use model::policy::{Act, Facts, may};
use model::role::Actor;
use model::time::Timestamp;
use serde_json::json;

use crate::audit;
use crate::call::Call;
use crate::house::House;
use crate::refusal::{Fault, Stop, refusals};

refusals! {
    /// Why something about feedback is not done.
    FeedbackRefusal {
        /// The page is no address of ours.
        PageUnknown = "feedback.page-unknown",
        /// More answers come than people would give.
        TooMany = "feedback.too-many",
        /// There are no words.
        Empty = "feedback.empty",
        /// There are too many words.
        TooLong = "feedback.too-long",
        /// The words hold what could be a personal identity number.
        HoldsNumber = "feedback.holds-number",
        /// The answer was given too long ago, or has words already.
        Closed = "feedback.closed",
        /// Nobody waits for this remark to be dealt with.
        NotWaiting = "feedback.not-waiting",
    }
}

/// How many answers an hour are taken: forty thousand readers on the busiest day give fewer.
const MOST_AN_HOUR: i64 = 2_000;
const HOUR: i64 = 3_600;
/// For how long words can be added to an answer, in seconds.
const PATIENCE: i64 = HOUR;
/// How many remarks the editors see at once.
const SHOWN: i64 = 100;
/// The most answers that one export holds.
const EXPORTED: i64 = 100_000;
/// How many weeks the trend tells of.
pub const WEEKS: usize = 12;
const WEEK: i64 = 7 * 86_400;

type Outcome<T> = Result<T, Stop<FeedbackRefusal>>;

/// A reader says whether a page helped.
///
/// # Errors
/// When the page is no address, or far too many answers come.
pub async fn give(
    house: &House,
    call: &mut Call<'_>,
    page: &str,
    language: &str,
    helped: Helped,
) -> Outcome<FeedbackId> {
    may(&call.actor, Act::GiveFeedback, &Facts::default())?;
    let feedback = Feedback {
        id: FeedbackId::new(call.now, call.random()),
        page: PagePath::parse(page).map_err(|_| FeedbackRefusal::PageUnknown)?,
        language: language.to_owned(),
        helped,
        remark: None,
        given_at: call.now,
        handled: None,
    };
    let hour_ago = Timestamp(call.now.seconds().saturating_sub(HOUR));
    store::write!(house.database, |write| {
        if store::feedback::count_since(write, hour_ago).await? >= MOST_AN_HOUR {
            return Err(FeedbackRefusal::TooMany.into());
        }
        store::feedback::insert(write, &feedback).await?;
        Ok::<_, Stop<FeedbackRefusal>>(())
    })?;
    Ok(feedback.id)
}

/// A reader says why, within the hour. Words that could hold a personal identity number are not taken as they are: they may become
/// a public document. `hide` puts stars in the number's place.
///
/// # Errors
/// When there are no words or too many, when they hold a number, or when it is too late.
pub async fn add_remark(
    house: &House,
    call: &Call<'_>,
    id: &FeedbackId,
    text: &str,
    hide: bool,
) -> Outcome<()> {
    may(&call.actor, Act::GiveFeedback, &Facts::default())?;
    let mut remark = words(text)?;
    if could_stand_in(remark.as_str()) {
        if !hide {
            return Err(FeedbackRefusal::HoldsNumber.into());
        }
        remark = remark.with_numbers_hidden();
    }
    let from = Timestamp(call.now.seconds().saturating_sub(PATIENCE));
    store::write!(house.database, |write| {
        if !store::feedback::add_remark(write, id, &remark, from).await? {
            return Err(FeedbackRefusal::Closed.into());
        }
        Ok::<_, Stop<FeedbackRefusal>>(())
    })
}

fn words(text: &str) -> Result<Words, FeedbackRefusal> {
    Words::parse(text).map_err(|bad| match bad {
        BadWords::Empty => FeedbackRefusal::Empty,
        BadWords::TooLong(_) => FeedbackRefusal::TooLong,
    })
}

/// An editor notes what came of a remark.
///
/// # Errors
/// When there are no words or too many, when the remark does not wait, or the actor is no editor.
pub async fn handle(house: &House, call: &Call<'_>, id: &FeedbackId, outcome: &str) -> Outcome<()> {
    let done = note(house, call, id, outcome).await;
    audit::refused(
        house,
        call,
        "handle-feedback",
        &format!("feedback:{id}"),
        done,
    )
    .await
}

async fn note(house: &House, call: &Call<'_>, id: &FeedbackId, outcome: &str) -> Outcome<()> {
    may(&call.actor, Act::HandleFeedback, &Facts::default())?;
    let Actor::Person { person, .. } = &call.actor else {
        return Err(Fault::Impossible("an editor who is nobody").into());
    };
    let outcome = words(outcome)?;
    if could_stand_in(outcome.as_str()) {
        return Err(FeedbackRefusal::HoldsNumber.into());
    }
    let handled = Handled {
        by: person.clone(),
        at: call.now,
        outcome,
    };
    store::write!(house.database, |write| {
        if !store::feedback::handle(write, id, &handled).await? {
            return Err(FeedbackRefusal::NotWaiting.into());
        }
        audit::event(
            write,
            call,
            "feedback.handled",
            &format!("feedback:{id}"),
            json!({}),
        )
        .await?;
        Ok::<_, Stop<FeedbackRefusal>>(())
    })
}

/// What the editors see.
#[derive(Clone, Debug)]
pub struct Overview {
    /// Remarks that wait, the oldest first; as many as are shown at once.
    pub waiting: Vec<Feedback>,
    /// Pages with answers in the last weeks, those that helped least first.
    pub pages: Vec<PageTrend>,
    /// When the first of the weeks began.
    pub from: Timestamp,
}

/// How a page was answered for, week by week, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageTrend {
    /// The page.
    pub page: PagePath,
    /// Each week's answers.
    pub weeks: [Answers; WEEKS],
}

/// How many said what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// It helped.
    pub yes: i64,
    /// It did not.
    pub no: i64,
}

impl PageTrend {
    /// All weeks together.
    #[must_use]
    pub fn sum(&self) -> Answers {
        self.weeks
            .iter()
            .fold(Answers::default(), |sum, week| Answers {
                yes: sum.yes + week.yes,
                no: sum.no + week.no,
            })
    }
}

/// What readers said lately.
///
/// # Errors
/// When the actor is no editor.
pub async fn overview(house: &House, call: &Call<'_>) -> Outcome<Overview> {
    may(&call.actor, Act::HandleFeedback, &Facts::default())?;
    let from = first_week(call.now);
    let mut read = house.database.view().await?;
    let waiting = store::feedback::waiting(&mut read, SHOWN).await?;
    let counts = store::feedback::counts(&mut read, from, WEEK).await?;
    let mut pages: BTreeMap<PagePath, [Answers; WEEKS]> = BTreeMap::new();
    for count in counts {
        let weeks = pages.entry(count.page).or_default();
        let week = usize::try_from(count.span)
            .ok()
            .and_then(|span| weeks.get_mut(span));
        if let Some(week) = week {
            match count.helped {
                Helped::Yes => week.yes = count.count,
                Helped::No => week.no = count.count,
            }
        }
    }
    let mut pages: Vec<PageTrend> = pages
        .into_iter()
        .map(|(page, weeks)| PageTrend { page, weeks })
        .collect();
    pages.sort_by_key(|page| std::cmp::Reverse(page.sum().no));
    Ok(Overview {
        waiting,
        pages,
        from,
    })
}

/// Everything readers said in the weeks of the trend, the oldest first.
///
/// # Errors
/// When the actor is no editor.
pub async fn everything(house: &House, call: &Call<'_>) -> Outcome<Vec<Feedback>> {
    may(&call.actor, Act::HandleFeedback, &Facts::default())?;
    let mut read = house.database.read().await?;
    Ok(store::feedback::since(&mut read, first_week(call.now), EXPORTED).await?)
}

/// The weeks end now, so that the last of them is whole.
fn first_week(now: Timestamp) -> Timestamp {
    let weeks = i64::try_from(WEEKS).unwrap_or_default();
    Timestamp(now.seconds().saturating_sub(weeks * WEEK - 1))
}
