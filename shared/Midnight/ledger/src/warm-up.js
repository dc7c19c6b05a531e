import { NIGHT } from './tokens.js';
import { derive } from './derive.js';
import { decode } from './decode.js';
import { transfer } from './transfer.js';

/**
 * Runs each operation once on made-up values. The first call compiles code and fills the curve's tables; an idle worker does it
 * before it is asked.
 */
export async function warmUp() {
  const seed = () => Buffer.alloc(32, 1);
  const { result } = derive({ network: 'undeployed' }, seed());
  const coin = { value: '1', token: NIGHT };
  const bound = await transfer(
    {
      network: 'undeployed',
      ttl: 1,
      inputs: [{ ...coin, intentHash: NIGHT, outputNo: 0 }],
      outputs: [{ ...coin, owner: result.unshielded.addressHex }],
    },
    seed(),
  );
  decode(bound.body);
}
