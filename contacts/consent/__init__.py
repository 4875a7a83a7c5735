"""Who wants no messages, in one record for a person and a customer: said, kept, carried, lifted, shown."""
