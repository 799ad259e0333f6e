"""The Celery application of the recording: `charge`, which starts `ship`, and asks for its own retry when it fails."""

import os
from collections import Counter
from time import sleep

from celery import Celery

from service import say

app = Celery("orders", broker=os.environ["CELERY_BROKER"])
# What a task prints goes to the script, and not to a logger.
app.conf.update(
    worker_redirect_stdouts=False,
    task_ignore_result=True,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
)

FAILURES_OF = {"o-9102": 2, "o-9103": 1000}
attempts = Counter()


@app.task(bind=True, name="orders.charge", max_retries=2)
def charge(task, order):
    sleep(0.02)
    attempts[order] += 1
    if attempts[order] > FAILURES_OF.get(order, 0):
        ship.delay(order)
        say("done", order=order)
        return
    invalid = order == "o-9103"
    if task.request.retries == task.max_retries:
        say("done", order=order)
    raise task.retry(exc=RuntimeError("card number is invalid" if invalid else "card gateway timeout"), countdown=0.2)


@app.task(name="orders.ship")
def ship(order):
    say("shipped", order=order)
