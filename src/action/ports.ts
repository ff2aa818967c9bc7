import type { Place } from '../errors.ts'
import type { Checksums } from '../files/checksum.ts'
import type { Client } from '../zenodo/client.ts'
import type { Outputs } from './outputs.ts'

/** Where words for people go. Text from outside is made harmless by the implementation. */
export interface Log {
  info(line: string): void
  notice(line: string, place?: Place): void
  warning(line: string, place?: Place): void
  debug(line: string): void
  /** Lines until the next group belong under this title. */
  group(title: string): void
  /** The outcome: outside of every group, where nobody has to open one to see it. */
  conclude(line: string): void
  /** At a terminal only: a line in its place until the next one; an empty one takes it away. */
  readonly draw?: ((text: string) => void) | undefined
}

/** Everything outside that the use case works on. */
export interface Ports {
  readonly client: Client
  readonly checksums: Checksums
  readonly log: Log
  /** Outputs as soon as they are known; later ones replace earlier ones. */
  readonly setOutputs: (outputs: Partial<Outputs>) => void
  readonly today: Date
  readonly signal: AbortSignal
}
