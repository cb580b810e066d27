/** Owns looking through a finished report for live secrets: reports are shown to others. It names files, never what it found. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { WRITTEN } from './report-folder.ts';

/** Three base64url parts, the first of which opens a JSON object. */
const JWT = /eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/;
/** A session cookie's value, `1.<16 bytes>.<32 bytes>` in base64url; journeys refuse a ticket of another form. */
const TICKET = /1\.[\w-]{22}\.[\w-]{43}/;
/** Long enough for a client secret; the HTML report is a zip in one such run. */
const BASE64 = /[A-Za-z0-9+/]{40,}={0,2}/g;

// Zip file format (PKWARE APPNOTE.TXT, 4.3): an end record points to a directory, which points to each entry.
const ZIP_START = Buffer.from('PK\x03\x04');
const ZIP_END = Buffer.from('PK\x05\x06');
const ZIP_STORED = 0;

function* entriesOf(zip: Buffer): Generator<[name: string, content: Buffer]> {
  const end = zip.lastIndexOf(ZIP_END);
  if (end === -1) throw new Error('A zip ends with its directory.');
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const method = zip.readUInt16LE(at + 10);
    const packed = zip.readUInt32LE(at + 20);
    const nameLength = zip.readUInt16LE(at + 28);
    const restLength = zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    const header = zip.readUInt32LE(at + 42);
    const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
    const content = zip.subarray(start, start + packed);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    yield [name, method === ZIP_STORED ? content : inflateRawSync(content)];
    at += 46 + nameLength + restLength;
  }
}

/** Every text in there, however it is wrapped. */
function* textsOf(bytes: Buffer): Generator<string> {
  if (bytes.subarray(0, ZIP_START.length).equals(ZIP_START)) {
    for (const [name, content] of entriesOf(bytes)) {
      yield name;
      yield* textsOf(content);
    }
    return;
  }
  // All that is looked for is ASCII, and this keeps every byte.
  const text = bytes.toString('latin1');
  yield text;
  for (const [run] of text.matchAll(BASE64)) yield* textsOf(Buffer.from(run, 'base64'));
}

function wrongWith(bytes: Buffer, clientSecret: string): string[] {
  const wrong = new Set<string>();
  try {
    for (const text of textsOf(bytes)) {
      if (JWT.test(text)) wrong.add('holds something that looks like a token');
      if (TICKET.test(text)) wrong.add("holds something that looks like a session's ticket");
      if (text.includes(clientSecret)) wrong.add("holds the provider's client secret");
    }
  } catch {
    wrong.add("holds a zip that can't be looked through");
  }
  return [...wrong];
}

/** Only what a run of the journeys wrote: what else is there is not ours to read. */
async function writtenFiles(folder: string): Promise<string[]> {
  const top = (await readdir(folder, { withFileTypes: true })).filter(({ name }) =>
    WRITTEN.some((one) => one === name),
  );
  const deep = top.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  const below = await Promise.all(deep.map((path) => readdir(path, { recursive: true, withFileTypes: true })));
  return [...top, ...below.flat()]
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

/** A sentence for each file of a report that holds what it must not, however deep it is wrapped there. */
export async function leaksIn(folder: string, clientSecret: string): Promise<string[]> {
  const leaks: string[] = [];
  for (const file of await writtenFiles(folder)) {
    const wrong = wrongWith(await readFile(file), clientSecret);
    if (wrong.length > 0) leaks.push(`${relative(folder, file)} ${wrong.join(' and ')}.`);
  }
  return leaks;
}
