// A small page of another origin, as a frontend developer writes one, in a real browser: reactions made elsewhere change its numbers, and
// the explorer runs a subscription. ALLIANCE_URL names a running Alliance with its demo content; without it nothing is tested.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { ask, server, start } from "./browser.mjs";

const FILES = {
  "/": ["../live/index.html", "text/html; charset=utf-8"],
  "/page.mjs": ["../live/page.mjs", "text/javascript"],
  "/graphql-ws.js": ["../node_modules/graphql-ws/umd/graphql-ws.js", "text/javascript"],
};

async function react() {
  const { visitorTokenCreate } = await ask("mutation { visitorTokenCreate { visitorToken { token } } }");
  const { post } = await ask('{ post(slug: "lunch-for-first-time-voters", alliance: "nottingham-citizens") { id } }');
  const made = `mutation { reactionAdd(input: { subject: "${post.id}", kind: THANKS }) { reactions { label } userErrors { message } } }`;
  const { reactionAdd } = await ask(made, {}, visitorTokenCreate.visitorToken.token);
  assert.deepEqual(reactionAdd.userErrors, []);
  return { id: post.id, label: reactionAdd.reactions.label };
}

const skip = server ? false : "ALLIANCE_URL names no server";
describe("live subscriptions in a browser", { skip, timeout: 120_000 }, () => {
  let browser, files, origin;
  before(async () => {
    browser = await start();
    files = createServer(async (request, response) => {
      const [path, type] = FILES[new URL(request.url, "http://x").pathname] ?? [];
      if (!path) return response.writeHead(404).end();
      return response.writeHead(200, { "content-type": type }).end(await readFile(new URL(path, import.meta.url)));
    });
    await new Promise((resolve) => files.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${files.address().port}`;
  });
  after(async () => {
    await browser?.close();
    files?.close();
  });

  test("a reaction made elsewhere changes the number on a page without a reload", async () => {
    const page = await browser.newPage();
    const wrong = [];
    page.on("pageerror", (error) => wrong.push(error.message));
    page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
    await page.goto(`${origin}/?api=${encodeURIComponent(server)}`);
    await page.getByText("Live", { exact: true }).waitFor();
    await page.evaluate(() => (globalThis.stays = true));
    for (let times = 0; times < 2; times += 1) {
      const { id, label } = await react();
      await page.locator(`li[data-id="${id}"] output`, { hasText: label }).waitFor({ timeout: 10_000 });
    }
    assert.equal(await page.evaluate(() => globalThis.stays), true, "it was not loaded anew");
    assert.deepEqual(wrong, []);
    await page.close();
  });

  test("the explorer shows what is told as it happens", async () => {
    const { id, label } = await react();
    const query = `subscription Sums { reactionsChanged(subject: "${id}") { reactions { label } } }`;
    const page = await browser.newPage();
    await page.goto(`${server}/explorer`);
    await page.locator(".graphiql-query-editor .CodeMirror-line").first().waitFor();
    await page.evaluate((text) => document.querySelector(".graphiql-query-editor .CodeMirror").CodeMirror.setValue(text), query);
    await page.click(".graphiql-execute-button");
    const shown = page.locator(".result-window");
    await shown.getByText(label).first().waitFor({ timeout: 10_000 });
    const next = await react();
    await shown.getByText(next.label).first().waitFor({ timeout: 10_000 });
    await page.close();
  });
});
