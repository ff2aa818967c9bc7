import { createTemporaryFolder, type TemporaryFolder } from './temporary-folder.ts'

/** Metadata that Zenodo publishes. */
export const METADATA = {
  title: 'River levels 2026',
  upload_type: 'dataset',
  creators: [{ name: 'Doe, Jane' }],
  description: '<p>Levels of a river, measured hourly.</p>',
  license: 'cc-by-4.0',
} as const

/** A workspace with `.zenodo.json` and these files. */
export async function createDataWorkspace(
  files: Readonly<Record<string, string | Buffer>>,
  metadata: unknown = METADATA,
): Promise<TemporaryFolder> {
  const folder = await createTemporaryFolder()
  if (metadata !== undefined) await folder.write('.zenodo.json', JSON.stringify(metadata, null, 2))
  for (const [name, content] of Object.entries(files)) await folder.write(name, content)
  return folder
}
