-- Who listens, as the follower has come to know it: moved in the transaction that moves its place, so that each fact is
-- held against the endpoints as they were when it was recorded.
CREATE TABLE work.webhook_endpoint (
    endpoint_id     uuid    PRIMARY KEY,
    organization_id uuid    NOT NULL,
    events          text[]  NOT NULL,           -- wire names and families; none: all
    is_active       boolean NOT NULL,
    position        bigint  NOT NULL,           -- of the last fact that changed who listens; those before are done with
    failing_since   timestamptz,                -- by the worker's clock; null: the last answer was good
    failed_at       timestamptz                 -- the last time; a failure long after it is not the same trouble
);

CREATE INDEX webhook_endpoint_active ON work.webhook_endpoint (organization_id) WHERE is_active;
CREATE INDEX job_webhooks ON work.job ((payload ->> 'endpoint_id'), id DESC) WHERE queue = 'webhooks';

COMMENT ON TABLE work.webhook_endpoint IS 'Which webhook endpoints are sent which facts, and since when one has failed';
