"""`shop`: each command {"command": "order", "order": …} is a request, which starts the task `orders.charge`.

The request's SERVER span is the application's own: no web framework takes part.
"""

from telemetry import provider, tracer  # first: it instruments Celery
from opentelemetry.trace import SpanKind

from service import commands, say
from tasks import charge

say("ready")
while (command := commands.get())["command"] == "order":
    with tracer.start_as_current_span("POST /orders", kind=SpanKind.SERVER):
        charge.delay(command["order"])
provider.shutdown()
