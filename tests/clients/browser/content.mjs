// One thing of each kind whose texts are people's own: a campaign, an event, an institution, a person, an alliance, and a post with its corrections and notes.
import assert from "node:assert/strict";
import { REFUSED, WORD, ask, clean, short } from "./editing.mjs";

/** How a text of each field is written: as one line of so many characters, as a few sentences, or in Markdown. */
const line = (most) => (text) => `${WORD} ${short(clean(text).replaceAll(/[\t\n\u2028\u2029]/gu, " "), most)}`;
const sentences = (most) => (text) => `${WORD} ${short(clean(text), most)}`;
const title = line(190);
const name = (text) => line(90)(text.replaceAll("://", ":/"));
const summary = sentences(900);
const FIELDS = {
  campaign: { title, summary, body: clean },
  event: { title, summary, body: clean, venue: (text) => ({ name: title(text), address: sentences(900)(text) }) },
  institution: { name, description: clean },
  person: { name, title, bio: summary },
  alliance: { name, tagline: title, description: clean },
};
const READ = {
  campaign: "title summary body { html plainText }",
  event: "title summary body { html plainText } venue { name address }",
  institution: "name description { html plainText }",
  person: "name title bio",
  alliance: "name tagline description { html plainText }",
};
const KINDS = Object.keys(FIELDS);
const Kind = (kind) => kind[0].toUpperCase() + kind.slice(1);
const PUBLIC = `query ($campaign: ID!, $event: ID!, $institution: ID!, $person: ID!, $alliance: ID!, $post: ID!) {
  ${KINDS.map((kind) => `${kind}: node(id: $${kind}) { ... on ${Kind(kind)} { ${READ[kind]} } }`).join(" ")}
  moved: node(id: $event) { ... on Event { rescheduleReason } } post(id: $post) { corrections { text } } }`;
const EDIT = `mutation (${KINDS.map((kind) => `$${kind}: ${Kind(kind)}EditInput!`).join(", ")}) {
  ${KINDS.map((kind) => `${kind}: ${kind}Edit(input: $${kind}) { told: ${kind} { version } userErrors { code field } }`).join(" ")} }`;
const SAY = `mutation ($event: EventRescheduleInput!, $post: PostCorrectInput!, $note: PostNoteCreateInput!) {
  event: eventReschedule(input: $event) { told: event { version } userErrors { code field } }
  post: postCorrect(input: $post) { told: post { version } userErrors { code field } }
  note: postNoteCreate(input: $note) { told: post { version } userErrors { code field } } }`;

const one = (verb, kind, more = "version") =>
  `mutation ($input: ${Kind(kind)}${verb}Input!) { done: ${kind}${verb}(input: $input) { told: ${kind} { id ${more} } userErrors { code field } } }`;

/** All plain texts and all HTML within an answer. */
function within(value, key, found) {
  if (typeof value === "string") (key === "html" ? found.html : found.plain).push(value);
  else for (const [inner, some] of Object.entries(value ?? {})) within(some, inner, found);
  return found;
}

/** Begins one of each, public but for the person's account, and returns what writes texts into all of their fields. */
export async function begin(token) {
  const { alliance } = await ask('{ alliance(slug: "nottingham-citizens") { id version } }', {}, token);
  const things = { alliance };
  const own = { alliance: alliance.id };
  const made = { campaign: { title: WORD }, event: { title: WORD, startsAt: "2031-01-01T12:00:00Z" }, institution: { name: WORD, kind: "OTHER" }, post: { title: WORD, body: WORD } };
  for (const [kind, input] of Object.entries(made)) {
    const { told } = (await ask(one("Create", kind), { input: { ...own, ...input } }, token)).done;
    things[kind] = (await ask(one("Publish", kind), { input: { id: told.id, version: told.version } }, token)).done.told;
  }
  const person = { ...own, name: WORD, roles: [{ role: "AUTHOR" }] };
  things.person = (await ask(one("Create", "person"), { input: person }, token)).done.told;
  const ids = Object.fromEntries(Object.entries(things).map(([kind, { id }]) => [kind, id]));
  const which = (kind) => ({ id: things[kind].id, version: things[kind].version });
  let moved = 0;

  /** Makes changes, which may be refused, and returns how many were. */
  async function change(query, variables) {
    const answer = await ask(query, variables, token);
    let refused = 0;
    for (const [kind, { told, userErrors }] of Object.entries(answer)) {
      if (userErrors.length === 0 && told && kind !== "note") things[kind].version = told.version;
      refused += userErrors.length === 0 ? 0 : 1;
      for (const { code } of userErrors) assert.ok(code === "INVALID", JSON.stringify([variables, userErrors]));
    }
    return refused;
  }

  /** What a stranger reads where a text stands in every field, and how many of them refused it. */
  return async function write(text) {
    const edits = KINDS.map((kind) => [kind, { ...which(kind), ...Object.fromEntries(Object.entries(FIELDS[kind]).map(([field, as]) => [field, as(text)])) }]);
    let refused = await change(EDIT, Object.fromEntries(edits));
    moved += 1;
    const startsAt = new Date(Date.UTC(2031, 0, 2) + moved * 3_600_000).toISOString();
    const said = sentences(900)(text);
    const id = things.post.id;
    refused += await change(SAY, { event: { ...which("event"), startsAt, reason: said }, post: { ...which("post"), correction: said }, note: { id, text: said } });
    const found = within(await ask(PUBLIC, ids), "", { plain: [], html: [] });
    const { done } = await ask(one("Cancel", "event", "version cancelReason"), { input: { ...which("event"), reason: said } }, token);
    if (done.told) {
      found.plain.push(done.told.cancelReason);
      things.event.version = done.told.version;
      things.event = (await ask(one("Publish", "event"), { input: which("event") }, token)).done.told;
    }
    for (const plain of found.plain) assert.doesNotMatch(plain, REFUSED, JSON.stringify(text));
    return { ...found, refused };
  };
}

/** Tries to write a text as it is, with whatever it holds, where plain texts stand; says whether any of it was taken. */
export async function raw(token, text) {
  const { alliance } = await ask('{ alliance(slug: "nottingham-citizens") { id } }');
  const made = await Promise.all([
    ask(one("Create", "campaign", "title summary"), { input: { alliance: alliance.id, title: short(text, 190), summary: short(text, 900) } }, token),
    ask(one("Create", "person", "name title bio"), { input: { alliance: alliance.id, name: short(text, 90), bio: short(text, 900) } }, token),
    ask(one("Create", "institution", "name"), { input: { alliance: alliance.id, name: short(text, 90), kind: "OTHER" } }, token),
  ]);
  const { plain } = within(made.map(({ done }) => done.told), "", { plain: [], html: [] });
  for (const taken of plain) assert.doesNotMatch(taken, REFUSED, JSON.stringify(text));
  return plain.length > 0;
}
