"""Real servers for the tests: PostgreSQL, SMTP and a browser, as pytest plugins.

`tests/conftest.py` loads them with `pytest_plugins`. What a server needs from the machine is put
there before the tests start (`python -m tests.servers`); what is missing then is a failure with a
message that says what to do, never a skipped test.
"""
