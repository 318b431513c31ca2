import { describe, expect, it } from '@jest/globals';

import { EngineError, type EngineErrorCode } from './engine-error.js';
import { orDocker } from './or-docker.js';

const fails = (code: EngineErrorCode, message: string) => () =>
  Promise.reject(new EngineError(code, message, `cure of ${message}`));
const works = (what: string) => () => Promise.resolve(what);

describe('orDocker', () => {
  it('asks Docker only when the parts for a local process cannot be had', async () => {
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    await expect(orDocker('Kafka', works('local'), works('docker'), log)).resolves.toBe('local');
    expect(lines).toEqual([]);
    const outcome = orDocker('Kafka', fails('DOWNLOAD_FAILED', 'no jars.'), works('docker'), log);
    await expect(outcome).resolves.toBe('docker');
    expect(lines).toEqual(['Kafka cannot run as a local process: no jars. Trying Docker instead.']);
  });

  it('does not hide an engine that was had but does not start', async () => {
    const outcome = orDocker('Kafka', fails('ENGINE_DID_NOT_START', 'broken'), works('docker'), () => undefined);
    await expect(outcome).rejects.toMatchObject({ code: 'ENGINE_DID_NOT_START', message: 'broken' });
  });

  it('gives both reasons when both ways are closed', async () => {
    const docker = fails('DOCKER_UNAVAILABLE', 'Docker is not on the path.');
    const outcome = orDocker('Kafka', fails('DOWNLOAD_FAILED', 'no jars'), docker, () => undefined);
    await expect(outcome).rejects.toMatchObject({
      code: 'ENGINE_NOT_OBTAINABLE',
      message: 'Kafka can run neither as a local process (no jars) nor in Docker (Docker is not on the path.)',
      cure: 'cure of no jars',
    });
  });
});
