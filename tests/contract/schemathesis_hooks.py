"""What schemathesis cannot know of our media types: a mail is sent as the bytes it is."""

import schemathesis

schemathesis.serializer.alias("message/rfc822", "application/octet-stream")
