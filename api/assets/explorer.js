"use strict";
// Starts GraphiQL on this installation's own API: with examples, and with the token that is typed above it.
(() => {
  // What GraphiQL's dialogs put a style element into the page with.
  globalThis.__webpack_nonce__ = document.currentScript.nonce;

  const examples = [
    {
      query: `# Everything that the front page of an alliance shows, in one query.
# Run it with the round button, or with Ctrl+Enter.
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
  ];

  const token = document.getElementById("token");

  async function ask(request, options) {
    const headers = {
      Accept: "application/graphql-response+json, application/json",
      "Content-Type": "application/json",
      ...options?.headers,
    };
    const typed = token.value.trim().replace(/^bearer\s+/i, "");
    if (typed) headers.Authorization = `Bearer ${typed}`;
    const response = await fetch("graphql", { method: "POST", headers, body: JSON.stringify(request) });
    return response.json();
  }

  ReactDOM.createRoot(document.getElementById("explorer")).render(
    React.createElement(GraphiQL, { fetcher: ask, defaultTabs: examples, shouldPersistHeaders: false, showPersistHeadersSettings: false }),
  );
})();
