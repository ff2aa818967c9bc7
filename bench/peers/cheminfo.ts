/** Uploads files with cheminfo's zenodo package, installed in the current folder: URL TOKEN DEPOSIT FILE... */
import { createReadStream } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'

interface Zenodo {
  readonly depositions: { retrieve(options: { id: string }): Promise<{ data: unknown }> }
  readonly files: {
    upload(options: { deposition: unknown; filename: string; data: unknown }): Promise<unknown>
  }
}
type Options = Readonly<Record<'protocol' | 'host' | 'token', string>>

const require = createRequire(join(process.cwd(), 'package.json'))
const Zenodo = require('zenodo') as new (options: Options) => Zenodo
const [url = '', token = '', id = '', ...files] = process.argv.slice(2)

const zenodo = new Zenodo({ protocol: 'http', host: new URL(url).host, token })
const { data: deposition } = await zenodo.depositions.retrieve({ id })
for (const file of files) {
  await zenodo.files.upload({ deposition, filename: basename(file), data: createReadStream(file) })
}
