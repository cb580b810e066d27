/** How long sessions last, where they are kept, and with which keys. */
import { SEALING_KEY_BYTES } from '../constants.ts';
import type { Findings } from './findings.ts';
import type { Settings } from './schema.ts';
import type { SessionsConfig, StoreConfig } from './server-config.ts';

export function resolveSessions(settings: Settings, findings: Findings): SessionsConfig {
  const ttlSeconds = settings['session-ttl'];
  const idleTtlSeconds = settings['session-idle-ttl'] ?? null;
  if (idleTtlSeconds !== null && idleTtlSeconds > ttlSeconds && !findings.isRejected('session-ttl'))
    findings.report('session-idle-ttl', `is longer than --session-ttl=${ttlSeconds}, so it would never end a session.`);
  const store = settings['session-store'];
  if (settings['session-key-file'] === undefined) judgeMissingKeys(store.kind, findings);
  return { ttlSeconds, idleTtlSeconds, store, keys: readKeys(settings['session-key-file'], findings) };
}

function judgeMissingKeys(store: StoreConfig['kind'], findings: Findings): void {
  if (store === 'redis')
    findings.report(
      'session-key-file',
      'is missing: replicas that share a Redis or Valkey store must share their keys too, or a login begun on one could not end on another.',
    );
  if (store === 'file')
    findings.warn(
      'No --session-key-file is set: at a restart logins in flight are lost, and sessions from before it can no longer be listed or ended for their person.',
    );
}

function readKeys(file: string | undefined, findings: Findings): readonly Uint8Array[] {
  const text = file === undefined ? null : findings.readText('session-key-file', file);
  if (text === null) return [];
  const lines = text.split('\n').map((line) => line.trim());
  const keys = lines.filter((line) => line !== '').map((line) => Buffer.from(line, 'base64'));
  if (keys.length === 0 || keys.some((key) => key.length !== SEALING_KEY_BYTES)) {
    const accepted = `one key a line, each ${SEALING_KEY_BYTES} bytes in base64 (openssl rand -base64 ${SEALING_KEY_BYTES})`;
    findings.report('session-key-file', `names ${file}; accepted: ${accepted}.`);
  }
  return keys;
}
