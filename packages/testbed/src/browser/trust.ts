/** Owns how a browser comes to trust one world's certificate and nothing else: no trust store is touched. */
import { createHash, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:tls';

/** The SHA-256 of the public key behind an HTTPS address, base64, as Chromium's flag wants it (a leaf's; an authority's does nothing there). */
export async function leafSpki(issuer: string, caFile: string): Promise<string> {
  const { hostname, port } = new URL(issuer);
  const ca = await readFile(caFile, 'utf8');
  const socket = connect({ host: hostname, port: Number(port), servername: hostname, ca });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
    });
    const key = new X509Certificate(socket.getPeerCertificate(true).raw).publicKey;
    return createHash('sha256')
      .update(key.export({ type: 'spki', format: 'der' }))
      .digest('base64');
  } finally {
    socket.destroy();
  }
}

/** What a Chromium is started with for a world: it trusts that one key, and leaves the network outside alone. */
export function browserArguments(spki: string): string[] {
  return [
    `--ignore-certificate-errors-spki-list=${spki}`,
    '--disable-quic',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    // Chromium's own sandbox refuses to run as root, and containers are often root.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
}
