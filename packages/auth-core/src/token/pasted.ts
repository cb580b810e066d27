/** Judges the form of a token somebody pasted, before any cluster is asked about it. */
import type { PastedToken } from '../brands.ts';
import { accept, type Result, refuse } from '../result.ts';

/** RFC 6750, section 2.1: the only characters a bearer token may have. */
const B64TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/** People copy a whole header as often as the token in it. */
const SCHEME = /^bearer\s+/i;

/**
 * Trims, and takes a leading `Bearer` off. A blank token is refused here because an API server would take it for an anonymous
 * request and answer 403 or even 200, which looks like a sign-in.
 */
export function judgePastedToken(raw: string): Result<PastedToken> {
  const token = raw.trim().replace(SCHEME, '');
  if (token === '' || /^bearer$/i.test(token)) return refuse({ reason: 'token_blank' });
  if (!B64TOKEN.test(token)) return refuse({ reason: 'token_malformed' });
  // Its form was checked on the line above; that is all this type promises.
  return accept(token as PastedToken);
}
