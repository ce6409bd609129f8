//! What the demo content says.

use alliance_entity::institution::InstitutionKind;
use alliance_entity::person_role::PersonRole;
use alliance_entity::post::PostKind;

pub(super) const DESCRIPTION: &str = "Nottingham Citizens brings **trade unions, faith groups, charities, schools and universities** \
together, develops leaders among their members, and holds those who decide about the city to account. It belongs to no party.\n\n\
Is your institution not a member yet? Sit down with one of our organisers.";

pub(super) struct Campaign {
    pub(super) slug: &'static str,
    pub(super) title: &'static str,
    pub(super) summary: &'static str,
}

pub(super) const CAMPAIGNS: [Campaign; 5] = [
    Campaign { slug: "hate-crime", title: "Hate crime", summary: "Nobody in Nottingham should be attacked for who they are." },
    Campaign { slug: "homelessness", title: "Homelessness", summary: "Everybody in the city should have a safe place to sleep." },
    Campaign { slug: "sanctuary", title: "Sanctuary", summary: "People who fled to Nottingham should find a welcome here." },
    Campaign {
        slug: "modern-slavery",
        title: "Modern slavery",
        summary: "Nobody should be made to work without freedom or pay.",
    },
    Campaign {
        slug: "air-pollution",
        title: "Air pollution",
        summary: "Every child should breathe clean air on the way to school.",
    },
];

pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) role: PersonRole,
    pub(super) position: i32,
}

pub(super) const PEOPLE: [Person; 8] = [
    Person { name: "Sample Organiser", title: "Community organiser (sample)", role: PersonRole::Organiser, position: 0 },
    Person { name: "Sample Author", title: "Editor (sample)", role: PersonRole::Author, position: 0 },
    Person { name: "Sample Commissioner One", title: COMMISSIONER, role: PersonRole::Commissioner, position: 0 },
    Person { name: "Sample Commissioner Two", title: COMMISSIONER, role: PersonRole::Commissioner, position: 1 },
    Person { name: "Sample Commissioner Three", title: COMMISSIONER, role: PersonRole::Commissioner, position: 2 },
    Person { name: "Sample Commissioner Four", title: COMMISSIONER, role: PersonRole::Commissioner, position: 3 },
    Person { name: "Sample Commissioner Five", title: COMMISSIONER, role: PersonRole::Commissioner, position: 4 },
    Person { name: "Sample Commissioner Six", title: COMMISSIONER, role: PersonRole::Commissioner, position: 5 },
];
const COMMISSIONER: &str = "Citizen Commissioner (sample)";

/// The two that the public page names.
pub(super) const NAMED: [(&str, InstitutionKind); 2] =
    [("Nottingham Emmanuel School", InstitutionKind::School), ("Karimia Institute", InstitutionKind::FaithGroup)];

/// How many invented ones stand for the others, by kind: with the two named ones they are 36.
pub(super) const SAMPLES: [(&str, InstitutionKind, usize); 5] = [
    ("Sample Trade Union Branch", InstitutionKind::TradeUnion, 6),
    ("Sample Faith Group", InstitutionKind::FaithGroup, 10),
    ("Sample Charity", InstitutionKind::Charity, 9),
    ("Sample School", InstitutionKind::School, 7),
    ("Sample University Department", InstitutionKind::University, 2),
];

pub(super) struct Event {
    pub(super) slug: &'static str,
    pub(super) title: &'static str,
    pub(super) summary: &'static str,
    pub(super) starts_at: &'static str,
    pub(super) venue: &'static str,
    pub(super) attendance: Option<i32>,
    pub(super) campaign: Option<&'static str>,
}

pub(super) const EVENTS: [Event; 3] = [
    Event {
        slug: "first-time-voters-lunch",
        title: "Lunch for first-time voters",
        summary: "Sixth formers and community leaders hear two politicians and choose the issues to ask about. The hour is a sample.",
        starts_at: "2015-04-28T11:30:00Z",
        venue: "Nottingham Emmanuel School",
        attendance: None,
        campaign: None,
    },
    Event {
        slug: "communities-that-care-assembly",
        title: "Assembly: Communities that Care",
        summary: "2,300 people ask politicians how they would mend social care. The hour is a sample.",
        starts_at: "2015-03-24T18:30:00Z",
        venue: "Nottingham (sample venue)",
        attendance: Some(2300),
        campaign: None,
    },
    Event {
        slug: "fast-in-solidarity",
        title: "A fast in solidarity",
        summary: "120 leaders break their fast together for the victims of the Paris attack. The date is a sample.",
        starts_at: "2015-01-22T16:00:00Z",
        venue: "Karimia Institute",
        attendance: Some(120),
        campaign: Some("hate-crime"),
    },
];

pub(super) struct Post {
    pub(super) slug: &'static str,
    pub(super) kind: PostKind,
    pub(super) title: &'static str,
    pub(super) excerpt: &'static str,
    pub(super) body: &'static str,
    pub(super) published_at: &'static str,
    pub(super) event: Option<&'static str>,
    pub(super) campaigns: &'static [&'static str],
    pub(super) institution: Option<&'static str>,
}

pub(super) const POSTS: [Post; 4] = [
    Post {
        slug: "lunch-for-first-time-voters",
        kind: PostKind::News,
        title: "First-time voters put their questions over lunch",
        excerpt: "More than 100 sixth formers and community leaders met at the Nottingham Emmanuel School to ask why voting matters.",
        body: "More than 100 sixth formers and community leaders met at the **Nottingham Emmanuel School** on Tuesday 28 April 2015 to \
ask why voting matters.\n\nThe MP Ken Clarke and the Labour candidate David Mellen were each asked to convince the room. Then \
the room decided.\n\nIn groups they then worked out the key issues that they will ask candidates about.\n\n_The hour of this post and \
its campaigns are a sample._",
        published_at: "2015-04-28T15:00:00Z",
        event: Some("first-time-voters-lunch"),
        campaigns: &["air-pollution", "homelessness"],
        institution: Some("nottingham-emmanuel-school"),
    },
    Post {
        slug: "communities-that-care",
        kind: PostKind::News,
        title: "Communities that Care: 2,300 people ask about social care",
        excerpt: "Before the general election, 2,300 people met local, regional and national politicians and asked one question.",
        body: "Before the general election, 2,300 people met local, regional and national politicians on Tuesday 24 March 2015 and \
asked one question: **how would you mend the social care system?**\n\n_The date of this post and its campaign are a sample._",
        published_at: "2015-03-25T09:00:00Z",
        event: Some("communities-that-care-assembly"),
        campaigns: &["modern-slavery"],
        institution: None,
    },
    Post {
        slug: "fast-in-solidarity",
        kind: PostKind::Statement,
        title: "A fast in solidarity with the victims of the Paris attack",
        excerpt: "Hundreds fasted when Dr Musharraf Hussain OBE called for it; 120 leaders broke the fast together.",
        body: "Hundreds fasted when Dr Musharraf Hussain OBE called for it, in solidarity with the victims of the attack in Paris.\n\n\
120 leaders broke the fast together at the **Karimia Institute**, and a statement was published.\n\n_The date of this post and its \
campaigns are a sample._",
        published_at: "2015-01-23T09:00:00Z",
        event: Some("fast-in-solidarity"),
        campaigns: &["hate-crime", "sanctuary"],
        institution: Some("karimia-institute"),
    },
    Post {
        slug: "no-place-for-hate",
        kind: PostKind::Report,
        title: "No Place for Hate: a commission into hate crime",
        excerpt: "Six Citizen Commissioners lead an independent civic inquiry into hate crime in Nottingham and Nottinghamshire.",
        body: "Six Citizen Commissioners lead an independent civic inquiry into hate crime in Nottingham and Nottinghamshire. Its \
name is **No Place for Hate**.\n\nPeople are asked by their peers: it is the largest research of that kind into hate crime in the \
county, and meant to become the largest in the United Kingdom. _The date of this post is a sample._",
        published_at: "2014-11-03T09:00:00Z",
        event: None,
        campaigns: &["hate-crime"],
        institution: None,
    },
];
