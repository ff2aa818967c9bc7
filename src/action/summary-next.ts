import { DepositError, FileError, InputError } from '../errors.ts'
import { escapeMarkdown, toLink, toSentence } from './summary-text.ts'
import { draftPage, originOf, originsOf, toStory, type Story, type Told } from './summary-story.ts'

/** What is left to do, as somebody would say it who wants to help. */
export function toNext(told: Told): string {
  const lines = linesFor(told, toStory(told)).filter((line) => line !== '')
  return lines.length === 0 ? '' : ['### What to do next', ...lines].join('\n\n')
}

function linesFor(told: Told, story: Story): readonly string[] {
  switch (story) {
    case 'draft':
      return afterDraft(told)
    case 'edit':
      return afterEdit(told)
    case 'published':
    case 'corrected':
    case 'unchanged':
      return afterPublished(told)
    case 'planned':
      return afterPlan(told)
    case 'unknown':
      return afterDoubt(told)
    case 'stopped-before':
    case 'stopped-creating':
    case 'stopped-with-draft':
      return afterStop(told, story)
    case 'stopped-public':
      return [...afterStop(told, story), ...afterPublished(told)]
  }
}

/** Inputs of a step, indented as they stand in a workflow. */
const toYaml = (inputs: Readonly<Record<string, string>>): string => {
  const lines = Object.entries(inputs).map(([name, value]) => `          ${name}: ${value}`)
  return `\`\`\`yaml\n        with:\n${lines.join('\n')}\n\`\`\``
}

const idOf = ({ outputs }: Told): string => (outputs['deposit-id'] ?? '').replace(/[^\w-]/g, '')

function afterDraft(told: Told): readonly string[] {
  const { inputs, checked } = told
  const page = toLink('Review the draft', draftPage(told), originsOf(told))
  const isHeldBack = inputs?.publish === true && checked?.publish === false
  const lines = { 'deposit-id': `'${idOf(told)}'`, publish: 'true' }
  const isFound = inputs?.depositId !== undefined || checked?.trigger.tag !== undefined
  return [
    `${page}, and publish it there. Or publish it from the workflow, by the same step with these lines:`,
    toYaml(isHeldBack ? { ...lines, 'publish-prereleases': 'true' } : lines),
    'A step that gives no `files` and no `metadata`, and says `metadata-file: none`, publishes the draft as it is, with what was corrected in it by hand.',
    isFound ? '' : 'Every new run makes another draft, unless the step has this `deposit-id`.',
  ]
}

function afterEdit(told: Told): readonly string[] {
  const page = toLink('Review the changes', draftPage(told), originsOf(told))
  return [
    `${page}, and publish them there. Or publish them from the workflow, by the same step with these lines:`,
    toYaml({ 'deposit-id': `'${idOf(told)}'`, 'if-published': 'update-metadata', publish: 'true' }),
  ]
}

function afterPublished({ inputs, outputs }: Told): readonly string[] {
  const concept = (outputs['concept-id'] ?? '').replace(/[^\w-]/g, '')
  const badge = outputs['badge-markdown'] ?? ''
  const isFirst = inputs?.depositId === undefined && concept !== ''
  return [
    isFirst
      ? 'For the next version of this record give the step this `deposit-id`, or save it as the variable that its `deposit-id` reads. It is the id of all versions together.'
      : '',
    isFirst ? toYaml({ 'deposit-id': `'${concept}'` }) : '',
    /^[\x21-\x7e]+$/.test(badge) && !badge.includes('`') ? 'The badge, for a README:' : '',
    /^[\x21-\x7e]+$/.test(badge) && !badge.includes('`') ? `\`\`\`markdown\n${badge}\n\`\`\`` : '',
  ]
}

function afterPlan({ inputs, checked, ending }: Told): readonly string[] {
  if (ending.kind !== 'done') return []
  const { publishes } = ending.result.foreseen ?? {}
  const isEdit = inputs?.ifPublished === 'update-metadata' && ending.result.deposit !== undefined
  const result = !publishes
    ? 'leaves a draft to review'
    : isEdit
      ? 'changes what is public'
      : 'makes it public, which cannot be undone'
  if (checked?.trigger.isPullRequest) {
    return [`If this is what you want: once it is merged, the run that deposits ${result}.`]
  }
  const token = inputs?.token === undefined ? 'with a `token` and ' : ''
  return [
    `If this is what you want: the same step ${token}without \`dry-run\` does it, and ${result}.`,
  ]
}

function afterDoubt(told: Told): readonly string[] {
  const page = toLink('Look at the deposit', draftPage(told), originsOf(told))
  return [
    `${page} first. If it is published there, all is done. In either case the same step with these lines finds out what is missing, and does only that; it publishes nothing twice.`,
    toYaml({ 'deposit-id': `'${idOf(told)}'`, publish: 'true' }),
  ]
}

const FIX =
  'Fix what is listed above. If it was a secret or a setting, press _Re-run jobs_. If it was a file or the workflow, commit the change and start a new run, of a tag a new tag: _Re-run jobs_ takes the old commit again.'
const RUN_AGAIN = 'Press _Re-run jobs_: the run continues where this one stopped.'

function afterStop(told: Told, story: Story): readonly string[] {
  const { ending } = told
  const error = ending.kind === 'failed' ? ending.error : undefined
  const hint = error instanceof DepositError ? error.hint : undefined
  if (hint !== undefined) return [toSentence(hint, originOf(told)), toContinuation(told, story)]
  if (error instanceof InputError || error instanceof FileError) {
    return [FIX, toContinuation(told, story)]
  }
  return story === 'stopped-with-draft' ? [toContinuation(told, story)] : [RUN_AGAIN]
}

/** Which runs find the draft again by themselves: those that name it, those of the same tag, and repeats of this one. */
function toContinuation(told: Told, story: Story): string {
  if (story !== 'stopped-with-draft') return ''
  const { inputs, checked } = told
  const draft = toLink(`draft ${escapeMarkdown(idOf(told))}`, draftPage(told), originsOf(told))
  const promise = `continues with ${draft} and sends only what is missing`
  if (inputs?.depositId !== undefined) return `The next run ${promise}.`
  if (checked?.trigger.tag !== undefined) return `The next run for the same tag ${promise}.`
  return [
    `_Re-run jobs_ on this page ${promise}. A new run makes a draft of its own, unless the step has this line:`,
    toYaml({ 'deposit-id': `'${idOf(told)}'` }),
  ].join('\n\n')
}
