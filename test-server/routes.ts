import * as buckets from './api/bucket-files.ts'
import * as communities from './api/communities.ts'
import * as depositFiles from './api/deposit-files.ts'
import * as depositions from './api/depositions.ts'
import * as lists from './api/lists.ts'
import * as drafts from './api/native-drafts.ts'
import * as draftFiles from './api/native-files.ts'
import * as records from './api/records.ts'
import { depositPage, recordPage } from './pages.ts'
import type { Handler } from './transport/exchange.ts'
import type { Route } from './transport/routing.ts'

const D = '/api/deposit/depositions'
const R = '/api/records'
const F = '/api/files'

const route = (method: string, pattern: string, handler: Handler): Route => ({
  method,
  pattern,
  handler,
})

/** Every request the server understands. A path that is missing here is a 404, a method a 405. */
export const ROUTES: readonly Route[] = [
  route('GET', D, lists.listDepositions),
  route('POST', D, depositions.createDeposition),
  route('GET', `${D}/{id}`, depositions.getDeposition),
  route('PUT', `${D}/{id}`, depositions.putDeposition),
  route('DELETE', `${D}/{id}`, depositions.discardDeposition),
  route('POST', `${D}/{id}/actions/publish`, depositions.publishDeposition),
  route('POST', `${D}/{id}/actions/edit`, depositions.editDeposition),
  route('POST', `${D}/{id}/actions/discard`, depositions.discardDeposition),
  route('POST', `${D}/{id}/actions/newversion`, depositions.newVersion),
  route('GET', `${D}/{id}/files`, depositFiles.listDepositFiles),
  route('POST', `${D}/{id}/files`, depositFiles.postDepositFile),
  route('GET', `${D}/{id}/files/{file}`, depositFiles.getDepositFile),
  route('DELETE', `${D}/{id}/files/{file}`, depositFiles.deleteDepositFile),

  route('GET', `${F}/{bucket}`, buckets.listBucket),
  route('GET', `${F}/{bucket}/{key}`, buckets.getBucketFile),
  route('PUT', `${F}/{bucket}/{key}`, buckets.putBucketFile),
  route('DELETE', `${F}/{bucket}/{key}`, buckets.deleteBucketFile),

  route('GET', R, lists.searchRecords),
  route('POST', R, drafts.createNativeDraft),
  route('GET', '/api/user/records', lists.listUserRecords),
  route('GET', `${R}/{id}`, records.getRecord),
  route('GET', `${R}/{id}/draft`, drafts.getNativeDraft),
  route('POST', `${R}/{id}/draft`, drafts.editNatively),
  route('PUT', `${R}/{id}/draft`, drafts.putNativeDraft),
  route('DELETE', `${R}/{id}/draft`, depositions.discardDeposition),
  route('POST', `${R}/{id}/draft/actions/publish`, drafts.publishNatively),
  route('POST', `${R}/{id}/draft/actions/files-import`, drafts.importDraftFiles),
  route('POST', `${R}/{id}/draft/actions/submit-review`, communities.submitReview),
  route('POST', `${R}/{id}/draft/pids/doi`, drafts.reserveDoi),
  route('DELETE', `${R}/{id}/draft/pids/doi`, drafts.giveDoiBack),
  route('GET', `${R}/{id}/draft/review`, communities.getReview),
  route('PUT', `${R}/{id}/draft/review`, communities.putReview),
  route('DELETE', `${R}/{id}/draft/review`, communities.deleteReview),
  route('GET', `${R}/{id}/draft/files`, draftFiles.listDraftFiles),
  route('POST', `${R}/{id}/draft/files`, draftFiles.initDraftFiles),
  route('DELETE', `${R}/{id}/draft/files`, draftFiles.deleteAllFiles),
  route('GET', `${R}/{id}/draft/files/{key:path}/content`, draftFiles.getDraftContent),
  route('PUT', `${R}/{id}/draft/files/{key:path}/content`, draftFiles.putDraftContent),
  route('PUT', `${R}/{id}/draft/files/{key:path}/content/{part}`, draftFiles.putDraftPart),
  route('POST', `${R}/{id}/draft/files/{key:path}/commit`, draftFiles.commitDraftFile),
  route('GET', `${R}/{id}/draft/files/{key:path}`, draftFiles.getDraftFile),
  route('DELETE', `${R}/{id}/draft/files/{key:path}`, draftFiles.deleteDraftFile),
  route('GET', `${R}/{id}/versions`, lists.listVersions),
  route('POST', `${R}/{id}/versions`, drafts.createVersion),
  route('GET', `${R}/{id}/versions/latest`, records.getLatest),
  route('GET', `${R}/{id}/files`, records.listRecordFiles),
  route('GET', `${R}/{id}/files/{key:path}/content`, records.getRecordContent),
  route('GET', `${R}/{id}/files/{key:path}`, records.getRecordFile),
  route('POST', `${R}/{id}/request-deletion`, records.requestDeletion),
  route('POST', `${R}/{id}/file-modification`, records.modifyFiles),
  route('GET', `${R}/{id}/requests`, communities.listRequests),
  route('GET', `${R}/{id}/communities`, communities.listRecordCommunities),
  route('POST', `${R}/{id}/communities`, communities.addToCommunities),
  route('POST', '/api/communities', communities.createCommunity),
  route('GET', '/api/communities/{slug}', communities.getCommunity),

  route('GET', '/deposit/{id}', depositPage),
  route('GET', '/uploads/{id}', depositPage),
  route('GET', '/record/{id}', recordPage),
  route('GET', '/records/{id}', recordPage),
  route('GET', '/records/{id}/latest', recordPage),
]
