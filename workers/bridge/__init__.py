"""The bridge between the store and Kafka: facts out, commands in, and what is said of both."""
