import { createHash } from 'node:crypto'

/** The checksum of these bytes, with its prefix. */
export const md5 = (bytes: Buffer): string => `md5:${createHash('md5').update(bytes).digest('hex')}`
