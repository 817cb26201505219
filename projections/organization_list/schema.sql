CREATE TABLE organization_list (
    organization_id uuid        PRIMARY KEY,
    name            text        NOT NULL,
    tax_id          text,
    currency        text        NOT NULL,
    time_zone       text        NOT NULL,   -- IANA; its calendar says what day it is
    profile         jsonb       NOT NULL,   -- the domain's OrganizationProfile
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    version         bigint      NOT NULL,
    position        bigint      NOT NULL
);
