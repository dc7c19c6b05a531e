import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder with the official data for tests: beside the repository, or where MIDNIGHT_FIXTURES points. */
const FOLDER = process.env['MIDNIGHT_FIXTURES'] ?? fileURLToPath(new URL('../../../../../shared/midnight', import.meta.url));

/**
 * @param {string} name
 * @returns {{ file: string, skip: string | false }} skip says why a test that needs the file cannot run
 */
export function fixture(name) {
  const file = path.join(FOLDER, name);
  return { file, skip: fs.existsSync(file) ? false : `${file} is not there (set MIDNIGHT_FIXTURES)` };
}
