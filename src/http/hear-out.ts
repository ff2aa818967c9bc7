import type { Socket } from 'node:net'

/** How long an answer may take to arrive behind a connection that takes no more. */
const HEAR_OUT_MS = 1000

type Callback = (error?: Error | null) => void

/**
 * A server may refuse a body before it has read it, and close. What is written then fails, and Node
 * would end the connection at once, with the answer unread in it. This lets a failed write wait until
 * the reading has ended, so that the answer is what the caller gets.
 */
export function hearOut(socket: Socket): Socket {
  const patient =
    (callback: Callback): Callback =>
    (error) => {
      if (!error || socket.destroyed) {
        callback(error)
        return
      }
      const fail = (): void => {
        clearTimeout(timer)
        socket.off('close', fail)
        callback(error)
      }
      const timer = setTimeout(fail, HEAR_OUT_MS)
      socket.once('close', fail)
    }
  const write = socket._write.bind(socket)
  const writev = socket._writev?.bind(socket)
  socket._write = (chunk, encoding, callback) => write(chunk, encoding, patient(callback))
  if (writev) socket._writev = (chunks, callback) => writev(chunks, patient(callback))
  return socket
}
