// A real browser that reaches one server and nothing else, and remembers everything that went wrong in it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { chromium } from "playwright-core";

const { ALLIANCE_DATA_DIR, ALLIANCE_URL, CHROMIUM = "/usr/bin/chromium" } = process.env;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What a part of GraphiQL says to GraphiQL's authors whenever a dialog opens. */
const ADVICE = /^Warning: Missing `Description` or `aria-describedby=\{undefined\}` for \{DialogContent\}\.$/;

/** The server's address, without a slash at its end; none where nobody named it. */
export const server = ALLIANCE_URL?.replace(/\/+$/, "");

/** Asks what must be answered. */
export async function ask(query, variables, token) {
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(`${server}/graphql`, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

/** The mails to an address, as they lie in the folder ALLIANCE_DATA_DIR, the oldest first. */
export async function mails(email) {
  const folder = join(ALLIANCE_DATA_DIR, "mail");
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".eml")).sort();
  const all = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return all.filter((mail) => mail.includes(`To: ${email}`));
}

/** The path of the first link in a mail to an address that leads to a page, such as `rsvp/confirm`. */
export async function mailed(email, page) {
  const leads = new RegExp(`^http.*(/${page}\\?token=\\S+)$`, "mu");
  for (let tries = 0; tries < 100; tries += 1) {
    for (const mail of await mails(email)) {
      const link = leads.exec(mail);
      if (link) return link[1];
    }
    await wait(100);
  }
  throw new Error(`no mail to ${email} leads to ${page}`);
}

/** Starts the browser. */
export function start() {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE ${new URL(server).hostname}`,
    ],
  });
}

/** Opens a page of the server in a fresh browser context, gives it to `visit`, and fails where anything went wrong in it. */
export async function visit(browser, path, options, visit) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const wrong = [];
  await context.route("**", (route) => {
    const url = new URL(route.request().url());
    if (url.origin === new URL(server).origin || url.protocol === "data:") return route.continue();
    wrong.push(`asked another host: ${url}`);
    return route.abort();
  });
  await context.exposeFunction("wentWrong", (what) => wrong.push(what));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (e) => {
      globalThis.wentWrong(`policy: ${e.effectiveDirective} ${e.blockedURI} ${e.sample} ${e.sourceFile}:${e.lineNumber}`);
    });
  });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !ADVICE.test(message.text())) wrong.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("requestfailed", (request) => wrong.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
  page.on("response", (response) => {
    if (response.status() >= 400) wrong.push(`${response.status()}: ${response.url()}`);
  });
  try {
    await page.goto(`${server}${path}`);
    await visit(page);
    assert.deepEqual(wrong, []);
  } finally {
    await context.close();
  }
}

/** Fails where axe finds a serious or critical fault in what the page shows now. */
export async function accessible(page, what) {
  // It comes through the debugger, which the page's policy does not bind: the policy itself stays in force.
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  assert.ok(passes.length > 5, `${what}: axe looked at the page`);
  const faults = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = faults.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`));
  assert.deepEqual(told, [], what);
}

/** Fails where the page is wider than the screen, or a control is too small for a finger, too far out, or without a name. */
export async function fits(page, what) {
  const { wide, small } = await page.evaluate(() => {
    const root = document.documentElement;
    const inline = (element) => getComputedStyle(element).display === "inline";
    const controls = [...document.querySelectorAll("button, input, a[href]")].filter((e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }));
    const small = controls.filter((element) => {
      const { width, height, left, right } = element.getBoundingClientRect();
      const scrolled = element.closest(".graphiql-tabs");
      return (!inline(element) && (width < 24 || height < 24)) || (!scrolled && (left < 0 || right > root.clientWidth));
    });
    return { wide: root.scrollWidth - root.clientWidth, small: small.map((e) => e.outerHTML.slice(0, 120)) };
  });
  assert.equal(wide, 0, `${what}: it scrolls sideways`);
  assert.deepEqual(small, [], `${what}: controls are too small or out of reach`);
}
