/** Reads a request's headers as they came: Node's own `headers` joins repeats, and a repeat is what has to be seen. */

/** Every value of a header, in order. @param name - lower case. */
export function headerValues(rawHeaders: readonly string[], name: string): readonly string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);
}
