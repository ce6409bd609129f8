// How much hostile documents take from everybody else: the p99 of a small query alone, while 200 small queries arrive at once each
// second, and while 200 hostile documents do. Compare them: this program takes its part of the machine, too.
//
//   ALLIANCE_URL=http://127.0.0.1:8080 node tests/load/hostile.mjs [seconds]
//
// It wants wrk, and a server that is built for release.

import { spawn } from 'node:child_process';
import http from 'node:http';
import { writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const address = process.env.ALLIANCE_URL ?? 'http://127.0.0.1:8080';
const seconds = Number(process.argv[2] ?? 15);
const AT_ONCE = 200;
const script = fileURLToPath(new URL('./post.lua', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'alliance-hostile-'));
const body = join(folder, 'query.json');
writeFileSync(body, JSON.stringify({ query: '{ posts(first: 5) { nodes { title author { name } } } }' }));

/** Documents that are dear to parse, to validate or to refuse; `n` makes each one new. */
const documents = [
  (n) => `{ a${n}: nodes(ids: ${'['.repeat(100)}${']'.repeat(100)}) { id } }`,
  (n) => `{ ...f0 } fragment f0 on Query { a${n}: __typename ${'...f1 '.repeat(2)} }` + chain(1, 40),
  (n) => `{ a${n}: alliances { nodes { ${'posts(first: 1) { nodes { id title } } '.repeat(140)} } } }`,
  (n) => `{ a${n}: alliances { ${Array.from({ length: 1000 }, (_, i) => `x${i}`).join(' ')} } }`,
  (n) => `{ a${n}: __schema { types { name fields { name args { name type { name ofType { name ofType { name } } } } } } } }`,
  (n) => `{ a${n}: posts(first: 100) { nodes { campaigns(first: 100) { nodes { posts(first: 100) { totalCount } } } } } }`,
];

function chain(from, to) {
  let text = '';
  for (let i = from; i < to; i += 1) text += ` fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`;
  return `${text} fragment f${to} on Query { __typename }`;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });
let sent = 0;

function ask(query) {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const request = http.request(`${address}/graphql`, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(performance.now() - began));
    });
    request.on('error', reject);
    request.end(JSON.stringify({ query }));
  });
}

async function burst(of) {
  const asked = Array.from({ length: AT_ONCE }, () => of[sent % of.length](sent++));
  return Promise.all(asked.map(ask));
}

/** Requests a second, p50 and p99 in ms of the small query. */
function victims() {
  const wrk = spawn('wrk', ['-t1', '-c8', `-d${seconds}s`, '--latency', '-s', script, `${address}/graphql`], { env: { ...process.env, BODY: body } });
  let text = '';
  wrk.stdout.on('data', (data) => (text += data));
  return new Promise((resolve) => wrk.on('close', () => resolve(text.trim().split('\n').at(-1).split(' ').map(Number))));
}

/** The small query beside bursts of some documents, and how long those took. */
async function beside(documents) {
  const running = victims();
  const times = [];
  for (let second = 0; second < seconds; second += 1) {
    const began = performance.now();
    times.push(...(await burst(documents)));
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, 1000 - (performance.now() - began))));
  }
  return [await running, times.sort((a, b) => a - b)];
}

const alone = await victims();
const [besideSmall] = await beside([() => '{ __typename }']);
const [besideHostile, times] = await beside(documents);
agent.destroy();
const at = (part) => times[Math.floor(part * (times.length - 1))].toFixed(1);
console.log('| small query | requests/s | p50 ms | p99 ms | errors |\n| --- | --- | --- | --- | --- |');
for (const [name, [rate, p50, p99, errors]] of [['alone', alone], ['beside 200 small queries at once', besideSmall], ['beside 200 hostile documents at once', besideHostile]]) {
  console.log(`| ${name} | ${rate} | ${p50} | ${p99} | ${errors} |`);
}
console.log(`\n${times.length} hostile documents, ${AT_ONCE} at once: answered in p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, the last ${at(1)} ms.`);
