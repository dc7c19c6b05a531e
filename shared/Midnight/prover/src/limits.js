/** The largest frame, in bytes: key material and transactions come in one. The host bounds what a client may send far below it. */
export const MAX_FRAME = 1280 * 1024 * 1024;
/** The most bytes of parameter files that are kept; the file in use is kept whatever its size. */
export const MAX_PARAMETERS = 256 * 1024 * 1024;
