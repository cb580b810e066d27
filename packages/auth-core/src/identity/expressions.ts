/** Owns the language in which an operator says where claims name a person: JMESPath expressions, separated by commas. */
import { compile, type JSONValue, search } from '@jmespath-community/jmespath';

const QUOTES: ReadonlySet<string> = new Set(['"', "'", '`']);
const OPENING: ReadonlySet<string> = new Set(['[', '(', '{']);
const CLOSING: ReadonlySet<string> = new Set([']', ')', '}']);

/**
 * Splits at the commas that stand outside quotes and brackets, and drops blank items.
 * @returns the expressions in order; undefined as soon as one is no JMESPath expression.
 */
export function parseExpressions(list: string): readonly string[] | undefined {
  const expressions = splitList(list)
    .map((item) => item.trim())
    .filter((item) => item !== '');
  return expressions.every(compiles) ? expressions : undefined;
}

/**
 * @param claims - plain JSON.
 * @returns what the expression finds; undefined when it finds nothing or does not fit the shape of these claims. Never throws.
 */
export function evaluate(expression: string, claims: JSONValue): unknown {
  try {
    return search(claims, expression) ?? undefined;
  } catch {
    // A function applied to another type than it takes: for these claims the expression names nobody.
    return undefined;
  }
}

function splitList(list: string): readonly string[] {
  const items: string[] = [];
  let item = '';
  let quote: string | undefined;
  let depth = 0;
  for (let at = 0; at < list.length; at++) {
    const character = list.charAt(at);
    if (quote === undefined && depth === 0 && character === ',') {
      items.push(item);
      item = '';
      continue;
    }
    item += character;
    if (quote !== undefined) {
      // What a backslash protects ends no quotation.
      if (character === '\\') item += list.charAt(++at);
      else if (character === quote) quote = undefined;
    } else if (QUOTES.has(character)) quote = character;
    else if (OPENING.has(character)) depth++;
    else if (CLOSING.has(character)) depth--;
  }
  return [...items, item];
}

function compiles(expression: string): boolean {
  try {
    compile(expression);
    return true;
  } catch {
    return false;
  }
}
