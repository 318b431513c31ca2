export type EngineErrorCode =
  | 'ENGINE_NOT_OBTAINABLE'
  | 'ENGINE_DID_NOT_START'
  | 'DOWNLOAD_FAILED'
  | 'CACHE_NOT_WRITABLE'
  | 'DOCKER_UNAVAILABLE'
  | 'PROCESS_NOT_STARTED'
  | 'NO_FREE_PORT';

/** `message` says what happened and why; `cure` says what to do next. Both are single lines for a person. */
export class EngineError extends Error {
  constructor(
    readonly code: EngineErrorCode,
    message: string,
    readonly cure: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'EngineError';
  }
}
