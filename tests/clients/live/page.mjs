// The posts of an alliance with their reactions, which change as people react, and new posts as they are published.
// `?api=` names the address of the API.

const api = new URL(new URLSearchParams(location.search).get('api'));
const alliance = 'nottingham-citizens';
const [state, posts] = ['state', 'posts'].map((id) => document.getElementById(id));
const shown = new Map();

const client = graphqlWs.createClient({
  url: `${api.origin.replace('http', 'ws')}/graphql`,
  shouldRetry: () => true,
  retryAttempts: Infinity,
  on: {
    connected: () => (state.textContent = 'Live'),
    closed: () => (state.textContent = 'Connecting again'),
  },
});

function show({ id, title, reactions }, first) {
  if (shown.has(id)) return;
  const item = document.createElement('li');
  const [heading, sum] = [document.createElement('strong'), document.createElement('output')];
  heading.textContent = title;
  sum.textContent = reactions.label;
  item.dataset.id = id;
  item.append(heading, ' ', sum);
  first ? posts.prepend(item) : posts.append(item);
  shown.set(id, sum);
  // How it stands comes at once, whenever the socket is opened: there is nothing to resume.
  follow('subscription Sums($id: ID!) { reactionsChanged(subject: $id) { reactions { label } } }', { id }, ({ reactionsChanged }) => {
    sum.textContent = reactionsChanged.reactions?.label ?? '';
  });
}

/** The variables are sent as they are when the client connects again: so it resumes behind the last event. */
function follow(query, variables, next) {
  client.subscribe({ query, variables }, { next: ({ data }) => data && next(data), error: (e) => console.error(e), complete() {} });
}

const query = 'query Posts($slug: String!) { alliance(slug: $slug) { posts { nodes { id title reactions { label } } } } }';
const headers = { 'content-type': 'application/json' };
const response = await fetch(`${api.origin}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables: { slug: alliance } }) });
for (const post of (await response.json()).data.alliance.posts.nodes) show(post);

const published = { alliance };
follow(
  'subscription New($alliance: String!, $after: String) { postPublished(alliance: $alliance, after: $after) { cursor post { id title reactions { label } } } }',
  published,
  ({ postPublished }) => {
    published.after = postPublished.cursor;
    show(postPublished.post, true);
  },
);
