import { InputError, type Issue } from '../errors.ts'
import { toPrintable } from '../lib/printable.ts'
import type { Checked } from './check.ts'
import type { Ports } from './ports.ts'

/** What only the server can tell about the metadata: whether communities and awards exist. */
export async function checkAtServer({ metadata }: Checked, ports: Ports): Promise<void> {
  const { client, signal } = ports
  const unknown: Issue[] = []
  for (const finding of metadata.findings) {
    if (finding.lookup === undefined) continue
    const { kind, id } = finding.lookup
    const exists =
      kind === 'community'
        ? await client.native.communityExists(id, signal)
        : await client.native.awardExists(id, signal)
    const problem = `${client.http.origin} knows no ${kind} "${toPrintable(id, 200)}". Correct it, or take it out.`
    if (!exists) unknown.push({ place: finding.place, problem })
  }
  if (unknown.length > 0) throw new InputError(unknown)
}
