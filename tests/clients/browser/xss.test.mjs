// Texts that mean harm, written as posts, read by a stranger, and shown in a real browser. ALLIANCE_EDITING_URL names a running Alliance with
// the demo content and many mutations a minute, ALLIANCE_EDITOR the password of its demo's editor; without them nothing is tested.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { harmless } from "./hostile.mjs";
import { start } from "./browser.mjs";

const { ALLIANCE_EDITING_URL, ALLIANCE_EDITOR } = process.env;
const CORPUS = JSON.parse(await readFile(new URL("xss.json", import.meta.url), "utf8"));
const WORD = "quokka";
const REFUSED = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/u;
const CREATE = "mutation ($input: PostCreateInput!) { postCreate(input: $input) { post { id version } userErrors { code } } }";
const PUBLISH = "mutation ($input: PostPublishInput!) { postPublish(input: $input) { post { status } userErrors { code } } }";
const READ = `query ($id: ID!) { post(id: $id) { title excerpt body { html plainText contents { text anchor } } share { title text url links { url } } } }`;
const SEARCH = `query ($after: String) { search(query: "${WORD}", first: 50, after: $after) { nodes { titleHtml excerptHtml } pageInfo { hasNextPage endCursor } } }`;

async function ask(query, variables, token) {
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(`${ALLIANCE_EDITING_URL}/graphql`, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, `${JSON.stringify(variables)}: ${JSON.stringify(errors)}`);
  return data;
}

const skip = ALLIANCE_EDITING_URL && ALLIANCE_EDITOR ? false : "ALLIANCE_EDITING_URL and ALLIANCE_EDITOR name no server and no editor";
describe("texts that mean harm", { skip, timeout: 900_000 }, () => {
  let browser, token, alliance;
  before(async () => {
    browser = await start();
    const input = { email: "editor@demo.example", password: ALLIANCE_EDITOR };
    token = (await ask("mutation ($input: SignInInput!) { signIn(input: $input) { accessToken } }", { input })).signIn.accessToken;
    alliance = (await ask('{ alliance(slug: "nottingham-citizens") { id } }')).alliance.id;
  });
  after(() => browser?.close());

  /** What a stranger reads of a post with these texts; null where they are refused. */
  async function published(texts) {
    const { postCreate } = await ask(CREATE, { input: { alliance, ...texts } }, token);
    if (!postCreate.post) {
      assert.ok(postCreate.userErrors.length > 0, JSON.stringify(texts));
      return null;
    }
    const { id, version } = postCreate.post;
    const { postPublish } = await ask(PUBLISH, { input: { id, version } }, token);
    assert.equal(postPublish.post?.status, "PUBLISHED", JSON.stringify([texts, postPublish]));
    return (await ask(READ, { id })).post;
  }

  for (const [name, texts] of Object.entries(CORPUS)) {
    test(name, async () => {
      const pieces = [];
      let refused = 0;
      for (const text of texts) {
        // What would be refused for some characters means harm without them, too.
        const post = await published({ title: WORD, body: text.replaceAll(new RegExp(REFUSED, "gu"), "") });
        pieces.push({ html: post.body.html, from: text });
        assert.doesNotMatch(post.body.plainText + post.body.html, REFUSED, JSON.stringify(text));
        for (const { anchor } of post.body.contents) assert.ok(post.body.html.includes(` id="${anchor.replaceAll("&", "&amp;")}"`), anchor);
        const plain = [...text.replaceAll("\0", "")];
        const short = await published({ title: `${WORD} ${plain.slice(0, 150).join("")}`, excerpt: plain.slice(0, 500).join(""), body: WORD });
        if (!short) {
          refused += 1;
          continue;
        }
        assert.doesNotMatch(short.title + short.excerpt, REFUSED, JSON.stringify(text));
        for (const link of [...short.share.links, short.share]) assert.match(new URL(link.url).protocol, /^(?:https?|mailto):$/u);
      }
      assert.ok(pieces.length === texts.length && refused <= texts.length);
      await harmless(browser, pieces);
    });
  }

  test("what a search finds of them", async () => {
    const pieces = [];
    for (let after = null, more = true; more; ) {
      const { nodes, pageInfo } = (await ask(SEARCH, { after })).search;
      for (const { titleHtml, excerptHtml } of nodes) for (const html of [titleHtml, excerptHtml]) pieces.push({ html, from: "a search" });
      ({ endCursor: after, hasNextPage: more } = pageInfo);
    }
    assert.ok(pieces.length > 200, `${pieces.length}`);
    await harmless(browser, pieces);
  });
});
