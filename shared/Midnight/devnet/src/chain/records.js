/**
 * What the chain stores of its blocks, besides the transactions' bytes. Hex is lower case, without `0x`.
 *
 * @typedef {object} Utxo
 * @property {string} owner user address, hex
 * @property {string} tokenType hex
 * @property {string} value atomic units, decimal
 * @property {string} intentHash hex
 * @property {number} outputIndex
 * @property {number} ctime seconds of the block that created it
 * @property {string} initialNonce hex
 * @property {boolean} registered whether it generated DUST from its creation
 * @property {number} createdBy id of the transaction that created it
 *
 * @typedef {object} LedgerEvent
 * @property {number} id
 * @property {'ZswapLedgerEvent' | 'ParamChange' | 'DustInitialUtxo' | 'DustGenerationDtimeUpdate' | 'DustSpendProcessed'} type
 * @property {string} raw hex
 * @property {string} [nonce] of a `DustInitialUtxo`: 32 bytes little-endian, hex
 *
 * @typedef {object} ContractActionRecord
 * @property {number} id
 * @property {'ContractDeploy' | 'ContractCall' | 'ContractUpdate'} type
 * @property {string} address hex
 * @property {string} state hex, after the block; empty when the contract does not exist
 * @property {string} zswapState hex
 * @property {string} [entryPoint]
 * @property {{ tokenType: string, amount: string }[]} balances
 *
 * @typedef {object} TransactionRecord
 * @property {number} id from 1, without gaps
 * @property {string} hash
 * @property {string[]} identifiers
 * @property {'SUCCESS' | 'PARTIAL_SUCCESS' | 'FAILURE'} status
 * @property {[number, boolean][] | null} segments of a partial success
 * @property {string} [error] the ledger's words
 * @property {string} fee SPECK, decimal
 * @property {string} zswapRoot serialized, hex
 * @property {[number, number]} zswap start and end index of the tree
 * @property {[number, number]} dustCommitment
 * @property {[number, number]} dustGeneration
 * @property {Utxo[]} created
 * @property {Utxo[]} spent
 * @property {LedgerEvent[]} zswapEvents
 * @property {LedgerEvent[]} dustEvents
 * @property {ContractActionRecord[]} actions
 * @property {string[]} notVerified what the npm ledger did not check of this transaction
 * @property {number} offset of its bytes among the block's bytes
 * @property {number} length
 *
 * @typedef {object} Mint NIGHT given to an address by the devnet, not by a transaction
 * @property {number} before position of the transaction that it precedes
 * @property {string} address user address, hex
 * @property {string} amount STAR, decimal
 * @property {string} nonce 32 bytes, hex
 *
 * @typedef {object} BlockRecord
 * @property {number} height
 * @property {string} hash
 * @property {string} parentHash
 * @property {number} timestamp milliseconds
 * @property {string} stateRoot
 * @property {string} extrinsicsRoot
 * @property {string} [parameters] serialized ledger parameters, hex, when they differ from the block before
 * @property {string} zswapRoot
 * @property {number} zswapEnd
 * @property {number} dustCommitmentEnd
 * @property {number} dustGenerationEnd
 * @property {string} dustCommitmentRoot
 * @property {string} dustGenerationRoot
 * @property {number} lastEventId
 * @property {number} lastActionId
 * @property {boolean} [fees] of the genesis block
 * @property {number} [faucetKey] number of the key that holds the faucet's coin, when it changed
 * @property {string[]} [gifts] ids of the requests that the faucet's transfer, the one after the mints' claims, serves
 * @property {Mint[]} mints
 * @property {TransactionRecord[]} transactions
 *
 * @typedef {{ block: BlockRecord, bytes: Buffer }} StoredBlock
 */

/**
 * @param {BlockRecord} block
 * @param {Uint8Array[]} transactions their bytes, in order
 */
export function encodeBlock(block, transactions) {
  const json = Buffer.from(JSON.stringify(block));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json, ...transactions]);
}

/**
 * @param {Buffer} payload
 * @returns {StoredBlock}
 */
export function decodeBlock(payload) {
  const end = 4 + payload.readUInt32BE(0);
  return { block: JSON.parse(payload.toString('utf8', 4, end)), bytes: payload.subarray(end) };
}

/**
 * @param {string} intentHash
 * @param {number} outputIndex
 */
export const utxoKey = (intentHash, outputIndex) => `${intentHash}:${outputIndex}`;
