// What the tests of texts that mean harm have in common: the texts, a server on which they may be written, and what no plain text may hold.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

const { ALLIANCE_EDITING_URL, ALLIANCE_ADMIN, ALLIANCE_EDITING_MAIL } = process.env;

/** Why nothing is tested, where nothing is. */
export const skip = ALLIANCE_EDITING_URL && ALLIANCE_ADMIN && ALLIANCE_EDITING_MAIL ? false : "ALLIANCE_EDITING_URL, ALLIANCE_ADMIN and ALLIANCE_EDITING_MAIL name no server, no admin and no mails";
/** Texts that mean harm, by the way in which they do. */
export const CORPUS = JSON.parse(await readFile(new URL("xss.json", import.meta.url), "utf8"));
/** A word by which they are found. */
export const WORD = "quokka";
/** Characters that control, or change the direction of others. */
export const REFUSED = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/u;
/** Where the server's mails are. */
export const mails = ALLIANCE_EDITING_MAIL;

/** A text without the characters that are refused: it means harm without them, too. */
export const clean = (text) => text.replaceAll(new RegExp(REFUSED, "gu"), "");
/** The beginning of a text. */
export const short = (text, most) => [...text].slice(0, most).join("");

/** Asks what must be answered. */
export async function ask(query, variables, token) {
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(`${ALLIANCE_EDITING_URL}/graphql`, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, `${JSON.stringify(variables)}: ${JSON.stringify(errors)}`);
  return data;
}

/** The token of the demo's admin. */
export async function admin() {
  const input = { email: "admin@demo.example", password: ALLIANCE_ADMIN };
  return (await ask("mutation ($input: SignInInput!) { signIn(input: $input) { accessToken } }", { input })).signIn.accessToken;
}
