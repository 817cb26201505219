"""What spans say of themselves: names of attributes, those of others' conventions and our own, in one place.

The conventions for messaging are still in development and rename things; these are theirs as of 1.27 to 1.45.
"""

from typing import Final

COMMAND: Final = "izvor.command"
OUTCOME: Final = "izvor.outcome"
REFUSAL: Final = "izvor.refusal"
ORGANIZATION: Final = "izvor.organization"
QUEUE: Final = "izvor.job.queue"
JOB: Final = "izvor.job.id"
ATTEMPT: Final = "izvor.job.attempt"
AFTER: Final = "izvor.position.after"
UNTIL: Final = "izvor.position.until"
MODELS: Final = "izvor.read_models"

ERROR: Final = "error.type"
SYSTEM: Final = "messaging.system"
DESTINATION: Final = "messaging.destination.name"
PARTITION: Final = "messaging.destination.partition.id"
OFFSET: Final = "messaging.kafka.offset"
OPERATION: Final = "messaging.operation.name"
OPERATION_TYPE: Final = "messaging.operation.type"
GROUP: Final = "messaging.consumer.group.name"
MESSAGES: Final = "messaging.batch.message_count"
