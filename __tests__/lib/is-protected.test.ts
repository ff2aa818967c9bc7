import { expect, test } from '@jest/globals'
import { isProtected } from '../../src/lib/is-protected.ts'

test.each<[string, string, boolean]>([
  ['an address with TLS', 'https://a.example', true],
  ['this machine by name', 'http://localhost:8080', true],
  ['this machine in IPv4', 'http://127.0.0.1', true],
  ['another of its addresses', 'http://127.1.2.3:80', true],
  ['this machine in IPv6', 'http://[::1]:9', true],
  ['an address without TLS', 'http://a.example', false],
  ['a name that begins like this machine', 'http://localhost.a.example', false],
  ['a name that begins like its address', 'http://127.0.0.1.a.example', false],
  ['a private address', 'http://192.168.0.1', false],
  ['another protocol', 'ftp://127.0.0.1', false],
])('knows of %s whether it is protected', (_, address, expected) => {
  expect(isProtected(new URL(address))).toBe(expected)
})
