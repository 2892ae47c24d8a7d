import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { InvalidInput } from './errors.ts';

/** Keeps requests to tenants' URLs out of networks that are not the public internet (SSRF). */
export interface AddressGuard {
  /** What an IP address is that no connection may be made to, or null if one may. To be asked about the address actually connected to. */
  refusal(address: string): string | null;
  /** Why the host of a URL may not be connected to, where that can be told without asking DNS: literal addresses and localhost. */
  hostRefusal(hostname: string): string | null;
}

const IPV4_REFUSED = {
  'a private network': ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  'this machine': ['127.0.0.0/8'],
  unspecified: ['0.0.0.0/8'],
  'link-local, where clouds keep their metadata': ['169.254.0.0/16'],
  // Azure's; the other clouds' are in ranges refused anyway.
  'a metadata service': ['168.63.129.16/32'],
  'shared by a carrier (CGNAT)': ['100.64.0.0/10'],
  multicast: ['224.0.0.0/4'],
  reserved: ['192.0.0.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.175.48.0/24', '240.0.0.0/4'],
  'for documentation': ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'],
  'for benchmarks': ['198.18.0.0/15'],
  'a 6to4 relay': ['192.88.99.0/24'],
};

const IPV6_REFUSED = {
  'this machine': ['::1/128'],
  unspecified: ['::/128'],
  'an embedded IPv4 address': ['::/96'],
  'an IPv4 address behind NAT64': ['64:ff9b::/96', '64:ff9b:1::/48'],
  'an IPv4 address behind 6to4': ['2002::/16'],
  'for IETF protocols (Teredo, benchmarks and others)': ['2001::/23'],
  'for documentation': ['2001:db8::/32', '3fff::/20'],
  'a unique local network': ['fc00::/7'],
  'link-local': ['fe80::/10', 'fec0::/10'],
  multicast: ['ff00::/8'],
  // What remains beside global unicast, 2000::/3.
  reserved: ['::/3', '4000::/2', '8000::/1'],
};

type Refused = { why: string; range: BlockList }[];

const ipv4Refused = ranges(IPV4_REFUSED, 'ipv4');
const ipv6Refused = ranges(IPV6_REFUSED, 'ipv6');

/**
 * @param allowed networks (CIDR) that may be reached although they are not public
 * @throws InvalidInput if one of them is no network
 */
export function createAddressGuard(allowed: readonly string[] = []): AddressGuard {
  // A list for each family: in one list Node compares IPv4 addresses with IPv6 ranges, and ::/3 would refuse all of them.
  const allowedIpv4 = new BlockList();
  const allowedIpv6 = new BlockList();
  for (const network of allowed) {
    const { address, prefix, family } = parseNetwork(network);
    (family === 'ipv4' ? allowedIpv4 : allowedIpv6).addSubnet(address, prefix, family);
  }

  function refusal(address: string): string | null {
    const plain = unmap(address);
    if (isIPv4(plain)) return allowedIpv4.check(plain, 'ipv4') ? null : firstRefusal(ipv4Refused, plain, 'ipv4');
    // An address with a zone (fe80::1%eth0) is link-local, and Node's lists can't compare it.
    if (!isIPv6(plain) || plain.includes('%')) return 'no address that can be checked';
    return allowedIpv6.check(plain, 'ipv6') ? null : firstRefusal(ipv6Refused, plain, 'ipv6');
  }

  return {
    refusal,
    hostRefusal(hostname) {
      const literal = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
      let what = isIPv4(literal) || isIPv6(literal) ? refusal(literal) : null;
      // Whichever of its two addresses may be reached is enough: that one will be connected to.
      if (isLocalhost(hostname)) what = refusal('::1') && refusal('127.0.0.1');
      return what === null ? null : `${literal} is ${what}`;
    },
  };
}

/** `localhost` and every name below it mean this machine, whatever DNS says (RFC 6761). */
export function isLocalhost(hostname: string): boolean {
  return /(^|\.)localhost\.?$/i.test(hostname);
}

/** The IPv4 address of its IPv6 forms `::ffff:127.0.0.1` and `::ffff:7f00:1`; anything else as it is. */
function unmap(address: string): string {
  if (!address.includes(':') || address.includes('%') || !isIPv6(address)) return address;
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (mapped === null) return address;
  const [high, low] = [Number.parseInt(mapped[1] as string, 16), Number.parseInt(mapped[2] as string, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function firstRefusal(refused: Refused, address: string, family: 'ipv4' | 'ipv6'): string | null {
  for (const { why, range } of refused) if (range.check(address, family)) return why;
  return null;
}

function ranges(table: Record<string, string[]>, family: 'ipv4' | 'ipv6'): Refused {
  return Object.entries(table).map(([why, networks]) => {
    const range = new BlockList();
    for (const network of networks) {
      const { address, prefix } = parseNetwork(network);
      range.addSubnet(address, prefix, family);
    }
    return { why, range };
  });
}

function parseNetwork(network: string): { address: string; prefix: number; family: 'ipv4' | 'ipv6' } {
  const [address = '', length = ''] = network.split('/');
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if ((family === 'ipv6' && !isIPv6(address)) || prefix < 0 || prefix > (family === 'ipv4' ? 32 : 128)) {
    throw new InvalidInput(`"${network}" is no network; write it like 10.1.0.0/16 or fd00::/8`);
  }
  return { address, prefix, family };
}
