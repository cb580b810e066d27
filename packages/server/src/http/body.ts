/** Reads a small body, JSON or a form, and nothing that is larger or of another kind. */
import { accept, type Result, refuse } from '@lamplighter/auth-core';
import { BODY_MAX_BYTES } from '../constants.ts';

/**
 * The content type is demanded, not assumed: a form on another site can send `text/plain` without asking first, but for JSON its browser
 * must ask us, and we never say yes.
 */
export async function readJsonBody(request: Request): Promise<Result<unknown>> {
  const text = await readText(request, 'application/json');
  if (!text.ok) return text;
  try {
    return accept(JSON.parse(text.value));
  } catch {
    return refuse({ reason: 'body_malformed' });
  }
}

/** For callers that are no browsers only: any site may make a browser send a form. */
export async function readFormBody(request: Request): Promise<Result<URLSearchParams>> {
  const text = await readText(request, 'application/x-www-form-urlencoded');
  return text.ok ? accept(new URLSearchParams(text.value)) : text;
}

async function readText(request: Request, expected: string): Promise<Result<string>> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== expected) return refuse({ reason: 'content_type_refused' });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > BODY_MAX_BYTES) return refuse({ reason: 'body_too_large', limitBytes: BODY_MAX_BYTES });
    chunks.push(chunk);
  }
  return accept(Buffer.concat(chunks).toString('utf8'));
}
