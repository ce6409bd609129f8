// The server under test, as every test reaches it.

import { readFileSync } from 'node:fs';

/** The address of the schema that is committed. */
export const schemaFile = new URL('../../schema.graphql', import.meta.url);

/** The schema that is committed. */
export const schemaText = () => readFileSync(schemaFile, 'utf8');

/** Where GraphQL is served with the settings by default. */
export const endpoint = graphql(process.env.ALLIANCE_URL);

/** Where it is served with the status codes of September 2026; undefined where there is no such server. */
export const endpoint2026 = graphql(process.env.ALLIANCE_URL_2026);

/** The media type of GraphQL's answers. */
export const GRAPHQL = 'application/graphql-response+json';

/** The media type of JSON. */
export const JSON_TYPE = 'application/json';

/** Posts one request; text goes as it is, everything else as JSON. */
export function post(request, { url = endpoint, accept = GRAPHQL, headers = {} } = {}) {
  const body = typeof request === 'string' ? request : JSON.stringify(request);
  return fetch(url, { method: 'POST', headers: { 'content-type': JSON_TYPE, accept, ...headers }, body });
}

/** Asks by GET; what is no text goes as JSON. */
export function get(parameters, { url = endpoint, accept = GRAPHQL, method = 'GET' } = {}) {
  const address = new URL(url);
  for (const [name, value] of Object.entries(parameters)) {
    address.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return fetch(address, { method, headers: { accept } });
}

/** A `fetch` that keeps what was sent and what came back: `{ method, url, body, status, answer }`. */
export function recordingFetch() {
  const seen = [];
  const record = async (input, init = {}) => {
    const response = await fetch(input, init);
    const answer = await response.clone().json().catch(() => undefined);
    const body = typeof init.body === 'string' ? JSON.parse(init.body) : undefined;
    seen.push({ method: init.method ?? 'GET', url: new URL(String(input)), body, status: response.status, answer });
    return response;
  };
  return { fetch: record, seen };
}

function graphql(address) {
  return address && new URL('/graphql', address).href;
}
