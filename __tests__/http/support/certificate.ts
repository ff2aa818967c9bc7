import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { TemporaryFolder } from '../../support/temporary-folder.ts'

export interface Certificate {
  readonly key: string
  readonly cert: string
  /** Path of `cert`, for NODE_EXTRA_CA_CERTS. */
  readonly certFile: string
}

/** A key and a certificate for this host that is its own authority. */
export async function makeCertificate(
  folder: TemporaryFolder,
  host = '127.0.0.1',
): Promise<Certificate> {
  const keyFile = folder.at('key.pem')
  const certFile = folder.at('cert.pem')
  await folder.write('openssl.cnf', '[req]\ndistinguished_name = name\n[name]\n')
  await promisify(execFile)('openssl', [
    ...[
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-sha256',
      '-days',
      '2',
    ],
    ...['-config', folder.at('openssl.cnf'), '-subj', `/CN=${host}`],
    ...['-addext', `subjectAltName=${/^[\d.]+$/.test(host) ? 'IP' : 'DNS'}:${host}`],
    ...['-keyout', keyFile, '-out', certFile],
  ])
  return { key: await readFile(keyFile, 'utf8'), cert: await readFile(certFile, 'utf8'), certFile }
}
