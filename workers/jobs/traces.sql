-- The trace in which a job was wished, so that what it does outside can be followed back to who asked for it.
ALTER TABLE work.job ADD COLUMN traceparent text;
