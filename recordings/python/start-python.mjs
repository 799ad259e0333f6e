import { fileURLToPath } from 'node:url';

const python = fileURLToPath(new URL('../.venv/bin/python', import.meta.url));
const here = fileURLToPath(new URL('./', import.meta.url));

/** Starts `script` of this folder as a service, in the virtual environment that README.md says how to make. */
export const startPython = (stage, name, script, env) =>
  stage.run(name, python, [`${here}${script}`], {
    ...env,
    PYTHONPATH: here,
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
  });
