import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = fileURLToPath(new URL('./', import.meta.url));

/** Builds a package of this folder; the first time fetches the modules of go.mod. `-trimpath`: where it was built is nobody's business. */
export async function buildGo(name) {
  await run('go', ['build', '-trimpath', '-o', `${here}bin/${name}`, `./${name}`], { cwd: here });
}

/** Starts what `buildGo` built as a service; the argument is its role. */
export const startGo = (stage, name, program, role, env) =>
  stage.run(name, `${here}bin/${program}`, [role], env);
