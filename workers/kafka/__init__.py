"""Kafka: the one room that speaks to brokers."""
