"""The plan folder: plan.json and its schema, masks, zones, written whole or not at all."""
