// The page behind the link of a mail about a comment, in a real browser without scripts. ALLIANCE_URL names a running Alliance with its demo
// content that nobody else asks, and ALLIANCE_DATA_DIR its data folder, in which the mails are; without them nothing is tested.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { HtmlValidate } from "html-validate";
import { accessible, ask, fits, mailed, server, start, visit } from "./browser.mjs";

const { ALLIANCE_DATA_DIR } = process.env;
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const html = new HtmlValidate({ extends: ["html-validate:standard"], rules: { "doctype-style": "off" } });

const skip = server && ALLIANCE_DATA_DIR ? false : "ALLIANCE_URL and ALLIANCE_DATA_DIR name no server and no folder";
describe("the page behind the link of a mail about a comment", { skip, timeout: 120_000 }, () => {
  const email = "rosa.rook@example.org";
  let browser, link, token;
  const state = async () => (await ask("{ viewer { reactions { nodes { state confirmBy } } } }", {}, token)).viewer.reactions.nodes[0];
  before(async () => {
    browser = await start();
    token = (await ask("mutation { visitorTokenCreate { visitorToken { token } } }")).visitorTokenCreate.visitorToken.token;
    const { post } = await ask('{ post(slug: "communities-that-care", alliance: "nottingham-citizens") { id } }');
    const said = `reactionAdd(input: { subject: "${post.id}", kind: CONCERN, comment: "<b>Who counts?</b>", email: "${email}" })`;
    const { reactionAdd } = await ask(`mutation { ${said} { reaction { state } userErrors { message } } }`, {}, token);
    assert.deepEqual(reactionAdd, { reaction: { state: "PENDING" }, userErrors: [] });
    link = await mailed(email, "reaction/confirm");
  });
  after(() => browser?.close());

  test("a mail program that fetches the link beforehand changes nothing", async () => {
    for (let times = 0; times < 20; times += 1) assert.equal((await fetch(`${server}${link}`)).status, 200);
    assert.notEqual((await state()).confirmBy, null);
  });

  for (const colorScheme of ["light", "dark"]) {
    test(`it is accessible on a phone in ${colorScheme}`, async () => {
      await visit(browser, link, { ...PHONE, colorScheme }, async (page) => {
        await accessible(page, "/reaction/confirm");
        await fits(page, "/reaction/confirm");
      });
    });
  }

  test("it is valid HTML", async () => {
    const { results } = await html.validateString(await (await fetch(`${server}${link}`)).text());
    assert.deepEqual(results.flatMap(({ messages }) => messages.map((m) => `${m.line}: ${m.ruleId}: ${m.message}`)), []);
  });

  test("its button confirms the comment without any script", async () => {
    await visit(browser, link, { ...PHONE, javaScriptEnabled: false }, async (page) => {
      assert.equal(await page.textContent("h1"), "Confirm your comment");
      await page.click("button");
      assert.equal(await page.textContent("h1"), "Your comment is confirmed");
      assert.equal(new URL(page.url()).search, "");
    });
    assert.deepEqual(await state(), { state: "PENDING", confirmBy: null });
    assert.equal((await fetch(`${server}${link}`)).status, 410);
  });
});
