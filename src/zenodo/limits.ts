/** Limits of one record (docs/server.md#limits); gigabytes are decimal. */
export const MAX_FILES = 100
export const MAX_RECORD_BYTES = 50e9
export const MAX_KEY_LENGTH = 255
