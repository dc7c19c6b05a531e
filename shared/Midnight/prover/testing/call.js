import fs from 'node:fs';
import { genesisState, decodeTransaction, endBlock, ledger, noCost } from '@midnightos/devnet/src/chain/ledger.js';
import { deployment, unprovenCall } from '@midnightos/devnet/testing/contract.js';
import { fixture } from '@midnightos/devnet/testing/fixtures.js';

const AT = 1_780_000_000;
const TTL = new Date((AT + 600) * 1000);

/** Why a test that needs the circuit cannot run; false when it can. */
export const { skip } = fixture('fallible.prover');

/** The keys of the small circuit. */
export const circuit = () => ({
  proverKey: fs.readFileSync(fixture('fallible.prover').file),
  verifierKey: fs.readFileSync(fixture('fallible.verifier').file),
  ir: fs.readFileSync(fixture('fallible.bzkir').file),
});

/** A bare ledger on which the circuit's contract is deployed, and a call of it that has no proof yet. */
export async function deployedContract() {
  let state = genesisState(false);
  const { raw, address, operation } = await deployment(fixture('fallible.verifier').file, TTL);
  const apply = (/** @type {Uint8Array} */ bytes) => {
    const at = new Date(AT * 1000);
    const strictness = new ledger.WellFormedStrictness();
    strictness.enforceBalancing = false;
    const verified = decodeTransaction(bytes).wellFormed(state, strictness, at);
    const context = new ledger.TransactionContext(state, { parentBlockHash: '00'.repeat(32), secondsSinceEpoch: BigInt(AT), secondsSinceEpochErr: 30, lastBlockTime: BigInt(AT) });
    const [after, result] = state.apply(verified, context);
    state = endBlock(after, at, noCost(), false);
    return result;
  };
  const deployed = apply(raw);
  if (deployed.type !== 'success') throw new Error(`the deployment ended in ${deployed.type}`);
  return { apply, call: () => unprovenCall(state, address, operation, TTL) };
}

/**
 * The preimage of a call, as the ledger hands it to a prover.
 * @param {import('@midnight-ntwrk/ledger-v8').UnprovenTransaction} call
 * @returns {Promise<Uint8Array>}
 */
export async function preimageOf(call) {
  const taken = new Error('taken');
  /** @type {Uint8Array | undefined} */
  let preimage;
  const provider = {
    check: (/** @type {Uint8Array} */ bytes) => ((preimage = bytes), Promise.reject(taken)),
    prove: (/** @type {Uint8Array} */ bytes) => ((preimage = bytes), Promise.reject(taken)),
  };
  await call.prove(provider, ledger.CostModel.initialCostModel()).catch(() => {});
  if (!preimage) throw new Error('the ledger asked for no proof');
  return preimage;
}
