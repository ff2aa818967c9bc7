import { type Fault } from '../../../test-server/server.ts'
import { METADATA } from '../../support/workspace.ts'
import type { Run, Trouble } from './history.ts'

export const toMetadata = ({ title, version, access }: Run['metadata']): object => ({
  ...METADATA,
  title,
  ...(version !== undefined && { version }),
  ...(access !== undefined && { access_right: access }),
})

export const toInputs = (
  run: Run,
  depositId: string | undefined,
  isDry: boolean,
): Record<string, string> => ({
  ...run.inputs,
  ...(run.files !== undefined && { files: 'data/*' }),
  ...(run.metadata.from !== 'file' && { 'metadata-file': 'none' }),
  ...(run.metadata.from === 'inline' && { metadata: JSON.stringify(toMetadata(run.metadata)) }),
  ...(depositId !== undefined && { 'deposit-id': depositId }),
  ...(isDry && { 'dry-run': 'true' }),
})

export const GONE: Fault = { times: Infinity, refuseConnection: true }

export function toFaults(
  { at: skip, kind }: Trouble,
  controller: AbortController,
): readonly Fault[] {
  const json = { status: 500, message: 'The server encountered an internal error' }
  const before = (): void => controller.abort(new Error('The job was cancelled.'))
  switch (kind) {
    case 'answer lost':
      return [{ skip, loseAnswer: 'close' }]
    case '504, but done':
      return [{ skip, loseAnswer: '504' }]
    case '500':
      return [{ skip, answer: { status: 500, json } }]
    case '502 page':
      return [{ skip, times: 2, answer: { status: 502, html: '<h1>502</h1>' } }]
    case 'connection closed':
      return [{ skip, refuseConnection: true }]
    case 'network gone':
      return [{ ...GONE, skip }]
    case 'answer lost, then network gone':
      return [
        { skip, loseAnswer: 'close' },
        { ...GONE, skip },
      ]
    case 'cancelled, but done':
      return [{ skip, before }]
    case 'cancelled, not done':
      return [{ skip, before, answer: { status: 500, json } }]
  }
}
