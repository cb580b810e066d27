import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:https';
import { Agent, fetch } from 'undici';
import { describe, expect, it } from 'vitest';
import { createAuthority } from './authority.ts';

describe("a world's authority", () => {
  it('signs a server certificate that a client given the authority accepts, for the names in it', async () => {
    const authority = await createAuthority('test');
    const leaf = await authority.issue({ commonName: 'relay', serves: ['localhost', '127.0.0.1'] });
    const server = createServer({ cert: leaf.certificate, key: leaf.key }, (_request, response) =>
      response.end('hello'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const trusting = new Agent({ connect: { ca: authority.certificate } });
    const foreign = new Agent({ connect: { ca: (await createAuthority('other')).certificate } });
    try {
      const answer = await fetch(`https://127.0.0.1:${port}/`, { dispatcher: trusting });
      expect(await answer.text()).toBe('hello');
      await expect(fetch(`https://127.0.0.1:${port}/`, { dispatcher: foreign })).rejects.toThrow();
    } finally {
      await Promise.all([trusting.destroy(), foreign.destroy()]);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it("puts a client's name and group where Kubernetes reads them", async () => {
    const authority = await createAuthority('test');
    const { certificate } = await authority.issue({ commonName: 'ada', organization: 'system:masters' });
    const read = new X509Certificate(certificate);
    expect(read.subject.split('\n').sort()).toEqual(['CN=ada', 'O=system:masters']);
    expect(read.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect(read.subjectAltName).toBeUndefined();
  });
});
