/**
 * Why an exchange with a vendor failed, as the code of the error that the egress client throws: a new code stands here,
 * so that whoever turns failures into reasons has to know it.
 */
export type EgressFailure =
  | 'blocked-url'
  | 'blocked-address'
  | 'host-not-allowed'
  | 'redirected'
  | 'unreachable'
  | 'tls-failed'
  | 'timeout'
  | 'answer-cut'
  | 'answer-too-large'
  | 'answer-unreadable'
  | 'aborted';
