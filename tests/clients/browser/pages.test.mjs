// The pages in a real browser. ALLIANCE_URL names a running Alliance with the demo content; without it nothing is tested.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { HtmlValidate } from "html-validate";
import { accessible, fits, server, start, visit } from "./browser.mjs";

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const RUN = ".graphiql-execute-button";
const EXAMPLES = ["FrontPage", "OnePost", "Search", "Pages"];
const html = new HtmlValidate({ extends: ["html-validate:standard"], rules: { "doctype-style": "off" } });

/** Runs the query of the open tab, and returns what was asked and what came back. */
async function run(page) {
  const asked = (request) => request.url() === `${server}/graphql` && !request.postData().includes("IntrospectionQuery");
  const answered = page.waitForResponse((response) => asked(response.request()));
  await page.click(RUN);
  const response = await answered;
  return { request: response.request(), answer: await response.json() };
}

/** The explorer, once it has read the schema. */
async function ready(page) {
  await page.locator(".graphiql-query-editor .CodeMirror-line").first().waitFor();
  await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/graphql")));
}

describe("the pages in a browser", { skip: server ? false : "ALLIANCE_URL names no server", timeout: 240_000 }, () => {
  let browser;
  before(async () => {
    browser = await start();
  });
  after(() => browser?.close());

  for (const [path, status] of [["/", 200], ["/explorer", 200]]) {
    test(`${path} is valid HTML`, async () => {
      const response = await fetch(`${server}${path}`, { headers: { accept: "text/html" } });
      assert.equal(response.status, status);
      const { results } = await html.validateString(await response.text());
      assert.deepEqual(results.flatMap(({ messages }) => messages.map((m) => `${m.line}: ${m.ruleId}: ${m.message}`)), []);
    });
  }

  test("the front page says how it fares without any script", async () => {
    await visit(browser, "/", { javaScriptEnabled: false }, async (page) => {
      assert.match(await page.textContent("main"), /The database answers[\s\S]*36\s*institutions[\s\S]*4\s*posts/);
      await page.click("text=Explorer");
      assert.equal(page.url(), `${server}/explorer`);
      assert.match(await page.textContent("noscript"), /needs JavaScript/);
    });
  });

  test("every link of the front page leads somewhere", async () => {
    await visit(browser, "/", {}, async (page) => {
      const links = await page.$$eval("a[href]", (all) => all.map((link) => link.href));
      assert.ok(links.length >= 4, `${links}`);
      for (const link of links) {
        const response = await fetch(link);
        assert.equal(response.status, 200, link);
        // Read to its end, else the connection stays open and the test waits for it.
        assert.ok((await response.text()).length > 0, link);
      }
    });
  });

  for (const colorScheme of ["light", "dark"]) {
    for (const [name, screen] of [["a phone", PHONE], ["a desk", {}]]) {
      test(`the front page is accessible on ${name} in ${colorScheme}`, async () => {
        await visit(browser, "/", { ...screen, colorScheme }, async (page) => {
          await accessible(page, "/");
          await fits(page, "/");
        });
      });

      test(`the explorer is accessible on ${name} in ${colorScheme}`, async () => {
        await visit(browser, "/explorer", { ...screen, colorScheme }, async (page) => {
          await ready(page);
          await accessible(page, "at the start");
          await fits(page, "at the start");
          await run(page);
          await page.locator(".result-window .CodeMirror-line").nth(5).waitFor();
          await accessible(page, "with an answer");
          await page.click("[aria-label='Show editor tools']");
          await page.click("[aria-label='Show Documentation Explorer']");
          await page.locator(".graphiql-doc-explorer .graphiql-doc-explorer-type-name").first().click();
          await accessible(page, "with the documentation");
          await fits(page, "with the documentation");
          await page.click("[aria-label='Show History']");
          await accessible(page, "with the history");
          for (const dialog of ["Open settings dialog", "Open short keys dialog"]) {
            await page.click(`[aria-label='${dialog}']`);
            await page.locator(".graphiql-dialog").waitFor();
            await accessible(page, dialog);
            await fits(page, dialog);
            await page.click(".graphiql-dialog-close");
          }
        });
      });
    }
  }

  test("an example query runs, and its answer appears", async () => {
    await visit(browser, "/explorer", {}, async (page) => {
      await ready(page);
      const { request, answer } = await run(page);
      assert.equal(answer.data.alliance.name, "Nottingham Citizens");
      await page.locator(".result-window", { hasText: "Nottingham Citizens" }).waitFor();
      assert.equal(request.method(), "POST");
      assert.equal(await request.headerValue("content-type"), "application/json");
      assert.equal(await request.headerValue("accept"), "application/graphql-response+json, application/json, text/event-stream");
      assert.equal(await request.headerValue("authorization"), null);
    });
  });

  test("every example runs without errors", async () => {
    await visit(browser, "/explorer", {}, async (page) => {
      await ready(page);
      assert.deepEqual(await page.locator(".graphiql-tab-button").allTextContents(), [...EXAMPLES, "Live"]);
      for (const example of EXAMPLES) {
        await page.click(`.graphiql-tab-button:text-is("${example}")`);
        await page.locator(".graphiql-query-editor .cm-def", { hasText: example }).waitFor();
        assert.equal(await page.locator(".graphiql-tab-button[aria-current]").textContent(), example);
        const { answer } = await run(page);
        assert.equal(answer.errors, undefined, `${example}: ${JSON.stringify(answer.errors)}`);
        const [root] = Object.values(answer.data);
        const found = root.nodes ?? root.posts?.nodes ?? [root.title];
        assert.ok(found.length > 0 && found[0], `${example}: ${JSON.stringify(answer.data)}`);
        assert.equal(await page.locator(".graphiql-query-editor .CodeMirror-lint-mark-error").count(), 0, example);
      }
    });
  });

  test("a token that is typed goes out as a Bearer header, and is kept nowhere", async () => {
    await visit(browser, "/explorer", {}, async (page) => {
      await ready(page);
      await page.getByLabel("Token").fill("a-token-of-mine");
      // What the server makes of it is another matter: here it is answered by the test.
      await page.route(`${server}/graphql`, (route) => route.fulfill({ json: { data: { alliance: null } } }));
      const { request } = await run(page);
      assert.equal(await request.headerValue("authorization"), "Bearer a-token-of-mine");
      const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
      assert.ok(!kept.includes("a-token-of-mine"), kept);
      await page.reload();
      await ready(page);
      assert.equal(await page.getByLabel("Token").inputValue(), "");
    });
  });

  test("the documentation shows what can be asked, with descriptions", async () => {
    await visit(browser, "/explorer", {}, async (page) => {
      await ready(page);
      await page.click("[aria-label='Show Documentation Explorer']");
      await page.click(".graphiql-doc-explorer-type-name:text-is('Query')");
      const docs = page.locator(".graphiql-doc-explorer");
      await docs.getByText("Everything that can be asked.").waitFor();
      await docs.getByText("The alliance with this slug; null where there is none.").waitFor();
      await page.keyboard.press("Control+k");
      await page.keyboard.type("readingMin");
      await page.locator("[role=option]", { hasText: "readingMinutes" }).first().click();
      await docs.getByText("How long it takes to read").first().waitFor();
    });
  });

  test("what the editor opens of its own keeps to the policy", async () => {
    await visit(browser, "/explorer", {}, async (page) => {
      await ready(page);
      await page.click(".graphiql-query-editor .CodeMirror-line >> nth=4");
      await page.keyboard.press("Control+f");
      await page.locator(".CodeMirror-dialog input").waitFor();
      await page.keyboard.type("name");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Alt+g");
      await page.locator(".CodeMirror-dialog input").waitFor();
      await page.keyboard.press("Escape");
      await page.click(".graphiql-query-editor .CodeMirror-line >> nth=9");
      await page.keyboard.press("Control+Space");
      await page.locator(".CodeMirror-hints").waitFor();
      await page.keyboard.press("Escape");
      await page.hover(".graphiql-query-editor .cm-property >> nth=1");
      await page.locator(".CodeMirror-info").waitFor();
    });
  });

  test("the explorer runs a query on a phone", async () => {
    await visit(browser, "/explorer", PHONE, async (page) => {
      await ready(page);
      await page.tap(RUN);
      await page.locator(".result-window", { hasText: "Nottingham Citizens" }).waitFor();
      await page.tap("[aria-label='Show editor tools']");
      await fits(page, "with the editor tools");
      const heights = await page.$$eval(".graphiql-query-editor, .result-window", (all) => all.map((e) => e.clientHeight));
      assert.ok(heights.every((height) => height > 150), `${heights}`);
    });
  });
});
