// The pages behind the links of mails about events, and the page about privacy, in a real browser without scripts. ALLIANCE_URL names a running
// Alliance with its demo content that nobody else asks, ALLIANCE_DATA_DIR its data folder, in which the mails are, and ALLIANCE_ANNOUNCER the
// password of its demo's editor; without them nothing is tested.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { HtmlValidate } from "html-validate";
import { accessible, ask, fits, mailed, server, start, visit } from "./browser.mjs";

const { ALLIANCE_DATA_DIR, ALLIANCE_ANNOUNCER } = process.env;
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const BY_HAND = { ...PHONE, javaScriptEnabled: false };
const html = new HtmlValidate({ extends: ["html-validate:standard"], rules: { "doctype-style": "off" } });

/** Makes a change that must succeed. */
async function does(field, input, selection, token) {
  const type = `${field[0].toUpperCase()}${field.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection} userErrors { code message } } }`;
  const payload = (await ask(query, { input }, token))[field];
  assert.deepEqual(payload.userErrors, [], field);
  return payload;
}

const skip = server && ALLIANCE_DATA_DIR && ALLIANCE_ANNOUNCER ? false : "ALLIANCE_URL, ALLIANCE_DATA_DIR and ALLIANCE_ANNOUNCER name no server, folder and password";
describe("the pages behind the links of mails about events", { skip, timeout: 120_000 }, () => {
  const email = "nadia.novak@example.org";
  let browser, event, link;
  before(async () => {
    browser = await start();
    const { accessToken } = await does("signIn", { email: "editor@demo.example", password: ALLIANCE_ANNOUNCER }, "accessToken");
    const { alliance } = await ask('{ alliance(slug: "nottingham-citizens") { id } }');
    const title = "A long walk for clean air from Sneinton Market to the Council House, with children, choirs and wheelchairs";
    const announced = { alliance: alliance.id, title, startsAt: "2099-05-04T17:00:00Z", capacity: 3 };
    event = (await does("eventCreate", announced, "event { id }", accessToken)).event.id;
    await does("eventPublish", { id: event, version: 1 }, "event { id }", accessToken);
    await does("eventRsvp", { event, name: "Nadia Novak", email, guests: 1 }, "accepted");
    link = await mailed(email, "rsvp/confirm");
  });
  after(() => browser?.close());

  const places = async () => (await ask("query ($id: ID!) { event(id: $id) { isFull } }", { id: event })).event;

  test("a mail program that fetches every link beforehand changes nothing", async () => {
    for (let times = 0; times < 20; times += 1) assert.equal((await fetch(`${server}${link}`)).status, 200);
    await assert.rejects(() => Promise.race([mailed(email, "rsvp/cancel"), wait(1_000).then(() => { throw new Error("none"); })]));
  });

  for (const colorScheme of ["light", "dark"]) {
    test(`the pages are accessible on a phone in ${colorScheme}`, async () => {
      for (const path of [link, "/privacy", "/privacy/nottingham-citizens"]) {
        await visit(browser, path, { ...PHONE, colorScheme }, async (page) => {
          await accessible(page, path.split("?")[0]);
          await fits(page, path.split("?")[0]);
        });
      }
    });
  }

  test("the pages are valid HTML", async () => {
    for (const path of [link, "/privacy", "/privacy/nottingham-citizens"]) {
      const { results } = await html.validateString(await (await fetch(`${server}${path}`)).text());
      assert.deepEqual(results.flatMap(({ messages }) => messages.map((m) => `${m.line}: ${m.ruleId}: ${m.message}`)), []);
    }
  });

  test("whoever follows the link comes, and by the next one does not, without any script", async () => {
    await visit(browser, link, BY_HAND, async (page) => {
      assert.equal(await page.textContent("h1"), "Do you come?");
      await page.click("button");
      assert.equal(await page.textContent("h1"), "You come");
      assert.equal(new URL(page.url()).search, "");
    });
    assert.equal((await fetch(`${server}${link}`)).status, 410);
    await visit(browser, await mailed(email, "rsvp/cancel"), BY_HAND, async (page) => {
      await page.click("button");
      assert.equal(await page.textContent("h1"), "You do not come");
      await page.click("footer a");
      assert.equal(await page.textContent("h1"), "What is kept of you");
    });
    assert.deepEqual(await places(), { isFull: false });
  });
});
