import { isEmpty } from '../metadata.ts'
import { lost, refused, type Check } from './context.ts'

/** `resource_type` is not ignored but read, and must be a text, although the text does nothing. */
export const checkResourceType: Check = ({ resource_type: type }) =>
  type === undefined || typeof type === 'string'
    ? []
    : [
        refused(
          ['resource_type'],
          'It is a field of other formats, and Zenodo refuses metadata with it. Write "upload_type": "dataset" or another type.',
        ),
      ]

/** This project's own schema is taken out before; any other address means that the file was made for something else. */
export const checkSchemaAddress: Check = ({ $schema: schema }) =>
  isEmpty(schema)
    ? []
    : [
        lost(
          ['$schema'],
          'Zenodo ignores it. Editors complete and check the file by "zenodo.schema.json".',
        ),
      ]
