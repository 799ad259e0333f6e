"""A service that only takes note of one queue (READ_QUEUE)."""

from telemetry import provider  # first: it instruments the client
import os

from broker import connect
from service import say, stopped


def on_message(channel, method, properties, body):
    channel.basic_ack(method.delivery_tag)
    say("done", order=body.decode())


connection, channel = connect()
channel.basic_consume(os.environ["READ_QUEUE"], on_message)
say("ready")
while not stopped.is_set():
    connection.process_data_events(0.2)
connection.close()
provider.shutdown()
