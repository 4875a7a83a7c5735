"""What SmartDialog answers to who asks for the customers."""

from gateway.tests.conftest import API

CUSTOMERS = f"{API}/customers"


def listing(*names: str) -> dict:
    return {"customerUsers": [{"customerId": f"customer-{name}", "customerName": name} for name in names]}
