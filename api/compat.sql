-- How the old dialect answers the holder of a token: null with the documented status codes, perfex with the coded ones.
ALTER TABLE izvor.token ADD COLUMN compat text CHECK (compat IN ('perfex'));
