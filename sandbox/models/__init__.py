from sandbox.models.callbacks import Callback, Subscription
from sandbox.models.contacts import Contact
from sandbox.models.ledger import Fault, LedgerCall, SwitchSetting
from sandbox.models.messages import Inbound, Message, Recipient, RememberedRequest, Thread
from sandbox.models.people import Customer, Person, Service
from sandbox.models.signin import AuthorizationCode, RefreshToken, SigningKey
from sandbox.models.templates import OptIn, Template
