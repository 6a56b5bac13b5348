"""moto's server, with what DynamoDB does and moto 5.2.5 does not: an UpdateItem that updates nothing, under a condition."""
from moto.dynamodb.models.dynamo_type import Item
from moto.server import main

update = Item.update_with_attribute_updates
Item.update_with_attribute_updates = lambda self, updates: update(self, updates or {})

main()
