import { randomUUID } from 'node:crypto'

/** A community; its slug is what depositors write, its id what the native API wants. */
export interface Community {
  readonly id: string
  readonly slug: string
  readonly title: string
  readonly owner: string | undefined
  readonly created: Date
}

/** The communities, by slug and by id. */
export class Communities {
  readonly #bySlug = new Map<string, Community>()

  add(slug: string, details: { title: string; owner: string | undefined; now: Date }): Community {
    const { title, owner, now: created } = details
    const community = { id: randomUUID(), slug, title, owner, created }
    this.#bySlug.set(slug, community)
    return community
  }

  find(slugOrId: string): Community | undefined {
    const byId = [...this.#bySlug.values()].find(({ id }) => id === slugOrId)
    return this.#bySlug.get(slugOrId) ?? byId
  }
}
