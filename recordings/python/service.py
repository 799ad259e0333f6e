"""How a Python service talks with the script that records it; see harness/service-protocol.mjs."""

import json
import queue
import sys
import threading

commands = queue.SimpleQueue()
"""What the script told the service, as dictionaries; the last is {"command": "stop"}."""

stopped = threading.Event()
"""Set once the script said `stop`."""


def say(what, **details):
    print("@said " + json.dumps({"what": what, **details}), flush=True)


def _listen():
    for line in sys.stdin:
        command = json.loads(line)
        if command["command"] == "stop":
            stopped.set()
        commands.put(command)


threading.Thread(target=_listen, daemon=True).start()
