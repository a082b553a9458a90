"""The pages of numbers: flow, campaigns, service, stock. Each is a pure function from a `Source` to a `Page`."""
