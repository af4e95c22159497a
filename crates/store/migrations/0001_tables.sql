-- Unique values are named after their table and columns, as SQLite's messages name them: see error.rs.

CREATE TABLE counter (
    name TEXT NOT NULL CONSTRAINT counter_name PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE person (
    id TEXT NOT NULL CONSTRAINT person_id PRIMARY KEY,
    identity_number TEXT NOT NULL CONSTRAINT person_identity_number UNIQUE,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    -- Given name and family name folded by model, since the engines fold differently.
    folded_name TEXT NOT NULL,
    hsa_id TEXT NOT NULL CONSTRAINT person_hsa_id UNIQUE,
    email TEXT,
    mobile TEXT,
    -- The account's, when the staff export tells it.
    security_identifier TEXT,
    -- Since when, if it is.
    protected BIGINT,
    added_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX person_by_folded_name ON person (folded_name);

-- Read when a card is sent and at no other time.
CREATE TABLE registered_address (
    person TEXT NOT NULL CONSTRAINT registered_address_person PRIMARY KEY REFERENCES person (id),
    street TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    town TEXT NOT NULL,
    told_at BIGINT NOT NULL
);

CREATE TABLE employer (
    name TEXT NOT NULL CONSTRAINT employer_name PRIMARY KEY
);

CREATE TABLE unit (
    hsa_id TEXT NOT NULL CONSTRAINT unit_hsa_id PRIMARY KEY,
    name TEXT NOT NULL,
    sector TEXT NOT NULL CONSTRAINT unit_sector CHECK (sector IN ('public', 'private'))
);

CREATE TABLE engagement (
    id TEXT NOT NULL CONSTRAINT engagement_id PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL,
    from_date TEXT NOT NULL,
    to_date TEXT,
    employer TEXT NOT NULL,
    -- As the staff export told them for this engagement: an old engagement keeps the old name of its unit.
    unit_hsa_id TEXT NOT NULL,
    unit_name TEXT NOT NULL,
    sector TEXT NOT NULL CONSTRAINT engagement_sector CHECK (sector IN ('public', 'private')),
    title TEXT,
    it_services TEXT NOT NULL,
    manager_hsa_id TEXT,
    CONSTRAINT engagement_dates CHECK (to_date IS NULL OR to_date >= from_date)
);
CREATE INDEX engagement_by_person ON engagement (person);
CREATE INDEX engagement_by_to_date ON engagement (to_date);

CREATE TABLE role_grant (
    person TEXT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    CONSTRAINT role_grant_person_role PRIMARY KEY (person, role)
);

CREATE TABLE card_order (
    id TEXT NOT NULL CONSTRAINT card_order_id PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (id),
    engagement TEXT NOT NULL REFERENCES engagement (id),
    product TEXT NOT NULL,
    credentials TEXT NOT NULL,
    ordered_by TEXT NOT NULL REFERENCES person (id),
    ordered_at BIGINT NOT NULL,
    state TEXT NOT NULL CONSTRAINT card_order_state CHECK (state IN ('open', 'fulfilled', 'cancelled'))
);
CREATE INDEX card_order_by_person ON card_order (person);

CREATE TABLE photo (
    id TEXT NOT NULL CONSTRAINT photo_id PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (id),
    taken_by TEXT REFERENCES person (id),
    taken_at BIGINT NOT NULL,
    state TEXT NOT NULL CONSTRAINT photo_state CHECK (state IN ('taken', 'approved', 'rejected', 'superseded')),
    judged_by TEXT REFERENCES person (id),
    digest BYTEA NOT NULL,
    -- JPEG, as it is printed.
    picture BYTEA NOT NULL
);
CREATE INDEX photo_by_person ON photo (person);

CREATE TABLE batch (
    id TEXT NOT NULL CONSTRAINT batch_id PRIMARY KEY,
    made_by TEXT REFERENCES person (id),
    made_at BIGINT NOT NULL
);

CREATE TABLE card (
    id TEXT NOT NULL CONSTRAINT card_id PRIMARY KEY,
    card_order TEXT NOT NULL REFERENCES card_order (id),
    person TEXT NOT NULL REFERENCES person (id),
    product TEXT NOT NULL,
    number TEXT CONSTRAINT card_number UNIQUE,
    state TEXT NOT NULL CONSTRAINT card_state CHECK (state IN (
        'draft', 'ordered', 'awaiting-photo', 'ready-for-production', 'in-production', 'production-failed', 'produced',
        'sent', 'returned', 'expired-unactivated', 'partly-activated', 'active', 'revoked', 'expired', 'replaced',
        'deregistered', 'cancelled'
    )),
    state_since BIGINT NOT NULL,
    photo TEXT REFERENCES photo (id),
    batch TEXT REFERENCES batch (id),
    expires_on TEXT,
    guid BYTEA,
    identity_written_at BIGINT,
    -- Sealed. A code or key that has been sent to the card stands in the second column until the card has confirmed it.
    unlock_code BYTEA,
    unlock_code_next BYTEA,
    management_version BIGINT NOT NULL,
    management_version_next BIGINT
);
CREATE INDEX card_by_person ON card (person);
CREATE INDEX card_by_state ON card (state, state_since);
CREATE INDEX card_by_card_order ON card (card_order);
CREATE INDEX card_by_batch ON card (batch);

-- Where each card of a batch goes, as it stood when the batch was made. No street: a letter the Tax Agency forwards.
CREATE TABLE consignment (
    batch TEXT NOT NULL REFERENCES batch (id),
    card TEXT NOT NULL REFERENCES card (id),
    street TEXT,
    postal_code TEXT,
    town TEXT,
    CONSTRAINT consignment_batch_card PRIMARY KEY (batch, card)
);

CREATE TABLE identity_check (
    id TEXT NOT NULL CONSTRAINT identity_check_id PRIMARY KEY,
    card TEXT NOT NULL REFERENCES card (id),
    officer TEXT NOT NULL REFERENCES person (id),
    checked_at BIGINT NOT NULL,
    document_kind TEXT NOT NULL,
    document_number TEXT NOT NULL,
    document_expires_on TEXT NOT NULL
);
CREATE INDEX identity_check_by_card ON identity_check (card, checked_at);

-- Intentions: what was about to be signed, written down before it was.
CREATE TABLE issuance (
    authority TEXT NOT NULL,
    serial TEXT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT issuance_kind CHECK (kind IN ('login', 'signature', 'encryption')),
    card TEXT NOT NULL REFERENCES card (id),
    person TEXT NOT NULL REFERENCES person (id),
    to_be_signed BYTEA NOT NULL,
    not_after BIGINT NOT NULL,
    shard BIGINT NOT NULL,
    reserved_at BIGINT NOT NULL,
    finished_at BIGINT,
    CONSTRAINT issuance_authority_serial PRIMARY KEY (authority, serial)
);
CREATE INDEX issuance_unfinished ON issuance (reserved_at) WHERE finished_at IS NULL;

CREATE TABLE certificate (
    authority TEXT NOT NULL,
    serial TEXT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT certificate_kind CHECK (kind IN ('login', 'signature', 'encryption')),
    state TEXT NOT NULL CONSTRAINT certificate_state CHECK (state IN ('issued', 'active', 'held', 'expired', 'revoked')),
    card TEXT NOT NULL REFERENCES card (id),
    person TEXT NOT NULL REFERENCES person (id),
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    -- Which part of its authority's revocation list it would stand on, 0 when the list is whole.
    shard BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    installed_at BIGINT,
    revoked_at BIGINT,
    reason TEXT,
    -- Last, so that the columns before it are read without it.
    der BYTEA NOT NULL,
    CONSTRAINT certificate_authority_serial PRIMARY KEY (authority, serial),
    -- What expires while it is held was held to its end, and its status goes on saying so.
    CONSTRAINT certificate_revocation CHECK (state = 'expired' OR (state IN ('revoked', 'held')) = (revoked_at IS NOT NULL)),
    CONSTRAINT certificate_reason CHECK ((reason IS NULL) = (revoked_at IS NULL))
);
CREATE INDEX certificate_by_card ON certificate (card);
CREATE INDEX certificate_by_person ON certificate (person);

CREATE TABLE api_client (
    id TEXT NOT NULL CONSTRAINT api_client_id PRIMARY KEY,
    name TEXT NOT NULL CONSTRAINT api_client_name UNIQUE,
    -- SHA-256 of the secret, hexadecimal.
    secret_hash TEXT NOT NULL CONSTRAINT api_client_secret_hash UNIQUE,
    scopes TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    revoked_at BIGINT
);

-- What a client has asked for under a key of its own, so that asking again makes nothing new.
CREATE TABLE once (
    client TEXT NOT NULL REFERENCES api_client (id),
    key TEXT NOT NULL,
    -- SHA-256 of all that was asked.
    digest BYTEA NOT NULL,
    -- What was made: an identifier.
    made TEXT NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT once_client_key PRIMARY KEY (client, key)
);
CREATE INDEX once_by_time ON once (at);

CREATE TABLE function (
    id TEXT NOT NULL CONSTRAINT function_id PRIMARY KEY,
    name TEXT NOT NULL,
    profile TEXT NOT NULL,
    host_names TEXT NOT NULL,
    hsa_id TEXT,
    email TEXT NOT NULL,
    tree TEXT NOT NULL CONSTRAINT function_tree CHECK (tree IN ('real', 'test')),
    key_holder TEXT NOT NULL CONSTRAINT function_key_holder CHECK (key_holder IN ('requester', 'system')),
    state TEXT NOT NULL CONSTRAINT function_state CHECK (state IN ('requested', 'approved', 'rejected', 'closed')),
    client TEXT REFERENCES api_client (id),
    requested_by TEXT REFERENCES person (id),
    requested_at BIGINT NOT NULL,
    state_since BIGINT NOT NULL
);
CREATE UNIQUE INDEX function_tree_name ON function (tree, name) WHERE state IN ('requested', 'approved');
CREATE INDEX function_by_state ON function (state, state_since);

-- A reserved certificate is an intention, as in issuance: what is about to be signed, written down before it is.
CREATE TABLE function_certificate (
    authority TEXT NOT NULL,
    serial TEXT NOT NULL,
    function TEXT NOT NULL REFERENCES function (id),
    state TEXT NOT NULL CONSTRAINT function_certificate_state CHECK (state IN ('reserved', 'issued', 'revoked')),
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    shard BIGINT NOT NULL,
    reserved_at BIGINT NOT NULL,
    issued_at BIGINT,
    revoked_at BIGINT,
    reason TEXT,
    -- The name of its key, where the system holds it.
    key TEXT,
    -- TBSCertificate while it is reserved, then the certificate. Last, so that the columns before it are read without it.
    der BYTEA NOT NULL,
    CONSTRAINT function_certificate_authority_serial PRIMARY KEY (authority, serial),
    CONSTRAINT function_certificate_issue CHECK ((state = 'reserved') = (issued_at IS NULL)),
    CONSTRAINT function_certificate_revocation CHECK ((state = 'revoked') = (revoked_at IS NOT NULL)),
    CONSTRAINT function_certificate_reason CHECK ((reason IS NULL) = (revoked_at IS NULL))
);
CREATE INDEX function_certificate_by_function ON function_certificate (function, not_after);
CREATE INDEX function_certificate_unfinished ON function_certificate (reserved_at) WHERE state = 'reserved';

-- What revocation lists and nodes read: every certificate, of whichever table, that was ever stopped. A row stays when a pause
-- is taken back, for delta lists must say so.
CREATE TABLE revocation (
    authority TEXT NOT NULL,
    serial TEXT NOT NULL,
    shard BIGINT NOT NULL,
    state TEXT NOT NULL CONSTRAINT revocation_state CHECK (state IN ('revoked', 'held', 'released')),
    revoked_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    not_after BIGINT NOT NULL,
    -- One number for each change, of all authorities, rising as they are committed.
    change BIGINT NOT NULL CONSTRAINT revocation_change UNIQUE,
    CONSTRAINT revocation_authority_serial PRIMARY KEY (authority, serial),
    CONSTRAINT revocation_hold CHECK ((state = 'revoked') = (reason <> 'certificate-hold'))
);
-- Holds all that a list tells, so that a long one is read from front to back.
CREATE INDEX revocation_by_change ON revocation (authority, change, serial, revoked_at, reason, state, not_after);
CREATE INDEX revocation_by_shard ON revocation (authority, shard, change) WHERE shard > 0;

CREATE TABLE authority (
    name TEXT NOT NULL CONSTRAINT authority_name PRIMARY KEY,
    family TEXT NOT NULL,
    version BIGINT NOT NULL,
    role TEXT NOT NULL CONSTRAINT authority_role CHECK (role IN ('authority', 'link', 'responder')),
    parent TEXT REFERENCES authority (name),
    certificate BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    not_after BIGINT NOT NULL
);
-- Two nodes that make the first of a family at once must not both succeed.
CREATE UNIQUE INDEX authority_family_version ON authority (family, version) WHERE role = 'authority';
CREATE INDEX authority_by_parent ON authority (parent, role, created_at);

CREATE TABLE crl (
    authority TEXT NOT NULL,
    -- The part of the authority's certificates that the list is about, 0 for all of them.
    shard BIGINT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT crl_kind CHECK (kind IN ('full', 'delta')),
    number BIGINT NOT NULL,
    base BIGINT,
    -- The last change of the authority's revocations that the list knows of: tells whether it is behind.
    change BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    octets BIGINT NOT NULL,
    parts BIGINT NOT NULL,
    this_update BIGINT NOT NULL,
    next_update BIGINT NOT NULL,
    CONSTRAINT crl_authority_shard_kind_number PRIMARY KEY (authority, shard, kind, number),
    CONSTRAINT crl_base CHECK ((kind = 'delta') = (base IS NOT NULL))
);

-- The octets of a list, in pieces. Written before the list is complete, so they point at nothing.
CREATE TABLE crl_part (
    authority TEXT NOT NULL,
    shard BIGINT NOT NULL,
    kind TEXT NOT NULL,
    number BIGINT NOT NULL,
    part BIGINT NOT NULL,
    octets BYTEA NOT NULL,
    CONSTRAINT crl_part_authority_shard_kind_number_part PRIMARY KEY (authority, shard, kind, number, part)
);

CREATE TABLE receipt (
    id TEXT NOT NULL CONSTRAINT receipt_id PRIMARY KEY,
    card TEXT NOT NULL REFERENCES card (id),
    person TEXT NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    jws TEXT NOT NULL,
    signed_at BIGINT NOT NULL
);
CREATE INDEX receipt_by_person ON receipt (person);
CREATE INDEX receipt_by_card ON receipt (card);

-- Points at nothing, so that the log outlives what it tells of.
CREATE TABLE audit (
    sequence BIGINT NOT NULL CONSTRAINT audit_sequence PRIMARY KEY,
    at BIGINT NOT NULL,
    event TEXT NOT NULL,
    actor TEXT NOT NULL,
    subject TEXT NOT NULL,
    request TEXT NOT NULL,
    detail TEXT NOT NULL,
    leaf BYTEA NOT NULL
);
CREATE INDEX audit_by_subject ON audit (subject, sequence);

CREATE TABLE job (
    id TEXT NOT NULL CONSTRAINT job_id PRIMARY KEY,
    kind TEXT NOT NULL,
    -- What makes a second order of the same thing recognisable.
    once TEXT CONSTRAINT job_once UNIQUE,
    payload TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT job_state CHECK (state IN ('waiting', 'running', 'done', 'given-up')),
    attempts BIGINT NOT NULL,
    -- Waiting: not before. Running: presumed dead after.
    due_at BIGINT NOT NULL,
    trouble TEXT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX job_by_due ON job (due_at) WHERE ended_at IS NULL;

CREATE TABLE session (
    id TEXT NOT NULL CONSTRAINT session_id PRIMARY KEY,
    secret_hash TEXT NOT NULL CONSTRAINT session_secret_hash UNIQUE,
    person TEXT NOT NULL REFERENCES person (id),
    card TEXT NOT NULL REFERENCES card (id),
    authority TEXT NOT NULL,
    serial TEXT NOT NULL,
    loa TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_by_card ON session (card);
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE ticket (
    id TEXT NOT NULL CONSTRAINT ticket_id PRIMARY KEY,
    secret_hash TEXT NOT NULL CONSTRAINT ticket_secret_hash UNIQUE,
    act TEXT NOT NULL,
    state TEXT NOT NULL,
    card TEXT REFERENCES card (id),
    officer TEXT REFERENCES person (id),
    method TEXT,
    memory TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX ticket_by_expiry ON ticket (expires_at);
