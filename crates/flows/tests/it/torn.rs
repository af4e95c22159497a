//! The card is torn out of its reader at any command, before or after it has carried the command out.

use flows::{PlainStop, activate};
use model::id::CardId;
use model::role::Actor;
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

/// Whether the next activation tells its holder that an earlier one is taken up.
async fn is_told(world: &World, card: &CardId) -> bool {
    let officer = world.actor("Officer").await;
    let (house, client) = (&world.house, Actor::Nobody);
    let ticket = done(activate::begin(house, &mut world.ask(&officer).call(), card).await);
    let mut ask = world.ask(&client);
    let welcome = activate::hello(house, &mut ask.call(), &ticket.secret, &[4; 65]).await;
    done(welcome).taken_up
}

#[expect(clippy::print_stdout, reason = "how many places there were is told")]
async fn torn_at_every_command(mut world: World, moment: Moment) {
    let officer = world.actor("Officer").await;
    let (mut commands, mut told) = (0, 0);
    loop {
        let card = card_at_the_station(
            &mut world,
            &format!("Torn{}", letters(commands)),
            commands,
            "pascal",
        )
        .await;
        assert!(!is_told(&world, &card).await, "nothing was begun");
        let state = |world: &World| world.chips[&card].to_json().unwrap();
        let before = state(&world);
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
        // Whoever comes back with a card on which anything was changed hears of it.
        let is_told = is_told(&world, &card).await;
        assert!(is_told || state(&world) == before, "at command {commands}");
        told += usize::from(is_told);
        world.activate(&officer, &card).await.unwrap();
        world.is_whole(&card).await;
        commands += 1;
    }
    println!(
        "activate, torn {moment:?}: {commands} places, each finished by the next insertion; after {told} of them something was \
         begun, and the holder is told"
    );
    assert!(told > 20, "{told} places are too few");
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

/// A login changes nothing on the card: torn out anywhere it lets nobody in, and the next one does.
#[tokio::test]
async fn torn_out_at_any_command_of_a_login() {
    on_each_engine(async |mut world| {
        let card = world.active_card("Holder").await;
        for moment in [Moment::BeforeCommand, Moment::AfterCommand] {
            let mut places = 0;
            loop {
                let mut chip = world.chips.remove(&card).unwrap();
                chip.power_off();
                let mut reader = TornTransport::new(&mut chip, places, moment);
                let outcome = world.sign_in_with(&mut reader, &mut honest).await;
                world.chips.insert(card.clone(), chip);
                if outcome.is_ok() {
                    break;
                }
                assert_eq!(
                    plain_code(outcome),
                    "sign-in.cancelled",
                    "at command {places}"
                );
                world.sign_in(&card).await.unwrap();
                world.is_of_one_mind(&card).await;
                places += 1;
            }
            println!("sign-in, torn {moment:?}: {places} places, each done at the next insertion");
            assert!(places >= 4, "{places} commands are too few");
        }
        world.is_in_order().await;
    })
    .await;
}
