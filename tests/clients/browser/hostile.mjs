// A page without any policy that shows HTML of others in every place where a page might put it, and remembers what that HTML did.
import assert from "node:assert/strict";

const PAGE = "https://page.example/";
/** What stands around the HTML: a parser reads it by other rules in each. `HERE` is where it goes. */
const PLACES = [
  "<div>HERE</div>",
  "<p>HERE</p>",
  "<svg><div>HERE</div></svg>",
  "<svg><foreignObject><div>HERE</div></foreignObject></svg>",
  "<svg><title>HERE</title></svg>",
  "<svg>HERE</svg>",
  "<math><mtext><div>HERE</div></mtext></math>",
  "<math>HERE</math>",
  "<table><tr><td>HERE</td></tr></table>",
  "<table>HERE</table>",
  "<select><div>HERE</div></select>",
  "<select><option>HERE</option></select>",
  "<textarea>HERE</textarea>",
  "<noscript>HERE</noscript>",
  "<template>HERE</template>",
  "<form><button>HERE</button></form>",
];
const ELEMENTS =
  "a abbr article aside b bdi blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure footer h1 h2 h3 " +
  "h4 h5 h6 header hr i img ins kbd li mark nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot " +
  "th thead time tr tt u ul var wbr";
const ATTRIBUTES = "align alt class colspan datetime height href hreflang id lang rel rowspan scope span src start title width";

/** What a mail is made of. */
const OF_MAILS = ["div", "h1", "p", "strong", "code", "br"];

/** Opens the page, shows each of `pieces` ({ html, from }) in it, and fails where one did or held what it must not. */
export async function harmless(browser, pieces) {
  await watching(browser, "<!doctype html><title>A page</title><main></main>", async (page) => {
    await page.evaluate(prepare, { elements: ELEMENTS.split(" "), attributes: ATTRIBUTES.split(" ") });
    for (const piece of pieces) await page.evaluate(show, { ...piece, places: PLACES });
  });
}

/** Opens what mails hold as a page, and fails where it did anything or holds more than mails are made of. */
export async function quiet(browser, html) {
  await watching(browser, `<!doctype html><title>A page</title><main>${html}</main>`, async (page) => {
    const found = await page.evaluate((known) => {
      const elements = [...document.querySelectorAll("main *")];
      const strange = elements.filter(({ localName, attributes }) => !known.includes(localName) || [...attributes].some(({ name }) => !["style", "role", "aria-label"].includes(name)));
      return strange.map((element) => element.outerHTML);
    }, OF_MAILS);
    assert.deepEqual(found, []);
  });
}

/** Opens a page that reaches nothing, lets `use` do something with it, and fails where anything went wrong in it. */
async function watching(browser, body, use) {
  const context = await browser.newContext();
  const wrong = [];
  await context.route("**", (route) => {
    const request = route.request();
    if (request.url() === PAGE) return route.fulfill({ contentType: "text/html; charset=utf-8", body });
    if (request.resourceType() !== "image" || !/^https?:/u.test(request.url())) wrong.push(`asked for ${request.resourceType()} ${request.url()}`);
    return route.abort();
  });
  await context.exposeFunction("wentWrong", (what) => wrong.push(what));
  await context.addInitScript(() => {
    globalThis.__xss = () => globalThis.wentWrong(`a script ran: ${globalThis.shown ?? ""}`);
  });
  const page = await context.newPage();
  context.on("page", (other) => wrong.push(`opened ${other.url()}`));
  page.on("dialog", (dialog) => {
    wrong.push(`a dialog says ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on("console", (message) => {
    if (message.type() !== "error" || !message.text().startsWith("Failed to load resource")) wrong.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("framenavigated", (frame) => {
    if (frame.url().split("#")[0] !== PAGE) wrong.push(`went to ${frame.url()}`);
  });
  page.on("frameattached", () => wrong.push("a frame is there"));
  try {
    await page.goto(PAGE);
    await use(page);
    // What loads, fails to load or waits a little has its time.
    await page.waitForTimeout(500);
    assert.equal(await page.title(), "A page");
    assert.deepEqual(wrong, []);
  } finally {
    await context.close();
  }
}

/** In the page: what is watched, and what is allowed. */
function prepare({ elements, attributes }) {
  const main = document.querySelector("main");
  const tell = globalThis.wentWrong;
  // A link that leads to another page leads there in a moment; only a script in it would run at once.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a");
    // Within svg the address of a link is an object.
    const address = link?.href?.baseVal ?? link?.href;
    if (address && ["http:", "https:", "mailto:", "tel:"].includes(new URL(address, document.baseURI).protocol)) event.preventDefault();
  });
  // The form that stands around some of it is ours.
  document.addEventListener("submit", (event) => event.preventDefault());
  globalThis.watched = { main, tell, elements: new Set(elements), attributes: new Set(attributes), native: Object.getOwnPropertyNames(globalThis) };
}

/** In the page: shows some HTML in all places, twice, and does to it what a reader may do. */
async function show({ html, from, places }) {
  const { main, tell, elements, attributes } = globalThis.watched;
  globalThis.shown = `${JSON.stringify(from)} as ${html}`;
  const fault = (what) => tell(`${what}: ${globalThis.shown}`);
  const within = (root) => [...root.querySelectorAll("*")].flatMap((e) => (e instanceof HTMLTemplateElement ? [e, ...within(e.content)] : [e]));
  const look = (around) => {
    for (const element of within(main)) {
      const name = element.localName;
      if (!elements.has(name) && !around.includes(`<${name.toLowerCase()}`)) fault(`<${name}> is there`);
      for (const { name: attribute, value } of element.attributes) {
        if (!attributes.has(attribute)) fault(`<${name} ${attribute}> is there`);
        if (["href", "src"].includes(attribute) && !["http:", "https:", "mailto:", "tel:"].includes(new URL(value, document.baseURI).protocol)) fault(`${value} is there`);
        if (attribute === "id" && !value.startsWith("content-")) fault(`the id ${value} is there`);
      }
    }
  };
  const use = () => {
    for (const element of within(main)) {
      for (const type of ["pointerover", "mouseover", "mouseenter", "focus", "blur", "toggle", "animationstart", "wheel", "paste"]) element.dispatchEvent(new Event(type, { bubbles: true }));
      element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, view: window }));
    }
  };
  for (const place of places) {
    main.innerHTML = place.replace("HERE", () => html);
    look(place.toLowerCase());
    const once = main.cloneNode(true);
    main.innerHTML = main.innerHTML;
    if (place === places[0] && !once.isEqualNode(main)) fault(`it changes when it is parsed again, to ${main.innerHTML}`);
    look(place.toLowerCase());
    use();
  }
  // As the content of an element itself, by the rules of that element.
  for (const name of ["div", "svg", "math", "table", "select", "template", "title", "textarea", "iframe", "noscript"]) {
    const namespace = { svg: "http://www.w3.org/2000/svg", math: "http://www.w3.org/1998/Math/MathML" }[name] ?? "http://www.w3.org/1999/xhtml";
    const host = document.createElementNS(namespace, name);
    host.innerHTML = html;
    // What a frame holds as text is no part of the page: it is parsed and not shown.
    main.replaceChildren(...(name === "iframe" ? [] : [host]));
    look(`<${name}`);
    use();
  }
  for (const name of globalThis.Object.getOwnPropertyNames(globalThis)) {
    if (!globalThis.watched.native.includes(name) && !["shown", "watched"].includes(name)) fault(`window.${name} is there`);
  }
  main.replaceChildren();
  await new Promise((done) => setTimeout(done));
}
