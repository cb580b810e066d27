/** The codes the server tells a page, as docs/errors.md lists them, so that the page's own lists can be held against them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PublicCode {
  readonly status: number;
  readonly code: string;
}

const PAGE = join(import.meta.dirname, '../../../../docs/errors.md');

/** A row of the table: reason in the log, status, code. */
const ROW = /^\| `\w+` \| (\d{3}) \| `(\w+)` \|/gm;

export function readPublicCodes(): readonly PublicCode[] {
  const codes = [...readFileSync(PAGE, 'utf8').matchAll(ROW)];
  if (codes.length === 0) throw new Error(`${PAGE} lists no codes`);
  return codes.map(([, status, code = '']) => ({ status: Number(status), code }));
}
