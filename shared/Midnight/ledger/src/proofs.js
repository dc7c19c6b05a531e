import { createHash } from 'node:crypto';
import { CostModel, createProvingPayload, Transaction } from '@midnight-ntwrk/ledger-v8';
import { badArgument, integer } from './arguments.js';
import { ledgerCall, RequestError } from './errors.js';
import { readParts } from './parts.js';
import { untrusted } from './untrusted.js';

const LOCATION = /^[\x21-\x7e]{1,128}$/;
const DIGEST = /^[0-9a-f]{64}$/;
const MAX_PROOFS = 64;
const PARTS_OF_A_KEY = 3;

/** What the ledger's own provider is told when a proof is not there. */
const NOT_THERE = 'the proof is not there';

/** @typedef {import('./arguments.js').Arguments} Arguments */
/** @typedef {import('@midnight-ntwrk/ledger-v8').UnprovenTransaction} UnprovenTransaction */
/** @typedef {{ digest: string, location: string, preimage: Uint8Array, bindingInput: bigint | undefined }} WantedProof */

/**
 * Says which proofs a built transaction wants, and gives the request for one of them as a proof server takes it (`POST /prove`).
 * The same transaction always wants the same proofs, byte for byte.
 * @param {Arguments} args `locations`, `index`, `parts`
 * @param {Uint8Array} body the built transaction, then for each location: prover key, verifier key, IR
 */
export async function proofRequests(args, body) {
  const locations = readNames(args, 'locations', LOCATION);
  const index = integer(args, 'index', 0, MAX_PROOFS);
  const [bytes, ...parts] = readParts(args, body, 1 + locations.length * PARTS_OF_A_KEY);
  const keys = new Map(locations.map((location, at) => {
    const [proverKey, verifierKey, ir] = /** @type {[Uint8Array, Uint8Array, Uint8Array]} */ (parts.slice(at * PARTS_OF_A_KEY, (at + 1) * PARTS_OF_A_KEY));
    return [location, { proverKey, verifierKey, ir }];
  }));
  const wanted = await wantedProofs(/** @type {Uint8Array} */ (bytes), new Map([...keys].map(([location, { ir }]) => [location, ir])));
  const one = wanted[index];
  if (!one) throw badArgument('index', 'below the number of proofs');
  const payload = ledgerCall(() => createProvingPayload(one.preimage, one.bindingInput, keys.get(one.location)));
  return { result: { proofs: wanted.map(({ digest, location }) => ({ digest, location })) }, body: payload };
}

/**
 * The proofs that a built transaction wants, in the ledger's order.
 * @param {Uint8Array} bytes
 * @param {Map<string, Uint8Array>} irs the circuits by location
 * @returns {Promise<WantedProof[]>}
 */
export async function wantedProofs(bytes, irs) {
  /** @type {WantedProof[]} */
  const wanted = [];
  try {
    // The ledger asks for all of them before it looks at the first answer.
    await prove(bytes, irs, (proof) => {
      wanted.push(proof);
      throw new Error(NOT_THERE);
    });
  } catch (error) {
    if (wanted.length === 0) throw error;
  }
  return wanted;
}

/**
 * Puts proofs into a built transaction and binds it. The npm ledger does not verify the proofs of contract calls: the prover has, against its own verifier key.
 * @param {Arguments} args `locations`, `proofs` (digests), `parts`
 * @param {Uint8Array} body the built transaction, the IR of each location, then the proofs as a proof server gives them
 */
export async function finishWithProofs(args, body) {
  const locations = readNames(args, 'locations', LOCATION);
  const digests = readNames(args, 'proofs', DIGEST);
  const [bytes, ...rest] = readParts(args, body, 1 + locations.length + digests.length);
  const irs = new Map(locations.map((location, at) => [location, /** @type {Uint8Array} */ (rest[at])]));
  const proofs = new Map(digests.map((digest, at) => [digest, /** @type {Uint8Array} */ (rest[locations.length + at])]));
  let missing = false;
  const proven = await prove(/** @type {Uint8Array} */ (bytes), irs, ({ digest }) => {
    const proof = proofs.get(digest);
    missing ||= !proof;
    if (!proof) throw new Error(NOT_THERE);
    return proof;
  }).catch((error) => {
    throw missing ? new RequestError('PROOF_REQUIRED', 'The transaction needs a proof.') : error;
  });
  return ledgerCall(() => {
    const bound = proven.bind();
    return { result: { hash: bound.transactionHash(), identifiers: bound.identifiers() }, body: bound.serialize() };
  });
}

/**
 * @param {Uint8Array} bytes
 * @param {Map<string, Uint8Array>} irs
 * @param {(wanted: WantedProof) => Uint8Array} answer
 */
async function prove(bytes, irs, answer) {
  const { check } = await import('@midnight-ntwrk/zkir-v2');
  return untrusted(() => {
    /** @type {UnprovenTransaction} */
    const unproven = Transaction.deserialize('signature', 'pre-proof', 'pre-binding', bytes);
    return unproven.prove({
      check: async (preimage, location) => check(preimage, { lookupKey: async () => keysOf(irs, location), getParams: noParameters }),
      prove: async (preimage, location, bindingInput) => answer(wantedProof(preimage, location, bindingInput)),
    }, CostModel.initialCostModel());
  });
}

/**
 * @param {Map<string, Uint8Array>} irs
 * @param {string} location
 */
function keysOf(irs, location) {
  const ir = irs.get(location);
  // A check reads the circuit alone.
  return ir && { ir, proverKey: new Uint8Array(0), verifierKey: new Uint8Array(0) };
}

/** @returns {Promise<never>} */
function noParameters() {
  return Promise.reject(new Error('a check needs no parameters'));
}

/**
 * @param {Uint8Array} preimage
 * @param {string} location
 * @param {bigint | undefined} bindingInput
 * @returns {WantedProof}
 */
function wantedProof(preimage, location, bindingInput) {
  const digest = createHash('sha256').update(`${location} ${bindingInput ?? ''} `).update(preimage).digest('hex');
  // The ledger's memory may move once this call is over.
  return { digest, location, preimage: preimage.slice(), bindingInput };
}

/**
 * @param {Arguments} args
 * @param {string} name
 * @param {RegExp} form
 * @returns {string[]}
 */
function readNames(args, name, form) {
  const value = args[name];
  const fits = Array.isArray(value) && value.length > 0 && value.length <= MAX_PROOFS && value.every((item) => typeof item === 'string' && form.test(item));
  if (!fits || new Set(value).size !== value.length) throw badArgument(name, `a list of 1 to ${MAX_PROOFS} different names`);
  return value;
}
