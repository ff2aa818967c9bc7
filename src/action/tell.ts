import { asText } from '../lib/json.ts'
import { bucketPath } from '../zenodo/bucket.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import { toDepositOutputs, type State } from './outputs.ts'
import type { Ports } from './ports.ts'

/**
 * Outputs as soon as they are known.
 * @throws ProtocolError for a draft whose bucket is elsewhere, before anything is sent to it
 */
export function tell(deposit: Deposit, ports: Ports, as?: State): void {
  const { origin } = ports.client.http
  const version = asText(deposit.metadata['version'])
  const state = as ?? (deposit.state === 'record' ? 'published' : 'draft')
  ports.setOutputs(toDepositOutputs(deposit, origin, { state, version }))
  if (deposit.state === 'draft') bucketPath(deposit, origin)
}
