import { PROTOCOL_VERSION } from '../chain/ledger.js';
import { bytes, number, option, text, vector } from './scale.js';

/**
 * The runtime metadata that clients of Substrate read before they speak: format 14 of `frame-metadata`, types as `scale-info` writes them
 * (https://docs.rs/frame-metadata, https://docs.rs/scale-info). It describes what this devnet has and nothing else: the one call of the Midnight pallet under the
 * numbers of the official runtime, the events that tell what became of it, and the storage item in which clients look for them.
 *
 * @typedef {{ name?: string, type: string }} Field
 * @typedef {{ path?: string[], params?: [string, string | undefined][], def: () => Uint8Array }} Type
 */

/** What `state_getRuntimeVersion` answers. */
export const RUNTIME_VERSION = {
  specName: 'midnightos-devnet',
  implName: 'midnightos-devnet',
  authoringVersion: 1,
  specVersion: PROTOCOL_VERSION,
  implVersion: 0,
  apis: [],
  transactionVersion: 2,
  stateVersion: 1,
};

/** Numbers of pallets, calls and events as in the official runtime. */
export const PALLET = { system: 0, midnight: 5 };
export const EVENT = { extrinsicSuccess: 0, extrinsicFailed: 1, txApplied: 2, txPartialSuccess: 7 };

/** The number of a type is its place among the keys of `TYPES`. */
const id = (/** @type {string} */ name) => number(Object.keys(TYPES).indexOf(name));

const fields = (/** @type {Field[]} */ list) =>
  vector(list, ({ name, type }) => Buffer.concat([option(name, text), id(type), option(undefined, text), vector([], text)]));

const composite = (/** @type {Field[]} */ list) => () => Buffer.concat([Buffer.of(0), fields(list)]);

const variants = (/** @type {[string, number, Field[]][]} */ list) => () =>
  Buffer.concat([Buffer.of(1), vector(list, ([name, index, content]) => Buffer.concat([text(name), fields(content), Buffer.of(index), vector([], text)]))]);

const sequence = (/** @type {string} */ of) => () => Buffer.concat([Buffer.of(2), id(of)]);

const bytes32 = () => Buffer.concat([Buffer.of(3, 32, 0, 0, 0), id('u8')]);

const primitive = (/** @type {number} */ index) => () => Buffer.of(5, index);

const nothing = () => Buffer.concat([Buffer.of(4), vector([], id)]);

/** @type {Record<string, Type>} */
const TYPES = {
  u8: { def: primitive(3) },
  u16: { def: primitive(4) },
  u32: { def: primitive(5) },
  u64: { def: primitive(6) },
  bytes: { def: sequence('u8') },
  nothing: { def: nothing },
  '[u8; 32]': { def: bytes32 },
  Hash: { path: ['primitive_types', 'H256'], def: composite([{ type: '[u8; 32]' }]) },
  MidnightCall: {
    path: ['pallet_midnight', 'pallet', 'Call'],
    params: [['T', undefined]],
    def: variants([['send_mn_transaction', 0, [{ name: 'midnight_tx', type: 'bytes' }]]]),
  },
  Call: { path: ['midnightos_devnet', 'RuntimeCall'], def: variants([['Midnight', PALLET.midnight, [{ type: 'MidnightCall' }]]]) },
  DispatchError: { path: ['sp_runtime', 'DispatchError'], def: variants([['Other', 0, []]]) },
  SystemEvent: {
    path: ['frame_system', 'pallet', 'Event'],
    params: [['T', undefined]],
    def: variants([['ExtrinsicSuccess', EVENT.extrinsicSuccess, []], ['ExtrinsicFailed', EVENT.extrinsicFailed, [{ name: 'dispatch_error', type: 'DispatchError' }]]]),
  },
  TxAppliedDetails: { path: ['pallet_midnight', 'pallet', 'TxAppliedDetails'], def: composite([{ name: 'tx_hash', type: '[u8; 32]' }]) },
  MidnightEvent: {
    path: ['pallet_midnight', 'pallet', 'Event'],
    def: variants([['TxApplied', EVENT.txApplied, [{ type: 'TxAppliedDetails' }]], ['TxPartialSuccess', EVENT.txPartialSuccess, [{ type: 'TxAppliedDetails' }]]]),
  },
  Event: {
    path: ['midnightos_devnet', 'RuntimeEvent'],
    def: variants([['System', PALLET.system, [{ type: 'SystemEvent' }]], ['Midnight', PALLET.midnight, [{ type: 'MidnightEvent' }]]]),
  },
  Phase: { path: ['frame_system', 'Phase'], def: variants([['ApplyExtrinsic', 0, [{ type: 'u32' }]], ['Finalization', 1, []], ['Initialization', 2, []]]) },
  Hashes: { def: sequence('Hash') },
  EventRecord: {
    path: ['frame_system', 'EventRecord'],
    params: [['E', 'Event'], ['T', 'Hash']],
    def: composite([{ name: 'phase', type: 'Phase' }, { name: 'event', type: 'Event' }, { name: 'topics', type: 'Hashes' }]),
  },
  EventRecords: { def: sequence('EventRecord') },
  Extrinsic: {
    path: ['sp_runtime', 'generic', 'unchecked_extrinsic', 'UncheckedExtrinsic'],
    params: [['Address', 'nothing'], ['Call', 'Call'], ['Signature', 'nothing'], ['Extra', 'nothing']],
    def: composite([{ type: 'bytes' }]),
  },
  Runtime: { path: ['midnightos_devnet', 'Runtime'], def: composite([]) },
};

/**
 * @param {Type} type
 * @param {number} index
 */
function portable({ path = [], params = [], def }, index) {
  const parameters = vector(params, ([parameter, type]) => Buffer.concat([text(parameter), option(type, id)]));
  return Buffer.concat([number(index), vector(path, text), parameters, def(), vector([], text)]);
}

/**
 * @param {string} name
 * @param {number} index
 * @param {{ storage?: Uint8Array, calls?: string, events?: string }} content
 */
function pallet(name, index, { storage, calls, events }) {
  const same = (/** @type {Uint8Array} */ encoded) => encoded;
  const none = vector([], text);
  return Buffer.concat([text(name), option(storage, same), option(calls, id), option(events, id), none, option(undefined, id), Buffer.of(index)]);
}

/** `System.Events`: a plain value (0) with a default (modifier 1), here no events. */
const EVENTS_STORAGE = Buffer.concat([
  text('System'),
  vector(['Events'], (name) => Buffer.concat([text(name), Buffer.of(1, 0), id('EventRecords'), bytes(Buffer.of(0)), vector([], text)])),
]);

/** What `state_getMetadata` answers: `meta`, 14, the types, the pallets, the extrinsic's format (4, unsigned alone), the runtime. */
export const METADATA = `0x${Buffer.concat([
  Buffer.from('meta'),
  Buffer.of(14),
  number(Object.keys(TYPES).length),
  ...Object.values(TYPES).map(portable),
  vector([
    pallet('System', PALLET.system, { storage: EVENTS_STORAGE, events: 'SystemEvent' }),
    pallet('Midnight', PALLET.midnight, { calls: 'MidnightCall', events: 'MidnightEvent' }),
  ], (encoded) => encoded),
  id('Extrinsic'), Buffer.of(4), vector([], text),
  id('Runtime'),
]).toString('hex')}`;
