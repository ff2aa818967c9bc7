import { DepositError } from '../errors.ts'
import { asList, asObject, asText } from '../lib/json.ts'
import type { Deposit } from '../zenodo/deposit.ts'
import type { CommunityRequest } from '../zenodo/native-client.ts'
import type { Checked } from './check.ts'
import type { Ports } from './ports.ts'

/**
 * Says what became of the communities: a known one makes a request that waits for its curators, even
 * one's own, and one the server does not know vanishes without a word (docs/server.md#communities).
 */
export async function tellCommunities(
  { metadata }: Checked,
  published: Deposit,
  ports: Ports,
): Promise<void> {
  const { log } = ports
  const wanted = asList(metadata.metadata?.['communities']).flatMap(
    (item) => asText(asObject(item)['identifier']) ?? [],
  )
  if (wanted.length === 0) return
  const requests = await readRequests(published, ports)
  if (requests === undefined) return
  for (const { isOpen, link } of requests) {
    if (isOpen)
      log.notice(
        `The record waits for the decision of a community's curators${link === undefined ? '' : `: ${link}`}`,
      )
  }
  if (requests.length < wanted.length) {
    log.warning(
      `The server shows ${requests.length} of ${wanted.length} requests for the communities ${wanted.join(', ')}. Look at the record, and submit it by hand where one is missing.`,
    )
  }
}

/** The record is public by now: that its requests cannot be read must not look as if it were not. */
async function readRequests(
  { id }: Deposit,
  { client, signal, log }: Ports,
): Promise<readonly CommunityRequest[] | undefined> {
  try {
    return await client.native.findRequests(id, signal)
  } catch (error) {
    if (!(error instanceof DepositError)) throw error
    log.warning(
      `Whether the record was submitted to its communities is not known. ${error.message}`,
    )
    return undefined
  }
}
