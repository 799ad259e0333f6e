/** @typedef {{ eventId: string, eventName: string, [field: string]: unknown }} EventRecord */

const MILLI = 1_000_000n;

/**
 * A workflow of one root event, so many events that it caused, and so many consumers of each, no two alike: nothing stacks.
 * @param {string} key
 * @param {number} events
 * @param {number} consumers
 * @param {bigint} start Unix nanoseconds
 * @returns {EventRecord[]}
 */
export function bush(key, events, consumers, start) {
  const at = (/** @type {number} */ ms) => `${start + BigInt(ms) * MILLI}`;
  const records = [
    {
      eventId: `${key}-root`,
      eventName: 'order.placed',
      correlationId: key,
      producer: 'shop',
      startTimeUnixNano: at(0),
    },
  ];
  for (let event = 0; event < events; event++) {
    const eventId = `${key}-${event}`;
    const eventName = `part.${event}`;
    records.push(
      /** @type {never} */ ({
        eventId,
        eventName,
        correlationId: key,
        causationId: `${key}-root`,
        producer: 'shop',
        startTimeUnixNano: at(event),
      }),
    );
    for (let consumer = 0; consumer < consumers; consumer++) {
      records.push(
        /** @type {never} */ (
          branch(key, eventId, eventName, `consumer-${event}-${consumer}`, at(event + 10), at(event + 30))
        ),
      );
    }
  }
  return records;
}

/**
 * One attempt that succeeded.
 * @param {string} key
 * @param {string} eventId
 * @param {string} eventName
 * @param {string} consumerName
 * @param {string} startTimeUnixNano
 * @param {string} endTimeUnixNano
 * @returns {EventRecord}
 */
export function branch(key, eventId, eventName, consumerName, startTimeUnixNano, endTimeUnixNano) {
  return {
    eventId,
    eventName,
    correlationId: key,
    consumerName,
    step: `do-${consumerName}`,
    startTimeUnixNano,
    endTimeUnixNano,
  };
}

/**
 * One consumer of so many events of one name.
 * @param {string} key
 * @param {number} branches
 * @param {bigint} start
 * @returns {EventRecord[]}
 */
export function fanOut(key, branches, start) {
  const at = (/** @type {number} */ ms) => `${start + BigInt(ms) * MILLI}`;
  const records = [
    {
      eventId: `${key}-root`,
      eventName: 'campaign.launched',
      correlationId: key,
      producer: 'marketing',
      startTimeUnixNano: at(0),
    },
  ];
  for (let number = 0; number < branches; number++) {
    const eventId = `${key}-${number}`;
    records.push(
      /** @type {never} */ ({
        eventId,
        eventName: 'email.requested',
        correlationId: key,
        causationId: `${key}-root`,
        producer: 'audience',
        startTimeUnixNano: at(number),
      }),
    );
    records.push(
      /** @type {never} */ (
        branch(key, eventId, 'email.requested', 'mailer', at(number + 20), at(number + 50))
      ),
    );
  }
  return records;
}
