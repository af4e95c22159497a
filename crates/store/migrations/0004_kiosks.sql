-- Machines with a camera that an officer opened for people to photograph themselves at.
CREATE TABLE kiosk (
    id TEXT NOT NULL CONSTRAINT kiosk_id PRIMARY KEY,
    secret_hash TEXT NOT NULL CONSTRAINT kiosk_secret_hash UNIQUE,
    place TEXT NOT NULL,
    opened_by TEXT NOT NULL REFERENCES person (id),
    opened_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- Wrong codes since somebody last kept a photo, and until when no more are taken.
    wrong_codes BIGINT NOT NULL,
    locked_until BIGINT NOT NULL
);

-- What somebody types into a kiosk to be photographed for a card: one living code a card.
CREATE TABLE photo_code (
    card TEXT NOT NULL CONSTRAINT photo_code_card PRIMARY KEY REFERENCES card (id),
    code_hash TEXT NOT NULL CONSTRAINT photo_code_code_hash UNIQUE,
    expires_at BIGINT NOT NULL
);

-- Photos that a kiosk took and that the person has not said yes to.
CREATE TABLE kiosk_photo (
    photo TEXT NOT NULL CONSTRAINT kiosk_photo_photo PRIMARY KEY REFERENCES photo (id),
    kiosk TEXT NOT NULL,
    card TEXT NOT NULL REFERENCES card (id),
    taken_at BIGINT NOT NULL
);
CREATE INDEX kiosk_photo_by_taken_at ON kiosk_photo (taken_at);
