// The pages behind the links of mails, in a real browser without scripts. ALLIANCE_URL names a running Alliance that nobody else asks,
// ALLIANCE_DATA_DIR its data folder, in which the mails are; without them nothing is tested.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { HtmlValidate } from "html-validate";
import { accessible, ask, fits, mailed, server, start, visit } from "./browser.mjs";

const { ALLIANCE_DATA_DIR } = process.env;
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const BY_HAND = { ...PHONE, javaScriptEnabled: false };
const PASSWORD = "quiet otters mend seven bridges";
const html = new HtmlValidate({ extends: ["html-validate:standard"], rules: { "doctype-style": "off" } });

async function signsIn(email, password) {
  const query = "mutation ($input: SignInInput!) { signIn(input: $input) { accessToken } }";
  return (await ask(query, { input: { email, password } })).signIn.accessToken !== null;
}

const skip = server && ALLIANCE_DATA_DIR ? false : "ALLIANCE_URL and ALLIANCE_DATA_DIR name no server and its data folder";
describe("the pages behind the links of mails", { skip, timeout: 120_000 }, () => {
  const email = "ada.byron@example.org";
  let browser, link;
  before(async () => {
    browser = await start();
    const query = "mutation ($input: AccountRegisterInput!) { accountRegister(input: $input) { accepted } }";
    await ask(query, { input: { email, name: "Ada Byron" } });
    link = await mailed(email, "account/confirm");
  });
  after(() => browser?.close());

  test("a mail program that fetches every link beforehand uses none up", async () => {
    for (let times = 0; times < 20; times += 1) assert.equal((await fetch(`${server}${link}`)).status, 200);
  });

  for (const colorScheme of ["light", "dark"]) {
    test(`a form is accessible on a phone in ${colorScheme}`, async () => {
      for (const path of [link, "/account/password"]) {
        await visit(browser, path, { ...PHONE, colorScheme }, async (page) => {
          await accessible(page, path.split("?")[0]);
          await fits(page, path.split("?")[0]);
        });
      }
    });
  }

  test("a form is valid HTML", async () => {
    for (const path of [link, "/account/password"]) {
      const { results } = await html.validateString(await (await fetch(`${server}${path}`)).text());
      assert.deepEqual(results.flatMap(({ messages }) => messages.map((m) => `${m.line}: ${m.ruleId}: ${m.message}`)), []);
    }
  });

  test("whoever registers makes the account without any script", async () => {
    await visit(browser, link, BY_HAND, async (page) => {
      assert.equal(await page.inputValue("#email"), email);
      assert.equal(await page.inputValue("#name"), "Ada Byron");
      await page.fill("#password", PASSWORD);
      await page.click("button");
      assert.equal(await page.textContent("h1"), "Your account is made");
      assert.equal(new URL(page.url()).search, "");
    });
    assert.ok(await signsIn(email, PASSWORD));
    assert.equal((await fetch(`${server}${link}`)).status, 410);
  });

  test("whoever has forgotten a password asks for a link without any script, once an hour", async () => {
    const email = "nobody@example.org";
    await visit(browser, "/account/password", BY_HAND, async (page) => {
      await page.fill("#email", email);
      await page.click("button");
      assert.equal(await page.textContent("h1"), "Look into your mail");
    });
    const again = await fetch(`${server}/account/password`, { method: "POST", body: new URLSearchParams({ email }) });
    assert.equal(again.status, 429);
    assert.match(await again.text(), /<h1>Not now<\/h1>/u);
  });
});
