import { describe, expect, test } from '@jest/globals';
import { createAddressGuard } from './address.ts';
import { InvalidInput } from './errors.ts';

describe('address guard', () => {
  test.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '100.100.100.200',
    '127.0.0.1',
    '127.255.255.254',
    '168.63.129.16',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.7',
    '203.0.113.9',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:a00:1',
    '::FFFF:169.254.169.254',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:2::1',
    '2001:10::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '4000::1',
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    '2001:db8::1%1',
    'fec0::1',
    'ff02::1',
    'example.com',
    '',
  ])('refuses %p', (address) => {
    expect(createAddressGuard().refusal(address)).not.toBeNull();
  });

  test.each([
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.1',
    '169.253.255.255',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '::ffff:8.8.8.8',
    '2001:4860:4860::8888',
    '2606:4700:4700::1111',
    '2a00:1450:4001::1',
  ])('lets %p through', (address) => {
    expect(createAddressGuard().refusal(address)).toBeNull();
  });

  test('an allowed network is let through in every form of its addresses, its neighbours are not', () => {
    const guard = createAddressGuard(['127.0.0.0/8', 'fd12::/16']);
    for (const address of ['127.0.0.1', '::ffff:127.0.0.1', 'fd12::1']) expect(guard.refusal(address)).toBeNull();
    for (const address of ['10.0.0.1', '::1', 'fd13::1', '::ffff:10.0.0.1']) {
      expect(guard.refusal(address)).not.toBeNull();
    }
  });

  test('says why', () => {
    const guard = createAddressGuard();
    expect(guard.refusal('::ffff:10.1.2.3')).toBe('a private network');
    expect(guard.hostRefusal('10.1.2.3')).toBe('10.1.2.3 is a private network');
    expect(guard.hostRefusal('localhost')).toBe('localhost is this machine');
  });

  test.each([
    ['localhost', true],
    ['LOCALHOST.', true],
    ['api.localhost', true],
    ['[::1]', true],
    ['[::ffff:7f00:1]', true],
    ['10.0.0.1', true],
    // The URL parser has made 127.0.0.1 of these before anybody asks.
    [new URL('http://0x7f.1').hostname, true],
    [new URL('http://2130706433').hostname, true],
    [new URL('http://0177.0.0.1').hostname, true],
    [new URL('http://127.1').hostname, true],
    [new URL('http://0').hostname, true],
    [new URL('http://①②⑦。0。0。1').hostname, true],
    [new URL('http://[0:0::10.0.0.1]').hostname, true],
    ['example.com', false],
    ['notlocalhost', false],
    ['8.8.8.8', false],
    ['[2606:4700:4700::1111]', false],
  ])('host %p is refused: %p', (hostname, refused) => {
    expect(createAddressGuard().hostRefusal(hostname) !== null).toBe(refused);
  });

  test('a host with a zone is no URL', () => {
    for (const host of ['[fe80::1%eth0]', '[fe80::1%25eth0]', '[::1%lo]']) {
      expect(() => new URL(`http://${host}/`)).toThrow('Invalid URL');
    }
  });

  test('localhost is allowed where one of its addresses is', () => {
    expect(createAddressGuard(['127.0.0.0/8']).hostRefusal('localhost')).toBeNull();
    expect(createAddressGuard(['::1/128']).hostRefusal('localhost')).toBeNull();
    expect(createAddressGuard(['10.0.0.0/8']).hostRefusal('localhost')).not.toBeNull();
  });

  test.each(['10.0.0.0', '10.0.0.0/33', 'fd00::/129', 'private', '10.0.0/8', '/8', '10.0.0.0/-1'])(
    '%p is no network',
    (network) => {
      expect(() => createAddressGuard([network])).toThrow(InvalidInput);
    },
  );
});
