//! Reading staff exports into a house that knows people already.

use flows::import_staff::{ImportStaffRefusal, ImportStop, Options, Report, import_staff};
use flows::staff_file::Wrong;
use flows::{Refuse as _, Stop};
use model::card::CardState;
use model::id::PersonId;

use crate::staff::{Row, export};
use crate::world::{World, console, on_each_engine};

const COMPLETE: Options = Options {
    dry_run: false,
    complete: true,
};

impl World {
    async fn take(&self, rows: &[Row], options: Options) -> Result<Report, ImportStaffRefusal> {
        match import_staff(
            &self.house,
            &mut self.ask(&console()).call(),
            &export(rows),
            options,
        )
        .await
        {
            Ok(report) => Ok(report),
            Err(ImportStop::Stop(Stop::Refused(refusal))) => Err(refusal),
            Err(stop) => panic!("{stop:?}"),
        }
    }

    async fn engagements(&self, person: &PersonId) -> Vec<model::engagement::Engagement> {
        let mut read = self.house.database.read().await.unwrap();
        store::engagement::list_by_person(&mut read, person)
            .await
            .unwrap()
    }
}

fn staff() -> Vec<Row> {
    vec![
        Row::new(21, "Anna"),
        Row::new(22, "Bo")
            .kind("student")
            .from("2026-09-01")
            .until("2027-05-31"),
        Row::new(23, "Cia").protected(),
        Row::new(24, "Dag").services("pascal,secure-mail"),
    ]
}

#[tokio::test]
async fn a_second_import_and_a_rehearsal_change_nothing() {
    for database in testkit::databases().await {
        let mut world = World::empty(database).await;
        let empty = world.database.snapshot().await;
        let rehearsal = Options {
            dry_run: true,
            complete: true,
        };
        let would = world.take(&staff(), rehearsal).await.unwrap();
        assert_eq!(
            world.database.snapshot().await,
            empty,
            "a rehearsal left something"
        );
        let did = world.import(&staff()).await;
        assert_eq!(would, did);
        assert_eq!(
            (
                did.rows,
                did.people_added,
                did.engagements_added,
                did.unchanged
            ),
            (4, 4, 4, 0)
        );

        let mut before = world.database.snapshot().await;
        world.clock.advance_days(1);
        let again = world.import(&staff()).await;
        assert_eq!(
            (
                again.rows,
                again.unchanged,
                again.people_changed,
                again.engagements_changed
            ),
            (4, 4, 0, 0)
        );
        let mut after = world.database.snapshot().await;
        // The log says that it happened, and nothing else has.
        let (logged, now) = (
            before.remove("audit").unwrap(),
            after.remove("audit").unwrap(),
        );
        assert_eq!(now.len(), logged.len() + 1);
        assert_eq!(before, after);
    }
}

#[tokio::test]
async fn what_changed_is_taken_over() {
    on_each_engine(async |mut world| {
        world.import(&staff()).await;
        let mut moved = staff();
        moved[1] = moved[1].clone().until("2027-08-31");
        "Bergström".clone_into(&mut moved[0].family);
        moved[3] = moved[3].clone().protected();
        let report = world.import(&moved).await;
        assert_eq!(
            (
                report.people_changed,
                report.engagements_changed,
                report.unchanged
            ),
            (2, 1, 1)
        );
        let [engagement] = world
            .engagements(&world.person("Bo"))
            .await
            .try_into()
            .unwrap();
        assert_eq!(engagement.to, Some(model::Date::constant(2027, 8, 31)));
        let mut read = world.house.database.read().await.unwrap();
        let dag = store::person::by_id(&mut read, &world.person("Dag"))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(dag.protected, Some(world.now()));
        // Whose identity is protected has no address here any more.
        assert!(
            !store::person::has_registered_address(&mut read, &dag.id)
                .await
                .unwrap()
        );
        let anna = store::person::by_id(&mut read, &world.person("Anna"))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(anna.family_name.as_str(), "Bergström");
        drop(read);
        // A second engagement is added, the first stays.
        let mut second = staff()[0].clone().unit("SE2321000255-A1002");
        "Bergström".clone_into(&mut second.family);
        let report = world.import(&[second]).await;
        assert_eq!((report.people_added, report.engagements_added), (0, 1));
        assert_eq!(world.engagements(&world.person("Anna")).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_address_that_alone_has_changed_is_a_change() {
    on_each_engine(async |mut world| {
        world.import(&staff()).await;
        let mut moved = staff();
        moved[0].address[0] = "Lillgatan 2".to_owned();
        let report = world.import(&moved).await;
        assert_eq!((report.people_changed, report.unchanged), (1, 3));
        let mut read = world.house.database.read().await.unwrap();
        let address = store::person::registered_address(&mut read, &world.person("Anna"))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(address.street.as_str(), "Lillgatan 2");
    })
    .await;
}

#[tokio::test]
async fn the_hsa_id_of_somebody_else_makes_a_row_bad() {
    on_each_engine(async |mut world| {
        world.import(&staff()).await;
        let mut thief = Row::new(50, "Eva");
        staff()[0].hsa_id.clone_into(&mut thief.hsa_id);
        let report = world.import(&[thief, Row::new(51, "Finn")]).await;
        let [problem] = report.problems.try_into().unwrap();
        assert_eq!(
            (problem.line, problem.column, problem.what),
            (2, "hsa_id", Wrong::HsaIdTaken)
        );
        assert_eq!((report.rows, report.people_added), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn who_left_a_complete_file_has_left() {
    on_each_engine(async |mut world| {
        let (active, sent) = (
            world.active_card("Holder").await,
            world.sent_card("Other").await,
        );
        // The usual people without two of them; a file that is not called complete ends nobody.
        let staying: Vec<Row> = crate::world::cast()
            .into_iter()
            .filter(|row| row.given != "Holder" && row.given != "Other")
            .collect();
        let report = world.import(&staying).await;
        assert_eq!(report.engagements_ended, 0);
        assert_eq!(world.state(&active).await, CardState::Active);

        let rehearsal = Options {
            dry_run: true,
            complete: true,
        };
        assert_eq!(
            world
                .take(&staying, rehearsal)
                .await
                .unwrap()
                .engagements_ended,
            2
        );
        assert_eq!(world.state(&active).await, CardState::Active);
        assert_eq!(
            world
                .take(&staying, COMPLETE)
                .await
                .unwrap()
                .engagements_ended,
            2
        );
        assert_eq!(world.state(&active).await, CardState::Revoked);
        assert_eq!(world.state(&sent).await, CardState::Cancelled);
        world.is_of_one_mind(&active).await;
        world.is_of_one_mind(&sent).await;
        assert_eq!(
            world
                .take(&staying, COMPLETE)
                .await
                .unwrap()
                .engagements_ended,
            0
        );
        world.is_in_order().await;
    })
    .await;
}

#[tokio::test]
async fn a_complete_file_is_whole_or_not_taken() {
    on_each_engine(async |world| {
        assert_eq!(
            world.take(&[], COMPLETE).await,
            Err(ImportStaffRefusal::CompleteButEmpty)
        );
        let mut bad = Row::new(60, "Gun");
        "nobody@nowhere".clone_into(&mut bad.email);
        let refused = world.take(&[Row::new(61, "Hans"), bad], COMPLETE).await;
        assert_eq!(refused, Err(ImportStaffRefusal::CompleteButSpoilt));
        let log = world.events_after(0).await;
        let refusals: Vec<_> = log
            .iter()
            .filter(|row| row.event == "import-staff.refused")
            .collect();
        assert!(
            refusals.len() == 2
                && refusals[1]
                    .detail
                    .contains(ImportStaffRefusal::CompleteButSpoilt.code())
        );
    })
    .await;
}
