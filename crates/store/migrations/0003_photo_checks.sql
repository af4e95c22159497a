-- What the machine found wrong with a photo, codes joined by commas, and why an officer took it all the same.
ALTER TABLE photo ADD COLUMN faults TEXT NOT NULL DEFAULT '';
ALTER TABLE photo ADD COLUMN overruled TEXT;
