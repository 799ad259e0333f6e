"""A service that only takes note of one queue (READ_QUEUE)."""

from telemetry import provider  # first: it instruments the client
import asyncio
import os

from broker import connect
from service import say, stopped


async def main():
    connection, _, queues = await connect()

    async def on_message(message):
        await message.ack()
        say("done", order=message.body.decode())

    await queues[os.environ["READ_QUEUE"]].consume(on_message)
    say("ready")
    await asyncio.to_thread(stopped.wait)
    await connection.close()


asyncio.run(main())
provider.shutdown()
