//! The API for programs, and its description: each holds the other.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, Request, StatusCode, header};
use flows::function::decide::approve;
use model::id::FunctionId;
use model::role::{Actor, Authentication, Method as SignIn, Role, Scope};
use pki::certificate::Certificate;
use pki::key::{KeyKind, Signer as _, SoftwareKey};
use pki::name::DistinguishedName;
use serde_json::{Value, json};

use crate::browser::{Answer, Browser};
use crate::routes_in_source::routes;
use crate::world::{World, console, worlds};

/// The description, and a validator of the small part of JSON Schema that it uses.
struct Description(Value);

impl Description {
    async fn of(world: &World) -> Self {
        let answer = Browser::new(&world.wire).get("/api/openapi.json").await;
        assert_eq!(answer.header("content-type"), "application/json");
        Self(serde_json::from_slice(&answer.body).unwrap())
    }

    fn followed<'d>(&'d self, value: &'d Value) -> &'d Value {
        match value["$ref"].as_str() {
            Some(place) => self.0.pointer(place.trim_start_matches('#')).unwrap(),
            None => value,
        }
    }

    /// The body an answer may have, by the address's template.
    fn holds(&self, method: &str, template: &str, answer: &Answer) -> Value {
        let operation = &self.0["paths"][template][method.to_lowercase()];
        let status = answer.status.as_u16().to_string();
        let described = self.followed(&operation["responses"][&status]);
        let media = answer.header("content-type");
        let schema = &described["content"][media]["schema"];
        assert!(schema.is_object(), "{method} {template} {status} {media}");
        if !media.ends_with("json") {
            return Value::Null;
        }
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        self.check(schema, &body, template);
        body
    }

    fn check(&self, schema: &Value, value: &Value, place: &str) {
        let schema = self.followed(schema);
        let types: Vec<&str> = match &schema["type"] {
            Value::Array(types) => types.iter().map(|name| name.as_str().unwrap()).collect(),
            name => vec![name.as_str().unwrap()],
        };
        let found = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        assert!(types.contains(&found), "{place}: {found}, not {types:?}");
        if let (Some(values), false) = (schema["enum"].as_array(), value.is_null()) {
            assert!(values.contains(value), "{place}: {value}");
        }
        if let Some(items) = value.as_array() {
            for item in items {
                self.check(&schema["items"], item, place);
            }
        }
        if let Some(members) = value.as_object() {
            for name in schema["required"].as_array().unwrap() {
                let name = name.as_str().unwrap();
                assert!(members.contains_key(name), "{place}: no {name}");
            }
            for (name, member) in members {
                let described = &schema["properties"][name];
                assert!(described.is_object(), "{place}: {name} is not described");
                self.check(described, member, &format!("{place}.{name}"));
            }
        }
    }
}

/// A program with its secret.
struct Program<'w> {
    world: &'w World,
    description: Description,
    secret: String,
}

/// What a program sends besides method and address.
#[derive(Default)]
struct Sent<'a> {
    media: &'a str,
    accept: &'a str,
    language: &'a str,
    key: &'a str,
    body: Vec<u8>,
}

impl<'w> Program<'w> {
    async fn new(world: &'w World, name: &str, scopes: &[Scope]) -> Self {
        let scopes: BTreeSet<_> = scopes.iter().copied().collect();
        let secret = world
            .act(&console(), async |call| {
                flows::api_client::grant(&world.web.house, call, name, &scopes).await
            })
            .await
            .unwrap();
        Self {
            world,
            description: Description::of(world).await,
            secret: secret.to_string(),
        }
    }

    /// Asks, and holds the answer to the description; `template` is the address as the description writes it.
    async fn ask(
        &self,
        method: &str,
        template: &str,
        address: &str,
        sent: Sent<'_>,
    ) -> (Answer, Value) {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(address)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.secret));
        for (name, value) in [
            ("content-type", sent.media),
            ("accept", sent.accept),
            ("accept-language", sent.language),
            ("idempotency-key", sent.key),
        ] {
            if !value.is_empty() {
                request = request.header(name, value);
            }
        }
        let request = request.body(sent.body).unwrap();
        let answer = Browser::new(&self.world.wire).send(request).await;
        let body = self.description.holds(method, template, &answer);
        (answer, body)
    }

    async fn get(&self, template: &str, address: &str) -> (Answer, Value) {
        self.ask("GET", template, address, Sent::default()).await
    }

    async fn post(
        &self,
        template: &str,
        address: &str,
        key: &str,
        body: &Value,
    ) -> (Answer, Value) {
        let sent = Sent {
            media: "application/json",
            key,
            body: body.to_string().into_bytes(),
            ..Sent::default()
        };
        self.ask("POST", template, address, sent).await
    }

    async fn certify(
        &self,
        id: &str,
        media: &str,
        accept: &str,
        key: &str,
        body: &[u8],
    ) -> (Answer, Value) {
        let sent = Sent {
            media,
            accept,
            key,
            body: body.to_vec(),
            ..Sent::default()
        };
        let address = format!("/api/v1/functions/{id}/certificates");
        self.ask("POST", CERTIFICATES, &address, sent).await
    }
}

const FUNCTIONS: &str = "/api/v1/functions";
const FUNCTION: &str = "/api/v1/functions/{id}";
const CERTIFICATES: &str = "/api/v1/functions/{id}/certificates";
const CERTIFICATE: &str = "/api/v1/functions/{id}/certificates/{serial}";
const REVOCATION: &str = "/api/v1/functions/{id}/certificates/{serial}/revocation";
const MAPPINGS: &str = "/api/v1/directory-mappings";
const OF_PERSON: &str = "/api/v1/directory-mappings/{hsa_id}";

fn wish(name: &str) -> Value {
    json!({
        "name": name, "profile": "server", "host_names": ["journal.example.se"], "email": "drift@example.se",
    })
}

fn signing_request(common_name: &str) -> Vec<u8> {
    let key = SoftwareKey::generate(KeyKind::P256).unwrap();
    let subject = DistinguishedName::new().common_name(common_name).unwrap();
    let info = pki::request::to_be_signed(&subject, key.public_key());
    pki::request::assemble(&info, &key.sign(&info).unwrap()).unwrap()
}

fn in_pem(request: &[u8]) -> Vec<u8> {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(request);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(64)
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    format!(
        "-----BEGIN CERTIFICATE REQUEST-----\n{}\n-----END CERTIFICATE REQUEST-----\n",
        lines.join("\n")
    )
    .into_bytes()
}

impl World {
    async fn approve(&self, id: &str) {
        let person = self.people[2].clone();
        let issuer = Actor::Person {
            person,
            roles: BTreeSet::from([Role::ResponsibleIssuer]),
            authentication: Authentication {
                method: SignIn::Card,
                loa: model::Loa::Three,
            },
        };
        let id = FunctionId::parse(id).unwrap();
        self.act(&issuer, async |call| {
            approve(&self.web.house, call, &id).await
        })
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn the_description_has_every_route() {
    let description = Description::of(&World::new(3).await).await;
    let mut described = BTreeSet::new();
    for (path, operations) in description.0["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            if method != "parameters" {
                described.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    let served: BTreeSet<_> = routes()
        .iter()
        .filter(|(_, address)| address.starts_with("/api/"))
        .map(|(method, address)| format!("{method} {address}"))
        .collect();
    assert_eq!(described, served);
}

#[tokio::test]
async fn a_program_asks_for_a_function_and_gets_its_certificates() {
    for world in worlds(3).await {
        let program = Program::new(&world, "program", &[Scope::Functions]).await;
        let (answer, function) = program
            .post(FUNCTIONS, FUNCTIONS, "", &wish("Journal"))
            .await;
        assert_eq!(answer.status, StatusCode::CREATED);
        let id = function["id"].as_str().unwrap();
        assert_eq!(answer.location(), format!("/api/v1/functions/{id}"));
        let csr = signing_request("journal.example.se");
        let (_, refused) = program
            .certify(id, "application/pkcs10", "", "", &csr)
            .await;
        assert_eq!(refused["code"], "certify-function.not-approved");
        world.approve(id).await;
        let (_, shown) = program.get(FUNCTION, answer.location()).await;
        assert_eq!(shown["state"], "approved");

        // DER or PEM, and the chain or JSON.
        for (media, body) in [
            ("application/pkcs10", csr.clone()),
            ("application/x-pem-file", in_pem(&csr)),
        ] {
            let (made, _) = program.certify(id, media, "", "", &body).await;
            assert_eq!(made.status, StatusCode::CREATED);
            let chain = made.text();
            let parts: Vec<_> = chain
                .split_inclusive("-----END CERTIFICATE-----\n")
                .collect();
            let [leaf, authority] = parts[..] else {
                panic!("{chain}")
            };
            let (leaf, authority) = (
                Certificate::from_pem(leaf).unwrap(),
                Certificate::from_pem(authority).unwrap(),
            );
            assert!(leaf.is_signed_by(&authority));
            let (again, _) = program.get(CERTIFICATE, made.location()).await;
            assert_eq!(again.body, made.body);
        }
        let (made, body) = program
            .certify(id, "application/pkcs10", "application/json", "", &csr)
            .await;
        assert_eq!(body["state"], "issued");
        let (_, list) = program
            .get(
                CERTIFICATES,
                &format!("/api/v1/functions/{id}/certificates"),
            )
            .await;
        assert_eq!(list["certificates"].as_array().unwrap().len(), 3);

        let stop = format!("{}/revocation", made.location());
        let reason = json!({ "reason": "superseded" });
        let (_, revoked) = program.post(REVOCATION, &stop, "stop", &reason).await;
        assert_eq!(
            (&revoked["state"], &revoked["reason"]),
            (&json!("revoked"), &json!("superseded"))
        );
        let (_, again) = program.post(REVOCATION, &stop, "stop", &reason).await;
        assert_eq!(again, revoked);
        let (_, refused) = program.post(REVOCATION, &stop, "", &reason).await;
        assert_eq!(refused["code"], "revoke-function.already-revoked");
        let (_, functions) = program.get(FUNCTIONS, FUNCTIONS).await;
        assert_eq!(functions["functions"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn under_one_key_the_answer_is_one() {
    for world in worlds(3).await {
        let program = Program::new(&world, "program", &[Scope::Functions]).await;
        let (first, function) = program.post(FUNCTIONS, FUNCTIONS, "a", &wish("One")).await;
        let (again, _) = program.post(FUNCTIONS, FUNCTIONS, "a", &wish("One")).await;
        assert_eq!((first.status, &first.body), (again.status, &again.body));
        let (other, refused) = program.post(FUNCTIONS, FUNCTIONS, "a", &wish("Two")).await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused["code"], "request-function.key-reused");
        let id = function["id"].as_str().unwrap();
        world.approve(id).await;
        let (csr, other) = (signing_request("One"), signing_request("One"));
        let media = "application/pkcs10";
        let (first, _) = program.certify(id, media, "", "b", &csr).await;
        let (again, _) = program.certify(id, media, "", "b", &csr).await;
        assert_eq!((first.status, &first.body), (again.status, &again.body));
        let (_, refused) = program.certify(id, media, "", "b", &other).await;
        assert_eq!(refused["code"], "certify-function.key-reused");
    }
}

#[tokio::test]
async fn every_no_is_a_problem_in_the_language_asked_for() {
    let world = World::new(3).await;
    let program = Program::new(&world, "program", &[Scope::Functions]).await;
    let (_, function) = program
        .post(FUNCTIONS, FUNCTIONS, "", &wish("Journal"))
        .await;
    let id = function["id"].as_str().unwrap();
    world.approve(id).await;
    for (language, word) in [
        ("sv", "begäran"),
        ("en-GB, sv;q=0.5", "request"),
        ("", "begäran"),
    ] {
        let sent = Sent {
            media: "application/pkcs10",
            language,
            body: signing_request("bank.example.se"),
            ..Sent::default()
        };
        let address = format!("/api/v1/functions/{id}/certificates");
        let (answer, problem) = program.ask("POST", CERTIFICATES, &address, sent).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(problem["code"], "certify-function.name-not-approved");
        assert_eq!(problem["name"], "bank.example.se");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.to_lowercase().contains(word), "{detail}");
    }
    let json = "application/json";
    let large = vec![b' '; 65 * 1024];
    for (media, key, body, status, code) in [
        (
            "text/plain",
            "",
            b"{}".to_vec(),
            415,
            "api.media-type-unfit",
        ),
        (json, "", b"{".to_vec(), 400, "api.body-unreadable"),
        (
            json,
            "",
            b"{\"nam\":1}".to_vec(),
            400,
            "api.body-unreadable",
        ),
        (json, "", large, 413, "api.body-too-large"),
        (
            json,
            "two words",
            wish("X").to_string().into_bytes(),
            400,
            "api.key-unfit",
        ),
        (
            json,
            "",
            wish("Journal").to_string().into_bytes(),
            422,
            "request-function.name-taken",
        ),
    ] {
        let sent = Sent {
            media,
            key,
            body,
            ..Sent::default()
        };
        let (answer, problem) = program.ask("POST", FUNCTIONS, FUNCTIONS, sent).await;
        assert_eq!(
            (answer.status.as_u16(), &problem["code"]),
            (status, &json!(code))
        );
    }
    let address = format!("/api/v1/functions/{id}/certificates");
    let (_, problem) = program
        .certify(id, "application/pkcs10", "", "", b"no request")
        .await;
    assert_eq!(problem["code"], "certify-function.request-unreadable");
    let sent = Sent {
        media: "application/pkcs10",
        ..Sent::default()
    };
    let days = format!("{address}?days=many");
    let (_, problem) = program.ask("POST", CERTIFICATES, &days, sent).await;
    assert_eq!(problem["code"], "api.parameter-unfit");
    for unknown in ["x", "00000000000000000000000000"] {
        let (answer, problem) = program
            .get(FUNCTION, &format!("/api/v1/functions/{unknown}"))
            .await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(problem["code"], "find-function.function-unknown");
    }
    let (_, problem) = program.get(CERTIFICATE, &format!("{address}/00")).await;
    assert_eq!(problem["code"], "find-function.certificate-unknown");
    let (_, problem) = program.get(MAPPINGS, MAPPINGS).await;
    assert_eq!(problem["code"], "policy.scope-missing");

    let other = Program::new(&world, "other", &[Scope::Functions]).await;
    let (answer, problem) = other
        .get(FUNCTION, &format!("/api/v1/functions/{id}"))
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(problem["code"], "policy.not-in-hand");
}

#[tokio::test]
async fn a_secret_is_needed_and_stays_one() {
    let world = World::new(3).await;
    let mut program = Program::new(&world, "program", &[Scope::Functions]).await;
    let secret = program.secret.clone();
    for wrong in ["", "x", &secret[1..], &secret.to_uppercase()] {
        wrong.clone_into(&mut program.secret);
        let (answer, problem) = program.get(FUNCTIONS, FUNCTIONS).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{wrong}");
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"sigill\"");
        assert_eq!(problem["code"], "api.secret-unknown");
    }
    program.secret = secret;
    let (answer, _) = program.get(FUNCTIONS, FUNCTIONS).await;
    assert_eq!(answer.status, StatusCode::OK);
    world
        .act(&console(), async |call| {
            flows::api_client::revoke(&world.web.house, call, "program").await
        })
        .await
        .unwrap();
    let (answer, _) = program.get(FUNCTIONS, FUNCTIONS).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_directory_follows_the_feed() {
    for world in worlds(4).await {
        let program = Program::new(&world, "directory", &[Scope::Directory]).await;
        // The founders have their cards already; read them in small pieces.
        let mut kept: BTreeMap<String, String> = BTreeMap::new();
        let mut after = 0;
        let follow = async |after: &mut i64, kept: &mut BTreeMap<String, String>| {
            loop {
                let address = format!("{MAPPINGS}?after={after}&limit=2");
                let (_, feed) = program.get(MAPPINGS, &address).await;
                for change in feed["changes"].as_array().unwrap() {
                    let text = |name: &str| change[name].as_str().unwrap().to_owned();
                    match change["change"].as_str().unwrap() {
                        "add" => kept.insert(text("value"), text("hsa_id")),
                        _ => kept.remove(&text("value")),
                    };
                    assert!(change["number"].as_i64().unwrap() > *after);
                }
                *after = feed["next"].as_i64().unwrap();
                if feed["more"] == json!(false) {
                    break;
                }
            }
        };
        follow(&mut after, &mut kept).await;
        assert_eq!(kept.len(), 3);
        let person = &world.people[3];
        let card = &world.card_for(person, "161803").await.card;
        follow(&mut after, &mut kept).await;
        assert_eq!(kept.len(), 4);
        let hsa_id = {
            let mut read = world.web.house.database.read().await.unwrap();
            let person = store::person::by_id(&mut read, person).await.unwrap();
            person.unwrap().hsa_id.to_string()
        };
        let right = async || {
            let (_, now) = program
                .get(OF_PERSON, &format!("{MAPPINGS}/{hsa_id}"))
                .await;
            now["mappings"].as_array().unwrap().len()
        };
        let of_person = |kept: &BTreeMap<String, String>| {
            kept.values().filter(|other| **other == hsa_id).count()
        };
        assert_eq!((right().await, of_person(&kept)), (1, 1));
        for (act, expected) in [("hold", 0), ("release", 1), ("hold", 0), ("revoke", 0)] {
            world
                .act(&world.officer, async |call| {
                    let house = &world.web.house;
                    match act {
                        "hold" => flows::hold::hold(house, call, card).await.unwrap(),
                        "release" => flows::release::release(house, call, card).await.unwrap(),
                        _ => {
                            let reason = model::credential::LossReason::Lost;
                            flows::revoke::revoke(house, call, card, reason)
                                .await
                                .unwrap();
                        }
                    }
                })
                .await;
            follow(&mut after, &mut kept).await;
            assert_eq!(
                (right().await, of_person(&kept)),
                (expected, expected),
                "{act}"
            );
        }
        // A new card is a new value.
        world.card_for(person, "314159").await;
        follow(&mut after, &mut kept).await;
        assert_eq!((right().await, of_person(&kept)), (1, 1));
        for address in ["after=-1", "after=x", "limit=0", "limit=1001"] {
            let (_, problem) = program
                .get(MAPPINGS, &format!("{MAPPINGS}?{address}"))
                .await;
            assert_eq!(problem["code"], "api.parameter-unfit", "{address}");
        }
        let (_, problem) = program.get(OF_PERSON, &format!("{MAPPINGS}/nobody")).await;
        assert_eq!(problem["code"], "directory.person-unknown");
    }
}
