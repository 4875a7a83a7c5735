"""A worker's threads keep their connections to the database from task to task, as those of the web do.

Celery would close them around each task, which at rest alone made one a second. CONN_MAX_AGE says how long
one is kept, and CONN_HEALTH_CHECKS that one which has broken meanwhile is replaced before it is used.
"""

from celery import signals
from django.db import close_old_connections

signals.task_prerun.connect(close_old_connections)
signals.task_postrun.connect(close_old_connections)
