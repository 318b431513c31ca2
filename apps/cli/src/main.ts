import { createProgram } from './program.js';
import { runProgram } from './run-program.js';

// Whoever reads our output may stop early (`| head`); that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await runProgram(createProgram(), process.argv);
