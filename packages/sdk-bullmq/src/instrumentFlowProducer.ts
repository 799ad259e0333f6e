import { upshot as processWide, type Sending } from '@upshot/sdk';
import type { QueueOptions } from './BullOptions.js';
import type { FlowProducerLike, JobOptionsLike } from './clients.js';
import { openJob, sent } from './instrumentQueue.js';
import { carrying } from './metadata.js';

const done = new WeakSet<object>();

/** A job of a flow, and those that must be done before it. */
interface FlowJob {
  readonly name: string;
  readonly queueName: string;
  readonly data?: unknown;
  readonly opts?: JobOptionsLike;
  readonly children?: readonly FlowJob[];
}

/**
 * One line for a producer of flows: each job of the tree is an event of its own, caused by who adds the flow. The same producer is returned.
 */
export function instrumentFlowProducer<Flows extends FlowProducerLike>(
  flows: Flows,
  options: QueueOptions = {},
): Flows {
  if (done.has(flows)) return flows;
  done.add(flows);
  const { upshot = processWide } = options;
  const own = flows as unknown as {
    add: (flow: FlowJob, ...rest: unknown[]) => Promise<unknown>;
    addBulk: (flows: readonly FlowJob[]) => Promise<unknown>;
  };
  const [add, addBulk] = [own.add.bind(flows), own.addBulk.bind(flows)];
  const carried = (flow: FlowJob, sendings: Sending[]): FlowJob => {
    const { name, queueName, data, opts, children } = flow;
    const sending = openJob(upshot, queueName, { name, data, opts }, options);
    sendings.push(sending);
    return {
      ...flow,
      opts: carrying(opts, sending.headers),
      ...(children === undefined ? {} : { children: children.map((child) => carried(child, sendings)) }),
    };
  };

  own.add = (flow, ...rest) => {
    const sendings: Sending[] = [];
    const tree = carried(flow, sendings);
    return sent(sendings, () => add(tree, ...rest));
  };
  own.addBulk = (all) => {
    const sendings: Sending[] = [];
    const trees = all.map((flow) => carried(flow, sendings));
    return sent(sendings, () => addBulk(trees));
  };
  return flows;
}
