/** The raw type of NIGHT, the ledger's native token (`nativeToken().raw`). */
export const NIGHT = '0'.repeat(64);
