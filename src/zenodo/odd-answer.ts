import { ProtocolError } from '../errors.ts'

/** An answer that is not what Zenodo gives: a page of a gateway, or another server altogether. */
export const oddAnswer = (requestLine: string, expected: string): ProtocolError =>
  new ProtocolError(
    requestLine,
    `The server answered ${requestLine} with something that is no ${expected}.`,
    {
      hint: 'Something may have answered in its place, such as a maintenance page: re-run the job later. If it stays, check that server-url is a Zenodo instance.',
    },
  )
