"""A Celery worker of one process (pool `solo`), until the script says `stop`."""

from telemetry import provider  # first: it instruments Celery
import os
import signal
import threading

from celery.signals import worker_ready

from service import say, stopped
from tasks import app

worker_ready.connect(lambda **_: say("ready"), weak=False)


def end_when_told():
    stopped.wait()
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=end_when_told, daemon=True).start()
try:
    app.worker_main(["worker", "--pool", "solo", "--loglevel", "ERROR", "--without-gossip", "--without-mingle"])
except SystemExit:
    pass
provider.shutdown()
