//! A world with everything in it that an address can name, and somebody of every role signed in.

use axum::http::{Request, header};
use model::id::{
    BatchId, CardId, EngagementId, FeedbackId, FunctionId, OrderId, PersonId, PhotoId, ReceiptId,
    TicketId,
};
use model::role::{Actor, Role};

use crate::browser::{Answer, Browser, form};
use crate::world::{ADDRESS, CODE, World, portrait};

/// Who visits: a name, and the role if any. The first three hold the founders' cards, in their order.
const ACTORS: [(&str, Option<Role>); 10] = [
    ("orderer", None),
    ("officer", None),
    ("both", None),
    ("holder", None),
    ("reserve", Some(Role::ReserveCardOfficer)),
    ("issuer", Some(Role::ResponsibleIssuer)),
    ("security", Some(Role::SecurityOfficer)),
    ("auditor", Some(Role::Auditor)),
    ("editor", Some(Role::WebEditor)),
    ("operator", Some(Role::Operator)),
];
/// People besides them.
const OTHERS: usize = 11;

pub struct Stage {
    pub world: World,
    actors: Vec<(&'static str, Browser)>,
    /// Somebody without a card.
    pub new: PersonId,
    /// An order that can be taken back.
    pub ordered: OrderId,
    /// A card that waits for its photo.
    pub to_photograph: CardId,
    /// A card whose photo was taken and waits for an officer's decision.
    pub to_approve: (CardId, PhotoId),
    /// A card ready for production.
    pub to_produce: CardId,
    /// A batch at the producer's, and its card.
    pub batch: (BatchId, CardId),
    /// A card whose holder is to be identified.
    pub to_check: CardId,
    /// A card whose holder the officer has identified, and the act of activating it.
    pub checked: (CardId, TicketId),
    /// A card in use whose holder the officer has identified, and the act of unlocking it.
    pub to_unlock: (CardId, TicketId),
    /// A card in use.
    pub active: CardId,
    /// The holder's card and its receipt.
    pub own: (CardId, ReceiptId),
    /// Somebody's engagement.
    pub engagement: EngagementId,
    /// A function that waits for a decision.
    pub function: FunctionId,
    /// A reader's answer without words, and one whose words wait for an editor.
    pub feedback: (FeedbackId, FeedbackId),
}

impl Stage {
    /// One stage a database engine there is to test on.
    pub async fn everywhere() -> Vec<Self> {
        let mut stages = Vec::new();
        for world in crate::world::worlds(ACTORS.len() + OTHERS).await {
            stages.push(Self::set(world).await);
        }
        stages
    }

    pub async fn new() -> Self {
        Self::set(World::new(ACTORS.len() + OTHERS).await).await
    }

    async fn set(mut world: World) -> Self {
        let mut actors = Vec::new();
        let mut holder = None;
        for (index, (name, role)) in ACTORS.into_iter().enumerate() {
            let person = world.people[index].clone();
            if let Some(role) = role {
                world.grant(&person, role).await;
            }
            let plastic = match world.founders.get_mut(index) {
                Some(founder) => founder.take().unwrap(),
                None => world.card_for(&person, CODE).await,
            };
            let mut browser = Browser::new(&world.wire);
            let plastic = browser.sign_in(plastic).await;
            if name == "holder" {
                holder = Some(plastic.card);
            }
            actors.push((name, browser));
        }
        actors.push(("nobody", Browser::new(&world.wire)));
        let mut others = world.people[ACTORS.len()..].iter().cloned();
        let mut next = || others.next().unwrap();
        let new = next();
        let ordered = world.stored(&world.order(&next()).await).await.order;
        let to_photograph = world.order(&next()).await;
        let to_approve = world.order(&next()).await;
        let taken = world.take_photo(&to_approve, &world.officer).await;
        let to_produce = world.order(&next()).await;
        world.photograph(&to_produce).await;
        let in_batch = world.order(&next()).await;
        world.photograph(&in_batch).await;
        let batch = world.send(&in_batch).await;
        let to_check = delivered(&world, &next()).await;
        let checked = delivered(&world, &next()).await;
        world.check_identity(&checked, &world.officer).await;
        let house = &world.web.house;
        let ticket = world
            .act(&world.officer, async |call| {
                flows::activate::begin(house, call, &checked).await
            })
            .await
            .unwrap();
        let active = world.card_for(&next(), CODE).await.card;
        let to_unlock = world.card_for(&next(), CODE).await.card;
        world.check_identity(&to_unlock, &world.officer).await;
        let unlocking = world
            .act(&world.officer, async |call| {
                flows::unlock::begin(house, call, &to_unlock).await
            })
            .await
            .unwrap();
        let own = holder.unwrap();
        let (receipt, engagement) = {
            let mut read = house.database.read().await.unwrap();
            let receipts = store::receipt::list_by_card(&mut read, &own).await.unwrap();
            let engagements = store::engagement::list_by_person(&mut read, &next())
                .await
                .unwrap();
            (receipts[0].id.clone(), engagements[0].id.clone())
        };
        let wish = flows::function::request::Wish {
            name: "Journal".to_owned(),
            profile: "server".to_owned(),
            host_names: vec!["journal.example.se".to_owned()],
            hsa_id: None,
            email: "drift@example.se".to_owned(),
            test: false,
            key_holder: model::function::KeyHolder::Requester,
            client: None,
        };
        let function = world
            .act(&crate::world::console(), async |call| {
                flows::function::request::request(house, call, &wish, None).await
            })
            .await
            .unwrap()
            .id;
        let mut feedback = Vec::new();
        for _ in 0..2 {
            let given = world
                .act(&Actor::Nobody, async |call| {
                    let helped = model::feedback::Helped::No;
                    flows::feedback::give(house, call, "/mine", "sv", helped).await
                })
                .await;
            feedback.push(given.unwrap());
        }
        let (open, remarked) = (feedback.remove(0), feedback.remove(0));
        world
            .act(&Actor::Nobody, async |call| {
                flows::feedback::add_remark(house, call, &remarked, "Var?", false).await
            })
            .await
            .unwrap();
        Self {
            actors,
            function,
            feedback: (open, remarked),
            new,
            ordered,
            to_photograph,
            to_approve: (to_approve, taken.id),
            to_produce,
            batch: (batch, in_batch),
            to_check,
            checked: (checked, ticket.id),
            to_unlock: (to_unlock, unlocking.id),
            active,
            own: (own, receipt),
            engagement,
            world,
        }
    }

    /// The browser of somebody.
    pub fn browser(&mut self, actor: &str) -> &mut Browser {
        let found = self.actors.iter_mut().find(|(name, _)| *name == actor);
        &mut found
            .unwrap_or_else(|| panic!("nobody is called {actor}"))
            .1
    }

    /// A request to an address with its places filled, as somebody's browser sends it; a form is filled in rightly and carries the
    /// token given.
    pub fn request(&self, method: &str, route: &str, token: &str) -> Request<Vec<u8>> {
        let address = self.address(method, route);
        let request = Request::builder().method(method).uri(&address);
        if method == "GET" {
            return request.body(Vec::new()).unwrap();
        }
        if let Some(body) = machine_body(route) {
            return request
                .header(header::CONTENT_TYPE, body.0)
                .body(body.1)
                .unwrap();
        }
        let request = request
            .header(header::ORIGIN, ADDRESS)
            .header("sec-fetch-site", "same-origin");
        if route.ends_with("/photo") {
            let (media, body) = upload(token, portrait());
            return request
                .header(header::CONTENT_TYPE, media)
                .body(body)
                .unwrap();
        }
        let fields = self.fields(route);
        let mut fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        fields.push(("csrf", token));
        request
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form(&fields))
            .unwrap()
    }

    /// Sends it as somebody, with the token of their own session.
    pub async fn ask(&mut self, actor: &str, method: &str, route: &str) -> Answer {
        let token = match method {
            "GET" => String::new(),
            _ => self.browser(actor).token().await,
        };
        let request = self.request(method, route, &token);
        self.browser(actor).send(request).await
    }

    fn address(&self, method: &str, route: &str) -> String {
        let root = &self.world.web.house.authorities.root().name;
        let card = match (method, route.rsplit('/').next().unwrap()) {
            _ if route.starts_with("/mine") => &self.own.0,
            ("POST", "photo") => &self.to_photograph,
            ("POST", "approve") => &self.to_approve.0,
            ("POST", "identity-check") => &self.to_check,
            ("POST", "revoke" | "return") => &self.active,
            ("GET", "activated") => &self.own.0,
            _ if route.contains("/unlock") => &self.to_unlock.0,
            _ => &self.checked.0,
        };
        let id = match route.split('/').nth(2).unwrap_or_default() {
            "people" => self.new.to_string(),
            "orders" => self.ordered.to_string(),
            "batches" => self.batch.0.to_string(),
            "engagements" => self.engagement.to_string(),
            "receipts" => self.own.1.to_string(),
            _ if route.contains("/functions/") => self.function.to_string(),
            _ if route.starts_with("/feedback/") => self.feedback.0.to_string(),
            _ if route.starts_with("/editors/") => self.feedback.1.to_string(),
            _ => card.to_string(),
        };
        let ticket = if route.contains("/unlock") {
            &self.to_unlock.1
        } else {
            &self.checked.1
        };
        let address = route
            .replace("{id}", &id)
            .replace("{ticket}", ticket.as_str())
            .replace("{file}", &format!("{root}.cer"))
            .replace("{name}", "site.css")
            .replace("{serial}", "00ff")
            .replace("{hsa_id}", "SE2321000255-T1010")
            .replace("{*request}", "MAA");
        assert!(
            !address.contains('{'),
            "{route} has a place that the stage cannot fill"
        );
        match (method, route) {
            ("POST", "/station/cards/{id}/activate") => {
                format!("{address}?ticket={}", self.checked.1)
            }
            ("POST", "/station/cards/{id}/unlock") => format!("{address}?ticket={ticket}"),
            _ => address,
        }
    }

    /// What stands in the form of an address when it is filled in rightly.
    fn fields(&self, route: &str) -> Vec<(&'static str, String)> {
        let fields = |pairs: &[(&'static str, &str)]| {
            pairs
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect()
        };
        match route {
            "/login/continue"
            | "/kiosk/code"
            | "/kiosk/keep"
            | "/kiosk/forget"
            | "/station/kiosks/{id}/close"
            | "/mine/cards/{id}/photo-code"
            | "/order/orders/{id}/photo-code"
            | "/logout"
            | "/station/cards/{id}/activate"
            | "/station/cards/{id}/unlock" => Vec::new(),
            "/order/people/{id}" | "/order/orders/{id}/cancel" => fields(&[("confirm", "yes")]),
            "/mine/cards/{id}/revoke" | "/station/cards/{id}/revoke" => {
                fields(&[("reason", "lost"), ("confirm", "yes")])
            }
            "/station/cards/{id}/return" => fields(&[("how", "missing"), ("confirm", "yes")]),
            "/station/engagements/{id}/end" => {
                fields(&[("ends_on", "2026-11-22"), ("confirm", "yes")])
            }
            // Whoever opened one would be logged out.
            "/station/kiosks" => fields(&[("place", "")]),
            "/functions/{id}" => fields(&[("decision", "approve")]),
            "/feedback" => fields(&[("page", "/mine"), ("helped", "no")]),
            "/feedback/{id}" => fields(&[
                ("helped", "no"),
                ("page", "/mine"),
                ("remark", "Var hittar jag kortets nummer?"),
            ]),
            "/editors/{id}" => fields(&[("outcome", "Numret står nu under kortet.")]),
            "/station/cards/{id}/photo/approve" => vec![("photo", self.to_approve.1.to_string())],
            "/station/production" => vec![("card", self.to_produce.to_string())],
            "/station/batches/{id}" => vec![
                ("report", "produced".to_owned()),
                ("card", self.batch.1.to_string()),
            ],
            "/station/cards/{id}/identity-check" => {
                let mut fields: Vec<_> = fields(&[
                    ("document", "driving-licence"),
                    ("number", "19800101"),
                    ("expires_on", "2029-01-01"),
                ]);
                fields.extend(ANSWERS.map(|name| (name, "yes".to_owned())));
                fields
            }
            _ => panic!("the stage does not know how the form of {route} is filled in"),
        }
    }
}

/// The points that are checked of a driving licence.
const ANSWERS: [&str; 6] = [
    "answer-physical",
    "answer-out-of-cover",
    "answer-whole-and-clean",
    "answer-photo-matches",
    "answer-details-match",
    "answer-feels-genuine",
];

/// The body of a request that no page sends.
fn machine_body(route: &str) -> Option<(&'static str, Vec<u8>)> {
    match route {
        _ if route.starts_with("/api/") => Some(("application/json", b"{}".to_vec())),
        "/card-client/hello" | "/card-client/continue" => {
            Some(("application/json", b"{}".to_vec()))
        }
        "/ocsp" | "/ocsp/" => Some(("application/ocsp-request", b"0\0".to_vec())),
        _ => None,
    }
}

/// A form with a picture (RFC 7578): its media type and its body.
pub fn upload(token: &str, picture: &[u8]) -> (&'static str, Vec<u8>) {
    let mut body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n\
         --x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"photo.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(picture);
    body.extend_from_slice(b"\r\n--x--\r\n");
    ("multipart/form-data; boundary=x", body)
}

async fn delivered(world: &World, person: &PersonId) -> CardId {
    let card = world.order(person).await;
    world.photograph(&card).await;
    let batch = world.send(&card).await;
    world.deliver(&batch).await;
    card
}
