import { isObject } from '../../lib/json.ts'
import { isEmpty } from '../metadata.ts'
import { itemsOf, lost, type Check } from './context.ts'

/** One coordinate alone, or one that is 0, makes the server drop both. */
export const checkLocations: Check = (metadata) =>
  itemsOf(metadata, 'locations').flatMap(([location, path]) => {
    if (!isObject(location)) return []
    const { lat, lon } = location
    const given = [lat, lon].filter(
      (value) => value !== undefined && value !== null && value !== '',
    )
    if (given.length === 0 || (!isEmpty(lat) && !isEmpty(lon))) return []
    const problem =
      given.length === 2
        ? 'Zenodo drops both coordinates if one is 0; write it as the text "0".'
        : 'Zenodo drops a latitude or longitude that stands alone; give both.'
    return [lost([...path, given[0] === lat ? 'lat' : 'lon'], problem)]
  })
