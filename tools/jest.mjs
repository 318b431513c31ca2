// Jest with ES modules on Node 20. The flag's own warning is silenced; every other warning stays visible.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
// "--selectProjects" takes every word behind it for a project, so the project goes last and paths come before it.
const [option, project, ...rest] = process.argv.slice(2);
const args = option === '--selectProjects' ? [...rest, option, project] : process.argv.slice(2);
const result = spawnSync(process.execPath, [...flags, jest, ...args], {
  stdio: 'inherit',
  env: { ...process.env, KAFKAJS_NO_PARTITIONER_WARNING: '1' },
});
process.exit(result.status ?? 1);
