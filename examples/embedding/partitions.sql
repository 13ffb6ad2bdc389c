-- Put the two tables of a store in PostgreSQL into 16 partitions each, by the key of the process.
BEGIN;
ALTER TABLE postinterview_processes RENAME TO old_processes;
ALTER TABLE postinterview_entries RENAME TO old_entries;
CREATE TABLE postinterview_processes (LIKE old_processes INCLUDING ALL) PARTITION BY HASH (key);
CREATE TABLE postinterview_entries (LIKE old_entries INCLUDING ALL) PARTITION BY HASH (process);
ALTER TABLE postinterview_entries ADD FOREIGN KEY (process) REFERENCES postinterview_processes (key);
DO $$
DECLARE
    kind text;
BEGIN
    FOREACH kind IN ARRAY ARRAY['postinterview_processes', 'postinterview_entries'] LOOP
        FOR number IN 0..15 LOOP
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
                kind || '_' || number, kind, number
            );
        END LOOP;
    END LOOP;
END $$;
INSERT INTO postinterview_processes SELECT * FROM old_processes;
INSERT INTO postinterview_entries SELECT * FROM old_entries;
DROP TABLE old_entries, old_processes;
COMMIT;
