import { randomBytes } from 'node:crypto';
import { NETWORK, ledger } from './chain/ledger.js';

/** @typedef {{ signing: string, verifying: string, address: string, dust: bigint }} FaucetKey */
/** @typedef {import('@midnight-ntwrk/ledger-v8').Utxo} LedgerUtxo */
/** @typedef {{ owner: string, value: bigint }} Output */
/**
 * What a registration pays: at most `allow` SPECK, as of `ctime`; what is left belongs to `address`.
 * @typedef {{ ctime: Date, allow: bigint, address: bigint }} DustPayment
 */

export const NIGHT = ledger.nativeToken().raw;

const TTL_MS = 600_000;
/** The ledger lets a transaction of this size take 15 ms to dismiss, which one coin's seventh guaranteed output exceeds. */
const GUARANTEED_OUTPUTS = 5;
export const NO_PROOFS = {
  check: () => Promise.reject(new Error('an unshielded transfer needs no proof')),
  prove: () => Promise.reject(new Error('an unshielded transfer needs no proof')),
};

/**
 * A really signed transfer of coins to the outputs.
 * @param {FaucetKey} key
 * @param {LedgerUtxo[]} coins
 * @param {Output[]} outputs
 * @param {number} now milliseconds
 */
export function freeTransfer(key, coins, outputs, now) {
  const part = coins.length === 1 && outputs.length <= GUARANTEED_OUTPUTS ? 'guaranteedUnshieldedOffer' : 'fallibleUnshieldedOffer';
  return signed(key, now, { [part]: { coins, outputs } });
}

/**
 * The same with its fee: `feeCoin` goes to `feeOwner` in the guaranteed part, whose coins a registration may charge.
 * @param {FaucetKey} key
 * @param {LedgerUtxo[]} coins
 * @param {Output[]} outputs
 * @param {number} now milliseconds
 * @param {{ feeCoin: LedgerUtxo, feeOwner: string, payment: DustPayment }} fee
 */
export function paidTransfer(key, coins, outputs, now, { feeCoin, feeOwner, payment }) {
  const guaranteedUnshieldedOffer = { coins: [feeCoin], outputs: [{ owner: feeOwner, value: feeCoin.value }] };
  return signed(key, now, { guaranteedUnshieldedOffer, fallibleUnshieldedOffer: { coins, outputs } }, payment);
}

/**
 * @param {FaucetKey} key
 * @param {number} now milliseconds
 * @param {Partial<Record<'guaranteedUnshieldedOffer' | 'fallibleUnshieldedOffer', { coins: LedgerUtxo[], outputs: Output[] }>>} parts
 * @param {DustPayment} [payment]
 */
async function signed(key, now, parts, payment) {
  const intent = ledger.Intent.new(new Date(now + TTL_MS));
  const entries = /** @type {['guaranteedUnshieldedOffer' | 'fallibleUnshieldedOffer', { coins: LedgerUtxo[], outputs: Output[] }][]} */ (Object.entries(parts));
  for (const [part, { coins, outputs }] of entries) {
    const inputs = coins.map(({ value, intentHash, outputNo }) => ({ value, intentHash, outputNo, type: NIGHT, owner: key.verifying }));
    intent[part] = ledger.UnshieldedOffer.new(inputs, outputs.map((output) => ({ ...output, type: NIGHT })), []);
  }
  if (payment) intent.dustActions = registration(key, payment);
  const signature = ledger.signData(key.signing, intent.signatureData(1));
  for (const [part, { coins }] of entries) intent[part] = intent[part]?.addSignatures(coins.map(() => signature));
  if (payment) intent.dustActions = registration(key, payment, signature);
  const transaction = ledger.Transaction.fromParts(NETWORK, undefined, undefined, intent);
  return (await transaction.prove(NO_PROOFS, ledger.CostModel.initialCostModel())).bind().serialize();
}

/**
 * @param {FaucetKey} key
 * @param {DustPayment} payment
 * @param {string} [signature]
 */
function registration(key, { ctime, allow, address }, signature) {
  const signed = signature === undefined ? undefined : new ledger.SignatureEnabled(signature);
  const one = new ledger.DustRegistration('signature', key.verifying, address, allow, signed);
  /** @type {import('@midnight-ntwrk/ledger-v8').DustActions<import('@midnight-ntwrk/ledger-v8').SignatureEnabled, import('@midnight-ntwrk/ledger-v8').PreProof>} */
  const actions = new ledger.DustActions('signature', 'pre-proof', ctime, [], [one]);
  return actions;
}

/**
 * A really signed claim of NIGHT that was minted to the key.
 * @param {FaucetKey} key
 * @param {bigint} amount STAR
 * @returns {{ raw: Uint8Array, coin: LedgerUtxo }}
 */
export function signedClaim(key, amount) {
  const nonce = randomBytes(32).toString('hex');
  const claim = ledger.ClaimRewardsTransaction.new(NETWORK, amount, key.verifying, nonce, 'Reward');
  const signed = claim.addSignature(ledger.signData(key.signing, claim.dataToSign));
  const transaction = ledger.Transaction.fromRewards(signed);
  const intentHash = /** @type {string} */ (transaction.identifiers()[0]).slice(2);
  const coin = { value: amount, owner: key.address, type: NIGHT, intentHash, outputNo: 0 };
  return { raw: asProven(transaction.serialize()), coin };
}

/**
 * A claim holds no proof, so that its bytes before and after proving differ in the type named by the header alone; the
 * npm ledger offers no call for that step.
 * @param {Uint8Array} raw
 */
function asProven(raw) {
  const unproven = Buffer.from('midnight:transaction[v9](signature[v1],proof-preimage,');
  const proven = Buffer.from('midnight:transaction[v9](signature[v1],proof,');
  if (!Buffer.from(raw.subarray(0, unproven.length)).equals(unproven)) throw new Error('the ledger writes claims in an unknown form');
  return Uint8Array.from(Buffer.concat([proven, raw.subarray(unproven.length)]));
}
