"""What a person at the terminal reads once everything answers."""

DEMO = """
SmartDialog Admin is running.

  Open      {web}
  Sign in   "Sign in with SmartDialog" as  mikko (marketer)  aino (admin)  vera (viewer)
            or  nina (a newcomer, waits for approval);  password for all:  sandbox
  Phones    {sandbox}/_phones/   read and answer messages as the people who get them
  Platform  {sandbox}/_control/  the stand-in SmartDialog that this run talks to
  Logs      {logs}
  Stop      Ctrl-C
"""
REAL = """
SmartDialog Admin is running and talks to {api}

  Open      {web}
  Sign in   with your SmartDialog account; the first admin is made with
            .venv/bin/python manage.py createsuperuser
  Logs      {logs}
  Stop      Ctrl-C
"""
SANDBOX_ONLY = """
The stand-in SmartDialog is running.

  API       {sandbox}/api-integrations/v1
  Platform  {sandbox}/_control/
  Phones    {sandbox}/_phones/
  Logs      {logs}
  Stop      Ctrl-C
"""
