/** Which page is served, and which ways to sign in it offers. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { describeFileError } from './files.ts';
import type { Findings } from './findings.ts';
import type { Settings } from './schema.ts';
import type { PageConfig } from './server-config.ts';

export function resolvePage(settings: Settings, findings: Findings): PageConfig {
  const hideTokenLogin = settings['hide-token-login'];
  const hasOtherWay = settings['proxy-auth'] || findings.isAskedFor('oidc-client-id');
  if (hideTokenLogin && !hasOtherWay)
    findings.warn(
      '--hide-token-login leaves the page without any way to sign in: no provider and no --proxy-auth is set.',
    );
  return {
    staticDir: resolveFolder(settings['html-static-dir'], findings),
    autoLogin: settings['auto-login'],
    hideTokenLogin,
  };
}

function resolveFolder(folder: string | undefined, findings: Findings): string | null {
  if (folder === undefined) return null;
  const path = resolve(folder);
  try {
    if (statSync(path).isDirectory()) return path;
    findings.report('html-static-dir', `names ${folder}, which is not a folder.`);
  } catch (error) {
    findings.report('html-static-dir', `names ${folder}, which ${describeFileError(error)}.`);
  }
  return null;
}
