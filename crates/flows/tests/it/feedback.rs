//! What readers say of pages, and what the editors do about it.

use flows::feedback::{self, Answers};
use model::feedback::Helped;
use model::id::FeedbackId;
use model::role::{Actor, Role};

use crate::world::{World, code, done, on_each_engine};

impl World {
    async fn says(&self, page: &str, helped: Helped) -> FeedbackId {
        let mut asking = self.ask(&Actor::Nobody);
        done(feedback::give(&self.house, &mut asking.call(), page, "sv", helped).await)
    }

    /// The code of the refusal, or nothing.
    async fn adds(&self, id: &FeedbackId, text: &str, hide: bool) -> Option<&'static str> {
        let mut asking = self.ask(&Actor::Nobody);
        let outcome = feedback::add_remark(&self.house, &asking.call(), id, text, hide).await;
        outcome.is_err().then(|| code(outcome))
    }
}

#[tokio::test]
async fn a_remark_waits_until_an_editor_has_dealt_with_it() {
    on_each_engine(async |world| {
        world.grant("Other", Role::WebEditor).await;
        let editor = world.actor("Other").await;
        let id = world
            .says("/station/cards/01ARZ3ND6G0000000000000000", Helped::No)
            .await;
        world.says("/mine", Helped::Yes).await;
        assert_eq!(world.adds(&id, "  ", false).await, Some("feedback.empty"));
        assert_eq!(
            world.adds(&id, "Jag är 19690714-9923", false).await,
            Some("feedback.holds-number")
        );
        assert_eq!(world.adds(&id, "Jag är 19690714-9923", true).await, None);
        // Words are added once.
        assert_eq!(world.adds(&id, "Mer", false).await, Some("feedback.closed"));
        let mut asking = world.ask(&editor);
        let seen = done(feedback::overview(&world.house, &asking.call()).await);
        assert_eq!(seen.waiting.len(), 1);
        assert_eq!(seen.waiting[0].page.as_str(), "/station/cards/*");
        let remark = seen.waiting[0].remark.as_ref().unwrap();
        assert_eq!(remark.as_str(), "Jag är 19690714-****");
        let lines: Vec<_> = seen
            .pages
            .iter()
            .map(|page| (page.page.as_str(), page.sum()))
            .collect();
        assert_eq!(
            lines,
            [
                ("/station/cards/*", Answers { yes: 0, no: 1 }),
                ("/mine", Answers { yes: 1, no: 0 })
            ]
        );
        // Now is in the last of the weeks.
        assert_eq!(seen.pages[0].weeks.last(), Some(&Answers { yes: 0, no: 1 }));
        done(feedback::handle(&world.house, &asking.call(), &id, "Rättat").await);
        assert_eq!(
            code(feedback::handle(&world.house, &asking.call(), &id, "Rättat").await),
            "feedback.not-waiting"
        );
        let seen = done(feedback::overview(&world.house, &asking.call()).await);
        assert!(seen.waiting.is_empty());
        let all = done(feedback::everything(&world.house, &asking.call()).await);
        let handled = all[0].handled.as_ref().unwrap();
        assert_eq!((all.len(), handled.outcome.as_str()), (2, "Rättat"));
        assert_eq!(Some(&handled.by), editor.person());
    })
    .await;
}

#[tokio::test]
async fn words_come_within_the_hour_and_answers_not_by_the_thousand() {
    on_each_engine(async |world| {
        let id = world.says("/mine", Helped::No).await;
        world.clock.advance_days(1);
        assert_eq!(
            world.adds(&id, "Sent", false).await,
            Some("feedback.closed")
        );
        let mut asking = world.ask(&Actor::Nobody);
        let outcome = feedback::give(
            &world.house,
            &mut asking.call(),
            "https://x",
            "sv",
            Helped::Yes,
        )
        .await;
        assert_eq!(code(outcome), "feedback.page-unknown");
        let now = world.now();
        let template = {
            let mut read = world.house.database.read().await.unwrap();
            store::feedback::by_id(&mut read, &id)
                .await
                .unwrap()
                .unwrap()
        };
        store::write!(world.house.database, |write| {
            for number in 0..2_000_u16 {
                let mut chance = [0; 10];
                chance[..2].copy_from_slice(&number.to_be_bytes());
                let row = model::feedback::Feedback {
                    id: FeedbackId::new(now, chance),
                    given_at: now,
                    ..template.clone()
                };
                store::feedback::insert(write, &row).await?;
            }
            Ok::<_, store::StoreError>(())
        })
        .unwrap();
        let outcome =
            feedback::give(&world.house, &mut asking.call(), "/", "sv", Helped::Yes).await;
        assert_eq!(code(outcome), "feedback.too-many");
    })
    .await;
}

#[tokio::test]
async fn only_editors_read_what_readers_say() {
    on_each_engine(async |world| {
        let id = world.says("/mine", Helped::No).await;
        world.adds(&id, "Hej", false).await;
        for name in ["Orderer", "Officer", "Issuer", "Holder"] {
            let mut asking = world.ask(&world.actor(name).await);
            let call = asking.call();
            let seen = feedback::overview(&world.house, &call).await.map(|_| ());
            assert_eq!(code(seen), "policy.role-missing", "{name}");
            let all = feedback::everything(&world.house, &call).await.map(|_| ());
            assert_eq!(code(all), "policy.role-missing", "{name}");
            let handled = feedback::handle(&world.house, &call, &id, "Rättat").await;
            assert_eq!(code(handled), "policy.role-missing", "{name}");
        }
    })
    .await;
}
