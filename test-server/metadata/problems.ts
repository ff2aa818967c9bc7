import { invalid, type FieldError } from '../transport/answer.ts'

/** Collects what is wrong, field by field, and refuses once at the end. */
export class Problems {
  readonly #errors: FieldError[] = []

  add(field: string, message: string): void {
    this.#errors.push({ field, messages: [message] })
  }

  get errors(): readonly FieldError[] {
    return this.#errors
  }

  throwIfAny(): void {
    if (this.#errors.length > 0) throw invalid(...this.#errors)
  }
}
