"""What speaks to SmartDialog. The clock that it goes by, and all above it, is that of accounts."""

from accounts.db import clock
