import { EngineError } from './engine-error.js';

/**
 * `local`, or `inDocker` when the parts for a local process cannot be had. An engine that was had but does not start is
 * not hidden behind a container: that error is the person's to see.
 * @throws EngineError; when both ways are closed it says both reasons
 */
export async function orDocker<T>(
  title: string,
  local: () => Promise<T>,
  inDocker: () => Promise<T>,
  log: (line: string) => void,
): Promise<T> {
  try {
    return await local();
  } catch (error) {
    if (!(error instanceof EngineError) || !isUnobtainable(error)) throw error;
    log(`${title} cannot run as a local process: ${error.message} Trying Docker instead.`);
    try {
      return await inDocker();
    } catch (dockerError) {
      if (!(dockerError instanceof EngineError) || dockerError.code !== 'DOCKER_UNAVAILABLE') throw dockerError;
      const message = `${title} can run neither as a local process (${error.message}) nor in Docker (${dockerError.message})`;
      throw new EngineError('ENGINE_NOT_OBTAINABLE', message, error.cure, { cause: dockerError });
    }
  }
}

const isUnobtainable = ({ code }: EngineError): boolean =>
  code === 'DOWNLOAD_FAILED' || code === 'ENGINE_NOT_OBTAINABLE';
