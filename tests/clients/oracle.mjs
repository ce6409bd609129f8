// graphql-js as the judge: may this document be executed against our schema, and if not, what refuses it?

import {
  buildSchema, getOperationAST, getVariableValues, GraphQLError, Kind, parse, specifiedRules, validate,
} from 'graphql';

import { schemaText } from './server.mjs';

/** The reasons why graphql-js refuses a request; empty where it would execute it. */
export function reasons({ document, variables = {}, operation }) {
  const parsed = parsedOrUndefined(document);
  if (!parsed) return ['syntax'];
  const broken = specifiedRules.filter((rule) => validate(schema, parsed, [rule]).length > 0);
  if (broken.length > 0) return broken.map((rule) => rule.name.replace(/Rule$/u, ''));
  const chosen = getOperationAST(parsed, operation);
  if (!chosen) return ['operation'];
  const values = getVariableValues(schema, chosen.variableDefinitions ?? [], variables);
  return values.errors ? ['variables'] : [];
}

const schema = ours();

/** Our schema, with scalars as strict as the server's. */
function ours() {
  const built = buildSchema(schemaText());
  strict(built.getType('DateTime'), isMoment);
  strict(built.getType('Date'), isDay);
  return built;
}

function strict(scalar, fits) {
  const value = (given) => {
    if (typeof given === 'string' && fits(given)) return given;
    throw new GraphQLError(`${scalar.name} cannot be ${JSON.stringify(given)}`);
  };
  scalar.parseValue = value;
  scalar.parseLiteral = (node) => value(node.kind === Kind.STRING ? node.value : undefined);
}

function isMoment(text) {
  const parts = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/iu.exec(text);
  return parts !== null && isDay(parts[1]);
}

function isDay(text) {
  const day = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/u.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function parsedOrUndefined(document) {
  try {
    return parse(document);
  } catch (error) {
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
}
