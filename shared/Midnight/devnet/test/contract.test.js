import assert from 'node:assert/strict';
import test from 'node:test';
import { countCall, deployment } from '../testing/contract.js';
import { fixture } from '../testing/fixtures.js';
import { devnetFor, included, query, submit, subscribe } from '../testing/support.js';

const verifier = fixture('fallible.verifier');
const FILES = { verifier: verifier.file, prover: fixture('fallible.prover').file, ir: fixture('fallible.bzkir').file };
const TTL = () => new Date(Date.now() + 600_000);
/** No proof at all: the npm ledger does not verify those of contract calls, and the devnet must not say that it did. */
const NOT_A_PROOF = Buffer.concat([Buffer.from('midnight:proof[v5]:'), Buffer.from([0])]);

test('contractAction_DeployAndCall_AreServedAndNamedUnverified', { skip: verifier.skip }, async (t) => {
  const { indexer, node, chain } = await devnetFor(t);
  const deploy = await deployment(verifier.file, TTL());
  assert.match((await submit(node, deploy.raw)).result ?? '', /^0x/);
  assert.equal((await included(chain, deploy.hash)).status, 'SUCCESS');
  const shown = await query(indexer, `{ contractAction(address: "${deploy.address}") { __typename address state zswapState transaction { hash } unshieldedBalances { amount } } }`);
  assert.equal(shown.data.contractAction.__typename, 'ContractDeploy');
  assert.equal(shown.data.contractAction.transaction.hash, deploy.hash);
  assert.equal(shown.extensions, undefined);

  const call = await countCall(chain.state, deploy.address, deploy.operation, NOT_A_PROOF, FILES, TTL());
  const answer = await submit(node, call.raw);
  assert.match(answer.result ?? '', /^0x/, JSON.stringify(answer));
  assert.equal((await included(chain, call.hash)).status, 'SUCCESS');
  const after = await query(indexer, `{ contractAction(address: "0x${deploy.address.toUpperCase()}") {
    __typename state transaction { id ... on RegularTransaction { transactionResult { status } } }
    ... on ContractCall { entryPoint deploy { address transaction { hash } } contractEvents { id } } } }`);
  const action = after.data.contractAction;
  assert.deepEqual([action.__typename, action.entryPoint, action.transaction.transactionResult.status], ['ContractCall', 'count', 'SUCCESS']);
  assert.equal(action.deploy.transaction.hash, deploy.hash);
  assert.notEqual(action.state, shown.data.contractAction.state);
  assert.deepEqual(after.extensions, { notVerified: ['the proof of each contract call'] });

  const seen = [];
  for await (const { contractActions } of subscribe(indexer, `subscription { contractActions(address: "${deploy.address}", offset: { height: 0 }) { __typename } }`)) {
    seen.push(contractActions.__typename);
    if (seen.length === 2) break;
  }
  assert.deepEqual(seen, ['ContractDeploy', 'ContractCall']);
});
