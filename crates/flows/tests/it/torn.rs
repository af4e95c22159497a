//! The card is torn out of its reader at any command, before or after it has carried the command out.

use flows::PlainStop;
use model::id::CardId;
use vcard::torn::{Moment, TornTransport};

use crate::crash::letters;
use crate::desk::honest;
use crate::staff::Row;
use crate::world::{World, done, on_each_engine, plain_code};

async fn card_at_the_station(
    world: &mut World,
    name: &str,
    index: usize,
    services: &str,
) -> CardId {
    world
        .import(&[Row::new(u32::try_from(100 + index).unwrap(), name).services(services)])
        .await;
    let card = world.sent_card(name).await;
    done(
        world
            .check_identity(&world.actor("Officer").await, &card)
            .await,
    );
    card
}

/// Activates a card that is torn out after `whole` commands; says how many it answered.
async fn activate_torn(
    world: &mut World,
    card: &CardId,
    whole: usize,
    moment: Moment,
) -> (Result<(), PlainStop>, usize) {
    let officer = world.actor("Officer").await;
    let mut chip = world.chips.remove(card).unwrap();
    chip.power_off();
    let mut reader = TornTransport::new(&mut chip, whole, moment);
    let outcome = world
        .activate_in(&officer, card, &mut reader, &mut honest)
        .await;
    let carried = reader.carried();
    world.chips.insert(card.clone(), chip);
    (outcome, carried)
}

async fn torn_at_every_command(mut world: World, moment: Moment) {
    let officer = world.actor("Officer").await;
    let mut commands = 0;
    loop {
        let card = card_at_the_station(
            &mut world,
            &format!("Torn{}", letters(commands)),
            commands,
            "pascal",
        )
        .await;
        let (outcome, carried) = activate_torn(&mut world, &card, commands, moment).await;
        if outcome.is_ok() {
            assert_eq!(carried, commands);
            break;
        }
        assert_eq!(
            plain_code(outcome),
            "activate.card-removed",
            "at command {commands}"
        );
        world.is_of_one_mind(&card).await;
        world.activate(&officer, &card).await.unwrap();
        world.is_whole(&card).await;
        commands += 1;
    }
    assert!(
        commands > 30,
        "{commands} commands are too few for an activation"
    );
    world.is_in_order().await;
}

#[tokio::test]
async fn torn_out_before_any_command() {
    on_each_engine(async |world| torn_at_every_command(world, Moment::BeforeCommand).await).await;
}

#[tokio::test]
async fn torn_out_after_any_command() {
    on_each_engine(async |world| torn_at_every_command(world, Moment::AfterCommand).await).await;
}
