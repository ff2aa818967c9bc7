/** A list of at least one. */
export type NonEmpty<T> = readonly [T, ...T[]]

/** The list, if there is anything in it. */
export const nonEmpty = <T>([first, ...rest]: readonly T[]): NonEmpty<T> | undefined =>
  first === undefined ? undefined : [first, ...rest]
