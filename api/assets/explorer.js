"use strict";
// Starts GraphiQL on this installation's own API: with examples, and with the token that is typed above it.
(() => {
  // What GraphiQL's dialogs put a style element into the page with.
  globalThis.__webpack_nonce__ = document.currentScript.nonce;

  const examples = [
    {
      query: `# Everything that the front page of an alliance shows, in one query.
# Run it with the button, or with Ctrl+Enter.
query FrontPage {
  alliance(slug: "nottingham-citizens") {
    name
    tagline
    institutionCount
    campaigns {
      nodes { title summary }
    }
    posts(first: 5) {
      nodes {
        title
        excerpt
        publishedAt
        author { name }
        campaigns { nodes { title } }
        reactions { label }
        share { url }
      }
    }
    events(first: 3) {
      nodes { title startsAt venue { name } }
    }
  }
}
`,
    },
    {
      query: `# One post, whole: its body in any form, who wrote it, what it belongs to.
query OnePost($slug: String!, $alliance: String!) {
  post(slug: $slug, alliance: $alliance) {
    title
    publishedAt
    readingMinutes
    body { html plainText }
    author { name title }
    campaigns { nodes { title } }
    institutions { nodes { name } }
    reactions {
      label
      byKind { kind count }
    }
    comments(first: 5) {
      nodes { authorName comment createdAt }
    }
  }
}
`,
      variables: JSON.stringify({ slug: "lunch-for-first-time-voters", alliance: "nottingham-citizens" }, null, 2),
    },
    {
      query: `# Full-text search over posts, campaigns, events and institutions.
query Search($words: String!) {
  search(query: $words, first: 10) {
    totalCount
    nodes {
      titleHtml
      excerptHtml
      subject {
        __typename
        ... on Post { slug publishedAt }
        ... on Event { slug startsAt }
      }
    }
  }
}
`,
      variables: JSON.stringify({ words: "hate crime" }, null, 2),
    },
    {
      query: `# Page by page: put the endCursor of one answer into "after" for the next.
query Pages($first: Int!, $after: String) {
  posts(first: $first, after: $after) {
    nodes { title publishedAt }
    pageInfo { hasNextPage endCursor }
  }
}
`,
      variables: JSON.stringify({ first: 2, after: null }, null, 2),
    },
    {
      query: `# Each post that is published from now on, as it happens. Stop it with the button.
subscription Live {
  postPublished {
    cursor
    post { title slug publishedAt }
  }
}
`,
    },
  ];

  const token = document.getElementById("token");

  async function ask(request, options) {
    const headers = {
      Accept: "application/graphql-response+json, application/json, text/event-stream",
      "Content-Type": "application/json",
      ...options?.headers,
    };
    const typed = token.value.trim().replace(/^bearer\s+/i, "");
    if (typed) headers.Authorization = `Bearer ${typed}`;
    const { operationName } = request;
    // For a moment after a change of tabs GraphiQL still names the operation of the tab before.
    const known = operationName && new RegExp(`\\b(query|mutation|subscription)\\s+${operationName}\\b`).test(request.query);
    const body = JSON.stringify(known ? request : { ...request, operationName: undefined });
    const response = await fetch("graphql", { method: "POST", headers, body });
    const lasts = response.headers.get("Content-Type")?.startsWith("text/event-stream");
    return lasts ? events(response.body.getReader()) : response.json();
  }

  /** The responses of a subscription, one after the other. GraphiQL's button ends them. */
  async function* events(reader) {
    const decoder = new TextDecoder();
    let read = "";
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        read += decoder.decode(value, { stream: true });
        const blocks = read.split("\n\n");
        read = blocks.pop();
        for (const block of blocks) {
          const lines = block.split("\n");
          if (lines.includes("event: complete")) return;
          const data = lines.find((line) => line.startsWith("data: "));
          if (data) yield JSON.parse(data.slice(6));
        }
      }
    } finally {
      reader.cancel();
    }
  }

  // GraphiQL's tabs are a list of buttons, each with another that closes it: a tab list may hold neither. Its editors have no
  // name, and where they are scrolled no place for the keyboard. It sets these attributes anew as it goes on.
  const names = {
    ".graphiql-query-editor textarea": "Query",
    ".graphiql-editor-tool > .graphiql-editor:nth-child(1) textarea": "Variables, as JSON",
    ".graphiql-editor-tool > .graphiql-editor:nth-child(2) textarea": "Headers, as JSON",
    ".result-window textarea": "Answer",
    ".graphiql-query-editor .CodeMirror-scroll": "Query, to scroll",
    ".graphiql-editor-tool > .graphiql-editor:nth-child(1) .CodeMirror-scroll": "Variables, to scroll",
    ".graphiql-editor-tool > .graphiql-editor:nth-child(2) .CodeMirror-scroll": "Headers, to scroll",
    ".result-window .CodeMirror-scroll": "Answer, to scroll",
    ".graphiql-doc-explorer-search input": "Search the documentation",
  };

  function set(element, name, value) {
    if (value === null ? element.hasAttribute(name) : element.getAttribute(name) !== value) {
      if (value === null) element.removeAttribute(name);
      else element.setAttribute(name, value);
    }
  }

  function mend() {
    for (const [selector, name] of Object.entries(names)) {
      for (const element of document.querySelectorAll(selector)) set(element, "aria-label", name);
    }
    for (const area of document.querySelectorAll(".CodeMirror-scroll")) {
      set(area, "tabindex", "0");
      set(area, "role", "group");
    }
    for (const list of document.querySelectorAll(".graphiql-tabs")) set(list, "role", "list");
    for (const tab of document.querySelectorAll(".graphiql-tabs > li")) {
      set(tab, "role", "listitem");
      set(tab, "aria-selected", null);
      const button = tab.querySelector(".graphiql-tab-button");
      if (button) set(button, "aria-current", tab.classList.contains("graphiql-tab-active") ? "true" : null);
    }
    const session = document.getElementById("graphiql-session");
    if (session) set(session, "role", "region");
    for (const past of document.querySelectorAll(".graphiql-history-item-label")) set(past, "aria-label", null);
  }

  const explorer = document.getElementById("explorer");
  const changes = { childList: true, subtree: true, attributeFilter: ["aria-selected", "aria-label", "role", "tabindex"] };
  new MutationObserver(mend).observe(explorer, changes);

  // GraphiQL promises this key, and listens for it on a Mac alone.
  document.addEventListener("keydown", (event) => {
    const search = document.querySelector(".graphiql-doc-explorer-search input");
    if (!search || !event.ctrlKey || event.key !== "k") return;
    event.preventDefault();
    search.focus();
  });

  ReactDOM.createRoot(explorer).render(
    React.createElement(GraphiQL, {
      fetcher: ask,
      defaultTabs: examples,
      // A header may be a secret: none is written to the browser's storage.
      shouldPersistHeaders: false,
      showPersistHeadersSettings: false,
    }),
  );
})();
