-- Cases whose identity the sampler erased: nothing is written about them any more.

-- Written by the inbox.
CREATE TABLE erased_case (
    case_id text NOT NULL,
    draw    uuid NOT NULL,
    PRIMARY KEY (case_id, draw)
);

GRANT SELECT, INSERT ON erased_case TO {service_role};

-- Leaves out a row that is written about an erased case, whichever way it comes. Streams of reviews and assignments are
-- named <kind>/<draw>/<control point>/<case>. Whoever writes shares the draw's lock; whoever erases has it alone, so
-- that no text slips in between the erasure and its commit.
CREATE FUNCTION nothing_about_erased_cases() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told text[] := string_to_array(NEW.stream, '/');
BEGIN
    IF told[1] = ANY ('{review,second-review,file-review,assignment}') THEN
        -- The class is "eras" in bytes: other locks of this database have another.
        PERFORM pg_advisory_xact_lock_shared(1701994867, hashtext(told[2]));
        IF EXISTS (SELECT FROM erased_case WHERE case_id = right(NEW.stream, 64) AND draw::text = told[2]) THEN
            RETURN NULL;
        END IF;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER nothing_about_erased_cases BEFORE INSERT ON note
FOR EACH ROW EXECUTE FUNCTION nothing_about_erased_cases();
CREATE TRIGGER nothing_about_erased_cases BEFORE INSERT ON draft
FOR EACH ROW EXECUTE FUNCTION nothing_about_erased_cases();
