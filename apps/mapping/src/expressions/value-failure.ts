/** A value that a transform or an expression cannot make something of; the message is for people, without the value. */
export class ValueFailure extends Error {
  constructor(
    message: string,
    /** What a run calls it. */
    readonly code: 'mapping-failed' | 'expression-given-up' = 'mapping-failed',
  ) {
    super(message);
  }
}
