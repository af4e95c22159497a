//! The window without a display: keys go in, and what a screen reader is told comes out. The act is the real one, on a virtual card,
//! on a thread of its own.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, channel};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

use eframe::egui::accesskit::{
    Action, ActionRequest, Live, Node, NodeId, Role, TreeId, TreeUpdate,
};
use eframe::egui::{Context, Event, FullOutput, Key, Modifiers, Pos2, RawInput, Rect, Theme, Vec2};
use piv::{Day, Host, ManagementKey, Pin, Transport, UnlockCode};
use vcard::{Card, Personalisation};
use wire::{Act, Slot};

use super::ends::{Asker, line};
use super::held_keys::HeldKeys;
use super::state::{State, View};
use super::{face, look};
use crate::program::holder::{CardPlace, Holder as _, NoCard};
use crate::program::words::Language;
use crate::{Asks, CodeRequest, CodeRules, Moment, Prompt as _, StepName, Stopped, change_pin};

/// Longer than any frame or act takes.
const PATIENCE: Duration = Duration::from_secs(60);
const CODE: &str = "739184";
const NEXT: &str = "58294107";

/// A window in memory.
struct Desk {
    context: Context,
    state: State,
    language: Language,
    woken: Receiver<()>,
    keys: HeldKeys,
    nodes: HashMap<NodeId, Node>,
    focus: Option<NodeId>,
    may_close: bool,
    time: f64,
    /// All that a screen reader was told.
    heard: String,
}

fn desk(language: Language) -> (Desk, Asker) {
    let (wake, woken) = channel();
    let (asker, teller) = line(Box::new(move || {
        let _ = wake.send(());
    }));
    let context = Context::default();
    look::dress(&context);
    context.set_theme(Theme::Light);
    context.enable_accesskit();
    let desk = Desk {
        context,
        state: State::new(language.words(), teller),
        language,
        woken,
        keys: HeldKeys::default(),
        nodes: HashMap::new(),
        focus: None,
        may_close: false,
        time: 0.0,
        heard: String::new(),
    };
    (desk, asker)
}

impl Desk {
    fn frame(&mut self, mut events: Vec<Event>) {
        self.keys.pass(&mut events);
        self.time += 0.1;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, Vec2::new(560.0, 640.0))),
            time: Some(self.time),
            focused: true,
            events,
            ..RawInput::default()
        };
        let (state, language) = (&mut self.state, self.language);
        let mut may_close = false;
        let output: FullOutput = self.context.run_ui(input, |ui| {
            state.listen();
            may_close |= face::draw(ui, state, language);
        });
        let update = output.platform_output.accesskit_update.clone();
        output.drop_without_applying_deltas();
        self.may_close |= may_close;
        let TreeUpdate { nodes, focus, .. } = update.expect("the toolkit tells screen readers");
        self.heard.push_str(&format!("{nodes:?}\n"));
        self.nodes = nodes.into_iter().collect();
        self.focus = Some(focus);
    }

    /// Frames until something is so; each after the act has told something.
    fn until(&mut self, is_so: impl Fn(&Self) -> bool) {
        loop {
            self.frame(Vec::new());
            self.frame(Vec::new());
            if is_so(self) {
                return;
            }
            self.woken
                .recv_timeout(PATIENCE)
                .unwrap_or_else(|_| panic!("never so; the window shows {:?}", self.texts()));
        }
    }

    fn until_heading(&mut self, text: &str) {
        self.until(|desk| desk.headings() == [text]);
    }

    fn key(&mut self, key: Key) {
        for pressed in [true, false] {
            self.frame(vec![event(key, pressed)]);
        }
    }

    /// Types a code and presses Enter.
    fn enter(&mut self, code: &str) {
        for digit in code.chars() {
            self.frame(vec![Event::Text(digit.to_string())]);
        }
        self.key(Key::Enter);
    }

    fn named(&self, role: Role) -> Vec<String> {
        let mut named: Vec<_> = self
            .nodes
            .values()
            .filter(|node| node.role() == role)
            .map(|node| self.name(node))
            .collect();
        named.sort();
        named
    }

    /// The name that a screen reader gives a thing: its own, else its label's.
    fn name(&self, node: &Node) -> String {
        let own = node.label().or_else(|| node.value());
        let labelled = node
            .labelled_by()
            .iter()
            .filter_map(|id| self.nodes.get(id));
        labelled
            .filter_map(|label| label.label().or_else(|| label.value()))
            .chain(own)
            .next()
            .unwrap_or_default()
            .to_owned()
    }

    fn headings(&self) -> Vec<String> {
        self.named(Role::Heading)
    }

    fn texts(&self) -> Vec<String> {
        let named = self.nodes.values().map(|node| self.name(node));
        named.filter(|name| !name.is_empty()).collect()
    }

    /// What is read out by itself.
    fn announced(&self) -> String {
        let live = |node: &&Node| node.live().is_some_and(|live| live != Live::Off);
        let texts: Vec<_> = self
            .nodes
            .values()
            .filter(live)
            .map(|node| self.name(node))
            .collect();
        texts.join("\n")
    }

    fn focused(&self) -> (Role, String) {
        let node = self
            .focus
            .and_then(|id| self.nodes.get(&id))
            .expect("a focus");
        (node.role(), self.name(node))
    }

    /// What a screen reader does to press something.
    fn press(&mut self, name: &str) {
        let (id, _) = self
            .nodes
            .iter()
            .find(|(_, node)| node.role() == Role::Button && self.name(node) == name)
            .unwrap_or_else(|| panic!("no button {name} among {:?}", self.texts()));
        let request = ActionRequest {
            action: Action::Click,
            target_tree: TreeId::ROOT,
            target_node: *id,
            data: None,
        };
        self.frame(vec![Event::AccessKitActionRequest(request)]);
    }

    /// Whatever is shown has one heading, a name for every button and field, and the window's own name and language.
    fn is_accessible(&self) {
        assert_eq!(self.headings().len(), 1, "{:?}", self.texts());
        for node in self.nodes.values() {
            match node.role() {
                Role::Window => {
                    assert_eq!(node.label(), Some(self.state.title().as_str()));
                    assert_eq!(node.language(), Some(self.language.code()));
                }
                Role::Button | Role::PasswordInput | Role::TextInput => {
                    assert!(!self.name(node).is_empty(), "{node:?}");
                }
                Role::Label => assert!(!node.supports_action(Action::Click), "{node:?}"),
                Role::Heading => assert_eq!(node.level(), Some(1)),
                _ => {}
            }
        }
    }
}

fn event(key: Key, pressed: bool) -> Event {
    Event::Key {
        key,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers: Modifiers::NONE,
    }
}

fn card() -> Card {
    let personalisation = Personalisation::new(
        "9752123400000000027",
        Day::new(2031, 11, 23).unwrap(),
        Pin::parse(CODE.as_bytes()).unwrap(),
        UnlockCode::new(*b"12345678"),
        ManagementKey::new([7; 32]),
    )
    .unwrap();
    let mut state = 1_u8;
    Card::new(&personalisation, move |bytes: &mut [u8]| {
        for byte in bytes {
            state = state.wrapping_mul(5).wrapping_add(3);
            *byte = state;
        }
    })
    .unwrap()
}

/// The real change of a code; gives the card back.
fn changing(mut card: Card, mut asker: Asker) -> JoinHandle<(Card, Result<(), Stopped>)> {
    spawn(move || {
        let outcome = change_pin(&mut card, &mut asker);
        asker.finished("Koden är ändrad.");
        asker.end(outcome.clone().map_err(|stopped| stopped.to_string()));
        (card, outcome)
    })
}

fn takes(card: &mut dyn Transport, code: &str) -> bool {
    let mut host = Host::new(card);
    host.select().unwrap();
    host.verify_pin(&Pin::parse(code.as_bytes()).unwrap())
        .is_ok()
}

#[test]
fn a_code_is_changed_with_the_keyboard_alone() {
    let (mut desk, asker) = desk(Language::Swedish);
    let act = changing(card(), asker);
    desk.until_heading("Skriv koden du har nu");
    desk.is_accessible();
    let field = (Role::PasswordInput, "Nuvarande kod".to_owned());
    assert_eq!(desk.focused(), field);
    desk.enter("739185");
    desk.until(|desk| desk.announced().contains("Fel kod. 2 försök kvar."));
    assert_eq!(
        desk.state.title(),
        "Fel: Skriv koden du har nu – Sigill: ditt kort"
    );
    assert_eq!(desk.focused(), field);
    // Too short costs no try, and neither does a letter.
    desk.enter("7391");
    assert_eq!(desk.announced(), "Koden är för kort: minst 6 siffror.");
    desk.frame(vec![Event::Text("x".to_owned())]);
    desk.frame(Vec::new());
    assert_eq!(desk.announced(), "Koden får bara ha siffror.");
    desk.enter("84");
    desk.until_heading("Välj en ny kod");
    desk.is_accessible();
    for (first, second, says) in [
        ("123456", "123456", "Välj inte siffror i följd"),
        ("840627", "840627", "Välj inte ett datum"),
        ("48214821", "48214821", "Välj inte samma siffror"),
        (NEXT, CODE, "De två koderna var inte lika."),
    ] {
        assert_eq!(desk.focused(), (Role::PasswordInput, "Ny kod".to_owned()));
        desk.enter(first);
        desk.frame(Vec::new());
        let second_field = (Role::PasswordInput, "Samma kod en gång till".to_owned());
        assert_eq!(desk.focused(), second_field);
        desk.enter(second);
        desk.frame(Vec::new());
        assert!(desk.announced().contains(says), "{}", desk.announced());
    }
    // Only the card knows the old one.
    desk.enter(CODE);
    desk.frame(Vec::new());
    desk.enter(CODE);
    desk.until(|desk| {
        desk.announced()
            .contains("Välj en annan kod än den du har.")
    });
    desk.enter(NEXT);
    desk.frame(Vec::new());
    desk.enter(NEXT);
    desk.until_heading("Klart");
    desk.is_accessible();
    assert_eq!(desk.announced(), "Koden är ändrad.");
    let (mut card, outcome) = act.join().unwrap();
    assert!(outcome.is_ok() && takes(&mut card, NEXT));
    assert_eq!(desk.focused(), (Role::Button, "Stäng".to_owned()));
    assert!(!desk.may_close);
    desk.key(Key::Enter);
    assert!(desk.may_close);
    // What a screen reader was told holds dots, and never a code that was typed.
    assert!(desk.heard.contains('•'));
    for code in [CODE, NEXT, "840627"] {
        assert!(!desk.heard.contains(code), "{code} was told");
    }
}

/// As from a fast hand at a slow computer.
#[test]
fn keys_that_come_at_once_go_where_they_belong() {
    let (mut desk, asker) = desk(Language::English);
    let act = changing(card(), asker);
    let digits = |code: &str| -> Vec<Event> {
        let mut events: Vec<_> = code.chars().map(|it| Event::Text(it.to_string())).collect();
        events.extend([true, false].map(|pressed| event(Key::Enter, pressed)));
        events
    };
    desk.until_heading("Enter the code you have now");
    desk.frame(digits(CODE));
    desk.until_heading("Choose a new code");
    desk.frame([digits(NEXT), digits(NEXT)].concat());
    desk.until_heading("Done");
    let (mut card, outcome) = act.join().unwrap();
    assert!(outcome.is_ok() && takes(&mut card, NEXT));
}

#[test]
fn the_last_try_is_used_only_on_purpose() {
    let (mut desk, asker) = desk(Language::English);
    let act = changing(card(), asker);
    for _ in 0..2 {
        desk.until(|desk| {
            matches!(desk.state.view, View::Asking(_))
                && desk.headings() == ["Enter the code you have now"]
        });
        desk.enter("739185");
    }
    desk.until_heading("One single try left");
    desk.is_accessible();
    assert!(desk.announced().contains("the card is blocked"));
    assert!(desk.named(Role::PasswordInput).is_empty());
    assert_eq!(desk.focused(), (Role::Button, "Stop here".to_owned()));
    desk.press("Try anyway");
    desk.frame(Vec::new());
    assert_eq!(desk.headings(), ["Enter the code you have now"]);
    desk.key(Key::Escape);
    desk.until_heading("Cancelled");
    let (mut card, outcome) = act.join().unwrap();
    assert!(outcome.is_err());
    let mut host = Host::new(&mut card);
    host.select().unwrap();
    assert_eq!(host.pin_tries_left().unwrap(), Some(1));
    desk.key(Key::Escape);
    assert!(desk.may_close);
}

fn asks(act: Act) -> Asks {
    Asks {
        act,
        who_asks: "Region Exempel".to_owned(),
        for_whom: Some("Åsa Öberg".to_owned()),
        card_number: Some("9752123400000000027".to_owned()),
        purpose: "Logga in i Mina sidor".to_owned(),
        taken_up: act == Act::Activate,
    }
}

#[test]
fn who_asks_and_for_what_is_shown_before_and_with_the_code() {
    let (mut desk, mut asker) = desk(Language::Swedish);
    let act = spawn(move || {
        asker.asked(
            &asks(Act::SignIn),
            "Region Exempel, https://kort.example.se",
        );
        asker.uses_card(&CardPlace {
            number: "9752 1234 0000 0000 027".to_owned(),
            reader: "Läsare 1".to_owned(),
        });
        let agreed = asker.show(&asks(Act::SignIn));
        let request = CodeRequest {
            tries_left: Some(3),
            wrong: false,
            text: Some("Jag, Åsa Öberg, loggar in."),
            old: false,
        };
        let entered = asker.enter_code(&request).is_some();
        asker.finished("Du är inloggad i Mina sidor.");
        asker.end(Ok(()));
        (agreed, entered)
    });
    desk.until_heading("Vill du logga in?");
    desk.is_accessible();
    let common = [
        "Region Exempel",
        "genom Region Exempel, https://kort.example.se",
        "För: Åsa Öberg",
        "Kort 9752 1234 0000 0000 027 i Läsare 1",
    ];
    let shows = |desk: &Desk, text: &str| desk.texts().iter().any(|shown| shown == text);
    for text in common.iter().chain(&["Logga in i Mina sidor"]) {
        assert!(shows(&desk, text), "{text}");
    }
    assert!(
        desk.announced()
            .contains("Den som har öppnat den blir inloggad som du.")
    );
    assert_eq!(desk.focused(), (Role::Button, "Fortsätt".to_owned()));
    desk.key(Key::Enter);
    desk.until_heading("Skriv under med kortets kod");
    for text in common.iter().chain(&["Jag, Åsa Öberg, loggar in."]) {
        assert!(shows(&desk, text), "{text}");
    }
    desk.enter(CODE);
    desk.until_heading("Du är inloggad");
    assert_eq!(act.join().unwrap(), (true, true));
    assert!(desk.state.closes_itself() && desk.state.may_close());
}

#[test]
fn a_card_is_waited_for_and_chosen() {
    let (mut desk, mut asker) = desk(Language::English);
    let act = spawn(move || {
        let why = NoCard::Inserted("Put the card in.".to_owned());
        let goes_on = asker.await_card(&why);
        let card = |number: &str| CardPlace {
            number: number.to_owned(),
            reader: "Reader".to_owned(),
        };
        let chosen = asker.which_card(&[card("1111 2222 3333"), card("4444 5555 6666")]);
        let other = NoCard::Usable("The card 1 is in no reader.".to_owned());
        while asker.await_card(&other) {}
        asker.end(Err("You cancelled.".to_owned()));
        (goes_on, chosen)
    });
    desk.until_heading("Put in the card");
    desk.is_accessible();
    desk.until_heading("Which card is to be used?");
    desk.is_accessible();
    assert_eq!(
        desk.focused(),
        (Role::Button, "Card 1111 2222 3333 in Reader".to_owned())
    );
    desk.key(Key::Tab);
    desk.frame(Vec::new());
    desk.key(Key::Enter);
    desk.until_heading("Waiting for the card");
    assert!(desk.announced().contains("The card 1 is in no reader."));
    desk.press("Cancel");
    desk.until_heading("Cancelled");
    assert_eq!(act.join().unwrap(), (true, Some(1)));
}

#[test]
fn a_code_page_is_read_from_what_was_typed() {
    let (mut desk, mut asker) = desk(Language::English);
    let act = spawn(move || asker.type_ticket());
    desk.until_heading("Which code does the page show?");
    desk.is_accessible();
    assert_eq!(
        desk.focused(),
        (Role::TextInput, "Code on the page".to_owned())
    );
    desk.enter("7KQ2");
    desk.frame(Vec::new());
    assert!(desk.announced().contains("nor a code of sixteen signs"));
    desk.enter("-M9XD-4TPA-W3HN");
    assert_eq!(act.join().unwrap().as_deref(), Some("7KQ2-M9XD-4TPA-W3HN"));
}

#[test]
fn the_key_pad_is_told_of_and_its_last_try_asked_about() {
    let (mut desk, mut asker) = desk(Language::Swedish);
    let request = |tries, wrong, old| CodeRequest {
        tries_left: Some(tries),
        wrong,
        text: None,
        old,
    };
    assert!(asker.at_pad(&request(3, false, false)));
    desk.until_heading("Använd kortläsarens knappar");
    desk.is_accessible();
    assert_eq!(desk.announced(), "Ange koden på kortläsarens knappar.");
    assert!(desk.named(Role::PasswordInput).is_empty());
    assert!(asker.at_pad(&request(2, true, true)));
    desk.until(|desk| desk.announced().contains("Fel kod. 2 försök kvar."));
    assert!(desk.announced().contains("den nya två gånger"));
    let act = spawn(move || {
        let first = asker.at_pad(&request(1, true, false));
        (first, asker)
    });
    desk.until_heading("Ett enda försök kvar");
    desk.press("Försök ändå");
    let (agreed, _) = act.join().unwrap();
    assert!(agreed);
    desk.until_heading("Använd kortläsarens knappar");
}

#[test]
fn a_closed_window_lets_go_between_two_steps() {
    let (mut desk, mut asker) = desk(Language::Swedish);
    asker.progress(StepName::GenerateKey(Slot::LOGIN), Moment::Begun);
    asker.progress(StepName::GenerateKey(Slot::LOGIN), Moment::Done);
    asker.progress(StepName::Sign(Slot::LOGIN), Moment::Begun);
    desk.until_heading("Kortet arbetar");
    desk.is_accessible();
    assert_eq!(desk.announced(), "Kortet skriver under.");
    assert!(!asker.is_cancelled());
    desk.state.leave();
    desk.until(|desk| {
        desk.announced()
            .contains("Avbryter så snart kortet är klart")
    });
    assert!(!desk.state.may_close() && asker.is_cancelled());
    // Nothing that is asked now is waited for.
    let rules = CodeRules::new(6, 8).unwrap();
    assert!(asker.choose_code(&rules, None).is_none());
    asker.end(Err("Du avbröt.".to_owned()));
    desk.until_heading("Avbrutet");
    assert!(desk.state.is_left());
}

#[test]
fn an_act_without_a_window_is_cancelled() {
    let (desk, mut asker) = desk(Language::Swedish);
    drop(desk);
    assert!(!asker.show(&asks(Act::Activate)));
    assert!(asker.is_cancelled());
}

/// The contrast of text on what it stands on (WCAG 2.2, 1.4.3: 4.5 at least), and of what shows focus and edges (1.4.11: 3).
#[test]
fn colours_are_told_apart() {
    let light = |colour: eframe::egui::Color32| {
        let [red, green, blue, _] = colour.to_array().map(|part| {
            let part = f32::from(part) / 255.0;
            if part <= 0.040_45 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let contrast = |one, other| {
        let (one, other) = (light(one), light(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    };
    for theme in [Theme::Light, Theme::Dark] {
        let look = look::Look::of(theme);
        for (ink, ground) in [
            (look.ink, look.paper),
            (look.ink, look.surface),
            (look.ink_soft, look.paper),
            (look.ink_soft, look.surface),
            (look.on_accent, look.accent),
            (look.ink, look.accent_soft),
            (look.warn, look.warn_soft),
            (look.bad, look.bad_soft),
        ] {
            assert!(
                contrast(ink, ground) >= 4.5,
                "{theme:?} {ink:?} on {ground:?}"
            );
        }
        for edge in [look.focus, look.line_strong, look.good] {
            assert!(contrast(edge, look.paper) >= 3.0, "{theme:?} {edge:?}");
        }
    }
    let card = &look::CARD;
    for (ink, ground) in [(card.ink, card.face), (card.ink_soft, card.band)] {
        assert!(contrast(ink, ground) >= 4.5);
    }
}
