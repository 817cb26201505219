-- One row per invoice: what it is called, and the words on it. Apart from the list, so that a payment does not touch it.
CREATE TABLE invoice_search (
    invoice_id      uuid     PRIMARY KEY,
    organization_id uuid     NOT NULL,
    reference       bigint   NOT NULL,
    number          text     COLLATE "C",
    order_id        text     COLLATE "C",      -- in lower case
    words           tsvector NOT NULL,         -- lower case, no diacritics, no positions; ~ before those of the customer alone
    draft           jsonb                      -- header and lines, to go on folding; null once sent or discarded
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

-- Every word that was ever written on an invoice of the organization: what a mistyped word may have meant; and the names
-- of the customers that it is part of, by name or address. Only grows.
CREATE TABLE invoice_word (
    organization_id uuid NOT NULL,
    word            text COLLATE "C" NOT NULL,
    customer_key    text NOT NULL,              -- a name as the list sorts by it; empty: the word itself, letters alone
    PRIMARY KEY (organization_id, word, customer_key)
);

-- after the rows: a rebuild makes what follows when the table is full
CREATE INDEX ON invoice_search USING gin (words) WITH (gin_pending_list_limit = 1024);
CREATE INDEX ON invoice_search (organization_id, reference);
CREATE INDEX ON invoice_search (organization_id, number);
CREATE INDEX ON invoice_search (organization_id, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX ON invoice_word USING gin (word public.gin_trgm_ops) WHERE customer_key = '';
