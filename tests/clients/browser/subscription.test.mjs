// The pages behind the links of updates by e-mail, in a real browser without scripts. ALLIANCE_URL names a running Alliance that nobody
// else asks, ALLIANCE_DATA_DIR its data folder, in which the mails are; without them nothing is tested.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { HtmlValidate } from "html-validate";
import { accessible, ask, fits, mailed, mails, server, start, visit } from "./browser.mjs";

const { ALLIANCE_DATA_DIR } = process.env;
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const BY_HAND = { ...PHONE, javaScriptEnabled: false };
const FORM = "application/x-www-form-urlencoded";
const html = new HtmlValidate({ extends: ["html-validate:standard"], rules: { "doctype-style": "off" } });

const skip = server && ALLIANCE_DATA_DIR ? false : "ALLIANCE_URL and ALLIANCE_DATA_DIR name no server and its data folder";
describe("the pages behind the links of updates", { skip, timeout: 180_000 }, () => {
  const email = "zoe.reader@example.org";
  let browser, confirm, preferences, unsubscribe;
  before(async () => {
    browser = await start();
    const { alliance } = await ask('{ alliance(slug: "nottingham-citizens") { id campaigns(first: 1) { nodes { id } } } }');
    const query = "mutation ($input: EmailSubscriptionRequestInput!) { emailSubscriptionRequest(input: $input) { accepted userErrors { message } } }";
    const input = { alliance: alliance.id, email, name: "Zoë Reader", topics: [alliance.campaigns.nodes[0].id], frequency: "DAILY" };
    assert.deepEqual((await ask(query, { input })).emailSubscriptionRequest, { accepted: true, userErrors: [] });
    confirm = await mailed(email, "subscription/confirm");
  });
  after(() => browser?.close());

  test("a mail program that fetches every link of a mail beforehand uses none up", async () => {
    const [mail] = await mails(email);
    const links = [...mail.matchAll(/https?:\/\/[^\s"<>]+/gu)].map(([link]) => new URL(link.replaceAll("&amp;", "&")));
    assert.ok(links.length > 0);
    for (const { pathname, search } of links) {
      for (let times = 0; times < 20; times += 1) assert.equal((await fetch(`${server}${pathname}${search}`)).status, 200);
    }
  });

  test("the page that confirms is accessible on a phone, and valid HTML", async () => {
    for (const colorScheme of ["light", "dark"]) {
      await visit(browser, confirm, { ...PHONE, colorScheme }, async (page) => {
        await accessible(page, "confirm");
        await fits(page, "confirm");
      });
    }
    const { results } = await html.validateString(await (await fetch(`${server}${confirm}`)).text());
    assert.deepEqual(results.flatMap(({ messages }) => messages.map((m) => `${m.line}: ${m.ruleId}: ${m.message}`)), []);
  });

  test("whoever confirms does so without any script, under the name that they choose, and once", async () => {
    await visit(browser, confirm, BY_HAND, async (page) => {
      assert.equal(await page.inputValue("#name"), "Zoë Reader");
      await page.fill("#name", "Zoë");
      await page.click("button");
      assert.equal(await page.textContent("h1"), "You get updates");
      preferences = `/subscription/${await page.getAttribute(".beside a", "href")}`;
    });
    assert.equal((await fetch(`${server}${confirm}`)).status, 410);
    unsubscribe = preferences.replace("preferences", "unsubscribe");
  });

  for (const colorScheme of ["light", "dark"]) {
    test(`the pages are accessible on a phone in ${colorScheme}`, async () => {
      for (const path of [preferences, unsubscribe, preferences.replace("preferences", "erase")]) {
        await visit(browser, path, { ...PHONE, colorScheme }, async (page) => {
          await accessible(page, path.split("?")[0]);
          await fits(page, path.split("?")[0]);
        });
      }
    });
  }

  test("the pages are valid HTML", async () => {
    for (const path of [preferences, unsubscribe, preferences.replace("preferences", "erase")]) {
      const { results } = await html.validateString(await (await fetch(`${server}${path}`)).text());
      assert.deepEqual(results.flatMap(({ messages }) => messages.map((m) => `${m.line}: ${m.ruleId}: ${m.message}`)), []);
    }
  });

  test("whoever chooses anew finds it chosen", async () => {
    await visit(browser, preferences, BY_HAND, async (page) => {
      assert.equal(await page.isChecked("[value=daily]"), true);
      await page.check("[value=weekly]");
      await page.check("[name=topic] >> nth=0");
      await page.click("button");
      assert.equal(await page.textContent("h1"), "It is saved");
    });
    await visit(browser, preferences, BY_HAND, async (page) => {
      assert.deepEqual([await page.isChecked("[value=weekly]"), await page.locator("[name=topic]:checked").count()], [true, 2]);
    });
  });

  test("a page of another site ends nothing, and a mail program's button does, twice", async () => {
    const body = "List-Unsubscribe=One-Click";
    const foreign = { "content-type": FORM, origin: "https://evil.example" };
    assert.equal((await fetch(`${server}${unsubscribe}`, { method: "POST", headers: foreign, body })).status, 403);
    for (let times = 0; times < 2; times += 1) {
      const click = await fetch(`${server}${unsubscribe}`, { method: "POST", headers: { "content-type": FORM }, body });
      assert.equal(click.status, 200);
      assert.match(await click.text(), /You get no more updates/u);
    }
  });

  test("whoever erases their address is told so, and no link works any more", async () => {
    await visit(browser, preferences.replace("preferences", "erase"), BY_HAND, async (page) => {
      await page.click("button");
      assert.equal(await page.textContent("h1"), "Your address is erased");
    });
    assert.equal((await fetch(`${server}${preferences}`)).status, 410);
    assert.deepEqual(await mails(email), []);
  });
});
