/** Reads which addresses may speak for a browser (`--trusted-proxies`), and says of an address whether it may. */
import { BlockList, isIP } from 'node:net';

/** Addresses, CIDR ranges, or `loopback`; the form was judged. */
export type ProxyRange = { readonly address: string; readonly prefix: number; readonly family: 'ipv4' | 'ipv6' };

const LOOPBACK: readonly ProxyRange[] = [
  { address: '127.0.0.0', prefix: 8, family: 'ipv4' },
  { address: '::1', prefix: 128, family: 'ipv6' },
];

/** @param list - separated by commas. Undefined as soon as one item is none of the three. */
export function parseTrustedProxies(list: string): readonly ProxyRange[] | undefined {
  const ranges = list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map(parseRange);
  return ranges.length > 0 && ranges.every((range) => range !== undefined) ? ranges.flat() : undefined;
}

function parseRange(item: string): readonly ProxyRange[] | undefined {
  if (item === 'loopback') return LOOPBACK;
  const [, address = '', written] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(item) ?? [];
  const version = isIP(address);
  if (version === 0) return undefined;
  const longest = version === 4 ? 32 : 128;
  const prefix = written === undefined ? longest : Number(written);
  return prefix > longest ? undefined : [{ address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' }];
}

/** @returns whether an address, as a socket names its other end, is in one of the ranges. */
export function createProxyTrust(ranges: readonly ProxyRange[]): (remoteAddress: string | undefined) => boolean {
  const trusted = new BlockList();
  for (const { address, prefix, family } of ranges) trusted.addSubnet(address, prefix, family);
  return (remoteAddress = '') => {
    // A socket that listens for both families names IPv4 in IPv6's mapped form; a link-local address has its interface behind it.
    const address = remoteAddress.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
    return isIP(address) !== 0 && trusted.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
  };
}
