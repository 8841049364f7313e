-- Requests' hashes are keyed from now on. Those of older releases were not: who had this table could have tried personal
-- numbers until one fitted. They are hashed again with what nobody knows, and the table's file is written anew; a command
-- of before that is sent again under its old id is refused as another request.
ALTER TABLE command ALTER COLUMN request_hash TYPE bytea
    USING sha256(request_hash || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
