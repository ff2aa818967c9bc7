import { asId, asText, isObject, type JsonObject } from '../lib/json.ts'

/** What started this run, from the runner's variables and the event. */
export interface Trigger {
  readonly eventName: string
  /** `https://github.com/OWNER/REPO`; undefined outside a runner. */
  readonly repositoryUrl: string | undefined
  /** `OWNER/REPO`. */
  readonly repository: string | undefined
  /** Name of the tag on tag and release events. */
  readonly tag: string | undefined
  readonly runId: string | undefined
  readonly release: TriggeringRelease | undefined
  readonly isPullRequest: boolean
}

export interface TriggeringRelease {
  readonly id: string | undefined
  readonly tag: string | undefined
  readonly isPrerelease: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the trigger from the environment and the event's payload (an empty object if there is none). */
export function parseTrigger(env: Environment, event: JsonObject): Trigger {
  const eventName = env['GITHUB_EVENT_NAME'] ?? ''
  const release = parseRelease(event)
  const refTag = env['GITHUB_REF_TYPE'] === 'tag' ? asText(env['GITHUB_REF_NAME']) : undefined
  const fullRefTag = /^refs\/tags\/(.+)$/.exec(env['GITHUB_REF'] ?? '')?.[1]
  const repository = asText(env['GITHUB_REPOSITORY'])
  const server = (asText(env['GITHUB_SERVER_URL']) ?? 'https://github.com').replace(/\/$/, '')
  return {
    eventName,
    repositoryUrl: repository === undefined ? undefined : `${server}/${repository}`,
    repository,
    tag: release?.tag ?? refTag ?? fullRefTag,
    runId: asText(env['GITHUB_RUN_ID']),
    release,
    isPullRequest: eventName.startsWith('pull_request'),
  }
}

function parseRelease(event: JsonObject): TriggeringRelease | undefined {
  if (!isObject(event['release'])) return undefined
  const release = event['release']
  return {
    id: asId(release['id']),
    tag: asText(release['tag_name']),
    isPrerelease: (release['prerelease'] ?? false) !== false,
  }
}

/**
 * The related identifier that finds a draft of this run again: the repository at the tag, which is
 * good metadata in its own right, or without a tag the run.
 */
export function markOf({ repositoryUrl, tag, runId }: Trigger): string | undefined {
  if (repositoryUrl === undefined) return undefined
  if (tag !== undefined) return `${repositoryUrl}/tree/${encodeURI(tag.toWellFormed())}`
  return runId === undefined ? undefined : `${repositoryUrl}/actions/runs/${runId}`
}
