"""The people of every test are known everywhere."""

pytest_plugins = ["tests.people"]
