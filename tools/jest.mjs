// Jest with ES modules on Node 20. The flag's own warning is silenced; every other warning stays visible.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';

import { memoryFolder, temporaryFolder } from './memory-folder.mjs';

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
// "--selectProjects" takes every word behind it for a project, so the project goes last and paths come before it.
const [option, project, ...rest] = process.argv.slice(2);
const args = option === '--selectProjects' ? [...rest, option, project] : process.argv.slice(2);

// Containers mount folders of the machine that their daemon runs on.
const memory = process.env.ROLLCALL_ENGINES === 'containers' || project === 'containers' ? null : memoryFolder();
const temporary = memory ? temporaryFolder(memory) : null;
const result = spawnSync(process.execPath, [...flags, jest, ...args], {
  stdio: 'inherit',
  env: {
    ...process.env,
    KAFKAJS_NO_PARTITIONER_WARNING: '1',
    ...(memory && temporary && { TEST_ENGINES_HOME: memory, TMPDIR: temporary }),
  },
});
if (temporary) rmSync(temporary, { recursive: true, force: true });
process.exit(result.status ?? 1);
