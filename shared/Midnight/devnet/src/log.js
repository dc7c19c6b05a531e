/**
 * Writes one log line of JSON to standard error; standard output carries nothing but the ready line.
 * @param {'info' | 'warn' | 'error'} level
 * @param {string} event stable name of what happened
 * @param {Record<string, unknown>} [fields]
 */
export function log(level, event, fields = {}) {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`);
}
