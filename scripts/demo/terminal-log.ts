import { styleText } from 'node:util'
import type { LineListener } from '../../__tests__/support/runner/step-log.ts'

type Print = (line: string) => void

/** Prints a step's log as GitHub's page shows it: groups as headings, commands as what they mean. */
export function createTerminalLog(print: Print): LineListener {
  let indent = ''
  return (line, command) => {
    switch (command?.name) {
      case undefined:
        print(indent + line)
        break
      case 'group':
        indent = '  '
        print(styleText('bold', command.data))
        break
      case 'endgroup':
        indent = ''
        break
      case 'error':
        print(styleText('red', `Error: ${command.data}`))
        break
      case 'warning':
      case 'notice':
        print(
          styleText(
            'yellow',
            `${command.name === 'notice' ? 'Notice' : 'Warning'}: ${command.data}`,
          ),
        )
        break
      default: // masks, outputs and debug lines are not shown
    }
  }
}
