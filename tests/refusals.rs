//! What a stranger may ask for at all: every root field of the served schema is asked for, and refuses them, or stands in the list.

use std::collections::HashMap;

use alliance::demo;
use alliance_entity::account_role::Role;
use alliance_entity::id::{EmailSubscriptionId, ReactionId};
use alliance_entity::reaction::{ReactionState, SubjectType};
use alliance_tests::app::TestApp;
use async_graphql::parser::types::{BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::following::Watcher;
use crate::guests::{self, PASSWORD, rows_of};
use crate::rows::told::{self, DELIVERY, WEBHOOK};
use crate::rows::{self, put};
use crate::sdl::{Schema, named};
use crate::viewers::HERE;

/// The root fields that are public by decision: those who have no account read what is public, and come to have one.
const PUBLIC: [&str; 34] = [
    "node",
    "nodes",
    "viewer",
    "alliance",
    "alliances",
    "institution",
    "institutions",
    "campaign",
    "campaigns",
    "post",
    "posts",
    "event",
    "events",
    "search",
    "accountRegister",
    "accountConfirm",
    "signIn",
    "passwordResetRequest",
    "passwordReset",
    "visitorTokenCreate",
    "reactionConfirm",
    "enquirySubmit",
    "eventRsvp",
    "eventRsvpConfirm",
    "eventRsvpCancel",
    "emailSubscriptionRequest",
    "emailSubscriptionConfirm",
    "emailSubscriptionEdit",
    "emailSubscriptionCancel",
    "emailSubscriptionErase",
    "postPublished",
    "postChanged",
    "campaignChanged",
    "reactionsChanged",
];

/// What whoever can be known again may ask for, by a visitor's token too.
const TAKING_PART: [&str; 2] = ["reactionAdd", "reactionRemove"];

/// What there is to ask for: each thing exists, so that nothing is refused because it is not there.
struct Things {
    schema: Schema,
    account: String,
    session: String,
    key: String,
    post: String,
    preview: String,
    /// One of each kind of content beside posts, by its kind.
    content: HashMap<&'static str, String>,
}

impl Things {
    async fn plant(app: &TestApp) -> Self {
        let (ines, session, key) = guests::things(app, Role::Editor).await;
        let input = json!({ "alliance": HERE.to_string(), "title": "A draft" });
        let post = ines.does(app, "postCreate", input, "post { id }").await["post"]["id"].take();
        let preview = ines.does(app, "postPreviewTokenCreate", json!({ "id": post }), "previewToken { id }").await;
        let text = |id: &Value| id.as_str().expect("an id").to_owned();
        let (post, preview) = (text(&post), text(&preview["previewToken"]["id"]));
        let mut content = HashMap::new();
        for (kind, mut input) in [
            ("campaign", json!({ "title": "A draft" })),
            ("institution", json!({ "name": "A draft", "kind": "OTHER" })),
            ("event", json!({ "title": "A draft", "startsAt": "2027-01-01T00:00:00Z" })),
            ("person", json!({ "name": "A draft" })),
        ] {
            input["alliance"] = json!(HERE.to_string());
            let made = ines.does(app, &format!("{kind}Create"), input, &format!("{kind} {{ id }}")).await;
            content.insert(kind, text(&made[kind]["id"]));
        }
        content.insert("enquiry", guests::enquiry(app).await);
        content.insert("partner", guests::partner(app).await);
        let comment = ReactionId(Uuid::from_u128(0xc0));
        let on = (SubjectType::Post, alliance_entity::id::parse(&post).expect("it is an id").1);
        put!(app, told::webhook(WEBHOOK, HERE, None), told::delivery(DELIVERY, WEBHOOK));
        put!(app, rows::comment(comment, on, ReactionState::Pending));
        content.insert("reaction", comment.to_string());
        Self { schema: Schema::read(), account: ines.id.to_string(), session, key, post, preview, content }
    }

    /// The operation that asks for a root field with plausible arguments, and its variables.
    fn operation(&self, root: &str, field: &FieldDefinition) -> (String, Value) {
        let name = field.name.node.as_str();
        let (mut declared, mut given, mut variables) = (Vec::new(), Vec::new(), serde_json::Map::new());
        for argument in field.arguments.iter().map(|argument| &argument.node) {
            let (argument_name, ty) = (&argument.name.node, &argument.ty.node);
            // What is asked for by one of several things is asked for by its id.
            if ty.nullable && argument_name != "id" {
                continue;
            }
            declared.push(format!("${argument_name}: {ty}"));
            given.push(format!("{argument_name}: ${argument_name}"));
            variables.insert(argument_name.to_string(), self.value(name, argument));
        }
        let list = |items: Vec<String>| if items.is_empty() { String::new() } else { format!("({})", items.join(", ")) };
        let selection = if self.schema.is_composite(named(&field.ty.node)) { " { __typename }" } else { "" };
        let (declared, given) = (list(declared), list(given));
        (format!("{} asks{declared} {{ {name}{given}{selection} }}", root.to_lowercase()), Value::Object(variables))
    }

    fn value(&self, field: &str, of: &InputValueDefinition) -> Value {
        self.one(field, of.name.node.as_str(), &of.ty.node)
    }

    fn one(&self, field: &str, name: &str, ty: &Type) -> Value {
        let of = match &ty.base {
            BaseType::List(inner) => return json!([self.one(field, name, inner)]),
            BaseType::Named(of) => of.as_str(),
        };
        match of {
            "ID" => json!(self.id(if name == "id" || name == "ids" { field } else { name })),
            "String" => json!(text(name)),
            "Int" => json!(1),
            "Boolean" => json!(true),
            "DateTime" => json!("2027-01-01T00:00:00Z"),
            "Date" => json!("2027-01-01"),
            "LocalDateTime" => json!("2027-01-01T00:00"),
            _ => match &self.schema.0[of].kind {
                TypeKind::Enum(of) => json!(of.values[0].node.value.node),
                TypeKind::InputObject(of) => {
                    let fields = of.fields.iter().map(|of| (of.node.name.node.to_string(), self.value(field, &of.node)));
                    Value::Object(fields.collect())
                }
                _ => panic!("`{field}` takes a `{of}` as `{name}`: give it one here"),
            },
        }
    }

    /// The id of what something with this name is about.
    fn id(&self, name: &str) -> String {
        match name {
            name if name.starts_with("account") => self.account.clone(),
            name if name.starts_with("apiKey") => self.key.clone(),
            name if name.starts_with("webhookRedeliver") => DELIVERY.to_string(),
            name if name.starts_with("webhook") => WEBHOOK.to_string(),
            name if name.starts_with("session") => self.session.clone(),
            name if name.starts_with("postPreviewTokenRevoke") => self.preview.clone(),
            name if name.starts_with("post") => self.post.clone(),
            name if name.starts_with("alliance") => HERE.to_string(),
            "node" | "nodes" => HERE.to_string(),
            "subject" => self.post.clone(),
            name if name.starts_with("emailSubscription") => EmailSubscriptionId(Uuid::from_u128(1)).to_string(),
            "author" => self.content["person"].clone(),
            "organiser" => self.account.clone(),
            name => match self.content.iter().find(|(kind, _)| name.starts_with(*kind)) {
                Some((_, id)) => id.clone(),
                None => format!("{name}_01jdz0000000000000000000zz"),
            },
        }
    }
}

fn text(name: &str) -> &str {
    match name {
        "slug" => demo::SLUG,
        "email" => "eve@example.org",
        "oneTimePassword" => "123456",
        name if name.to_lowercase().contains("password") => PASSWORD,
        _ => "Eve Evans",
    }
}

/// The answer; that of a subscription is nothing where it is opened.
async fn asked(app: &TestApp, (root, token): (&str, &str), query: &str, variables: &Value) -> Value {
    if root != "Subscription" {
        return guests::ask(app, token, query, variables).await;
    }
    let mut watcher = Watcher::open_of(app, token, &json!({ "query": query, "variables": variables }), "").await;
    let answer = if watcher.began.is_empty() { watcher.next().await.expect("it says why").1 } else { Value::Null };
    // What is hidden is followed by nobody, as if it did not exist.
    if answer["errors"][0]["extensions"]["code"] == "NOT_FOUND" { Value::Null } else { answer }
}

#[tokio::test]
async fn every_root_field_refuses_a_stranger_or_is_public_by_decision() {
    for app in guests::both().await {
        let things = Things::plant(&app).await;
        let visitor = guests::ask(&app, "", "mutation { visitorTokenCreate { visitorToken { token } } }", &json!({})).await;
        let visitor = visitor["data"]["visitorTokenCreate"]["visitorToken"]["token"].as_str().expect("a token").to_owned();
        let before = guests::dump(&app).await;
        let (mut public, mut refused) = (Vec::new(), 0);
        for root in ["Query", "Mutation", "Subscription"] {
            for field in things.schema.fields(root) {
                let name = field.name.node.to_string();
                if PUBLIC.contains(&name.as_str()) {
                    public.push((root, field));
                    continue;
                }
                let (query, variables) = things.operation(root, &field);
                let tokens: &[&str] = if TAKING_PART.contains(&name.as_str()) { &[""] } else { &["", &visitor] };
                for token in tokens {
                    let answer = asked(&app, (root, token), &query, &variables).await;
                    let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("nothing wrong");
                    assert!(
                        ["UNAUTHENTICATED", "FORBIDDEN"].contains(&code),
                        "{}: `{name}` answers a stranger: refuse them, or decide here that it is public: {query}: {answer}",
                        app.name
                    );
                }
                refused += 1;
            }
        }
        assert_eq!(guests::dump(&app).await, before, "{}: what was refused wrote nothing", app.name);
        assert!(refused >= 20, "{}: {refused} root fields were asked for", app.name);
        assert_eq!(public.len(), PUBLIC.len(), "{}: a public field is gone", app.name);
        for (root, field) in public {
            let (query, variables) = things.operation(root, &field);
            let answer = asked(&app, (root, ""), &query, &variables).await;
            assert!(answer.get("errors").is_none(), "{}: it stands in the list, and is refused: {query}: {answer}", app.name);
        }
        let others = "SELECT id FROM accounts WHERE email_key NOT IN ('ada@example.org', 'ines@example.org')";
        assert_eq!(rows_of(&app, others).await.len(), 0, "{}: nobody has got in", app.name);
        app.work().await;
    }
}
