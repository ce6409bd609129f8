// Texts that mean harm, written into every field of an alliance, read by a stranger, and shown in a real browser. ALLIANCE_EDITING_URL names a running
// Alliance with the demo content and many mutations a minute, ALLIANCE_ADMIN the password of its demo's admin, and ALLIANCE_EDITING_MAIL the folder of its
// mails; without them nothing is tested.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { begin, raw } from "./content.mjs";
import { CORPUS, REFUSED, WORD, admin, ask, clean, mails, short, skip } from "./editing.mjs";
import { harmless, quiet } from "./hostile.mjs";
import { start } from "./browser.mjs";

const CREATE = "mutation ($input: PostCreateInput!) { postCreate(input: $input) { post { id version } userErrors { code } } }";
const PUBLISH = "mutation ($input: PostPublishInput!) { postPublish(input: $input) { post { status } userErrors { code } } }";
const READ = `query ($id: ID!) { post(id: $id) { title excerpt body { html plainText contents { text anchor } } share { title text url links { url } } } }`;
const SEARCH = `query ($after: String) { search(query: "${WORD}", first: 50, after: $after) { nodes { titleHtml excerptHtml } pageInfo { hasNextPage endCursor } } }`;
/** The part of a mail that is HTML: its head, and its text as it travels. */
const MAIL = /Content-Type: text\/html([^]*?)\r?\n\r?\n([^]*?)\r?\n--=_/;

/** The HTML of a mail. */
async function mail(file) {
  const [, head, sent] = MAIL.exec(await readFile(join(mails, file), "latin1")) ?? ["", "", ""];
  const bytes = /quoted-printable/iu.test(head) ? sent.replaceAll(/=\r?\n/gu, "").replaceAll(/=([\dA-F]{2})/gu, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))) : sent;
  return Buffer.from(bytes, "latin1").toString("utf8");
}

describe("texts that mean harm", { skip, timeout: 900_000 }, () => {
  let browser, token, alliance, everywhere;
  const texts = { shown: new Set(), plain: 0, refused: 0 };
  before(async () => {
    browser = await start();
    token = await admin();
    alliance = (await ask('{ alliance(slug: "nottingham-citizens") { id } }')).alliance.id;
    everywhere = await begin(token);
  });
  after(() => browser?.close());

  /** Shows HTML that was not shown before. */
  async function show(pieces) {
    const fresh = pieces.filter(({ html }) => !texts.shown.has(html) && texts.shown.add(html));
    await harmless(browser, fresh);
  }

  /** What a stranger reads of a post with these texts; null where they are refused. */
  async function published(says) {
    const { postCreate } = await ask(CREATE, { input: { alliance, ...says } }, token);
    if (!postCreate.post) {
      assert.ok(postCreate.userErrors.length > 0, JSON.stringify(says));
      return null;
    }
    const { id, version } = postCreate.post;
    const { postPublish } = await ask(PUBLISH, { input: { id, version } }, token);
    assert.equal(postPublish.post?.status, "PUBLISHED", JSON.stringify([says, postPublish]));
    return (await ask(READ, { id })).post;
  }

  for (const [name, group] of Object.entries(CORPUS)) {
    test(name, async () => {
      const pieces = [];
      let refused = 0;
      for (const text of group) {
        // What would be refused for some characters means harm without them, too.
        const post = await published({ title: WORD, body: clean(text) });
        pieces.push({ html: post.body.html, from: text });
        assert.doesNotMatch(post.body.plainText + post.body.html, REFUSED, JSON.stringify(text));
        for (const { anchor } of post.body.contents) assert.ok(post.body.html.includes(` id="${anchor.replaceAll("&", "&amp;")}"`), anchor);
        const plain = text.replaceAll("\0", "");
        const brief = await published({ title: `${WORD} ${short(plain, 150)}`, excerpt: short(plain, 500), body: WORD });
        if (!brief) {
          refused += 1;
          continue;
        }
        assert.doesNotMatch(brief.title + brief.excerpt, REFUSED, JSON.stringify(text));
        for (const link of [...brief.share.links, brief.share]) assert.match(new URL(link.url).protocol, /^(?:https?|mailto):$/u);
      }
      assert.ok(pieces.length === group.length && refused <= group.length);
      await show(pieces);
    });

    test(`${name}, in all that is no post`, async () => {
      const pieces = [];
      for (const text of group) {
        const found = await everywhere(text);
        assert.equal(found.html.length, 4, JSON.stringify(text));
        pieces.push(...found.html.map((html) => ({ html, from: text })));
        texts.plain += found.plain.length;
        texts.refused += found.refused;
        if (REFUSED.test(text) && !text.includes("\0")) await raw(token, text);
      }
      await show(pieces);
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
    await show(pieces);
  });

  test("what mails tell of them", async () => {
    const many = Object.values(CORPUS).flat().length;
    let files = [];
    for (let tries = 0; files.length < many * 0.9 && tries < 300; tries += 1) {
      await new Promise((done) => setTimeout(done, 100));
      files = (await readdir(mails)).filter((file) => file.endsWith(".eml"));
    }
    const bodies = [];
    for (const file of files) {
      const html = await mail(file);
      if (html.includes("writes a note")) bodies.push(/<body[^>]*>([^]*)<\/body>/u.exec(html)[1]);
    }
    assert.ok(bodies.length >= many * 0.9, `${bodies.length} mails of ${many}`);
    assert.ok(bodies.some((body) => body.includes("&lt;script")), "they hold the texts");
    for (let at = 0; at < bodies.length; at += 50) await quiet(browser, bodies.slice(at, at + 50).join("\n"));
    assert.ok(texts.plain > many * 10 && texts.refused < many, `${texts.plain} texts were taken, ${texts.refused} refused`);
  });
});
